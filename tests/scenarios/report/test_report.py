"""The report of a study: its answer, cases side by side, grids, draws, robust and self-sufficiency answers."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chains import InputError, load
from scenarios import Axis, Change, Study
from scenarios.questions import QUESTIONS
from scenarios.report.answering import check_answer
from scenarios.report.content import Report, report_of
from scenarios.report.page import html_page
from scenarios.report.text import markdown_text
from scenarios.report.workbook import report_workbook
from scenarios.storing import read_results
from scenarios.studies import StudyFile
from tests.small import Small

TOO_MUCH = {"upstream": 1e9}
"""A floor that no budget reaches."""

MadeUp = Callable[..., Report]


def study(folder: Path) -> Study:
    """Two cases that can be solved, one that cannot, and grids of one, two and three axes."""
    budget, weight = (
        Axis(name="budget", option="budget", values=(1.0, 3.0)),
        Axis(name="b", option="beta", values=(0.5,)),
    )
    likely = Axis(name="likely", table="probabilities", where={"scenario": "quake"}, multiply=(0.5, 1.0))
    return (
        Study(name="small", title="Parts or robots?", question="Where does the money go?")
        .case("as-is", str(folder), title="As it is")
        .case("none", str(folder), title="Nothing moves", move=0.0)
        .case("greedy", str(folder), title="More than there is", minimum=TOO_MUCH)
        .grid("money", budget, cases=("as-is",))
        .grid("both", budget, likely, cases=("as-is",))
        .grid("three", budget, likely, weight, cases=("as-is",))
        .grid("floor", Axis(name="budget", option="budget", values=(2.0,)), cases=("greedy",))
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    Small(folder / "small")
    return study(folder / "small").run(folder / "out", jobs=1, progress=False).folder


@pytest.fixture(scope="module")
def report(results: Path) -> Report:
    return report_of(read_results(results))


def report_with(results: Path, folder: Path, answer: str = "", **answers: Any) -> Report:
    """The report of the same results with another answer of the study, or with answers put into the case `as-is`."""
    shutil.copytree(results, folder)
    manifest, case = (json.loads((folder / name).read_text("utf-8")) for name in ("study.json", "cases/as-is.json"))
    manifest["study"]["answer"] = answer
    case["answers"] |= {question.replace("_", "-"): found for question, found in answers.items()}
    (folder / "study.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "cases" / "as-is.json").write_text(json.dumps(case), "utf-8")
    return report_of(read_results(folder, check=False))


@pytest.fixture
def made_up(results: Path, tmp_path: Path) -> MadeUp:
    return partial(report_with, results, tmp_path / "copy")


@pytest.fixture(scope="module")
def drawn(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report with the answer of draws; to be read only."""
    return report_with(results, tmp_path_factory.mktemp("drawn") / "copy", uncertainty=UNCERTAINTY | {"sobol": SOBOL})


def part(report: Report, ident: str) -> Any:
    return next(part for part in report.parts if part.ident == ident)


# ---- the answer of the study ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_studys_own_answer_is_said_with_the_numbers_of_its_cases(made_up: MadeUp) -> None:
    # Worked in tests/small.py: without subsidies a quake costs 0.20; the observed grants are 0.5, 2 and 0.5: 3 in all.
    report = made_up(
        'A quake costs {{ cases["as-is"].loss.none.quake | percent }} or {{ 0.2 | points }};\n'
        "{{ cases['as-is'].budget | amount }} {{ cases['as-is'].unit }} are given.\n\n"
        "{% if cases.greedy.solved %}Solved.{% else %}{{ cases.greedy.title }}: no.{% endif %}\n"
    )
    assert report.answers == [
        "A quake costs 20.0% or 20.00 points; 3 RMB billion are given.",
        "More than there is: no.",
    ]
    assert [*report.first, *report.further] == report.answers
    # both cases are shown in full on the first page, so the sections need not say it again
    assert [lead.answer.split(":")[0] for lead in report.leads] == ["As it is", "Nothing moves"]
    assert [section.answer for section in report.sections] == ["", ""]


