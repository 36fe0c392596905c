"""cvxpy with matrix variables, its HiGHS interface."""

import cvxpy as cp
import numpy as np

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Variables over [scenario, segment] and [segment, piece]."""
    scenarios, segments = case.home.shape
    x = cp.Variable(segments, nonneg=True)
    z = cp.Variable(case.width.shape, bounds=[0, case.width])
    eta = cp.Variable(nonneg=True)
    y = cp.Variable(case.home.shape, nonneg=True)
    m = cp.Variable(case.home.shape, bounds=[0, case.foreign])
    u = cp.Variable(case.home.shape, bounds=[0, np.tile(case.demand, (scenarios, 1))])
    excess = cp.Variable(scenarios, nonneg=True)
    loss = u @ case.weight
    added = cp.sum(cp.multiply(case.slope, z), axis=1)
    risk = (1.0 - BETA) * (case.probability @ loss) + BETA * eta + case.tail @ excess
    constraints = [
        cp.sum(x) <= case.budget,
        cp.sum(z, axis=1) <= x,
        y <= case.home + cp.outer(np.ones(scenarios), added),
        y + m + u >= np.tile(case.demand, (scenarios, 1)) + y @ case.inputs.T,
        excess >= loss - eta,
    ]
    least = _solved(cp.Problem(cp.Minimize(risk), constraints))
    distance = cp.sum(cp.abs(x - case.observed))
    nearest = cp.Problem(cp.Minimize(distance), [*constraints, risk <= least + case.slack])
    return Answer(least, _solved(nearest))


def _solved(problem: cp.Problem) -> float:
    problem.solve(
        solver=cp.HIGHS,
        threads=1,
        primal_feasibility_tolerance=TOLERANCE,
        dual_feasibility_tolerance=TOLERANCE,
    )
    if problem.status != cp.OPTIMAL:
        raise RuntimeError(problem.status)
    return float(problem.value)
