"""Plain Pyomo, all scenarios in one model, with its persistent HiGHS interface (appsi_highs)."""

import pyomo.environ as pyo

from benchmarks.case import Answer, Case
from benchmarks.contestants.with_pyomo import OPTIONS, solve_with

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """One interface object for both solves, so that the second may start from the first."""
    solver = pyo.SolverFactory("appsi_highs")

    def solved(model: pyo.ConcreteModel) -> float:
        result = solver.solve(model, options=OPTIONS)
        pyo.assert_optimal_termination(result)
        return float(result.problem.lower_bound)

    return solve_with(case, solved)