def test_without_an_answer_of_its_own_the_report_says_one_for_each_solved_case(report: Report) -> None:
    assert [said.split(":")[0] for said in report.answers] == ["As it is", "Nothing moves"]
    assert "no allocation within the limits set has less risk" in report.answers[1]
    assert [section.answer for section in report.sections] == ["", ""]  # said on the first page


@pytest.mark.slow
def test_an_answer_that_needs_a_failed_case_says_that_it_cannot_be_given_and_why(made_up: MadeUp) -> None:
    (said,) = made_up("Risk is {{ cases.greedy.risk.optimal | percent }}.").answers
    assert said.startswith("The answer cannot be given. More than there is: no solution:")
    assert "upstream" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("{{ cases['as-is'].risk.optimum }}", "did you mean 'optimal'"),
        ("{{ cases['as-is'].gain.peak.gain }}", "has no 'gain'"),
        ("{{ cases['as-is'].title | percent }}", "cannot be said"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ cases.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_an_answer_that_names_what_is_not_there_is_told(made_up: MadeUp, answer: str, said: str) -> None:
    with pytest.raises(InputError, match="study small::answer") as caught:
        made_up(answer)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("{{ cases['as-is'].risk.optimal | percent }} {{ cases.none.solved }}", None),
        ("{% for name in cases %}{{ cases[name].risk.optimal | percent }}{% endfor %}", None),
        ("{{ cases.none.risk.optimal | percnt }}", "percnt"),
        ("{{ cases.none.risk.optimal | percent", "line 1 is not a template"),
        ("{{ cases.nobody.risk.optimal }}", "there is no case 'nobody'"),
        ("{{ cases['as_is'].risk }}", "did you mean 'as-is'"),
        ("{{ cases.none.gain.peak.gain }}", "cases.none has no 'gain'"),  # the study does not ask for it
        ("{{ case.none.risk }}", "'case' is not known"),
    ],
)
def test_an_answer_is_checked_before_anything_is_solved(answer: str, said: str | None) -> None:
    asked = study(Path("small")).model_copy(update={"answer": answer})
    problems = check_answer(StudyFile.of(asked))
    assert (said is None) == (not problems)
    assert all(said in str(problem) and problem.column == "answer" for problem in problems if said)


# ---- cases side by side and grids ----------------------------------------------------------------------------------


def test_cases_stand_side_by_side_with_units_and_failures_are_told_in_words(report: Report) -> None:
    compared = part(report, "comparison")
    assert list(compared.table.index) == ["As it is", "Nothing moves"]
    still = compared.table.loc["Nothing moves"]
    assert list(still[["fall (points)", "upstream", "midstream", "downstream", "budget"]]) == [
        "0", "0.5", "2", "0.5", "3",
    ]  # fmt: skip
    assert "RMB billion" in compared.words
    assert compared.chart.layout.xaxis.title.text == "risk (% of final demand)"
    assert list(report.failed) == ["More than there is"]
    assert "upstream: 1e+09" in report.failed["More than there is"]


def test_a_grid_of_one_axis_is_lines_over_its_values(report: Report) -> None:
    risk, tiers = part(report, "grid.money.as-is-risk"), part(report, "grid.money.as-is-tiers")
    assert risk.chart.layout.xaxis.title.text == "budget (RMB billion)"
    lines = {line.name: (list(line.x), list(line.y)) for line in risk.chart.data}
    assert list(lines) == ["no subsidy", "observed", "least risk"]
    # Expected loss without subsidies: 0.15 x 0.20 = 0.03; CVaR at 0.9: all of the worst tenth loses 0.20: 11.5% in all
    assert lines["no subsidy"][1] == pytest.approx([11.5, 11.5])
    assert lines["least risk"][1][1] < lines["least risk"][1][0] < 11.5
    spent = [sum(points) for points in zip(*(line.y for line in tiers.chart.data), strict=True)]
    assert spent == pytest.approx([100.0, 100.0])


