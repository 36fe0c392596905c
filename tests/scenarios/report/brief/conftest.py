"""The small package (tests/small.py) as a study whose brief can be worked by hand."""

from pathlib import Path

import pytest

from scenarios import Change, Study
from scenarios.report.brief.content import Brief, brief_of
from scenarios.report.content import report_of
from scenarios.storing import read_results
from tests.small import Small


def study(folder: Path) -> Study:
    never = Change(table="probabilities", where={"scenario": "embargo"}, set=0.0)
    return (
        Study(name="small", title="Parts or robots?", question="Where does the money go?")
        .case("never", folder, title="No embargo", changes=[never], minimum={"part": 3.0})
        .case("parts", folder, title="All to parts", minimum={"part": 3.0})
        .case("still", folder, title="Nothing moves", move=0.0)
        .case("as-is", folder, title="As it is")
        .case("greedy", folder, title="More than there is", minimum={"part": 1e9})
    )


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief")
    return study(Small(folder / "small").folder).run(folder / "small-out", jobs=1, progress=False).folder


@pytest.fixture(scope="session")
def brief(results: Path) -> Brief:
    """To be read only."""
    return brief_of(report_of(read_results(results)))
