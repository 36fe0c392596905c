"""Of several optimal solutions the one with the least squares: against scipy's quadratic programs, and by hand."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import minimize

from optimize.solver.linear import InaccurateError, LinearProgram, Optimum, Solver, Squares, among_nearest
from optimize.solver.pieces import Pieces, nearest_by_pieces


def equally_good(matrix: np.ndarray, level: np.ndarray, upper: np.ndarray) -> LinearProgram:
    """Every v with matrix[0] @ v = level[0], the other rows at most at their level, 0 <= v <= upper: none costs."""
    lowest = np.append(level[0], np.full(len(level) - 1, -np.inf))
    return LinearProgram(
        cost=np.zeros(len(upper)),
        matrix=sparse.csr_array(matrix),
        row_lower=lowest,
        row_upper=level,
        column_lower=np.zeros(len(upper)),
        column_upper=upper,
    )


def nearest(program: LinearProgram, target: np.ndarray) -> Optimum:
    solver = Solver(program)
    return among_nearest(solver, solver.solve(), Squares(sparse.csr_array(np.eye(len(target))), target))


def test_what_is_equally_good_is_shared_in_equal_parts() -> None:
    found = nearest(equally_good(np.ones((1, 4)), np.array([2.0]), np.full(4, np.inf)), np.zeros(4))
    assert found.values == pytest.approx([0.5] * 4, abs=1e-12)


def test_what_one_cannot_take_the_others_share() -> None:
    """Nearest to 0 with sum 3 and at most 0.6 in the first: 0.6 there, (3 - 0.6) / 2 in each of the others."""
    found = nearest(equally_good(np.ones((1, 3)), np.array([3.0]), np.array([0.6, 9.0, 9.0])), np.zeros(3))
    assert found.values == pytest.approx([0.6, 1.2, 1.2], abs=1e-12)


def test_a_solution_that_costs_more_is_not_taken_however_near() -> None:
    program = equally_good(np.ones((1, 3)), np.array([3.0]), np.full(3, 9.0))
    dear = LinearProgram(
        np.array([1.0, 1.0, 1.001]), program.matrix, program.row_lower, program.row_upper, np.zeros(3), np.full(3, 9.0)
    )
    assert nearest(dear, np.array([0.0, 0.0, 3.0])).values == pytest.approx([1.5, 1.5, 0.0], abs=1e-12)


def test_the_program_stays_as_it_was() -> None:
    solver = Solver(equally_good(np.ones((1, 4)), np.array([2.0]), np.full(4, np.inf)))
    before = solver.program
    among_nearest(solver, solver.solve(), Squares(sparse.csr_array(np.eye(4)), np.zeros(4)))
    assert solver.program is before
    again = among_nearest(solver, solver.solve(), Squares(sparse.csr_array(np.eye(4)), np.array([2.0, 0.0, 0.0, 0.0])))
    assert again.values == pytest.approx([2.0, 0.0, 0.0, 0.0], abs=1e-12)


def test_the_solver_goes_on_after_pieces_for_which_it_held_nothing() -> None:
    solver = Solver(equally_good(np.ones((1, 40)), np.array([2.0]), np.full(40, np.inf)))
    before, one = solver.program, np.eye(40)[1]
    shared = among_nearest(solver, solver.solve(), Squares(sparse.csr_array(np.eye(40)), np.zeros(40)))
    assert shared.values == pytest.approx(np.full(40, 2.0 / 40), abs=1e-12)
    assert solver.program is before
    solver.change_cost(-one)
    assert solver.solve().values == pytest.approx(2.0 * one, abs=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_random_faces_as_scipy_solves_the_quadratic_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 12))
    upper, target = rng.uniform(0.5, 3.0, count), rng.uniform(-1.0, 2.0, count)
    matrix = np.vstack([np.ones(count), rng.uniform(0.0, 1.0, count)])
    inside = upper * rng.uniform(0.2, 0.8)
    level = matrix @ inside
    found = nearest(equally_good(matrix, level, upper), target)
    expected = minimize(
        lambda v: ((v - target) ** 2).sum(),
        inside,
        jac=lambda v: 2.0 * (v - target),
        bounds=list(zip(np.zeros(count), upper, strict=True)),
        constraints=[
            {"type": "eq", "fun": lambda v: matrix[0] @ v - level[0], "jac": lambda v: matrix[0]},
            {"type": "ineq", "fun": lambda v: level[1] - matrix[1] @ v, "jac": lambda v: -matrix[1]},
        ],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    assert found.values == pytest.approx(expected.x, abs=1e-6)
    assert found.certificate.worst <= 1e-9


def test_many_share_in_equal_parts() -> None:
    """A face of 59 dimensions, more than corners are looked for; the first ten can take 0.01 at most."""
    upper = np.append(np.full(10, 0.01), np.full(50, np.inf))
    found = nearest(equally_good(np.ones((1, 60)), np.array([2.6]), upper), np.zeros(60))
    assert found.values == pytest.approx([0.01] * 10 + [0.05] * 50, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_by_pieces_it_is_the_point_that_corners_lead_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 10))
    upper, target = rng.uniform(0.5, 3.0, count), rng.uniform(-1.0, 2.0, count)
    matrix = np.vstack([np.ones(count), rng.uniform(0.0, 1.0, count)])
    program = equally_good(matrix, matrix @ (upper * rng.uniform(0.2, 0.8)), upper)
    squares, solver = Squares(sparse.csr_array(np.eye(count)), target), Solver(program)
    start = solver.solve()
    for anew in (False, True):
        values, proof = nearest_by_pieces(Pieces(program, squares), start.values, solver.basis, Solver, anew)
        assert values == pytest.approx(nearest(program, target).values, abs=1e-9)
        assert proof.worst <= 1e-9


def test_where_pieces_end_without_a_proof_it_is_found_by_as_many_corners_as_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same face with no round left for pieces, as where they become too narrow for rounding; 20 dimensions.

    No program was found whose pieces need more rounds than they have (70 were tried, of scales from 1e-4 to 1e8).
    """
    monkeypatch.setattr("optimize.solver.pieces._ROUNDS", 0)
    upper = np.append(np.full(5, 0.01), np.full(16, np.inf))
    program, target = equally_good(np.ones((1, 21)), np.array([0.85]), upper), np.zeros(21)
    squares, solver = Squares(sparse.csr_array(np.eye(21)), target), Solver(program)
    start = solver.solve()
    with pytest.raises(InaccurateError, match="least squares"):
        nearest_by_pieces(Pieces(program, squares), start.values, solver.basis, Solver)
    found = nearest(program, target)
    assert found.values == pytest.approx([0.01] * 5 + [0.05] * 16, abs=1e-12)
    assert found.certificate.worst <= 1e-9