def test_a_grid_of_two_axes_is_drawn_and_of_three_is_a_table(report: Report) -> None:
    both, three = part(report, "grid.both.as-is-risk"), part(report, "grid.three.as-is-risk")
    assert [line.name for line in both.chart.data] == [
        "probabilities of Quake: 0.5",
        "probabilities of Quake: 1",
    ]
    assert both.heading.endswith("least risk over budget and probabilities of Quake")
    assert three.chart is None
    assert len(three.table) == 4


def test_points_of_a_grid_without_a_solution_are_told_and_leave_a_gap(report: Report) -> None:
    floor = part(report, "grid.floor.greedy-risk")
    assert "No answer at budget 2: no solution" in floor.words
    assert all(value is None for line in floor.chart.data for value in line.y)


@pytest.mark.slow
def test_a_report_in_which_nothing_is_solved_says_why(tmp_path: Path) -> None:
    Small(tmp_path / "small")
    asked = Study(name="s", title="T", question="Q?").case("a", str(tmp_path / "small"), title="A", minimum=TOO_MUCH)
    report = report_of(read_results(asked.run(tmp_path / "out", jobs=1, progress=False).folder))
    assert report.answers == ["No case has a solution."]
    assert report.comparison is None
    assert "upstream: 1e+09" in markdown_text(report)
    assert "upstream: 1e+09" in html_page(report)


# ---- draws, robust, self-sufficiency -------------------------------------------------------------------------------


def quantiles(*values: float) -> dict[str, list[float]]:
    names = ("q5", "q25", "median", "q75", "q95")
    return {name: [value, value - 0.01, value + 0.01] for name, value in zip(names, values, strict=True)}


def factor(label: str, low: float, high: float) -> dict[str, Any]:
    evidence = {"status": "assumed", "source": "talk", "low": 0.5, "high": 2.0}
    return {"factor": label, "at_low": low, "at_high": high, "swing": high - low, **evidence}


UNCERTAINTY = {
    "distribution": {
        "risk_none": quantiles(0.10, 0.11, 0.12, 0.13, 0.14),
        "risk_observed": quantiles(0.09, 0.10, 0.11, 0.12, 0.13),
        "risk_least": quantiles(0.06, 0.07, 0.08, 0.09, 0.10),
        "regret": quantiles(0.01, 0.02, 0.03, 0.04, 0.05),
        "reduction": quantiles(0.10, 0.20, 0.27, 0.30, 0.40),
        "share_upstream": quantiles(0.5, 0.6, 0.7, 0.8, 0.9),
        "share_midstream": quantiles(0.05, 0.1, 0.2, 0.3, 0.4),
        "share_downstream": quantiles(0.0, 0.05, 0.1, 0.15, 0.2),
    },
    "first": {"upstream": [0.93, 0.91, 0.95], "midstream": [0.07, 0.05, 0.09]},
    "draws": [], "points": 256, "replicates": 4, "sensitivity": [],
    "worst_certificate": 0.25, "unsolved": 2, "problems": {"it does not balance": 2},
    "tornado": {
        "base": 0.05,
        "factors": [factor("probabilities: quake", 0.01, 0.09), *(factor(f"other {n}", 0.04, 0.06) for n in range(14))],
    },
    "morris": [{"factor": "probabilities: quake", "mu_star": 0.02, "mu_star_conf": 0.001, "sigma": 0.01}],
    "sobol": [],
    "structure": {
        "said": "Structure was varied too: outages (2 numbers). Not varied: stocks held (no figures).",
        "decides": "Half of it hangs on outages.",
        "groups": [{"group": "outages", "given": 3, "drawn": 2}, {"group": "stocks held", "given": 0, "drawn": 0}],
        "sobol": [
            {"factor": "all others", "S1": 0.3, "S1_conf": 0.1, "ST": 0.6, "ST_conf": 0.1},
            {"factor": "outages", "S1": 0.2, "S1_conf": 0.1, "ST": 0.5, "ST_conf": 0.1},
        ],
    },
    "outside": {
        "supply": {"drawn": 12, "mean": 2.5, "share": 0.875},
        "subsidies": {"drawn": 0, "mean": 0.0, "share": 0.0},
    },
}  # fmt: skip
SOBOL = [
    {"factor": "all others", "S1": 0.3, "S1_conf": 0.1, "ST": 0.6, "ST_conf": 0.1},
    {"factor": "probabilities: quake", "S1": 0.2, "S1_conf": 0.1, "ST": 0.5, "ST_conf": 0.1},
]


