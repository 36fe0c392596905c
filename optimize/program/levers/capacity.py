"""Capacity: subsidies that add home supply, less and less the more is given (the response)."""

from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Positions
from optimize.program.expressions import FirstStageExpressions, RecourseExpressions
from optimize.program.levers.lever import Lever
from optimize.program.links import Alike, Link

__all__ = ["CAPACITY", "NO_CAPACITY"]


def _by_segment(numbers: ChainNumbers, phases: int) -> Positions:
    return np.tile(np.arange(len(numbers.segments)), phases)


def _length(numbers: ChainNumbers, alike: Alike) -> Array:
    return np.repeat(numbers.phase_length[alike.rows], len(numbers.segments), axis=1)


class Capacity(Lever):
    """Home supply that subsidies x[k, i] add: y_kp <= h_p (H_kp + added_k). What adds it is in the first stage.

    Where the money may not buy it x is 0; the recourse stays the same, for what was observed and what procurement adds.
    """

    decided = ("x",)
    links = (Link("grown", "added", _by_segment, _length),)

    def __init__(self, *, allowed: bool = True) -> None:
        self.allowed = allowed
        self.name = "capacity" if allowed else "no capacity"

    def applies(self, numbers: ChainNumbers) -> bool:
        """In every chain."""
        return True

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """capacity_pk += h_p added_k."""
        model.grown = pyo.Var(model.P, model.K)
        for p in model.P:
            for k in model.K:
                opened.capacity.add((p, k), model.grown[p, k])

    def in_first_stage(self, model: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """added_k += sum_j slope_kj z_kj, and the money of each segment: sum_i x_ki."""
        for k in model.K:
            for i in model.I:
                opened.money.add((self.name, k), model.x[k, i])


CAPACITY, NO_CAPACITY = Capacity(), Capacity(allowed=False)
