"""Plain Pyomo, all scenarios in one model, with its newer HiGHS interface (pyomo.contrib.solver)."""

from collections.abc import Callable

import pyomo.environ as pyo
from pyomo.contrib.solver.common.factory import SolverFactory

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["OPTIONS", "model_of", "solve", "solve_with"]

OPTIONS = {"threads": 1, "primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE}


def solve(case: Case) -> Answer:
    """One interface object for both solves, so that the second may start from the first."""
    solver = SolverFactory("highs")
    return solve_with(case, lambda model: solver.solve(model, solver_options=OPTIONS).incumbent_objective)


def solve_with(case: Case, solved: Callable[[pyo.ConcreteModel], float]) -> Answer:
    """Least risk, then the nearest allocation of that risk, each objective found by `solved`."""
    model = model_of(case)
    model.distance_alone.deactivate()
    least = float(solved(model))
    model.at_most = pyo.Constraint(expr=model.risk.expr <= least + case.slack)
    model.risk.deactivate()
    model.distance_alone.activate()
    return Answer(least, float(solved(model)))


def model_of(case: Case) -> pyo.ConcreteModel:
    """docs/model.md, section 2, as one model."""
    scenarios, segments = case.home.shape
    model = pyo.ConcreteModel()
    model.S, model.K = pyo.RangeSet(0, scenarios - 1), pyo.RangeSet(0, segments - 1)
    model.J = pyo.RangeSet(0, case.width.shape[1] - 1)
    model.x = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.distance = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.z = pyo.Var(model.K, model.J, bounds=lambda _, k, j: (0.0, float(case.width[k, j])))
    model.added = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.eta = pyo.Var(within=pyo.NonNegativeReals)
    model.y = pyo.Var(model.S, model.K, within=pyo.NonNegativeReals)
    model.m = pyo.Var(model.S, model.K, bounds=lambda _, s, k: (0.0, float(case.foreign[s, k])))
    model.u = pyo.Var(model.S, model.K, bounds=lambda _, s, k: (0.0, float(case.demand[k])))
    model.excess = pyo.Var(model.S, within=pyo.NonNegativeReals)
    model.budget = pyo.Constraint(expr=sum(model.x[k] for k in model.K) <= case.budget)
    observed, inputs = case.observed.tolist(), case.inputs
    weight = case.weight.tolist()

    @model.Constraint(model.K)
    def above(model: pyo.ConcreteModel, k: int) -> object:
        return model.distance[k] - model.x[k] >= -observed[k]

    @model.Constraint(model.K)
    def below(model: pyo.ConcreteModel, k: int) -> object:
        return model.distance[k] + model.x[k] >= observed[k]

    @model.Constraint(model.K)
    def funds(model: pyo.ConcreteModel, k: int) -> object:
        return sum(model.z[k, j] for j in model.J) - model.x[k] <= 0

    @model.Constraint(model.K)
    def response(model: pyo.ConcreteModel, k: int) -> object:
        return model.added[k] - sum(float(case.slope[k, j]) * model.z[k, j] for j in model.J) == 0

    @model.Constraint(model.S, model.K)
    def home_capacity(model: pyo.ConcreteModel, s: int, k: int) -> object:
        return model.y[s, k] - model.added[k] <= float(case.home[s, k])

    @model.Constraint(model.S, model.K)
    def balance(model: pyo.ConcreteModel, s: int, k: int) -> object:
        entries = range(inputs.indptr[k], inputs.indptr[k + 1])
        used = sum(float(inputs.data[n]) * model.y[s, int(inputs.indices[n])] for n in entries)
        return model.y[s, k] + model.m[s, k] + model.u[s, k] - used >= float(case.demand[k])

    def loss(s: int) -> object:
        return sum(weight[k] * model.u[s, k] for k in model.K)

    @model.Constraint(model.S)
    def tail(model: pyo.ConcreteModel, s: int) -> object:
        return model.excess[s] + model.eta - loss(s) >= 0

    expected = sum(float((1.0 - BETA) * case.probability[s]) * loss(s) for s in model.S)
    excess = sum(float(case.tail[s]) * model.excess[s] for s in model.S)
    model.risk = pyo.Objective(expr=expected + BETA * model.eta + excess)
    model.distance_alone = pyo.Objective(expr=sum(model.distance[k] for k in model.K))
    return model
