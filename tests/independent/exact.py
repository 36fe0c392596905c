"""The independent formulation solved in exact fractions, where floating point has too few digits."""

import highspy
import numpy as np
from scipy import sparse

from optimize import NotOptimalError
from optimize.solver.exact import solve_exactly
from optimize.solver.linear import LinearProgram, Solver
from tests.independent import SIZE, Choice, Study

__all__ = ["exact_least_risk"]


def exact_least_risk(study: Study, choice: Choice) -> float:
    """Least risk of the independent formulation, in exact fractions.

    Inequalities are loosened by their last digits, since a sum of demands may be more than the demands by rounding.
    """
    program = study._choosing(choice)
    matrix, right = program._arrays()
    lower, upper = (np.array([fill if end is None else end for end in ends]) for ends, fill in _ends(program.bounds))
    lowest = np.full(len(right), -np.inf)
    loose = right + 8.0 * np.spacing(np.abs(right))
    dense = LinearProgram(program._vector(study._risk()), sparse.csr_array(matrix), lowest, loose, lower, upper)
    solver = Solver(dense)
    try:
        solver.solve()
        basis = solver.basis
    except NotOptimalError:
        basis = highspy.HighsBasis()
        status = highspy.HighsBasisStatus
        basis.col_status = [status.kLower if np.isfinite(end) else status.kZero for end in lower]
        basis.row_status = [status.kBasic] * len(right)
    return float(solve_exactly(dense, basis).objective) / SIZE


def _ends(bounds: list[tuple[float | None, float | None]]) -> list[tuple[list[float | None], float]]:
    return [([low for low, _ in bounds], -np.inf), ([high for _, high in bounds], np.inf)]
