"""The brief on paper: two pages whatever there is to say, names as they are, and the same to the byte."""

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from scenarios.report.brief import fonts
from scenarios.report.brief.content import Brief, Good
from scenarios.report.brief.drawing import blank_chart, goods_chart
from scenarios.report.brief.first import FIRST, first_page
from scenarios.report.brief.paper import brief_pdf, brief_pictures
from scenarios.report.brief.second import SECOND, second_page

LONG = "An answer that never comes to its end, with a sum of 4.33 RMB billion and a reason. " * 400
UGLY = '#panic("x") $1/0$ *b* <b>&amp; \\ "quoted" `raw` [x] @y =1+1'


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF, counted in all its objects."""
    text = pdf
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text += zlib.decompress(stream)
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text))


def renamed(brief: Brief, change: Callable[[str], str]) -> Brief:
    """A brief whose titles and goods have other names."""
    report = brief.report
    study = report.study.study.model_copy(update={"title": change(report.study.study.title)})
    decisions = tuple(
        replace(one, goods=tuple(replace(good, label=change(good.label)) for good in one.goods))
        for one in brief.decisions
    )
    told = replace(report, study=replace(report.study, study=study), first=[change(words) for words in report.first])
    return Brief(told, decisions, decisions)


@pytest.mark.slow
def test_a_brief_has_two_pages_and_no_time(brief: Brief) -> None:
    paper = brief_pdf(brief)
    assert paper.content.startswith(b"%PDF-")
    assert pages_of(paper.content) == 2
    assert paper.warnings == ()
    assert paper.content == brief_pdf(brief).content
    for time in (b"CreationDate", b"ModDate"):
        assert time not in paper.content
    assert [picture[:4] for picture in brief_pictures(brief, 40)] == [b"\x89PNG"] * 2


def test_a_brief_of_nothing_solved_still_has_two_pages(brief: Brief) -> None:
    report = replace(brief.report, first=["No case has a solution."], leads=(), further=[], worst=None)
    assert pages_of(brief_pdf(Brief(report, (), ())).content) == 2


@pytest.mark.slow
def test_a_brief_has_two_pages_however_much_there_is_to_say(brief: Brief) -> None:
    report = brief.report
    first = brief.decisions[1]
    goods = tuple(Good(f"A good with a rather long name, number {n} of many", "upstream", n, {}) for n in range(60))
    title = "A case whose title is as long as somebody had time to write, " * 4
    case = replace(first.case, title=title)
    decisions = tuple(replace(first, case=case, goods=goods, worse=first.worse * 3) for _ in range(40))
    study = report.study.study.model_copy(update={"title": title, "question": LONG})
    failed = {f"{title}{n}": LONG for n in range(30)}
    stored = replace(report.study, study=study, all_cases=(case,) * 40)
    packages = tuple(replace(report.evidence[0], name=f"package {n}") for n in range(20))
    told = replace(
        report, study=stored, first=[LONG] * 5, leads=(), further=[], failed=failed, headlines=[LONG] * 5, rests_on=LONG
    )
    crowded = Brief(replace(told, evidence=packages), decisions, decisions)
    assert pages_of(brief_pdf(crowded).content) == 2
    page = first_page(crowded, FIRST[-1], blank_chart)
    assert page["cases"]["rest"].startswith("In the report alone: 38 more (A case whose title")
    assert page["answer_rest"] == "The answer goes on in the report."
    assert page["failed"][-1] == "and 28 more cases: see the report"
    assert page["charts_rest"].startswith("Drawn first are cases nearest to the packages as they are. Money by good of")
    page = second_page(crowded, SECOND[-1], "")
    assert page["worse"]["rest"] == "and 118 more rows: see the report"
    assert page["known"]["rest"] == "and 3 more sentences: see the report and 18 more packages: see the report"


@pytest.mark.slow
def test_names_are_data_on_paper(brief: Brief) -> None:
    # Were any of it markup, Typst would fail: `#panic` ends it, and 1/0 is an open formula.
    ugly = renamed(brief, lambda name: f"{name} {UGLY}")
    assert pages_of(brief_pdf(ugly).content) == 2


def test_names_are_data_in_a_chart(brief: Brief) -> None:
    goods = (Good("a $x^2$ <b>&", "upstream", 1.0, {"capacity": 2.0}),)
    svg = goods_chart(replace(brief.decisions[0], goods=goods), 3.4, 8)
    texts = [text for node in ElementTree.fromstring(svg).iter() if (text := (node.text or "").strip())]
    assert "a $x^2$ <b>&" in texts
    assert {"today", "advised", "upstream", "1", "2"} <= set(texts)
    assert svg == goods_chart(replace(brief.decisions[0], goods=goods), 3.4, 8)


def test_an_empty_chart_is_as_large_as_the_drawn_one(brief: Brief) -> None:
    def size(svg: str) -> list[float]:
        root = ElementTree.fromstring(svg)
        return [float(root.attrib[name].removesuffix("pt")) for name in ("width", "height")]

    shown = brief.decisions[0]
    for most in (2, 8):
        assert size(blank_chart(shown, 3.4, most)) == pytest.approx(size(goods_chart(shown, 3.4, most)), abs=0.01)


@pytest.mark.slow
def test_greek_accents_and_arrows_are_there_and_what_is_not_is_told(
    brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_fonts() -> Any:
        return iter(())

    monkeypatch.setattr(fonts, "_others", without_fonts)
    known = renamed(brief, lambda name: f"{name} Ωμέγα Škoda Ünal Łódź Ж → ·")
    assert brief_pdf(known).warnings == ()
    (told,) = brief_pdf(renamed(brief, lambda name: f"{name} 減速")).warnings
    assert "U+6E1B" in told
    assert "U+901F" in told
    assert "2 of the characters" in told
    page = second_page(brief, SECOND[0], told)
    assert page["glyphs"].startswith("No font at hand has 2 of the characters of this brief")


def test_both_numbers_have_digits_enough_to_differ(brief: Brief) -> None:
    shown = brief.decisions[1]
    measures = tuple(replace(one, today=0.08901, advised=0.08899) for one in shown.measures)
    page = first_page(Brief(brief.report, (replace(shown, measures=measures),), ()), FIRST[0], blank_chart)
    assert [cell["text"] for cell in page["cases"]["rows"][0]["cells"]] == ["8.901% → 8.899%"] * 3
