"""No certificate above its tolerance is a result, whatever the numbers: right, or refused with what is wrong."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from optimize import InaccurateError, NotOptimalError, Result, evaluate, frontier, optimize, ranges, robust
from optimize.program.risk import risk_of
from optimize.solver.exact import MOST_ROWS
from optimize.solver.linear import InfeasibleError, LinearProgram, Solver, excludes
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import check_attained, check_bought, solve_least_risk
from optimize.solving.options import Options
from optimize.tolerances import ACCURATE
from tests.independent import Study, read
from tests.independent.exact import exact_least_risk
from tests.small import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


def program(cost: list[float], matrix: list[list[float]], lower: list[float], upper: list[float]) -> LinearProgram:
    """min cost @ v  subject to  lower <= matrix @ v <= upper,  0 <= v <= 1e12."""
    count = len(cost)
    return LinearProgram(
        np.array(cost),
        sparse.csr_array(np.array(matrix)),
        np.array(lower),
        np.array(upper),
        np.zeros(count),
        np.full(count, 1e12),
    )


# ------------------------------------------------------------------------------------------------- the solver


def test_an_optimum_that_the_solver_only_claims_is_found_in_exact_arithmetic() -> None:
    """HiGHS drops coefficients below 1e-9 and says v = 1e12; with 1e-10 v <= 1 it is 1e10."""
    found = Solver(program([-1.0], [[1e-10]], [-np.inf], [1.0])).solve()
    assert found.values == pytest.approx([1e10], rel=1e-15)
    assert found.certificate.worst < 1e-15


def test_an_optimum_that_the_solver_only_claims_is_refused_where_exact_arithmetic_would_take_too_long() -> None:
    rows = MOST_ROWS + 1
    bounds = [-np.inf] * rows, [1.0, *[1e13] * MOST_ROWS]
    solver = Solver(program([-1.0], [[1e-10], *[[1.0]] * MOST_ROWS], *bounds))
    with pytest.raises(InaccurateError, match=rf"no answer: .*primal 5\.0e\+01.*{ACCURATE:g} is asked"):
        solver.solve()


def test_a_number_that_the_solver_does_not_take_is_named() -> None:
    with pytest.raises(InaccurateError, match=r"takes no coefficient of 3e\+15"):
        Solver(program([1.0], [[3e15]], [1.0], [np.inf])).solve()


def test_what_has_no_solution_is_proven_to_have_none() -> None:
    with pytest.raises(InfeasibleError) as caught:
        Solver(program([0.0, 0.0], [[1.0, 1.0], [1.0, 0.0]], [-np.inf, 5.0], [3.0, np.inf])).solve()
    assert caught.value.status == "Infeasible"


def test_a_solver_works_on_after_a_refusal() -> None:
    solver = Solver(program([1.0, 1.0], [[1.0, 1.0], [1.0, 0.0]], [2.0, 0.0], [3.0, 3.0]))
    solver.limit_columns(np.array([0, 1]), np.array([0.5, 0.5]))
    with pytest.raises(InfeasibleError):
        solver.solve()
    solver.limit_columns(np.array([0, 1]), np.array([9.0, 9.0]))
    assert solver.solve().objective == pytest.approx(2.0)


def test_multipliers_prove_a_conflict_only_where_there_is_one() -> None:
    rows = [[1.0, 1.0], [1.0, 0.0]]
    conflict = program([0.0, 0.0], rows, [-np.inf, 5.0], [3.0, np.inf])
    assert excludes(conflict, np.array([-1.0, 1.0]))  # v_2 >= 0, and yet -v_2 >= 5 - 3
    assert not excludes(conflict, np.array([1.0, 1.0]))
    assert not excludes(program([0.0, 0.0], rows, [-np.inf, 5.0], [5.0, np.inf]), np.array([-1.0, 1.0]))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_proves_that_what_has_a_solution_has_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(4, 5)) * 10.0 ** rng.uniform(-6, 6, size=(4, 5))
    level = matrix @ rng.uniform(0.0, 10.0, size=5)
    possible = program([0.0] * 5, matrix.tolist(), level.tolist(), level.tolist())
    assert not excludes(possible, rng.normal(size=4) * 10.0 ** rng.uniform(-6, 6, size=4))


def test_a_refusal_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InaccurateError("the conditions hold to 3e-5")))
    assert isinstance(error, NotOptimalError)
    assert error.reached == "the conditions hold to 3e-5"
    assert "hold to 3e-5" in str(error)


def test_the_risk_of_the_allocation_must_be_the_risk_that_was_claimed() -> None:
    check_attained(0.2 + 1e-9, 0.2)
    for evaluated in (0.2 + 1e-7, 0.2 - 1e-7, np.nan):
        with pytest.raises(InaccurateError, match=r"the least risk found is 0\.2, but"):
            check_attained(evaluated, 0.2)


def test_supply_that_no_money_buys_is_refused_with_the_share_of_demand_that_it_is(small: Small) -> None:
    """5 thousandths of final demand are added, and no money is given."""
    evaluator = Evaluator(small.load(), Options().risk_options())
    stages, _, least = solve_least_risk(evaluator, Options(), np.zeros(1))
    check_bought(stages, evaluator.inner, evaluator.curve, least.values)
    values = least.values.copy()
    values[stages.columns("added")[0]] += 5.0
    with pytest.raises(InaccurateError, match=r"a share of 5\.0e-03 of final demand is supplied that no money buys"):
        check_bought(stages, evaluator.inner, evaluator.curve, values)


# ---------------------------------------------------------------------------------------- numbers out of proportion


def answer(small: Small, budget: float) -> Result | InaccurateError:
    try:
        return optimize(small.load(), budget=budget)
    except InaccurateError as refused:
        return refused


@pytest.mark.parametrize("value", ["1e16", "1e12", "1e9", "1e6", "1e-6", "1e-9", "1e-12", "1e-300"])
@pytest.mark.parametrize("budget", [0.0, 1e-6, 3.0, 1e10])
def test_whatever_the_slope_the_answer_is_right_or_refused(small: Small, value: str, budget: float) -> None:
    small.edit("response.csv", "robot,slope,1,0.5,2,assumed,talk", f"robot,slope,{value},,,reported,book")
    result = answer(small, budget)
    if isinstance(result, InaccurateError):
        assert "look for a slope" in str(result)
        return
    study = Study(read(small.folder))
    expected = exact_least_risk(study, study.choice(budget))  # a solver drops a slope of 1e-12 times money of 1e10
    assert result.risk == pytest.approx(expected, rel=1e-6)
    assert result.optimal.risk == pytest.approx(expected, rel=1e-6)
    assert result.certificate.worst <= ACCURATE


@pytest.mark.parametrize("value", ["1e6", "1e9", "1e12"])
def test_steep_slopes_are_answered(small: Small, value: str) -> None:
    small.edit("response.csv", "robot,slope,1,0.5,2,assumed,talk", f"robot,slope,{value},,,reported,book")
    study = Study(read(small.folder))
    assert optimize(small.load()).risk == pytest.approx(study.least_risk(study.choice()), rel=1e-9)


def test_a_slope_too_small_for_any_money_adds_nothing(small: Small) -> None:
    """Then embargo loses 0.20 whatever is spent, and all money goes to parts: quake loses 0.20 - 0.05 * 1.98."""
    small.edit("response.csv", "robot,slope,1,0.5,2,assumed,talk", "robot,slope,1e-310,,,reported,book")
    result = optimize(small.load(), budget=1e10)
    expected, cvar = 0.1 * 0.101 + 0.05 * 0.20, (0.20 + 0.101) / 2.0
    assert result.risk == pytest.approx(0.5 * expected + 0.5 * cvar, rel=1e-9)
    assert result.allocation["robot"] == pytest.approx(2.0, abs=1e-6)  # as observed


def test_a_slope_too_large_is_refused_by_every_question(small: Small) -> None:
    small.edit("response.csv", "robot,slope,1,0.5,2,assumed,talk", "robot,slope,1e16,,,reported,book")
    chain = small.load()
    for ask in (optimize, ranges, frontier, robust):
        with pytest.raises(InaccurateError, match="no answer"):
            ask(chain)


@pytest.mark.parametrize("beta", [0.5, 1.0])
@pytest.mark.parametrize("alpha", [1.0 - 1e-6, 1.0 - 1e-9, 1.0 - 1e-11, 1.0 - 1e-12, 1.0 - 2**-52])
def test_an_alpha_next_to_1_asks_for_the_worst_loss(small: Small, alpha: float, beta: float) -> None:
    """Both disruptions are likelier than 1e-4, so every tail that is thinner is the worst loss alone."""
    study = Study(read(small.folder), alpha=0.9999, beta=beta)
    result = optimize(small.load(), alpha=alpha, beta=beta)
    assert result.risk == pytest.approx(study.least_risk(study.choice()), rel=1e-9)
    assert result.optimal.risk == pytest.approx(result.risk, abs=2e-9)
    assert result.optimal.cvar == pytest.approx(result.optimal.loss.max(), rel=1e-12)
    observed = evaluate(small.load(), alpha=alpha, beta=1.0)
    assert observed.risk == pytest.approx(observed.loss.max(), rel=1e-12)


def test_a_thin_tail_keeps_its_digits() -> None:
    """Of the tail of 1e-12, 0.4e-12 is at a loss of 1 and the rest at 0.5."""
    found = risk_of(np.array([0.5, 1.0, 0.0]), np.array([1e-3, 4e-13, 1.0 - 1e-3]), 1.0 - 1e-12, 1.0)
    tail = 1.0 - (1.0 - 1e-12)
    assert found.var == 0.5
    assert found.risk == pytest.approx((4e-13 * 1.0 + (tail - 4e-13) * 0.5) / tail, rel=1e-9)


@pytest.mark.parametrize("surge", ["1e3", "1e10", "1e20", "1e30"])
def test_a_surge_of_any_size_leaves_the_others_supply_alone(small: Small, surge: str) -> None:
    """Germany's robots surge, but embargo cuts them: France's 3 are left, 43 robots, 86 systems, a loss of 0.14."""
    small.append("surge.csv", f"robot,DEU,{surge},,,reported,book,")
    small.append("supply.csv", "robot,FRA,FRA,3,,,reported,book,")
    none = optimize(small.load(), budget=0.0).none
    assert none.loss["embargo"] == pytest.approx(0.14, rel=1e-9)
    study = Study(read(small.folder))
    assert optimize(small.load()).risk == pytest.approx(study.least_risk(study.choice()), rel=1e-9)
