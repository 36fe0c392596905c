"""Exact optima: against every corner of small programs, worked out in fractions, whatever basis they start from."""

from fractions import Fraction
from itertools import combinations

import highspy
import numpy as np
import pytest
from scipy import sparse

from optimize.solver.exact import solve_exactly
from optimize.solver.factors import Factors
from optimize.solver.linear import InfeasibleError, LinearProgram, Solver


def program(cost: np.ndarray, matrix: np.ndarray, most: np.ndarray, upper: np.ndarray) -> LinearProgram:
    """min cost @ v subject to matrix @ v <= most, 0 <= v <= upper."""
    lowest = np.full(len(most), -np.inf)
    return LinearProgram(cost, sparse.csr_array(matrix), lowest, most, np.zeros(len(cost)), upper)


def slack_basis(given: LinearProgram) -> highspy.HighsBasis:
    """Every row basic, every column at 0."""
    basis = highspy.HighsBasis()
    basis.col_status = [highspy.HighsBasisStatus.kLower] * given.matrix.shape[1]
    basis.row_status = [highspy.HighsBasisStatus.kBasic] * given.matrix.shape[0]
    basis.valid = True
    return basis


def solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """x with matrix @ x = right by Cramer's rule for two unknowns; None where there is not one."""
    (a, b), (c, d) = matrix
    determinant = a * d - b * c
    if determinant == 0:
        return None
    return [(right[0] * d - b * right[1]) / determinant, (a * right[1] - right[0] * c) / determinant]


def least_corner(given: LinearProgram) -> Fraction | None:
    """Least cost over all corners of a program in two columns that is bounded; None where it has no corner."""
    rows = [[Fraction(float(entry)) for entry in row] for row in given.matrix.toarray()]
    sides = [*zip(rows, (Fraction(float(most)) for most in given.row_upper), strict=True)]
    for n, upper in enumerate(given.column_upper):
        unit = [Fraction(int(n == m)) for m in range(2)]
        sides += [(unit, Fraction(float(upper))), ([-entry for entry in unit], Fraction(0))]
    costs = []
    for one, other in combinations(sides, 2):
        corner = solved([one[0], other[0]], [one[1], other[1]])
        if corner and all(sum(a * x for a, x in zip(row, corner, strict=True)) <= most for row, most in sides):
            costs.append(sum(Fraction(float(c)) * x for c, x in zip(given.cost, corner, strict=True)))
    return min(costs, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_the_optimum_is_the_best_corner_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 6))
    given = program(
        rng.normal(size=2), rng.normal(size=(rows, 2)), rng.normal(loc=0.3, size=rows), rng.uniform(0.5, 2.0, size=2)
    )
    expected = least_corner(given)
    if expected is None:
        with pytest.raises(InfeasibleError):
            solve_exactly(given, slack_basis(given))
        return
    solver = Solver(given)
    solver.solve()
    assert solve_exactly(given, solver.basis).objective == expected
    assert solve_exactly(given, slack_basis(given)).objective == expected


def test_decimals_are_taken_as_the_floats_that_they_are() -> None:
    """min v subject to -v <= -0.1, which is 3602879701896397 / 2^55 in a computer."""
    given = program(np.array([1.0]), np.array([[-1.0]]), np.array([-0.1]), np.array([np.inf]))
    found = solve_exactly(given, slack_basis(given))
    assert found.objective == Fraction(3602879701896397, 2**55)
    assert found.values == [found.objective]
    assert found.duals == [Fraction(-1)]
    assert found.pivots == 1


def test_what_floating_point_cannot_tell_apart_is_told() -> None:
    """Of two columns whose costs differ by 2^-52 the cheaper one is taken, though no tolerance would see it."""
    cost = np.array([1.0 + 2.0**-52, 1.0])
    given = program(cost, np.array([[-1.0, -1.0]]), np.array([-1.0]), np.array([1.0, 1.0]))
    basis = slack_basis(given)
    basis.col_status = [highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower]
    basis.row_status = [highspy.HighsBasisStatus.kUpper]
    found = solve_exactly(given, basis)
    assert (found.objective, found.values, found.pivots) == (1, [0, 1], 1)


@pytest.mark.parametrize("seed", range(20))
def test_factors_solve_both_systems(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9))
    matrix = [[Fraction(int(n)) for n in row] for row in rng.integers(-3, 4, size=(size, size))]
    for n in range(size):
        matrix[n][(n + seed) % size] += 20  # not singular: one entry of each row outweighs all others
    right = [Fraction(int(n)) for n in rng.integers(-9, 9, size)]
    factors = Factors([{n: entry for n, entry in enumerate(row) if entry} for row in matrix])
    found, turned = factors.solve(right), factors.solve_transposed(right)
    for n in range(size):
        assert sum(matrix[n][m] * found[m] for m in range(size)) == right[n]
        assert sum(matrix[m][n] * turned[m] for m in range(size)) == right[n]


def test_a_singular_system_is_refused() -> None:
    with pytest.raises(ArithmeticError):
        Factors([{0: Fraction(1), 1: Fraction(2)}, {0: Fraction(2), 1: Fraction(4)}])