def test_draws_bring_a_headline_bands_and_whiskers(drawn: Report) -> None:
    assert drawn.worst == 0.25  # the worst of the draws is that of the page
    (said,) = drawn.headlines
    assert "upstream gets the most money in 93% of draws (91% to 95%)" in said
    assert "3.0 points above the least (median; 1.0 to 5.0" in said
    shares = part(drawn, "as-is-drawn-shares")
    assert "256 draws" in shares.words
    assert "2 had no solution and are left out: 2 times it does not balance." in shares.words
    assert said.endswith("Structure was varied too: outages (2 numbers). Not varied: stocks held (no figures).")
    assert "2.5 of 12 numbers of supply on average (some in 88% of draws)." in shares.words
    structure = part(drawn, "as-is-structure")
    assert structure.words.endswith("Half of it hangs on outages.")
    assert list(structure.table["total Sobol index"]) == ["0.500 ± 0.100", ""]
    assert shares.table.loc["upstream", "median"] == "70.0 (69.0 to 71.0)"
    assert list(shares.table["gets the most in"]) == ["93% (91% to 95%)", "7% (5% to 9%)", "0% (0% to 0%)"]
    thin, thick = shares.chart.data[:2]
    assert sorted(x for x in thin.x if x is not None) == pytest.approx([0, 5, 20, 40, 50, 90])
    assert sorted(x for x in thick.x if x is not None) == pytest.approx([5, 10, 15, 30, 60, 80])
    whiskers = [trace for trace in part(drawn, "comparison").chart.data if trace.error_x.array is not None]
    reach = [[trace.x[0] - trace.error_x.array[0], trace.x[0] + trace.error_x.array[0]] for trace in whiskers]
    assert [end for span in sorted(reach) for end in span] == pytest.approx([6, 10, 9, 13, 10, 14])


@pytest.mark.slow
def test_draws_of_which_none_has_a_solution_are_told_and_not_drawn(made_up: MadeUp) -> None:
    nothing = {quantity: dict.fromkeys(found, [None] * 3) for quantity, found in UNCERTAINTY["distribution"].items()}
    report = made_up(uncertainty=UNCERTAINTY | {"distribution": nothing, "tornado": None, "morris": []})
    assert "it does not balance" in part(report, "as-is-drawn").words
    assert report.headlines == []


def test_the_tornado_shows_the_first_twelve_and_lists_all_with_their_evidence(drawn: Report) -> None:
    tornado = part(drawn, "as-is-tornado")
    assert {len(trace.y) for trace in tornado.chart.data} == {12}
    low = tornado.chart.data[0]
    assert (low.base, low.base + low.x[-1]) == pytest.approx((5.0, 1.0))  # from the base to the low end, in points
    assert len(tornado.table) == 15
    assert list(tornado.table.iloc[0]) == ["1.00", "9.00", "0.5 to 2", "assumed", "talk"]


def test_what_to_collect_next_is_a_figure_and_not_the_group_of_all_others(drawn: Report) -> None:
    sobol = part(drawn, "as-is-sobol")
    assert sobol.words.startswith("Collect next: probabilities: Quake (today assumed, 0.5 to 2, 'talk').")
    assert "50% of the variance" in sobol.words
    assert list(sobol.table.index) == ["all others", "probabilities: Quake"]


