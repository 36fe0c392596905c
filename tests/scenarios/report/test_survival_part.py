"""What a report says of how long cuts last: true with stock and without, and where supply is back sooner or later."""

from types import SimpleNamespace
from typing import Any

import pytest

from scenarios.questions import QUESTIONS
from scenarios.report.part import Part
from tests.small import Small


def part(small: Small) -> Part:
    chain = small.load()
    question = QUESTIONS["choke-points"]
    case: Any = SimpleNamespace(name="case", chain=chain, answers={"choke-points": question.answer(chain, worst=2)})
    (found,) = (each for each in question.parts("more", case) if each.ident == "case-survives")
    return found


def test_without_stock_nothing_is_drawn(small: Small) -> None:
    told = part(small)
    assert "6 of 6 cuts cost from the first day, 0 later, and 0 nothing in 24 months." in told.words
    assert told.chart is None
    assert list(told.table.columns) == ["observed", "least risk"]


@pytest.mark.slow
def test_cuts_that_cost_later_are_counted_against_when_supply_is_back(small: Small) -> None:
    small.append("stocks.csv", "part,held,2,,,reported,book,")
    small.append("durations.csv", "quake,outage,2,,,reported,book,", "embargo,outage,1,,,reported,book,")
    told = part(small)
    assert "3 of 6 cuts cost from the first day, 3 later, and 0 nothing in 24 months." in told.words
    # 12 x 2 / (10 - g), g what 0.5 adds: slope 1, a little less at the first of ten chords, between 0 and 0.5
    assert "The first of those that cost later does after 2.5 months." in told.words
    # Germany's three cost at once, supply is back after 1; Japan's cost after 2.5, supply is back after 2
    assert "For 6 cuts the package says when supply is back" in told.words
    assert "): 3 of them cost before that." in told.words
    assert told.chart is not None
    assert list(told.table["supply is back after"]) == ["2.0"] * 3 + ["1.0"] * 3
