"""What another cost is at least near an optimum: by hand, and against SciPy on random programs."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from optimize.solver.linear import LinearProgram, Solver


def program(cost: list[float], rows: list[list[float]], upper: list[float], most: float) -> LinearProgram:
    """min cost @ v  subject to  rows @ v <= upper,  0 <= v <= most."""
    count = len(cost)
    return LinearProgram(
        cost=np.array(cost),
        matrix=sparse.csr_array(np.array(rows)),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=np.array(upper),
        column_lower=np.zeros(count),
        column_upper=np.full(count, most),
    )


def test_of_two_that_share_a_budget_the_better_one_keeps_it() -> None:
    """min -2 v - w with v + w <= 10: v = 10. Within 0.5 of -20 at most 0.5 goes to w, so v - w >= 9.5 - 0.5 = 9."""
    solver = Solver(program([-2.0, -1.0], [[1.0, 1.0]], [10.0], np.inf))
    best = solver.solve()
    assert solver.least_beside(best, 0.5, [np.array([1.0, -1.0])]) == pytest.approx([9.0], abs=1e-9)


def test_where_two_are_as_good_nothing_is_proved() -> None:
    """min -v - w: all that uses the budget is optimal, and v - w goes down to -10 whichever corner was found."""
    solver = Solver(program([-1.0, -1.0], [[1.0, 1.0]], [10.0], np.inf))
    best = solver.solve()
    found = solver.least_beside(best, 1e-6, [np.array([1.0, -1.0]), np.array([-1.0, 1.0])])
    assert -np.inf in found
    assert max(found) <= -10.0 + 1e-6


@pytest.mark.parametrize("seed", range(40))
def test_what_is_proved_is_never_more_than_the_least_that_scipy_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = 4, 7
    matrix = rng.integers(-2, 4, (rows, columns)).astype(float)
    given = program(rng.integers(-4, 5, columns).tolist(), matrix.tolist(), rng.integers(1, 9, rows).tolist(), 5.0)
    other, tie = rng.integers(-3, 4, columns).astype(float), float(rng.choice([0.0, 1e-6, 0.3]))
    solver = Solver(given)
    best = solver.solve()
    (proved,) = solver.least_beside(best, tie, [other])
    near = linprog(
        other, np.vstack([matrix, given.cost]), [*given.row_upper, best.objective + tie], bounds=[(0.0, 5.0)] * columns
    )
    assert near.status == 0
    assert proved <= near.fun + 1e-7
    if tie < 1e-3 and np.isfinite(proved):  # a basis that is optimal alone leaves the other cost where it is
        assert proved == pytest.approx(other @ best.values, abs=1e-4)
