"""Levers and numbers that Tierwise does not know, each with an equivalent that it does.

    depots      stocks:       adds to the open stock of a segment
    convoys     suppliers:    supply with a column of its own, and a number by phase that stands second on its axes
    workshops   procurement:  capacity added in the recourse (procurement adds it in the first stage)
    leaks       a segment's own use of itself: a coefficient of the recourse, and nothing to buy

`unknown()` reads packages so that their rows of stocks.csv, suppliers.csv and procurement.csv fill these instead.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.core as pyo
import pytest

import chains.chain
import chains.numbers.layout
from chains import Chain
from chains.numbers import Array, ChainNumbers, Enters, Part, Positions, Unit
from chains.numbers.parts import Base, PartsWhere, Where, place_parts
from chains.numbers.parts.bought import Bought
from chains.numbers.parts.procurement import Procurement
from chains.numbers.parts.stocks import Stocks
from chains.numbers.parts.suppliers import Suppliers
from chains.numbers.quantities import declared, label, quantity
from chains.recent import Recent
from optimize.program.expressions import RecourseExpressions
from optimize.program.levers import LEVERS, Lever, Purchase
from optimize.program.links import Alike, Link

KNOWN = ("capacity", "stocks", "suppliers", "procurement")
UNKNOWN = ("capacity", "depots", "convoys", "workshops")


@declared
@dataclass(frozen=True)
class Depots(Bought):
    pass


@declared
@dataclass(frozen=True)
class Convoys(Bought):
    origin: tuple[str, ...] = label("member")
    left: Array = quantity("member", "phase", unit=Unit.RATIO, enters=Enters.SCENARIO)

    def cut(self, taken: Callable[[str, str, int], bool]) -> "Convoys":
        kept = [[not taken(at, at, int(k))] for at, k in zip(self.origin, self.segment, strict=True)]
        return replace(self, left=np.array(kept, dtype=np.float64))


@declared
@dataclass(frozen=True)
class Workshops(Bought):
    response: Array = quantity("member", unit=Unit.RATIO, enters=Enters.SCENARIO)


@declared
@dataclass(frozen=True)
class Leaks(Bought):
    share: Array = quantity("member", unit=Unit.RATIO, enters=Enters.RECOURSE)


class OfPart(Purchase):
    """A purchase that the recourse takes up member by member."""

    decided = ("",)

    def member(self, numbers: ChainNumbers, phases: int) -> Positions:
        return np.tile(np.arange(len(self.segment(numbers))), phases)


class DepotLever(OfPart):
    name, decided, kind = "depots", ("laid_in",), Depots

    @property
    def links(self) -> tuple[Link, ...]:  # type: ignore[override]
        return (Link("laid", "laid_in", lambda numbers, _: self.member(numbers, 1)),)

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        model.laid = pyo.Var(range(len(self.segment(numbers))))
        for n, k in enumerate(self.segment(numbers)):
            opened.stock.add(int(k), model.laid[n])


class ConvoyLever(OfPart):
    name, decided, own, kind = "convoys", ("chartered",), ("carried",), Convoys
    fee = 0.0
    """Loss per unit carried."""

    @property
    def links(self) -> tuple[Link, ...]:  # type: ignore[override]
        return (Link("afloat", "chartered", self.member, self.factor),)

    def factor(self, numbers: ChainNumbers, alike: Alike) -> Array:
        left = numbers.given(Convoys).left.T[alike.rows] * numbers.phase_length[alike.rows][:, :, None]
        return np.asarray(left.reshape(len(alike.scenarios), -1))

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        members = range(len(self.segment(numbers)))
        model.carried = pyo.Var(model.P, members, within=pyo.NonNegativeReals)
        model.afloat = pyo.Var(model.P, members)

        @model.Constraint(model.P, members)
        def carriage(model: pyo.ConcreteModel, p: int, n: int) -> object:
            opened.supply.add((p, int(self.segment(numbers)[n])), model.carried[p, n])
            opened.loss.add(0, self.fee * model.carried[p, n])
            return model.carried[p, n] <= model.afloat[p, n]


class WorkshopLever(OfPart):
    name, decided, kind = "workshops", ("built",), Workshops

    @property
    def links(self) -> tuple[Link, ...]:  # type: ignore[override]
        return (Link("raised", "built", self.member, self.factor),)

    def factor(self, numbers: ChainNumbers, alike: Alike) -> Array:
        by_phase = numbers.phase_length[alike.rows][:, :, None] * numbers.given(Workshops).response
        return np.asarray(by_phase.reshape(len(alike.scenarios), -1))

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        members = range(len(self.segment(numbers)))
        model.raised = pyo.Var(model.P, members)
        for p in model.P:
            for n in members:
                opened.capacity.add((p, int(self.segment(numbers)[n])), model.raised[p, n])


class LeakLever(OfPart):
    name, decided, kind = "leaks", ("stopped",), Leaks

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        leaks = numbers.given(Leaks)
        for p in model.P:
            for k, share in zip(leaks.segment, leaks.share, strict=True):
                opened.needed.add((p, int(k)), float(share) * model.y[p, int(k)])


@dataclass(frozen=True)
class _Instead:
    """Fills another part from the numbers of one that is known."""

    known: Where
    make: Callable[[Any], Part]

    def fill(self, values: Mapping[str, Array], base: Base) -> Part:
        return self.make(self.known.fill(values, base))


_MAKE: dict[type[Part], tuple[Callable[[Any], Part], ...]] = {
    Stocks: (
        lambda part: replace(part, most=0.0 * part.most),
        lambda part: Depots(part.segment, part.most, part.unit_cost),
    ),
    Suppliers: (lambda part: Convoys(part.segment, part.most, part.unit_cost, part.location, part.available.T),),
    Procurement: (lambda part: Workshops(part.segment, part.most, part.unit_cost, part.response),),
}


def _place(*given: Any) -> PartsWhere:
    known = place_parts(*given)
    found: list[Where] = []
    for where in known.found:
        kind = next((kind for kind in _MAKE if type(where).__module__ == kind.__module__), None)
        found += [where] if kind is None else [_Instead(where, make) for make in _MAKE[kind]]
    return PartsWhere(tuple(found))


@contextmanager
def unknown() -> Iterator[None]:
    """Read packages, and draw them, into the parts of this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains.numbers.layout, "place_parts", _place)
        patch.setattr(chains.chain, "_kept", Recent(1))  # none that was read without them, and none of theirs stays
        yield


def registered(patch: pytest.MonkeyPatch, *levers: Lever) -> None:
    """Let the money buy these too."""
    for lever in levers:
        patch.setitem(LEVERS, lever.name, lever)


def with_part(chain: Chain, part: Part) -> Chain:
    """The chain with one more part among its numbers."""
    numbers = chain.numbers
    other = replace(chain)
    other.__dict__["numbers"] = replace(numbers, parts={**numbers.parts, type(part): part})
    return other
