"""The mathematics of the first stage: who gets the budget, and how much home supply that adds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers
from optimize.program.response import Chords

__all__ = ["COLUMNS", "Limit", "Shift", "first_stage"]

COLUMNS = ("x", "z", "added", "eta", "moved", "distance", "share")
"""Columns of the first stage, in order."""


@dataclass(frozen=True)
class Limit:
    """A bound on what some segments get together; `label` says whose it is, in the user's words."""

    label: str
    members: tuple[int, ...]
    lower: float | None = None
    upper: float | None = None


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
    limits: Sequence[Limit] = (),
    move: float | None = None,
    shift: Shift | None = None,
) -> pyo.ConcreteModel:
    """The allocation x[k, i], the home supply added[k] that it brings, and its distance from the observed one.

    `move` is theta, the share of the budget that may move; `shift` restricts the allocation to a line.
    """
    model = pyo.ConcreteModel()
    segments, instruments = numbers.observed.shape
    model.K = pyo.RangeSet(0, segments - 1)
    model.I = pyo.RangeSet(0, instruments - 1)
    model.J = pyo.RangeSet(0, curve.width.shape[1] - 1)
    model.x = pyo.Var(model.K, model.I, within=pyo.NonNegativeReals)
    model.z = pyo.Var(model.K, model.J, bounds=lambda _, k, j: (0.0, float(curve.width[k, j])))
    model.added = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.eta = pyo.Var(within=pyo.NonNegativeReals)

    @model.Constraint(model.K, doc="sum_j z_kj <= sum_i effectiveness_i x_ki")
    def funds(model: pyo.ConcreteModel, k: int) -> object:
        effective = sum(float(numbers.effectiveness[i]) * model.x[k, i] for i in model.I)
        return sum(model.z[k, j] for j in model.J) - effective <= 0

    @model.Constraint(model.K, doc="added_k = sum_j slope_kj z_kj")
    def response(model: pyo.ConcreteModel, k: int) -> object:
        return model.added[k] - sum(float(curve.slope[k, j]) * model.z[k, j] for j in model.J) == 0

    if shift is None:
        _choose(model, numbers, budget, limits, move)
    else:
        _follow(model, shift)
    return model


def _choose(
    model: pyo.ConcreteModel,
    numbers: ChainNumbers,
    budget: Array,
    limits: Sequence[Limit],
    move: float | None,
) -> None:
    """The allocation is free within budgets, limits and the share that may move."""
    observed = numbers.observed
    model.distance = pyo.Var(model.K, model.I, within=pyo.NonNegativeReals)

    @model.Constraint(model.I, doc="sum_k x_ki <= B_i")
    def budgets(model: pyo.ConcreteModel, i: int) -> object:
        return sum(model.x[k, i] for k in model.K) <= float(budget[i])

    @model.Constraint(model.K, model.I, doc="distance_ki >= x_ki - x0_ki")
    def above(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.distance[k, i] - model.x[k, i] >= -float(observed[k, i])

    @model.Constraint(model.K, model.I, doc="distance_ki >= x0_ki - x_ki")
    def below(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.distance[k, i] + model.x[k, i] >= float(observed[k, i])

    @model.Constraint(range(len(limits)), doc="lower <= sum of the members' x <= upper")
    def limited(model: pyo.ConcreteModel, n: int) -> object:
        given = sum(model.x[k, i] for k in limits[n].members for i in model.I)
        return (limits[n].lower, given, limits[n].upper)

    if move is not None:
        total = observed.sum(axis=1)
        model.moved = pyo.Var(model.K, within=pyo.NonNegativeReals)

        @model.Constraint(model.K, (1, -1), doc="moved_k >= |x_k - x0_k|")
        def moves(model: pyo.ConcreteModel, k: int, sign: int) -> object:
            given = sum(model.x[k, i] for i in model.I)
            return model.moved[k] - sign * given >= -sign * float(total[k])

        model.movement = pyo.Constraint(
            expr=sum(model.moved[k] for k in model.K) <= 2.0 * move * float(np.sum(budget)),
            doc="sum_k |x_k - x0_k| <= 2 theta B",
        )


def _follow(model: pyo.ConcreteModel, shift: Shift) -> None:
    """The allocation moves along a line: x_ki = start_ki + share * direction_ki."""
    model.share = pyo.Var(bounds=(0.0, 1.0))

    @model.Constraint(model.K, model.I, doc="x_ki = start_ki + share direction_ki")
    def along(model: pyo.ConcreteModel, k: int, i: int) -> object:
        return model.x[k, i] - float(shift.direction[k, i]) * model.share == float(shift.start[k, i])
