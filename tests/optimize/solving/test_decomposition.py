"""Decomposition against hand-worked cases, the dense independent program and the deterministic equivalent."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scenarios import many
from chains import Chain, load
from chains.numbers import merge_alike
from optimize import NotOptimalError
from optimize.program.cache import compiled_first_stage
from optimize.solving.batches import SIZE, Batches
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.decomposition import Decomposed, decompose, pays_off
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import solve_least_risk
from optimize.solving.options import Options, make_options
from optimize.solving.price_pool import PricePool, weights
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE
from tests.independent import Study, read, same
from tests.random_packages import draw, draw_options, write
from tests.shipped import STRUCTURE, emptied
from tests.small import Small

CHORD = 0.99 / -math.log(0.01)
"""Supply added per unit of funds on the only chord of a response with slope 1 (pieces = 1)."""

TIED = 1e-9 / ((0.005 - 0.001) * CHORD)
"""Funds left in robots, nearer to the observed allocation, because risk may be 1e-9 above the least."""


@dataclass
class Asked:
    """What decomposition says about a chain, and what it was asked with."""

    evaluator: Evaluator
    options: Options
    budget: np.ndarray
    found: Decomposed


def ask(chain: Chain, **given_options: object) -> Asked:
    options = make_options(Options, given_options)
    evaluator = Evaluator(chain, options.risk_options())
    budget = budget_of(chain.numbers, options.budget)
    money = evaluator.units.money
    limits = limits_of(evaluator.inner, options, money)
    first = compiled_first_stage(
        evaluator.inner, evaluator.curve, budget / money, evaluator.levers, limits, options.move
    )
    return Asked(evaluator, options, budget, decompose(evaluator, first, TIE))


# --- worked by hand (tests/small.py): quake loses 0.20 - 0.05 g_part, embargo 0.20 - 0.02 g_robot ------------------


def test_expected_loss_falls_fastest_where_all_goes_to_parts(small: Small) -> None:
    found = ask(small.load(), beta=0.0, pieces=1).found
    # a part: 0.10 x 0.05 = 0.005 of risk; a robot: 0.05 x 0.02 = 0.001; the chord of parts is longer than the budget
    assert found.risk == pytest.approx(0.03 - 0.005 * 3 * CHORD, rel=1e-10)
    assert found.decision.allocation[:, 0] == pytest.approx([3.0 - TIED, TIED, 0.0], abs=1e-7)


def test_cvar_is_half_of_either_loss_while_the_embargo_is_worse(small: Small) -> None:
    found = ask(small.load(), beta=1.0, pieces=1).found
    # the worst tenth of years: the embargo (0.05) and half of the quake's; parts lower it by 0.5 x 0.05, robots by 0.01
    assert found.risk == pytest.approx(0.20 - 0.025 * 3 * CHORD, rel=1e-10)


def test_limits_and_the_share_that_moves_bind(small: Small) -> None:
    found = ask(small.load(), beta=0.0, pieces=1, move=0.25, minimum={"system": 0.4}).found
    # 0.75 may move from (0.5, 2, 0.5): robots give least, so they pay for parts first, 0.005 against 0.001 or 0
    # moving 0.1 out of systems (0) and 0.65 out of robots: parts 1.25, robots 1.35
    assert found.decision.allocation[:, 0] == pytest.approx([1.25 - TIED, 1.35 + TIED, 0.4], abs=1e-7)
    assert found.risk == pytest.approx(0.03 - (0.005 * 1.25 + 0.001 * 1.35) * CHORD, rel=1e-10)


def test_a_budget_of_zero_leaves_the_risk_of_no_subsidy(small: Small) -> None:
    found = ask(small.load(), budget=0.0).found
    assert found.risk == pytest.approx((0.03 + 0.20) / 2, rel=1e-10)
    assert not found.decision.allocation.any()


def test_equally_good_allocations_stay_at_the_observed_one(small: Small) -> None:
    small.edit("disruptions.csv", "quake,,JPN,,0.5", "quake,,JPN,,0").edit(
        "disruptions.csv", "embargo,,DEU,,1", "embargo,,DEU,,0"
    )
    found = ask(small.load()).found
    assert found.risk == 0.0
    assert found.decision.allocation[:, 0] == pytest.approx([0.5, 2.0, 0.5], abs=1e-6)


def test_limits_that_no_allocation_satisfies_are_not_a_result(small: Small) -> None:
    with pytest.raises(NotOptimalError):
        ask(small.load(), minimum={"part": 4.0})


# --- scenarios that leave the same supply --------------------------------------------------------------------------


def test_a_scenario_told_in_two_parts_changes_nothing(small: Small) -> None:
    whole = ask(small.load(), beta=0.0, pieces=1)
    small.edit("probabilities.csv", "quake,0.1,0.05,0.2", "quake,0.04,0.01,0.2").append(
        "probabilities.csv", "tremor,0.06,0.01,0.2,assumed,talk,the rest of the quake"
    ).append("disruptions.csv", "tremor,,JPN,,0.5,,,reported,book,")
    parts = ask(small.load(), beta=0.0, pieces=1)
    assert parts.found.scenarios == whole.found.scenarios == 3  # quake, embargo, calm
    assert parts.found.risk == pytest.approx(0.03 - 0.005 * 3 * CHORD, rel=1e-10)


def test_merged_scenarios_keep_their_probability_and_supply(small: Small) -> None:
    small.append("probabilities.csv", "rumour,0.2,0.1,0.3,assumed,talk,nothing is cut").append(
        "disruptions.csv", "rumour,,JPN,,0,,,reported,book,"
    )
    numbers = small.load().numbers
    merged, group = merge_alike(numbers)
    assert group.tolist() == [0, 1, 2, 2]
    assert merged.scenarios == ("quake", "embargo", "rumour")  # calm is a rumour
    assert merged.probability == pytest.approx([0.10, 0.05, 0.85])
    assert merged.home.tolist() == numbers.home[:3].tolist()
    assert merged.foreign.tolist() == [[6.0, 10.0, 0.0], [12.0, 0.0, 0.0], [12.0, 10.0, 0.0]]


# --- against other programs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(15))
def test_random_chains_have_the_dense_programs_least_risk_and_nearest_allocation(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 5])
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    folder = write(tmp_path / "dice", tables, home)
    asked = ask(load(folder), **options)
    found = asked.found
    study = Study(read(folder), **{name: options[name] for name in ("alpha", "beta", "pieces")})
    choice = study.choice(**{name: options[name] for name in options if name not in ("alpha", "beta", "pieces")})
    least = study.least_risk(choice)
    assert same(found.risk, least)
    assert found.lower <= least + 1e-10
    assert found.lower <= found.risk
    assert found.certificate.worst <= 1e-7
    numbers = asked.evaluator.numbers
    allocation = {
        (k, i): float(found.decision.allocation[row, column])
        for row, k in enumerate(numbers.segments)
        for column, i in enumerate(numbers.instruments)
    }
    assert study.evaluate(allocation).risk <= least + 2e-9
    distance = sum(abs(allocation[at] - x0) for at, x0 in study.model.observed.items())
    scale = max(sum(choice.budget.values()), sum(study.model.budget.values()))
    assert abs(distance - study.least_distance(choice, least + TIE)) <= 1e-6 * scale


@pytest.mark.slow
@pytest.mark.parametrize(("package", "options"), [("chips", {}), ("robots", {"alpha": 0.99, "beta": 0.8})])
def test_hundreds_of_scenarios_have_the_deterministic_equivalents_least_risk(
    package: str, options: dict, tmp_path: Path
) -> None:
    many(tmp_path / package, SIZE + 3, package)  # more than a batch, and not a multiple
    emptied(tmp_path / package, *STRUCTURE)
    asked = ask(load(tmp_path / package), **options)
    _, _, least = solve_least_risk(asked.evaluator, asked.options, asked.budget)
    found = asked.found
    assert found.risk == pytest.approx(least.objective / OBJECTIVE, rel=1e-9)
    assert found.lower == pytest.approx(least.objective / OBJECTIVE, rel=1e-9)
    assert asked.evaluator.risk(found.decision.allocation).risk <= least.objective / OBJECTIVE + 1.01e-9
    (reached,) = found.reached  # every scenario has one phase
    unmet = reached.of(slice(None)).values[:, -len(asked.evaluator.inner.weight) :]  # columns y, m, u
    loss = unmet @ asked.evaluator.inner.weight / OBJECTIVE
    assert loss == pytest.approx(asked.evaluator.losses(found.decision.allocation), abs=1e-9)


@pytest.mark.slow
def test_losses_batch_by_batch_are_those_of_all_scenarios_together(tmp_path: Path) -> None:
    evaluator = Evaluator(many(tmp_path / "chips", SIZE + 1), Options().risk_options())
    observed = evaluator.numbers.observed
    added = evaluator.curve.added(evaluator.inner.funds(observed / evaluator.units.money))
    batches = list(Batches(evaluator.given[0]).solve(added))
    assert [len(batch.scenarios) for batch in batches] == [SIZE, 2]  # calm is one more
    loss = np.concatenate([batch.loss for batch in batches]) / OBJECTIVE
    assert loss == pytest.approx(evaluator.solution(observed).loss.to_numpy(), abs=1e-10)


# --- bounds on losses and risk ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=range(4))
def dice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    tables, home = draw(np.random.default_rng([request.param, 6]))
    return Evaluator(load(write(tmp_path_factory.mktemp("p") / "dice", tables, home)), Options().risk_options())


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_prices_of_one_supply_bound_the_losses_at_any_other(dice: Evaluator, data: st.DataObject) -> None:
    amounts = st.lists(st.floats(0, 300), min_size=len(dice.inner.demand), max_size=len(dice.inner.demand))
    here, there = np.array(data.draw(amounts)), np.array(data.draw(amounts))
    batches = Batches(dice.given[0])
    pool = PricePool(dice.given[0])
    for batch in batches.solve(here):
        pool.learn(batch, here)
        assert pool.losses(here)[0][batch.scenarios] == pytest.approx(batch.loss, abs=1e-6)
    for batch in batches.solve(there):
        assert (pool.losses(there)[0][batch.scenarios] <= batch.loss + 1e-6).all()


_LOSSES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1)), min_size=1, max_size=8)


@given(drawn=_LOSSES, alpha=st.floats(0, 0.99), beta=st.floats(0, 1))
def test_weights_give_the_risk_and_a_lower_bound_on_that_of_any_other_losses(
    drawn: list[tuple[float, float, float]], alpha: float, beta: float
) -> None:
    loss, other, share = (np.array(column) for column in zip(*drawn, strict=True))
    probability = share / share.sum()

    def risk(losses: np.ndarray) -> float:  # Rockafellar and Uryasev: the best eta is one of the losses
        cvar = min(eta + probability @ np.maximum(losses - eta, 0) / (1 - alpha) for eta in losses)
        return float((1 - beta) * probability @ losses + beta * cvar)

    q = weights(loss, probability, alpha, beta)
    assert q @ loss == pytest.approx(risk(loss), abs=1e-9)
    assert q @ other <= risk(other) + 1e-9


# --- which method ----------------------------------------------------------------------------------------------------


def test_decomposition_is_for_many_scenarios_on_few_segments() -> None:
    numbers = load("chips").numbers
    assert not pays_off(numbers)
    assert pays_off(replace(numbers, scenarios=tuple(f"event{n}" for n in range(200))))
