"""What a page carries for its reader to move: the solver as it was published, programs, and none of it if static."""

import gzip
import re
from base64 import b85decode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import plotly.graph_objects as go
import pytest

from chains import InputError
from scenarios import Study
from scenarios.report.content import Report, report_of
from scenarios.report.packing import DIGITS, as_text
from scenarios.report.page import html_page
from scenarios.report.panel import panel_of
from scenarios.report.plotlyjs import facts as library_facts
from scenarios.report.plotlyjs import packed_library
from scenarios.report.solver import facts, packed_binary, packed_script
from scenarios.report.writing import write_report
from scenarios.storing import read_results
from tests.small import Small

MOST = 3_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel")
    package = Small(folder / "small").edit("segments.csv", "Precision parts", "Parts </script><b>")
    study = Study(name="moved", title="Moved", question="What if?")
    study = study.case("today", str(package.folder)).case("thin", str(package.folder), alpha=0.9999)
    return study.run(folder / "out", jobs=1, progress=False).folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return report_of(read_results(folder))


def unpacked(text: str) -> bytes:
    return gzip.decompress(b85decode(text.translate(str.maketrans(",.:", "&<>"))))


def test_the_solver_is_the_one_that_was_published() -> None:
    published = facts()
    for name, text in {"highs.js": packed_script(), "highs.wasm": packed_binary()}.items():
        assert sha256(unpacked(text)).hexdigest() == published["sha256"][name]
    assert published["licence"] == "MIT"


def test_the_script_of_charts_is_the_one_that_was_built() -> None:
    built = library_facts()
    assert sha256(unpacked(packed_library())).hexdigest() == built["sha256"]
    assert built["traces"] == ["bar", "heatmap", "sankey", "scatter"]


@pytest.mark.parametrize("size", range(9))
def test_bytes_become_text_that_html_may_contain_and_back(size: int) -> None:
    data = bytes(range(255, 255 - size, -1))
    assert not set("&<>'\"\\") & set(as_text(data) + DIGITS)
    assert b85decode(as_text(data).translate(str.maketrans(",.:", "&<>"))) == data


def test_a_chart_that_the_script_would_draw_as_something_else_is_refused(report: Report) -> None:
    part = replace(report.parts[0], chart=go.Figure(go.Pie(values=[1.0])))
    section = replace(report.sections[0], parts=(part,))
    with pytest.raises(ValueError, match="does not draw pie"):
        html_page(replace(report, sections=(section,)), static=True)


def test_a_page_carries_its_programs_and_the_solver_and_stays_small(report: Report) -> None:
    page = html_page(report)
    assert len(page.encode()) < MOST
    assert page.count("</script>") == page.count("<script") == 6  # none that the name of a good has
    assert packed_binary() in page
    programs = re.search(r'id="panel-programs">(.*?)</script>', page)
    assert programs
    assert unpacked(programs[1]).decode() == panel_of([s.case for s in report.sections]).text


def test_a_case_that_cannot_be_moved_is_named_with_the_reason(report: Report) -> None:
    panel = panel_of([section.case for section in report.sections])
    assert [one["title"] for one in panel.programs] == ["today"]
    assert panel.left == ("thin: a confidence level of 0.9999 leaves too thin a tail",)
    assert f"Without sliders: {panel.left[0]}." in html_page(report)


def test_a_static_page_says_the_same_without_panel_and_solver(report: Report, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_report(folder, target, static=True)
    page = target.read_text("utf-8")
    assert page == html_page(report, static=True)
    assert "solver-binary" not in page
    assert 'id="panel"' not in page


def test_static_means_nothing_but_to_a_page(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--static"):
        write_report(folder, tmp_path / "brief.md", static=True)