def test_many_that_follow_many_share_in_equal_parts_group_by_group() -> None:
    """100 sums of 2 to 4 columns each: what a sum has is shared in equal parts; the first of every fifth takes 0.1.

    As many terms follow others as there are sums: more than are written out.
    """
    sizes = np.arange(100) % 3 + 2
    group = np.repeat(np.arange(100), sizes)
    level, upper = 1.0 + np.arange(100) / 50.0, np.full(len(group), np.inf)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    upper[first[::5]] = 0.1
    expected = (level / sizes)[group]
    for at in first[::5]:
        expected[group == group[at]] = (level[group[at]] - 0.1) / (sizes[group[at]] - 1)
        expected[at] = 0.1
    program = LinearProgram(
        cost=np.zeros(len(group)),
        matrix=sparse.csr_array((np.ones(len(group)), (group, np.arange(len(group))))),
        row_lower=level,
        row_upper=level,
        column_lower=np.zeros(len(group)),
        column_upper=upper,
    )
    assert nearest(program, np.zeros(len(group))).values == pytest.approx(expected, abs=1e-10)


def test_a_term_far_from_where_the_pieces_are_narrow_is_reached() -> None:
    """Nearest to 0 with v_0 = 0.001 u and sum(v) = 61: 60 columns of 1, and u = 1000 where v_0 is 1 alone fits."""
    count = 60
    matrix = np.zeros((2, count + 2))
    matrix[0, : count + 1] = 1.0
    matrix[1, 0], matrix[1, count + 1] = 1.0, -0.001
    level = np.array([count + 1.0, 0.0])
    program = LinearProgram(
        cost=np.zeros(count + 2),
        matrix=sparse.csr_array(matrix),
        row_lower=level,
        row_upper=level,
        column_lower=np.zeros(count + 2),
        column_upper=np.full(count + 2, 1e6),
    )
    target = np.zeros(count + 2)
    target[count + 1] = 1000.0
    found = nearest(program, target).values
    # With v_0 = w and every other (61 - w) / 60: least of w^2 + (61 - w)^2 / 60 + (1000 w - 1000)^2.
    least = (61.0 / 60.0 + 1e6) / (1.0 + 1.0 / 60.0 + 1e6)
    assert found[0] == pytest.approx(least, abs=1e-9)
    assert found[1:-1] == pytest.approx([(61.0 - least) / 60.0] * count, abs=1e-9)
