"""Tierwise, as a user calls it: from the Chain to a Solution with labels and certificate."""

import numpy as np

from benchmarks.case import ALPHA, BETA, Answer, Case
from optimize import least_risk
from optimize.solving.units import OBJECTIVE, to_inner

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Least risk and distance, read from the labelled Solution."""
    solution = least_risk(case.chain, alpha=ALPHA, beta=BETA, levers=case.levers)
    _, units = to_inner(case.chain.numbers)
    given = solution.allocation.to_numpy()[:, 0] / units.money
    bought = sum(float(money.sum()) for money in solution.levers.values()) / units.money
    distance = float(np.abs(given - case.observed).sum()) + bought
    return Answer(solution.risk * OBJECTIVE - case.slack, distance)
