"""The page of a report in Chromium, as wide as a desk's screen and as a phone's: nothing overflows, no script fails."""

from pathlib import Path

import pytest

from scenarios import Axis, Change, Study
from scenarios.report.content import Report, report_of
from scenarios.report.page import html_page
from scenarios.storing import read_results
from tests.scenarios.report.browser import CHROMIUM, measured
from tests.small import Small

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Two cases with a long name of a good, many kinds of charts, and grids of one and two axes."""
    folder = tmp_path_factory.mktemp("page")
    package = Small(folder / "small").add_structure("stocks.csv")
    package.replace(
        "segments.csv",
        package.text("segments.csv").replace("Precision parts", "Precision parts of a very long name indeed"),
    )
    budget = Axis(name="budget", title="budget (RMB billion)", option="budget", values=(1.0, 3.0, 5.0))
    likely = Axis(name="likely", table="probabilities", where={"scenario": "quake"}, multiply=(0.5, 1.0))
    halved = Change(table="disruptions", where={"location": "JPN"}, multiply=0.5)
    study = (
        Study(
            name="wide", title="Parts or robots, in a title that is rather long?", question="Where does the money go?"
        )
        .case("today", str(package.folder), title="As it is today")
        .case(
            "talks", str(package.folder), title="Half as exposed to Japan", changes=[halved], levers="capacity,stocks"
        )
        .ask(
            "gain",
            "frontier",
            "choke-points",
            "indicators",
            "ranges",
            "turning-points",
            gain={"from": "downstream", "to": "upstream"},
        )
        .grid("money", budget, cases=("today",))
        .grid("both", budget, likely, cases=("today",))
    )
    return report_of(read_results(study.run(folder / "out", jobs=1, progress=False).folder))


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows_no_script_fails_and_charts_can_be_saved(report: Report, tmp_path: Path, width: int) -> None:
    found = measured(html_page(report), tmp_path, width)
    charts = sum(part.chart is not None for part in report.parts)
    assert found["wrong"] == []
    assert found["cut"] == []
    assert found["wide"] == []
    assert found["hidden"] == []
    assert found["content"] <= found["width"] == width
    assert (found["drawn"], found["buttons"]) == (charts, 2 * charts)
    assert found["saved"] == {"svg": "data:image/svg+xml,%3C", "png": "data:image/png;base64,"}
