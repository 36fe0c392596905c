"""Budgets and grants of any size are answered: worked by hand (tests/small.py), or by the dense independent program.

With all the money that can be used, part adds 0.99 * 2 and robot 0.99 * 4. The losses are then

    quake   0.20 - 0.05 * 1.98 = 0.1010      embargo   0.20 - 0.02 * 3.96 = 0.1208

so E[L] = 0.1 * 0.1010 + 0.05 * 0.1208 = 0.01614 and CVaR = (0.1208 + 0.1010) / 2 = 0.1109.
"""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import load
from optimize import (
    NoSolutionError,
    WhatIfs,
    explain,
    frontier,
    gain_curve,
    optimize,
    priorities,
    ranges,
    robust,
    self_sufficiency,
)
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import nearest_least_risk
from optimize.solving.options import Options
from optimize.tolerances import ACCURATE
from tests.independent import Study, read
from tests.properties import examples
from tests.small import Small

SATURATED = 0.5 * 0.01614 + 0.5 * 0.1109
PART, ROBOT = 2.0 * math.log(100.0), 4.0 * math.log(100.0)
"""Money with which all chords are filled; slopes are 1, ceilings 2 and 4."""
TIE = 1e-9
TIED = 1e-4
"""Money that a tie of 1e-9 of risk leaves where it was: the last chord of a part averts some 1e-5 a unit."""

HUGE = (1e4, 1e7, 5e9, 1e12, 1e15)
TINY = (0.0, 1e-300, 1e-30, 1e-12, 1e-6, 1e-3)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


@pytest.mark.parametrize("budget", HUGE)
def test_a_budget_larger_than_can_be_used_fills_every_response_and_leaves_the_rest_unspent(
    small: Small, budget: float
) -> None:
    result = optimize(small.load(), budget=budget)
    assert result.risk == pytest.approx(SATURATED, rel=1e-9)
    assert result.optimal.risk == pytest.approx(SATURATED, abs=2 * TIE)
    assert result.allocation.tolist() == pytest.approx([PART, ROBOT, 0.5], abs=TIED)
    assert result.certificate.worst <= ACCURATE
    assert result.budget.sum() == budget


@pytest.mark.parametrize("budget", TINY)
def test_a_budget_that_is_next_to_nothing_is_answered(small: Small, budget: float) -> None:
    study = Study(read(small.folder))
    result = optimize(small.load(), budget=budget)
    assert result.risk == pytest.approx(study.least_risk(study.choice(budget)), rel=1e-9)
    assert result.allocation.sum() <= budget * (1.0 + 1e-9)
    assert result.certificate.worst <= ACCURATE


