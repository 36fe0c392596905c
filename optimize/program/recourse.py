"""The mathematics of one disruption scenario: what is made, imported and left unmet (the recourse).

The data of a scenario enter as columns of their own, so that compiling this model once gives the matrix and
the right-hand side of every scenario (`optimize.program.compiling`).
"""

import pyomo.core as pyo

from chains.numbers import ChainNumbers

__all__ = ["DATA", "LINKS", "OWN", "recourse"]

DATA = ("home", "foreign", "demand")
"""Columns whose values a scenario gives."""
LINKS = ("added", "eta")
"""Columns that the first stage decides."""
OWN = ("y", "m", "u", "excess")
"""Columns that each scenario decides for itself."""


def recourse(numbers: ChainNumbers) -> pyo.ConcreteModel:
    """One scenario's recourse, with two objectives: `loss` L and `tail`, the excess of L over eta.

    Variables, money per year: home output y[k], imports m[k], unmet final demand u[k], and excess.
    """
    model = pyo.ConcreteModel()
    model.K = pyo.RangeSet(0, len(numbers.segments) - 1)
    model.home = pyo.Var(model.K)
    model.foreign = pyo.Var(model.K)
    model.demand = pyo.Var(model.K)
    model.added = pyo.Var(model.K)
    model.eta = pyo.Var()
    model.y = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.m = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.u = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.excess = pyo.Var(within=pyo.NonNegativeReals)
    inputs = numbers.inputs
    loss = sum(float(numbers.weight[k]) * model.u[k] for k in model.K)

    @model.Constraint(model.K, doc="y_ks <= H_ks + sum_j slope_kj z_kj")
    def home_capacity(model: pyo.ConcreteModel, k: int) -> object:
        return model.y[k] <= model.home[k] + model.added[k]

    @model.Constraint(model.K, doc="m_ks <= F_ks")
    def import_availability(model: pyo.ConcreteModel, k: int) -> object:
        return model.m[k] <= model.foreign[k]

    @model.Constraint(model.K, doc="u_ks <= d_k")
    def unmet_at_most_demand(model: pyo.ConcreteModel, k: int) -> object:
        return model.u[k] <= model.demand[k]

    @model.Constraint(model.K, doc="y_ks + m_ks + u_ks >= d_k + sum_l a_kl y_ls")
    def balance(model: pyo.ConcreteModel, k: int) -> object:
        entries = range(inputs.indptr[k], inputs.indptr[k + 1])
        used = sum(float(inputs.data[n]) * model.y[int(inputs.indices[n])] for n in entries)
        return model.y[k] + model.m[k] + model.u[k] >= model.demand[k] + used

    model.tail_excess = pyo.Constraint(expr=model.excess >= loss - model.eta, doc="excess_s >= L_s - eta")
    model.loss = pyo.Objective(expr=loss, doc="L_s = sum_k w_k u_ks")
    model.tail = pyo.Objective(expr=model.excess, doc="max(L_s - eta, 0)")
    return model