@pytest.mark.slow
def test_a_morris_screen_alone_says_what_to_collect_next(made_up: MadeUp) -> None:
    morris = part(made_up(uncertainty=UNCERTAINTY), "as-is-morris")
    assert "Collect next: probabilities: Quake" in morris.words
    assert morris.table.iloc[0, 0] == "2.000"


@pytest.mark.slow
def test_the_robust_answer_stands_beside_the_nominal_one(made_up: MadeUp, results: Path) -> None:
    found = QUESTIONS["robust"].answer(load(results / "inputs" / "small"), ambiguity=1.0)
    report = made_up(robust=json.loads(json.dumps(found)))
    risks = part(report, "as-is-robust-risk").table
    # With all probability anywhere, the worst case of the observed allocation is its largest loss, that of the quake
    # (tests/small.py). 0.5 for parts lies between the points where 0.2 and 0.3 of the ceiling of 2 are reached, at
    # -2 ln 0.8 = 0.446287 and -2 ln 0.7 = 0.713350: 0.4 + 0.2 x 0.053713 / 0.267063 = 0.440225; 0.20 - 0.05 x that.
    assert list(risks.index) == ["observed", "least risk", "robust"]
    assert risks.loc["observed", "worst case"] == "17.80%"
    assert "robust" in {bar.name for bar in part(report, "comparison").chart.data}
    assert "100% of probability anywhere else" in part(report, "as-is-robust-tiers").words


@pytest.mark.slow
def test_a_self_sufficiency_target_shows_its_cost_its_reach_and_its_risk(made_up: MadeUp, results: Path) -> None:
    ask = QUESTIONS["self-sufficiency"].answer
    found = ask(load(results / "inputs" / "small"), target=0.4, both=True)
    report = made_up(self_sufficiency=json.loads(json.dumps(found)))
    shares = part(report, "as-is-self-shares")
    # 40 home robots take 16 parts, of which 6 are made at home: 37.5% today (tests/small.py)
    assert list(shares.table.loc["Precision parts", ["target", "today", "reached"]]) == ["yes", "37.5%", "40.0%"]
    assert part(report, "as-is-self-cost").chart.layout.yaxis.title.text == "least budget (RMB billion)"


# ---- every format ----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Identifiers, tags left open, and charts of a page."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.idents: list[str] = []
        self.charts: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.idents += [str(named["id"])] if "id" in named else []
        self.charts += [named] if named.get("role") == "img" else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_words_for_every_chart_and_the_answer_before_all_else(drawn: Report) -> None:
    html = html_page(drawn)
    page = Page(html)
    assert page.open == []
    assert len(page.idents) == len(set(page.idents))
    assert len(page.charts) == sum(part.chart is not None for part in drawn.parts)
    assert all(ident in page.idents for chart in page.charts for ident in str(chart["aria-labelledby"]).split())
    places = [
        html.index(f'id="{ident}"') for ident in ("answer", "comparison", "grids", "case.as-is", "evidence", "how")
    ]
    assert places == sorted(places)


def test_evidence_stands_once_a_package_and_what_differs_is_listed(report: Report) -> None:
    text = markdown_text(report)
    assert text.count("an engineer's guess") == 1  # three cases share the package
    assert list(report.about["Options that differ"].columns) == ["case", "move", "minimum"]
    (package,) = report.evidence
    # tests/small.py: 9 assumed (1 input, 6 responses, 2 probabilities), 1 derived, and 12 reported
    assert package.counts == {"reported": 12, "derived": 1, "assumed": 9}


