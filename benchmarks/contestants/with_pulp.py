"""PuLP, which writes one expression after the other, with its HiGHS interface in memory."""

import pulp

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Variables in dicts and lists, as PuLP's own examples have them."""
    scenarios, segments = case.home.shape
    S, K, J = range(scenarios), range(segments), range(case.width.shape[1])
    problem = pulp.LpProblem("least_risk", pulp.LpMinimize)
    x = [pulp.LpVariable(f"x_{k}", 0) for k in K]
    distance = [pulp.LpVariable(f"distance_{k}", 0) for k in K]
    z = [[pulp.LpVariable(f"z_{k}_{j}", 0, case.width[k, j]) for j in J] for k in K]
    added = [pulp.LpVariable(f"added_{k}", 0) for k in K]
    eta = pulp.LpVariable("eta", 0)
    excess = [pulp.LpVariable(f"excess_{s}", 0) for s in S]
    u = [[pulp.LpVariable(f"u_{s}_{k}", 0, case.demand[k]) for k in K] for s in S]
    users = [[(int(l), float(a)) for l, a in _row(case, k)] for k in K]
    problem += pulp.lpSum(x) <= case.budget
    for k in K:
        problem += distance[k] - x[k] >= -case.observed[k]
        problem += distance[k] + x[k] >= case.observed[k]
        problem += pulp.lpSum(z[k]) <= x[k]
        problem += added[k] == pulp.lpSum(case.slope[k, j] * z[k][j] for j in J)
    for s in S:
        y = [pulp.LpVariable(f"y_{s}_{k}", 0) for k in K]
        m = [pulp.LpVariable(f"m_{s}_{k}", 0, case.foreign[s, k]) for k in K]
        for k in K:
            problem += y[k] - added[k] <= case.home[s, k]
            used = pulp.lpSum(a * y[l] for l, a in users[k])
            problem += y[k] + m[k] + u[s][k] - used >= case.demand[k]
        problem += excess[s] + eta - pulp.lpSum(case.weight[k] * u[s][k] for k in K) >= 0
    per_loss = (1.0 - BETA) * case.probability
    expected = [(u[s][k], per_loss[s] * case.weight[k]) for s in S for k in K]
    risk = pulp.LpAffineExpression([*expected, (eta, BETA), *zip(excess, case.tail, strict=True)])
    problem.setObjective(risk)
    least = _solved(problem)
    problem += risk <= least + case.slack
    problem.setObjective(pulp.lpSum(distance))
    return Answer(least, _solved(problem))


def _row(case: Case, k: int) -> list[tuple[int, float]]:
    part = slice(case.inputs.indptr[k], case.inputs.indptr[k + 1])
    return list(zip(case.inputs.indices[part], case.inputs.data[part], strict=True))


def _solved(problem: pulp.LpProblem) -> float:
    tolerances = {"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE}
    problem.solve(pulp.HiGHS(msg=False, threads=1, **tolerances))
    if problem.status != pulp.LpStatusOptimal:
        raise RuntimeError(pulp.LpStatus[problem.status])
    return float(pulp.value(problem.objective))
