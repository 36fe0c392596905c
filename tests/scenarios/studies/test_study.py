"""A study from its file to its results folder and report."""

import hashlib
import json
import shutil
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chains import InputError
from scenarios import Study
from scenarios.report.writing import write_report
from scenarios.running import run_study
from scenarios.storing import read_results
from scenarios.studies import read_study
from tests.shipped import emptied
from tests.small import Small

STUDY = """
title = "Parts or robots?"
question = "Where does the money go?"
outputs = [
    "finding", "gain", "break-even", "indicators", "ranges", "definitions", "frontier", "choke-points", "priorities",
]
[gain]
from = "midstream"
to = "upstream"
[[cases]]
name = "alone"
title = "The small chain"
packages = ["small"]
"""


def write_study(folder: Path) -> Path:
    """A study file beside its package."""
    Small(folder / "small").replace(
        "tiers.csv",
        "chain,tier,period,indicator,value,low,high,status,source,note\n"
        "small,upstream,2022,subsidy_intensity,0.02,0.01,0.03,reported,book,\n"
        "small,midstream,2022,subsidy_intensity,0.05,0.04,0.06,reported,book,\n"
        "small,downstream,2022,subsidy_intensity,0.02,0.01,0.03,reported,book,\n",
    )
    file = folder / "mine.toml"
    file.write_text(STUDY, "utf-8")
    return file


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    return write_study(tmp_path)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results to be read only; their study file is gone, so that whatever is read of them stands in them."""
    folder = tmp_path_factory.mktemp("study")
    file = write_study(folder)
    results = run_study(str(file), folder / "out", progress=False).folder
    file.unlink()
    return results


@pytest.fixture
def copy(results: Path, tmp_path: Path) -> Path:
    """The same results, to be changed."""
    return Path(shutil.copytree(results, tmp_path / "out"))


class Page(HTMLParser):
    """What a reader meets on a page: tags opened and closed, identifiers, text."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.unbalanced: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def test_the_folder_holds_answers_inputs_tables_and_reports(results: Path) -> None:
    manifest = json.loads((results / "study.json").read_text("utf-8"))
    assert manifest["cases"] == ["alone"]
    assert sorted(path.name for path in results.glob("report.*")) == ["report.html", "report.md", "report.xlsx"]
    copied = (results / "inputs" / "small" / "demand.csv").read_bytes()
    assert copied == (results.parent / "small" / "demand.csv").read_bytes()
    case = json.loads((results / "cases" / "alone.json").read_text("utf-8"))
    assert case["package"] == manifest["packages"]["small"]
    losses = pd.read_parquet(results / "tables" / "losses.parquet")
    none = losses[(losses["allocation"] == "none") & (losses["scenario"] == "quake")]
    assert none["value"].item() == pytest.approx(0.2, abs=1e-12)  # worked in tests/small.py


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(results: Path, tmp_path: Path) -> None:
    def digest(folder: Path) -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "log.txt"  # the log tells times
        }

    file = results.parent / "mine.toml"  # results tell where their packages were, so from the same place
    file.write_text(STUDY, "utf-8")
    again = run_study(str(file), tmp_path / "again", progress=False).folder
    file.unlink()
    assert digest(again) == digest(results)


def test_the_page_stands_alone_and_is_well_formed(results: Path) -> None:
    html = (results / "report.html").read_text("utf-8")
    page = Page(html)
    assert page.unbalanced == []
    assert page.open == []
    fetched = [attrs for tag, attrs in page.tags if "src" in attrs or tag == "link"]
    assert fetched == []
    idents = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(idents) == len(set(idents))
    charts = [attrs for tag, attrs in page.tags if attrs.get("role") == "img"]
    assert len(charts) == 12
    for chart in charts:  # every chart has words for those who cannot see it
        assert all(label in idents for label in str(chart["aria-labelledby"]).split())
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    assert len(html) < 3_000_000


def test_the_report_says_the_answer_first_and_lists_every_assumption(results: Path) -> None:
    text = (results / "report.md").read_text("utf-8")
    assert text.index("## The answer") < text.index("Risk falls from") < text.index("## The small chain")
    assert text.count("an engineer's guess") == 1
    html = (results / "report.html").read_text("utf-8")
    assert "an engineer&#39;s guess" in html