@pytest.mark.slow
@examples(6)
@given(exponent=st.floats(-300, 15))
def test_more_money_never_raises_the_least_risk_and_what_is_spent_is_there(
    exponent: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chain = Small(tmp_path_factory.mktemp("any") / "small").load()
    budget = 10.0**exponent
    less, more = optimize(chain, budget=budget), optimize(chain, budget=budget * 2.0)
    assert SATURATED - 1e-12 <= more.risk <= less.risk + 1e-12 <= 0.115 + 2e-12  # nothing spent: 0.5 E + 0.5 CVaR
    assert less.allocation.sum() <= budget * (1.0 + 1e-9)
    assert abs(less.optimal.risk - less.risk) <= 2 * TIE


@pytest.mark.parametrize("budget", [1e-300, 1e-20, 1e-12])
def test_the_next_unit_of_a_tiny_budget_works_as_well_as_of_a_small_one(small: Small, budget: float) -> None:
    study = Study(read(small.folder))
    falls = optimize(small.load(), budget=budget).next_unit
    for segment, fall in study.next_unit({"grants": 1e-2}).items():
        assert falls[segment] == pytest.approx(fall, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("budget", HUGE)
def test_limits_may_force_more_than_can_be_used(small: Small, budget: float) -> None:
    chain = small.load()
    most = optimize(chain, budget=budget, minimum={"system": budget / 2.0})
    assert most.risk == pytest.approx(SATURATED, rel=1e-9)
    assert most.allocation["system"] == pytest.approx(budget / 2.0, rel=1e-9)
    with pytest.raises(NoSolutionError, match=r"the budget of instrument 'grants'; minimum of system"):
        optimize(chain, budget=budget, minimum={"system": budget * 2.0})


def test_the_share_that_may_move_counts_a_huge_budget(small: Small) -> None:
    chain = small.load()
    assert optimize(chain, budget=5e9, move=0.2).risk == pytest.approx(SATURATED, rel=1e-9)
    held = optimize(chain, budget=5e9, move=1e-10)  # at most 2 * 1e-10 * 5e9 = 1 in all moves
    study = Study(read(small.folder))
    assert held.risk == pytest.approx(study.least_risk(study.choice(100.0, move=0.005)), rel=1e-6)


def test_ranges_of_a_huge_budget_are_what_the_others_leave(small: Small) -> None:
    found = ranges(small.load(), budget=5e9)
    amounts, least = found.amounts, found.amounts["least"]
    assert found.risk == pytest.approx(SATURATED, rel=1e-9)
    assert least.tolist() == pytest.approx([PART, ROBOT, 0.0], abs=TIED)
    for segment in amounts.index:
        assert amounts.loc[segment, "most"] == pytest.approx(5e9 - least.drop(segment).sum(), abs=1e-3)
    assert not found.unique


def test_ranges_keep_to_limits_of_a_huge_budget(small: Small) -> None:
    found = ranges(small.load(), budget=5e9, maximum={"system": 1e6})
    assert found.amounts.loc["system", "most"] == pytest.approx(1e6, rel=1e-9)
    assert found.tiers.loc["upstream", "most"] == pytest.approx(5e9 - ROBOT, abs=1e-3)


@pytest.mark.parametrize("most", [1e-300, 1e-9, 5e9, 1e15])
def test_the_frontier_goes_as_far_as_it_is_asked_or_as_money_helps(small: Small, most: float) -> None:
    found = frontier(small.load(), max_budget=most)
    end = found.breakpoints.iloc[-1]
    assert found.breakpoints["risk"].iloc[0] == pytest.approx(0.115, rel=1e-9)
    assert end["budget"] == pytest.approx(min(most, PART + ROBOT), rel=1e-9)
    assert end["risk"] == pytest.approx(SATURATED if most > 100.0 else 0.115, rel=1e-8)


@pytest.mark.parametrize("factor", [1e9, 1e13])
def test_grants_in_another_unit_stay_where_they_are(small: Small, factor: float) -> None:
    """Every response is full already, so no money need move."""
    result = optimize(small.load().scaled("subsidies", factor))
    assert result.risk == pytest.approx(SATURATED, rel=1e-9)
    assert result.allocation.tolist() == pytest.approx([0.5 * factor, 2.0 * factor, 0.5 * factor], rel=1e-12)


@pytest.mark.parametrize("factor", [1e9, 1e13])
def test_of_grants_in_another_unit_only_what_is_of_use_moves(small: Small, factor: float) -> None:
    small.edit("subsidies.csv", "part,grants,2022,0.5", "part,grants,2022,0")
    result = optimize(small.load().scaled("subsidies", factor))
    assert result.risk == pytest.approx(SATURATED, rel=1e-9)
    assert result.allocation["part"] == pytest.approx(PART, abs=TIED)
    assert result.allocation.sum() == pytest.approx(2.5 * factor, rel=1e-12)


@pytest.mark.slow
def test_every_question_is_answered_for_grants_in_another_unit(small: Small) -> None:
    small.edit("subsidies.csv", "part,grants,2022,0.5", "part,grants,2022,0")
    chain = small.load().scaled("subsidies", 1e9)
    assert WhatIfs(chain).risk() == pytest.approx(SATURATED, rel=1e-9)
    assert frontier(chain).useless_beyond == pytest.approx(PART + ROBOT, rel=1e-9)
    assert gain_curve(chain, "midstream", "upstream").peak_gain == pytest.approx(
        optimize(chain).observed.risk - SATURATED, rel=1e-6
    )
    assert robust(chain, ambiguity=0.05).risk >= SATURATED
    assert self_sufficiency(chain, 0.3).certificate.worst <= ACCURATE
    mixtures = explain(chain).mixtures
    assert mixtures.loc[1.0, "upstream"] == pytest.approx(PART, abs=TIED)
    assert mixtures.loc[0.0, "upstream"] == pytest.approx(PART, abs=TIED)
    found = priorities(chain, draws=5)
    assert 0.0 <= found.gap <= 1.0
    assert found.certificate.worst <= ACCURATE


@pytest.mark.slow
@pytest.mark.parametrize("budget", [5e9, 1e15])
def test_a_shipped_package_is_answered_at_any_budget(budget: float) -> None:
    robots = load("robots")
    enough = optimize(robots, budget=1e3)  # money buys nothing from 90 on
    result = optimize(robots, budget=budget)
    assert result.risk == pytest.approx(enough.risk, rel=1e-9)
    assert result.allocation.to_numpy() == pytest.approx(enough.allocation.to_numpy(), abs=1e-6)


def test_decomposition_answers_a_huge_budget_too(small: Small) -> None:
    """The same disruptions 20 times over, each with a twentieth of the probability: the risk is the same."""
    small.replace("disruptions.csv", small.text("disruptions.csv").split("\n")[0] + "\n")
    small.replace("probabilities.csv", small.text("probabilities.csv").split("\n")[0] + "\n")
    for n in range(20):
        small.append("disruptions.csv", f"quake{n},,JPN,,0.5,,,reported,book,", f"embargo{n},,DEU,,1,,,reported,book,")
        small.append("probabilities.csv", f"quake{n},0.005,,,reported,book,", f"embargo{n},0.0025,,,reported,book,")
    chain = small.load()
    evaluator = Evaluator(chain, Options().risk_options())
    found = nearest_least_risk(evaluator, Options(), chain.numbers.observed.sum(axis=0) * 0.0 + 5e9)
    assert found.method.name == "decomposition"
    assert found.risk == pytest.approx(SATURATED, rel=1e-9)
    assert found.decision.allocation.ravel() == pytest.approx([PART, ROBOT, 0.5], abs=TIED)


@pytest.mark.parametrize("factor", [3e4, 1e6])
def test_input_coefficients_far_above_1_are_answered(small: Small, factor: float) -> None:
    """Parts are counted in another unit than robots, and so is their supply."""
    small.edit("inputs.csv", "part,robot,0.4,0.3,0.5,assumed,talk", f"part,robot,{0.4 * factor!r},,,reported,book")
    small.edit("supply.csv", "part,CHN,CHN,6", f"part,CHN,CHN,{6.0 * factor!r}")
    small.edit("supply.csv", "part,JPN,JPN,12", f"part,JPN,JPN,{12.0 * factor!r}")
    study, chain = Study(read(small.folder)), small.load()
    assert optimize(chain).risk == pytest.approx(study.least_risk(study.choice()), rel=1e-6)
    assert optimize(chain, budget=5e9).risk == pytest.approx(study.least_risk(study.choice(1e3)), rel=1e-6)
    found = priorities(chain, draws=5)
    assert 0.0 <= found.gap <= 1.0
    assert found.certificate.worst <= ACCURATE
