"""Suppliers: further foreign supply, contracted before it is known which disruption comes."""

from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.suppliers import Suppliers
from optimize.program.expressions import RecourseExpressions
from optimize.program.levers.lever import Purchase
from optimize.program.links import Alike, Link

__all__ = ["SUPPLIERS"]


def _each(numbers: ChainNumbers, phases: int) -> Positions:
    return np.tile(np.arange(len(numbers.given(Suppliers).segment)), phases)


def _left(numbers: ChainNumbers, alike: Alike) -> Array:
    """h_p (1 - c_kcp)."""
    available = numbers.given(Suppliers).available[alike.rows]
    return np.asarray(available * numbers.phase_length[alike.rows][:, :, None]).reshape(len(alike.scenarios), -1)


class SupplierLever(Purchase):
    """contracted_kc <= limit_kc at cost_kc; v_kcp <= h_p contracted_kc (1 - c_kcp)."""

    name = "suppliers"
    decided = ("contracted",)
    kind = Suppliers
    own = ("v",)
    links = (Link("reserved", "contracted", _each, _left),)

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """supply_pk += v_pc of its contracts c, each within what the phase leaves of it."""
        segment = self.segment(numbers)
        model.C = pyo.RangeSet(0, len(segment) - 1)
        model.v = pyo.Var(model.P, model.C, within=pyo.NonNegativeReals)
        model.reserved = pyo.Var(model.P, model.C)

        @model.Constraint(model.P, model.C, doc="v_kcp <= h_p contracted_kc (1 - c_kcp)")
        def contract(model: pyo.ConcreteModel, p: int, c: int) -> object:
            opened.supply.add((p, int(segment[c])), model.v[p, c])
            return model.v[p, c] <= model.reserved[p, c]

    def labels(self, numbers: ChainNumbers) -> tuple[str, ...]:
        """SEGMENT@LOCATION."""
        found = numbers.given(Suppliers)
        return tuple(f"{numbers.segments[k]}@{at}" for k, at in zip(found.segment, found.location, strict=True))


SUPPLIERS = SupplierLever()
