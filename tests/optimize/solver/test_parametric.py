"""The optimal solutions of a linear program while right-hand sides grow, by hand and against scipy's linprog."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from optimize.solver.linear import LinearProgram, Solver
from optimize.solver.parametric import Corner, follow


def program(cost: list[float], matrix: list[list[float]], upper: list[float], most: list[float]) -> LinearProgram:
    """min cost v  subject to  matrix v <= upper,  0 <= v <= most."""
    return LinearProgram(
        cost=np.array(cost, dtype=float),
        matrix=sparse.csr_array(np.array(matrix, dtype=float)),
        row_lower=np.full(len(upper), -np.inf),
        row_upper=np.array(upper, dtype=float),
        column_lower=np.zeros(len(cost)),
        column_upper=np.array(most, dtype=float),
    )


def corners(given: LinearProgram, growth: list[float], most: float = np.inf) -> list[Corner]:
    solver = Solver(given)
    solver.solve()
    return list(follow(given, solver.basis, np.array(growth, dtype=float), most))


def test_two_goods_and_a_machine_that_grows() -> None:
    """max 3x + 2y with x + y <= 4, x + 2y <= 6, x <= g.

    By hand: with little g, y fills what x leaves of the second row, so y = 3 - g/2 and the objective is 6 + 2g; from
    g = 2 on the first row binds, y = 4 - g, and the objective is 8 + g; at g = 4 y is gone and more g changes nothing.
    """
    found = corners(program([-3, -2], [[1, 1], [1, 2], [1, 0]], [4, 6, 0], [np.inf, np.inf]), [0, 0, 1])
    assert [corner.grown for corner in found] == pytest.approx([0, 2, 4])
    assert np.array([corner.values for corner in found]) == pytest.approx(np.array([[0, 3], [2, 2], [4, 0]]))
    assert [corner.duals[2] for corner in found] == pytest.approx([-2, -1, 0], abs=1e-12)


def test_the_last_corner_is_where_growth_is_to_end() -> None:
    found = corners(program([-3, -2], [[1, 1], [1, 2], [1, 0]], [4, 6, 0], [np.inf, np.inf]), [0, 0, 1], most=3.0)
    assert [corner.grown for corner in found] == pytest.approx([0, 2, 3])
    assert found[-1].values == pytest.approx([3, 1])


def test_where_growth_buys_nothing_the_start_is_all() -> None:
    (only,) = corners(program([-1, 0], [[1, 0], [0, 1]], [1, 1], [1, 1]), [0, 1])
    assert only.grown == 0
    assert only.values[0] == pytest.approx(1)


def test_two_right_hand_sides_may_grow_at_different_rates() -> None:
    """max x + 2y with x <= g, y <= 3g, x + y <= 4: both grow until g = 1, then x gives way to y until y = 4."""
    found = corners(program([-1, -2], [[1, 0], [0, 1], [1, 1]], [0, 0, 4], [np.inf, np.inf]), [1, 3, 0])
    assert [corner.grown for corner in found] == pytest.approx([0, 1, 4 / 3])
    assert found[-1].values == pytest.approx([0, 4])


SMALL = st.integers(-4, 6)


@pytest.mark.slow
@given(
    cost=st.lists(SMALL, min_size=4, max_size=4),
    rows=st.lists(st.lists(SMALL, min_size=4, max_size=4), min_size=3, max_size=3),
    upper=st.lists(st.integers(0, 5), min_size=3, max_size=3),
    most=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    growth=st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_at_corners_and_between_them_the_objective_is_linprogs(
    cost: list[int], rows: list[list[int]], upper: list[int], most: list[int], growth: list[int]
) -> None:
    """Whole numbers, many of them 0, so that ties and degenerate corners are the rule; v = 0 is feasible."""
    given_one = program(cost, rows, upper, most)
    found = corners(given_one, growth)
    grown = np.array([corner.grown for corner in found])
    objective = np.array([given_one.cost @ corner.values for corner in found])
    assert (np.diff(grown) > 0).all()
    for at in (*grown, *(grown[1:] + grown[:-1]) / 2, grown[-1] + 1, 2 * grown[-1] + 3):
        right = linprog(cost, rows, np.array(upper) + at * np.array(growth), bounds=[(0, high) for high in most])
        assert right.status == 0
        assert np.interp(at, grown, objective) == pytest.approx(right.fun, abs=1e-8)
    slopes = [corner.duals @ growth for corner in found]
    assert slopes[:-1] == pytest.approx(np.diff(objective) / np.diff(grown), abs=1e-8)
    assert slopes[-1] == pytest.approx(0.0, abs=1e-8)
