"""What a report says of turning points: true with turns on both sides, none, a tie, and with a map."""

from types import SimpleNamespace
from typing import Any

import pytest

from scenarios.questions import QUESTIONS
from scenarios.report.part import Part
from tests.small import Small

EXPECTED = {"beta": 0.0, "pieces": 1}


def parts(small: Small, **asked: Any) -> list[Part]:
    chain, question = small.load(), QUESTIONS["turning-points"]
    case: Any = SimpleNamespace(name="case", chain=chain)
    case.answers = {"turning-points": question.answer(chain, **{**EXPECTED, **asked})}
    return question.parts("more", case)


@pytest.mark.slow
def test_the_turns_next_to_the_package_are_said_and_all_are_listed(small: Small) -> None:
    (told,) = parts(small, of=["slope:upstream", "slope:downstream"])
    # worked by hand in tests/optimize/questions/test_turning_points.py: 0.2 and 4 ln 100 / 3
    assert told.words.startswith(
        "As the package stands upstream gets the most money at least risk. "
        "It turns with how well upstream money works: to midstream below 0.2 times what it is, "
        "to midstream above 6.14 times what it is. "
        "No other tier was found to take the lead over the range of how well downstream money works (0.1 to 10 times). "
        "Each number was turned"
    )
    assert list(told.table["where"]) == ["0.2 times what it is", "6.14 times what it is"]
    assert list(told.table["to"]) == ["upstream", "midstream"]
    assert told.chart is not None
    assert {trace.name for trace in told.chart.data} == {"upstream", "midstream", "today"}


@pytest.mark.slow
def test_a_turn_on_one_side_is_said_of_that_side(small: Small) -> None:
    # with slopes of parts a tenth as high midstream leads, until they are twice that
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,0.1,0.1,2")
    (told,) = parts(small, of=["slope:upstream"])
    assert "stands midstream gets" in told.words
    assert "works: to upstream above 2 times what it is. Each number" in told.words


@pytest.mark.slow
def test_a_tie_is_no_lead(small: Small) -> None:
    (told,) = parts(small, of=["outage"], maximum={"upstream": 1.0, "midstream": 1.0, "downstream": 0.5})
    assert told.words.startswith(
        "As the package stands no tier gets the most money in every least-risk allocation. No other tier was found to "
        "take the lead over the range of the length of outages (0.25 to 12 months; in part a tie)."
    )
    assert told.table.empty


@pytest.mark.slow
def test_a_map_is_a_part_of_its_own(small: Small) -> None:
    (told,) = parts(small, map=("slope:upstream", "slope:midstream"))
    assert told.ident == "case-turning-map"
    assert told.table.shape == (17, 17)
    assert "at 289 pairs of values: U upstream, M midstream. As the package stands they are 1 and 1." in told.words
