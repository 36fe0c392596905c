"""scipy.optimize.linprog on block matrices put together with scipy.sparse, as one would by hand."""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Columns x, distance, z, eta, then by scenario y, m, u, then excess; every row at most its right-hand side."""
    scenarios, segments = case.home.shape
    pieces = case.width.shape[1]
    eye, every = sparse.eye_array(segments), sparse.eye_array(scenarios)
    ones, none = np.ones((scenarios, 1)), sparse.csr_array((segments, segments))
    per_segment = sparse.kron(eye, np.ones((1, pieces)))
    added = sparse.block_diag([row[None, :] for row in case.slope])
    capacity = sparse.kron(every, sparse.hstack([eye, none, none]))
    balance = sparse.kron(every, sparse.hstack([case.inputs - eye, -eye, -eye]))
    loss = sparse.kron(every, np.concatenate([np.zeros(2 * segments), case.weight])[None, :])
    budget = np.ones((1, segments))
    A = sparse.block_array(
        [
            [budget, None, None, None, None, None],
            [eye, -eye, None, None, None, None],
            [-eye, -eye, None, None, None, None],
            [-eye, None, per_segment, None, None, None],
            [None, None, -sparse.kron(ones, added), None, capacity, None],
            [None, None, None, None, balance, None],
            [None, None, None, -ones, loss, -every],
        ],
        format="csr",
    )
    most = np.hstack([np.full_like(case.home, np.inf), case.foreign, np.tile(case.demand, (scenarios, 1))])
    free = np.full(2 * segments, np.inf)
    upper = np.concatenate([free, case.width.ravel(), [np.inf], most.ravel(), np.full(scenarios, np.inf)])
    right = np.concatenate(
        [
            [case.budget],
            case.observed,
            -case.observed,
            np.zeros(segments),
            case.home.ravel(),
            -np.tile(case.demand, scenarios),
            np.zeros(scenarios),
        ]
    )
    per_loss = np.concatenate([np.zeros(2 * segments), (1.0 - BETA) * case.weight])
    first = np.concatenate([np.zeros(2 * segments + segments * pieces), [BETA]])
    cost = np.concatenate([first, np.outer(case.probability, per_loss).ravel(), case.tail])
    risk = _least(cost, A, right, upper)
    distance = np.zeros_like(cost)
    distance[segments : 2 * segments] = 1.0
    A = sparse.vstack([A, cost[None, :]], format="csr")
    return Answer(risk, _least(distance, A, np.append(right, risk + case.slack), upper))


def _least(cost: np.ndarray, A: sparse.csr_array, right: np.ndarray, upper: np.ndarray) -> float:
    tolerances = {"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE}
    bounds = np.column_stack([np.zeros_like(upper), upper])
    answer = linprog(cost, A_ub=A, b_ub=right, bounds=bounds, method="highs-ds", options=tolerances)
    if answer.status != 0:
        raise RuntimeError(answer.message)
    return float(answer.fun)
