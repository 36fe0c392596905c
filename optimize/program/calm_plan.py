"""The mathematics of a year without disruption in which all final demand is met, and who makes what.

Home output is split into what counts as domestic (own) and the rest (other: plants at home that the definition of
domestic leaves out). Supply that subsidies add counts as domestic. It stands beside the first stage, which decides who
gets money and what that adds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Enters, entering
from optimize.program.expressions import RecourseExpressions, check_closed
from optimize.program.first_stage import first_stage, stage_columns
from optimize.program.levers import Lever, purchases_of
from optimize.program.links import Alike, Link
from optimize.program.response import Chords

__all__ = ["calm_plan", "plan_columns"]


def plan_columns(levers: Sequence[Lever]) -> tuple[str, ...]:
    """Columns of the plan, in order."""
    taken = [name for lever in purchases_of(levers) for name in (*(link.name for link in lever.links), *lever.own)]
    return (*stage_columns(levers), "own", "other", "m", "used", *taken)


def calm_plan(numbers: ChainNumbers, curve: Chords, domestic: Array, levers: Sequence[Lever]) -> pyo.ConcreteModel:
    """An allocation x[k, i] of any size, what it adds, and a calm year's balance, segment by segment.

    `domestic` is D[k], the home supply that counts as domestic. Variables, money per year: domestic output own[k],
    other home output other[k], imports m[k], and used[k], final demand and what home output takes. What other levers
    than capacity add to a year's supply and capacity they add here too; stocks are not drawn in calm.
    """
    model = first_stage(numbers, curve, np.full(len(numbers.instruments), np.inf), levers=levers)
    calm, inputs = numbers.calm_phase, numbers.inputs
    rest = (numbers.home[calm] - domestic).clip(min=0.0)
    model.own = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.other = pyo.Var(model.K, bounds=lambda _, k: (0.0, float(rest[k])))
    model.m = pyo.Var(model.K, bounds=lambda _, k: (0.0, float(numbers.foreign[calm, k])))
    model.used = pyo.Var(model.K, within=pyo.NonNegativeReals)
    opened = _levers_in_calm(model, numbers, levers)

    @model.Constraint(model.K, doc="own_k <= D_k + added_k")
    def own_capacity(model: pyo.ConcreteModel, k: int) -> object:
        return model.own[k] - model.added[k] - opened.capacity.at((0, k)) <= float(domestic[k])

    @model.Constraint(model.K, doc="used_k = d_k + sum_l a_kl (own_l + other_l)")
    def use(model: pyo.ConcreteModel, k: int) -> object:
        entries = range(inputs.indptr[k], inputs.indptr[k + 1])
        users = ((float(inputs.data[n]), int(inputs.indices[n])) for n in entries)
        taken = sum(a * (model.own[l] + model.other[l]) for a, l in users)
        return model.used[k] - taken - opened.needed.at((0, k)) == float(numbers.demand[k])

    @model.Constraint(model.K, doc="own_k + other_k + m_k + sum_c v_kc = used_k")
    def met(model: pyo.ConcreteModel, k: int) -> object:
        return model.own[k] + model.other[k] + model.m[k] + opened.supply.at((0, k)) - model.used[k] == 0

    check_closed(capacity=opened.capacity, supply=opened.supply, needed=opened.needed)
    return model


def _levers_in_calm(model: Any, numbers: ChainNumbers, levers: Sequence[Lever]) -> RecourseExpressions:
    """What other levers than capacity add to the recourse of calm, their links tied to the first stage."""
    model.P = pyo.RangeSet(0, 0)
    opened = RecourseExpressions()
    calm = Alike(np.array([numbers.calm]), np.array([[numbers.calm_phase]]))
    for lever in purchases_of(levers):
        lever.in_recourse(model, entering(numbers, Enters.RECOURSE), opened)
        for link in lever.links:
            _tie(model, numbers, link, calm)
    return opened


def _tie(model: Any, numbers: ChainNumbers, link: Link, calm: Alike) -> None:
    """The columns of a link are those of the first stage times the factors of calm."""
    taken, decided = (list(model.component(name).values()) for name in (link.name, link.stage))
    member = link.member(numbers, calm.phases)
    factor = np.ones(len(member)) if link.factor is None else link.factor(numbers, calm)[0]

    def tied(model: pyo.ConcreteModel, n: int) -> object:
        return taken[n] - float(factor[n]) * decided[member[n]] == 0

    model.add_component(f"{link.name}_taken", pyo.Constraint(range(len(taken)), rule=tied))
