"""The mathematics of the first stage: what the budget buys, and how far that is from what was observed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Enters, entering
from optimize.program.expressions import FirstStageExpressions, check_closed
from optimize.program.levers import CAPACITY, NO_CAPACITY, Lever, purchases_of
from optimize.program.response import Chords

__all__ = ["AWAY", "RESTRICTING", "Limit", "Shift", "first_stage", "pay", "shared_columns", "stage_columns"]

_COLUMNS = ("x", "z", "added", "eta", "moved", "distance", "share", "spent", "paid")
AWAY = ("distance", "spent")
"""Columns whose sum is the distance from the observed allocation, which buys capacity alone."""
RESTRICTING = ("budgets", "limited", "movement")
"""Rows that say how money may be spent, and nothing of what it buys."""


def stage_columns(levers: Sequence[Lever]) -> tuple[str, ...]:
    """Columns of the first stage, in order."""
    return (*_COLUMNS, *_bought(levers))


def shared_columns(levers: Sequence[Lever]) -> tuple[str, ...]:
    """Columns that are decided before it is known which future comes; `z` and `added` follow the response."""
    return ("x", "moved", "distance", "share", "spent", "paid", *_bought(levers))


def _bought(levers: Sequence[Lever]) -> tuple[str, ...]:
    return tuple(column for lever in purchases_of(levers) for column in lever.decided)


@dataclass(frozen=True)
class Limit:
    """A bound on the money of some segments together; `label` says whose it is, in the user's words.

    Counts the money of every lever, or that of `lever` alone.
    """

    label: str
    members: tuple[int, ...]
    lower: float | None = None
    upper: float | None = None
    lever: str | None = None


@dataclass(frozen=True)
class Shift:
    """A line along which the allocation may move: x = start + share * direction, 0 <= share <= 1."""

    start: Array
    direction: Array


def first_stage(
    numbers: ChainNumbers,
    curve: Chords,
    budget: Array,
    *,
    levers: Sequence[Lever] = (CAPACITY,),
    limits: Sequence[Limit] = (),
    move: float | None = None,
    shift: Shift | None = None,
) -> pyo.ConcreteModel:
    """The allocation x[k, i], what the other levers buy, the home supply added[k], the distance from the observed.

    `move` is theta, the share of the budget that may move; `shift` restricts the allocation to a line. Without the
    lever capacity x is 0.
    """
    numbers = entering(numbers, Enters.STAGE)
    model = pyo.ConcreteModel()
    segments, instruments = numbers.observed.shape
    model.K = pyo.RangeSet(0, segments - 1)
    model.I = pyo.RangeSet(0, instruments - 1)
    model.J = pyo.RangeSet(0, curve.width.shape[1] - 1)
    model.x = pyo.Var(model.K, model.I, bounds=(0.0, 0.0 if NO_CAPACITY in levers else None))
    model.z = pyo.Var(model.K, model.J, bounds=lambda _, k, j: (0.0, float(curve.width[k, j])))
    model.added = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.eta = pyo.Var(within=pyo.NonNegativeReals)
    opened = FirstStageExpressions()
    for lever in levers:
        lever.in_first_stage(model, numbers, opened)

    @model.Constraint(model.K, doc="sum_j z_kj <= sum_i effectiveness_ki x_ki")
    def funds(model: pyo.ConcreteModel, k: int) -> object:
        effective = sum(float(numbers.effectiveness[k, i]) * model.x[k, i] for i in model.I)
        return sum(model.z[k, j] for j in model.J) - effective <= 0

    @model.Constraint(model.K, doc="added_k = sum_j slope_kj z_kj + response_k preferred_k")
    def response(model: pyo.ConcreteModel, k: int) -> object:
        risen = sum(float(curve.slope[k, j]) * model.z[k, j] for j in model.J)
        return model.added[k] - risen - opened.added.at(k) == 0

    if shift is None:
        _choose(model, numbers, budget, levers, limits, move, opened)
    else:
        _follow(model, shift)
    check_closed(added=opened.added, spent=opened.spent)
    return model


def _choose(
    model: Any,
    numbers: ChainNumbers,
    budget: Array,
    levers: Sequence[Lever],
    limits: Sequence[Limit],
    move: float | None,
    opened: FirstStageExpressions,
) -> None:
    """The allocation is free within budgets, limits and the share that may move."""
    observed = numbers.observed
    model.distance = pyo.Var(model.K, model.I, within=pyo.NonNegativeReals)
    bought = bool(purchases_of(levers))
    if bought:
        pay(model, opened)

    @model.Constraint(model.I, doc="sum_k x_ki + s_i <= B_i")
    def budgets(model: pyo.ConcreteModel, i: int) -> object:
        paid = model.paid[i] if bought else 0
        return sum(model.x[k, i] for k in model.K) + paid <= float(budget[i])

    @model.Constraint(model.K, model.I, doc="distance_ki >= x_ki - x0_ki")
    def above(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.distance[k, i] - model.x[k, i] >= -float(observed[k, i])

    @model.Constraint(model.K, model.I, doc="distance_ki >= x0_ki - x_ki")
    def below(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.distance[k, i] + model.x[k, i] >= float(observed[k, i])

    @model.Constraint(range(len(limits)), doc="lower <= money of the members <= upper")
    def limited(model: pyo.ConcreteModel, n: int) -> object:
        names = [lever.name for lever in levers] if limits[n].lever is None else [limits[n].lever]
        money = opened.money.at(*((name, k) for k in limits[n].members for name in names))
        if isinstance(money, int):  # nothing there that money could buy
            money = 0.0 * model.added[limits[n].members[0]]  # there may be no instrument at all
        return (limits[n].lower, money, limits[n].upper)

    if move is not None:
        total = observed.sum(axis=1)
        model.moved = pyo.Var(model.K, within=pyo.NonNegativeReals)

        @model.Constraint(model.K, (1, -1), doc="moved_k >= |x_k - x0_k|")
        def moves(model: pyo.ConcreteModel, k: int, sign: int) -> object:
            given = sum(model.x[k, i] for i in model.I)
            return model.moved[k] - sign * given >= -sign * float(total[k])

        model.movement = pyo.Constraint(
            expr=sum(model.moved[k] for k in model.K) + (model.spent if bought else 0)
            <= 2.0 * move * float(np.sum(budget)),
            doc="sum_k |x_k - x0_k| + spent <= 2 theta B",
        )


def pay(model: Any, opened: FirstStageExpressions) -> None:
    """What other levers than capacity cost is paid through any instruments: s_i >= 0."""
    model.spent = pyo.Var(within=pyo.NonNegativeReals)
    model.paid = pyo.Var(model.I, within=pyo.NonNegativeReals)
    model.spending = pyo.Constraint(
        expr=model.spent - opened.spent.at(0) == 0,
        doc="spent = sum_k (price_k + holding_k) bought_k + sum cost_kc contracted_kc + sum premium_k preferred_k",
    )
    model.payment = pyo.Constraint(expr=sum(model.paid[i] for i in model.I) - model.spent == 0, doc="sum_i s_i = spent")


def _follow(model: Any, shift: Shift) -> None:
    """The allocation moves along a line: x_ki = start_ki + share * direction_ki."""
    model.share = pyo.Var(bounds=(0.0, 1.0))

    @model.Constraint(model.K, model.I, doc="x_ki = start_ki + share direction_ki")
    def along(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.x[k, i] - float(shift.direction[k, i]) * model.share == float(shift.start[k, i])