@pytest.mark.slow
def test_what_the_answer_rests_on_is_said_of_each_case_by_itself(results: Path, tmp_path: Path) -> None:
    package = str(results / "inputs" / "small")
    faster = Change(table="response", where={"parameter": "slope"}, multiply=2.0)
    asked = Study(name="s", title="T", question="Q?").case("a", package).case("b", package, changes=[faster])
    report = report_of(read_results(asked.run(tmp_path / "out", jobs=1, progress=False).folder))
    # slopes are 1 in every segment, from 0.5 to 2, and in the second case twice that (tests/small.py)
    assert "the same in every segment of a chain (range 0.5 to 4)" in report.rests_on
    assert report.rests_on.startswith("The packages tell of no stocks, no substitutes and no shorter outages")
    assert "What would have to be true" not in report.rests_on  # no such part: break-even was not asked for
    assert list(report.about["Changes made"]["case"]) == ["b"]


@pytest.mark.slow
def test_what_the_answer_rests_on_names_the_structure_that_the_packages_tell(tmp_path: Path) -> None:
    package = Small(tmp_path / "small").add_structure("stocks.csv", "durations.csv")
    ran = Study(name="s", title="T", question="Q?").case("a", str(package.folder)).run(tmp_path / "out", jobs=1)
    said = report_of(read_results(ran.folder)).rests_on
    assert said.startswith("The premises on what is in stock and how long outages last, which each case takes from")
    assert "without" not in said


def test_the_workbook_has_a_sheet_for_every_table(drawn: Report, tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(report_workbook(drawn))
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames[:6] == ["answer", "money", "losses", "worse off", "contents", "lead.as-is"]
    listed = [row[0].value for row in book["contents"].iter_rows(min_row=2)]
    assert {"grid.money.as-is-risk", "as-is-tornado", "as-is-drawn-risk"} <= set(listed) <= set(book.sheetnames)
    assert "gets the most money in 93% of draws" in " ".join(str(row[0].value) for row in book["answer"].iter_rows())


@pytest.mark.slow
def test_the_workbook_holds_figures_as_numbers_and_draws_them(drawn: Report, tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(report_workbook(drawn))
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    # without subsidies both disruptions lose 0.20 (tests/small.py)
    losses = {row[0].value: row[1] for row in book["as-is-loss"].iter_rows(min_row=2)}
    assert (losses["Quake"].value, losses["Quake"].number_format) == (0.2, "0.00%")
    money = [[cell.value for cell in row[:5]] for row in book["money"].iter_rows(max_row=4)]
    assert money[0] == ["case", "for", "tier", "today", "advised"]
    assert [row[3] for row in money[1:]] == [0.5, 2, 0.5]
    risk = drawn.study.cases[0].optimize["risk"]
    assert book["losses"]["B2"].value == pytest.approx(risk["observed"], rel=1e-15)  # Excel keeps 15 digits
    assert book["losses"]["B2"].number_format == "0.00%"
    for name in ("money", "losses", "as-is-tiers", "as-is-loss", "as-is-tornado"):
        assert book[name]._charts, name


# ---- names are data ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_names_are_data_in_text_and_workbook(tmp_path: Path) -> None:
    package = Small(tmp_path / "small")
    package.replace("segments.csv", package.text("segments.csv").replace("Robots", "=HYPERLINK(1)|<script>alert()"))
    ran = Study(name="s", title="=2+2", question="<b>?").case("one", str(package.folder)).run(tmp_path / "out", jobs=1)
    report = report_of(read_results(ran.folder))
    text = markdown_text(report)
    assert "<script>" not in text
    rows = [line for line in text.splitlines() if "HYPERLINK" in line and line.startswith("|")]
    assert rows
    for row in rows:
        table = row.replace("\\|", "")
        above = text[: text.index(row)].splitlines()
        assert table.count("|") == next(line for line in reversed(above) if line.startswith("|:")).count("|")
    (tmp_path / "mine.xlsx").write_bytes(report_workbook(report))
    for file in (tmp_path / "mine.xlsx", ran.folder / "tables.xlsx"):
        sheets = openpyxl.load_workbook(file)
        assert "f" not in {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
