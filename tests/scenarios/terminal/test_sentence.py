"""The least-risk answer in words is true whatever was asked: budgets, limits, levers, nothing to gain."""

import re
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from chains import Chain, load
from optimize import Result, gain_curve, optimize
from scenarios.asking.least_risk import LeastRisk
from scenarios.terminal import gain
from scenarios.terminal.least_risk import result_sentence, view
from tests.small import Small


def said(small: Small, **options: Any) -> tuple[Result, str]:
    result = optimize(small.load(), **options)
    return result, result_sentence(result)


def given(sentence: str) -> float:
    """The amounts of money that the sentence gives away, together."""
    listed = re.search(r"It gives (.*) RMB billion", sentence)
    assert listed is not None
    return sum(float(amount) for amount in re.findall(r" (\d[\d.]*)", f" {listed[1]}") if "." in amount)


def test_the_same_money_is_reallocated_and_every_unit_of_it_is_told(small: Small) -> None:
    result, words = said(small)
    assert result.risk < result.observed.risk
    assert words.startswith("small: reallocating the observed budget of 3.00 RMB billion lowers risk from ")
    assert given(words) == pytest.approx(result.optimal.spent, abs=0.02)


def test_less_money_is_not_called_reallocating(small: Small) -> None:
    _, words = said(small, budget=1.0)
    assert words.startswith("small: with a budget of 1.00 RMB billion risk is at least ")
    assert "with the 3.00 that is observed" in words
    assert "reallocating" not in words
    assert given(words) == pytest.approx(1.0, abs=0.01)


def test_money_that_is_next_to_nothing_of_a_budget_in_the_wrong_unit_is_told(small: Small) -> None:
    """Chords end at 99% of the ceilings 2 and 4: that takes 2 ln 100 for parts and 4 ln 100 for robots."""
    result, words = said(small, budget=5e9)
    assert words.endswith("It gives robot 18.4, part 9.21 and system 0.500 RMB billion.")
    console = Console(file=StringIO(), width=120)
    console.print(view(result.chain, LeastRisk(result, None, None, None)))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert re.search(r"part +│ upstream +│ +0\.500 │ +9\.21", shown)
    assert re.search(r"robot +│ midstream +│ +2\.00 │ +18\.4", shown)


def test_without_money_it_does_not_say_that_nothing_helps(small: Small) -> None:
    """Without subsidies risk is 0.115 (tests/small.py)."""
    _, words = said(small, budget=0.0)
    assert words.startswith("small: without money risk is 11.50% of final demand, with the observed ")


def test_limits_are_told_and_what_they_cost(small: Small) -> None:
    _, still = said(small, move=0.0)
    assert "no other allocation of the observed budget of 3.00 RMB billion within the limits set lowers risk" in still
    result, forced = said(small, minimum={"system": 3.0})
    assert result.risk > result.observed.risk
    assert "within the limits set leaves a risk of" in forced
    assert "more than the observed" in forced
    assert "It gives system 3.00 RMB billion" in forced


def test_what_has_no_use_is_no_advice() -> None:
    """Of japan's 39.5 one segment gets all but what the solver's tolerance leaves: that is no second segment."""
    result = optimize(load("japan"))
    money = result.optimal.by_segment
    named = re.findall(r"(\w+) [\d.,]+", result_sentence(result).split("It gives ")[1])
    assert set(named) - {"others"} <= set(money[money > 1e-5 * result.budget.sum()].index)


def test_a_curve_that_never_rises_has_no_peak_to_advise(small: Small) -> None:
    chain: Chain = small.load()
    worse = gain_curve(chain, giving="upstream", receiving="downstream")
    assert worse.peak_gain <= 1e-9
    assert "no share of the upstream funds lowers risk if it moves to downstream" in gain.sentence(chain, worse)
    better = gain_curve(chain, giving="downstream", receiving="upstream")
    assert better.peak_gain > 1e-3
    assert f"lowers risk most, by {100 * better.peak_gain:.3f} points" in gain.sentence(chain, better)
