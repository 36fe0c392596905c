"""The first sentence on a case: true where money moves across tiers, within them, nowhere, and with other budgets."""

from types import SimpleNamespace
from typing import Any

import pytest

from optimize import RobustOptions
from scenarios.questions import QUESTIONS
from scenarios.report.words import answer
from tests.optimize.questions.test_parts import EXPECTED, units, with_seals
from tests.small import Small


def said(small: Small, **options: Any) -> str:
    chain = small.load()
    asked = {**EXPECTED, **options}
    found = QUESTIONS["optimize"].answer(chain, **asked)
    case: Any = SimpleNamespace(title="Case", chain=chain, optimize=found, options=RobustOptions.model_validate(asked))
    return answer(case).partition(". The next")[0]


def points(fall: float) -> str:
    return f"{100 * fall:.2f} points"


def test_all_three_parts_are_said(small: Small) -> None:
    assert said(with_seals(small)) == (
        "Case: give upstream all 4 RMB billion instead of 1.5, and risk falls from "
        f"{100 * (3 / 101 - units(0.5, 2)):.1f}% to {100 * (3 / 101 - units(4, 0)):.1f}% of final demand, by "
        f"{points(units(3.5, -2))}; with each tier's share of the money as observed it falls by {points(units(1, 0))}, "
        f"with the split inside tiers as observed it falls by {points(units(4 / 3 - 0.5, -2))}"
    )


def test_where_money_moves_inside_tiers_alone_no_tier_is_said_to_gain(small: Small) -> None:
    # no tier that is of use may get more than it has: seals give to parts
    words = said(with_seals(small), maximum={"upstream": 1.5, "midstream": 2.0})
    assert words.startswith("Case: give Precision parts 1.5 of the 4 RMB billion instead of 0.5, and risk falls")
    assert f"with each tier's share of the money as observed it falls by {points(units(1, 0))}" in words
    assert words.endswith("with the split inside tiers as observed it does not fall")


def test_with_less_money_a_part_may_raise_risk(small: Small) -> None:
    words = said(with_seals(small), budget=1.2, beta=0.0)
    assert words.startswith("Case: give Precision parts all 1.2 RMB billion instead of 0.5, and risk falls")
    assert f"by {points(units(0.7, -2))}; " in words
    # within: 0.45 upstream and 0.6 midstream; across: a third of 1.2
    assert f"with each tier's share of the money as observed it rises by {points(-units(-0.05, -1.4))}" in words
    assert f"with the split inside tiers as observed it rises by {points(-units(-0.1, -2))}" in words


def test_a_part_that_limits_forbid_is_said_to_be_so(small: Small) -> None:
    words = said(with_seals(small), minimum={"upstream": 3.0})
    assert "no allocation allowed keeps each tier's share of the money as observed" in words


def test_a_larger_budget_is_the_total(small: Small) -> None:
    assert said(with_seals(small), budget=8.0).startswith("Case: give upstream all 8 RMB billion instead of 1.5,")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"move": 0.0}, "Case: no reallocation lowers risk below 2.9% of final demand within the limits set"),
        ({"budget": 0.1}, "Case: risk is 3.0% of final demand at least with a budget of 0.1 RMB billion instead of 4"),
    ],
)
def test_no_gain_is_no_advice(small: Small, options: dict[str, float], words: str) -> None:
    assert said(with_seals(small), **options).startswith(words)