@pytest.mark.slow
def test_the_report_is_made_again_from_stored_results_alone(results: Path, tmp_path: Path) -> None:
    write_report(results, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == (results / "report.html").read_bytes()


def test_the_workbook_opens_with_a_sheet_a_table(results: Path) -> None:
    book = openpyxl.load_workbook(results / "report.xlsx")
    assert {"answer", "alone-loss", "assumptions", "sources", "facts"} <= set(book.sheetnames)
    header = [cell.value for cell in book["assumptions"][1]]
    assert header[:4] == ["package", "table", "key", "value"]


def test_a_report_in_an_unknown_format_is_refused(results: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.html, \.md, \.xlsx, \.pdf, \.pptx"):
        write_report(results, tmp_path / "report.docx")


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "start"), [(".pdf", b"%PDF-"), (".pptx", b"PK")])
def test_a_brief_is_made_from_stored_results_alone(results: Path, tmp_path: Path, suffix: str, start: bytes) -> None:
    assert write_report(results, tmp_path / f"brief{suffix}") == []
    assert (tmp_path / f"brief{suffix}").read_bytes().startswith(start)


def test_a_place_that_cannot_be_written_is_told_before_the_work(results: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="file, which is not a folder"):
        write_report(results, tmp_path / "file" / "brief.pdf")


@pytest.mark.slow
def test_a_run_replaces_its_own_folder_but_no_other(copy: Path, study_file: Path, tmp_path: Path) -> None:
    run_study(str(study_file), copy, progress=False)
    assert read_results(copy).cases[0].name == "alone"
    other = tmp_path / "precious"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(InputError, match="not a results folder"):
        run_study(str(study_file), other, progress=False)
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


def test_a_package_that_is_wrong_leaves_nothing_behind(study_file: Path, tmp_path: Path) -> None:
    (tmp_path / "small" / "demand.csv").unlink()
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(InputError, match=r"demand\.csv"):
        run_study(str(study_file), tmp_path / "out", progress=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_results_folder_that_lost_a_part_is_told(copy: Path) -> None:
    (copy / "cases" / "alone.json").unlink()
    with pytest.raises(InputError, match="is missing"):
        read_results(copy)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Parts or robots?"', "titel = 'x'", "did you mean 'title'?"),
        ('from = "midstream"', "form = 'midstream'", "did you mean 'from'?"),
        ('packages = ["small"]', "packages = []", "packages"),
        ("[gain]", "[gain", "TOML"),
        ('name = "alone"', 'name = "../alone"', "name"),
    ],
)
def test_a_study_file_with_a_mistake_says_where(study_file: Path, old: str, new: str, said: str) -> None:
    study_file.write_text(STUDY.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        read_study(str(study_file))
    assert said in str(caught.value)


def test_an_unknown_study_names_the_shipped_ones() -> None:
    with pytest.raises(InputError, match="inverted-u"):
        read_study("inverted-v")


def test_a_result_that_was_not_asked_for_is_not_in_the_answer(results: Path) -> None:
    case = read_results(results).cases[0]
    assert case.answers["finding"]["claims"] == []  # the claims are about robots and chips, not about the small chain
    shapes = {shape["indicator"]: shape["inverted_u"] for shape in case.answers["finding"]["shape"]}
    assert shapes == {"subsidy_intensity": True}  # 4-6% midstream stands above 1-3% at both ends


@pytest.mark.slow
def test_firms_of_the_user_bring_tests_and_correlations_into_the_report(study_file: Path, tmp_path: Path) -> None:
    rows = ["firm,year,chain,tier,sales,rd,subsidies,profit"]
    for tier, subsidies in (("upstream", (1, 2, 3)), ("midstream", (6, 7, 9)), ("downstream", (1, 2, 2))):
        rows += [f"{tier}{n},2022,small,{tier},100,{2 * s},{s},{n}" for n, s in enumerate(subsidies)]
    (tmp_path / "small" / "firms.csv").write_text("\n".join(rows) + "\n", "utf-8")
    folder = run_study(str(study_file), tmp_path / "out", progress=False).folder
    text = (folder / "report.md").read_text("utf-8")
    assert "Correlations over the firms given" in text
    # R&D is twice the subsidies in every firm: r = 1.
    assert "upstream: R&D intensity and subsidy intensity | 1.000" in " ".join(text.split())
    shapes = {shape["indicator"]: shape for shape in read_results(folder).cases[0].answers["finding"]["shape"]}
    assert shapes["subsidy_intensity"]["inverted_u"] is True
    assert shapes["subsidy_intensity"]["p"] < 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    "table", ["inputs", "response", "subsidies", "disruptions", "probabilities", "supply", "demand"]
)
def test_a_table_with_a_header_alone_is_refused_or_answered_and_reported(tmp_path: Path, table: str) -> None:
    small = Small(tmp_path / "small")
    emptied(small.folder, table)
    study = Study(name="emptied", title="Emptied", question="?").case("one", small.folder)
    if table in ("supply", "demand", "probabilities"):
        with suppress(InputError):  # refused, or answered like the others
            study.run(tmp_path / "out", jobs=1, progress=False)
        return
    done = study.run(tmp_path / "out", jobs=1, progress=False)
    assert done.solved or "subsidies.csv" in done.failed[0]
    assert done.report.is_file()
