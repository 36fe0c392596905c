"""What the first tenth of the money brings: by hand on the small package, and as the option `move` does."""

import math

import pytest

from optimize import optimize
from optimize.solving import nearest
from tests.optimize.questions.test_parts import EXPECTED, SOLVED, units, with_seals
from tests.small import Small


def test_a_tenth_goes_from_what_is_of_no_use_to_what_limits_most(small: Small) -> None:
    # 0.4 of the 4 (0.5 parts, 1 seals, 2 robots, 0.5 systems) go to parts; what they leave was of no use
    assert optimize(with_seals(small).load(), **EXPECTED).first_tenth == pytest.approx(units(0.4, 0), **SOLVED)


def test_limits_hold_within_the_first_tenth(small: Small) -> None:
    # robots keep their 2 and parts may get 0.6, which had 0.5: less than a tenth reaches the whole gain
    found = optimize(with_seals(small).load(), maximum={"part": 0.6, "robot": 2.0}, **EXPECTED)
    assert found.first_tenth == pytest.approx(units(0.1, 0), **SOLVED)
    assert found.parts["all"] == pytest.approx(units(0.1, 0), **SOLVED)


@pytest.mark.parametrize("options", [{"budget": 3.0}, {"minimum": {"upstream": 3.0}}])
def test_another_budget_or_a_limit_further_away_leaves_no_first_tenth(small: Small, options: dict) -> None:
    assert math.isnan(optimize(with_seals(small).load(), **options, **EXPECTED).first_tenth)


@pytest.mark.parametrize("decomposed", [False, True])
def test_it_is_what_the_option_move_allows(small: Small, monkeypatch: pytest.MonkeyPatch, *, decomposed: bool) -> None:
    small.append("stocks.csv", "part,limit,4,,,reported,book,")
    chain, levers = with_seals(small).load(), "capacity,stocks"
    moved = optimize(chain, levers=levers, move=0.1)
    monkeypatch.setattr(nearest, "pays_off", lambda numbers: decomposed)
    found = optimize(chain, levers=levers)
    assert found.first_tenth == pytest.approx(moved.observed.risk - moved.risk, abs=1e-9)
    assert found.first_tenth < found.parts["all"]
