"""The numbers of a chain as arrays, in the notation of the model (docs/model.md), and what is done to all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from chains.numbers.quantities import (
    Array,
    Enters,
    Positions,
    Quantity,
    Unit,
    Withholding,
    array_of,
    changed,
    declared,
    label,
    labels,
    only,
    quantities,
    quantity,
)

__all__ = [
    "ChainNumbers",
    "Part",
    "entering",
    "in_units",
    "key_of",
    "merge_alike",
    "of_scenarios",
    "parameters",
    "sharing",
    "side_by_side",
    "unlike",
    "with_parameters",
]

_Kind = TypeVar("_Kind", bound="Part")


@dataclass(frozen=True)
class Part(Withholding):
    """Numbers of optional tables, such as stocks; the base of each kind (chains/numbers/parts)."""

    def cut(self, taken: Callable[[str, str, int], bool]) -> "Part":
        """The numbers, which are those of one calm phase, in a year in which supply is cut off.

        `taken(location, owner, k)`: whether supply of segment k from there, owned there, is. TypeError for a kind that
        has numbers by phase or scenario and does not say what a cut leaves of them.
        """
        lost = [name for name, told in quantities(self) if {"phase", "scenario"} & set(told.index)]
        if lost:
            raise TypeError(f"{type(self).__name__}: a cut must say what it leaves of {', '.join(lost)}")
        return self


@declared
@dataclass(frozen=True)
class ChainNumbers(Withholding):
    """Arrays over segments k, scenarios s (`calm` last), phases t of scenarios, instruments i and uses n.

    Money in the package's unit. demand d[k]; inputs A[k, l] = value of k per unit of home output of l; probability
    p[s]; home H[t, k] and foreign F[t, k] supply left in a phase, per year; slope r[k] (NaN: no response), ceiling
    G[k]; effectiveness[k, i]; observed x0[k, i], the allocation of the latest period. For plans over years: lag[k]
    years until funds add supply, delay[k, i] years more by instrument, and life[k], the years that added supply lasts.

    A phase t belongs to the scenario phase_scenario[t], lasts phase_length[t] years and is disrupted[t] unless it is
    calm; a scenario without recovery has one, so then t is s. Uses of a segment with loss weights of their own are
    apart: n is of the segment use_segment[n] and has the share use_share[n] of its demand and the weight weight[n];
    else n is k. `parts` are the numbers of optional tables by kind.
    """

    segments: tuple[str, ...] = label("segment")
    tiers: tuple[str, ...] = label("segment")
    scenarios: tuple[str, ...] = label("scenario")
    instruments: tuple[str, ...] = label("instrument")
    phase_scenario: Positions = label("phase")
    disrupted: npt.NDArray[np.bool_] = label("phase")
    use_segment: Positions = label("use")
    demand: Array = quantity("segment", unit=Unit.MONEY, enters=Enters.SCENARIO)
    use_share: Array = quantity("use", unit=Unit.RATIO, enters=Enters.SCENARIO)
    inputs: sparse.csr_array = quantity("segment", "segment", unit=Unit.RATIO, enters=Enters.RECOURSE)
    weight: Array = quantity("use", unit=Unit.LOSS, enters=Enters.RECOURSE)
    probability: Array = quantity("scenario", unit=Unit.RATIO, enters=Enters.RISK)
    phase_length: Array = quantity("phase", unit=Unit.RATIO, enters=Enters.SCENARIO)
    home: Array = quantity("phase", "segment", unit=Unit.MONEY, enters=Enters.SCENARIO)
    foreign: Array = quantity("phase", "segment", unit=Unit.MONEY, enters=Enters.SCENARIO)
    slope: Array = quantity("segment", unit=Unit.RATIO, enters=Enters.CURVE)
    ceiling: Array = quantity("segment", unit=Unit.MONEY, enters=Enters.CURVE)
    effectiveness: Array = quantity("segment", "instrument", unit=Unit.RATIO, enters=Enters.STAGE)
    observed: Array = quantity("segment", "instrument", unit=Unit.MONEY, enters=Enters.STAGE)
    lag: Array = quantity("segment", unit=Unit.RATIO, enters=Enters.PLAN)
    life: Array = quantity("segment", unit=Unit.RATIO, enters=Enters.PLAN)
    delay: Array = quantity("segment", "instrument", unit=Unit.RATIO, enters=Enters.PLAN)
    parts: Mapping[type[Part], Part] = label()

    @property
    def calm(self) -> int:
        """Position of the implicit scenario `calm`."""
        return len(self.scenarios) - 1

    @property
    def calm_phase(self) -> int:
        """Position of the one phase of `calm`."""
        return len(self.phase_scenario) - 1

    @cached_property
    def use_demand(self) -> Array:
        """d_kn, final demand of each use [n]."""
        return np.asarray(self.use_share * self.demand[self.use_segment])

    @cached_property
    def weighted_demand(self) -> float:
        """sum_kn w_kn d_kn, of which risk is a share."""
        return float(self.weight @ self.use_demand)

    @cached_property
    def phases(self) -> Positions:
        """Number of phases of each scenario [s]."""
        return np.bincount(self.phase_scenario, minlength=len(self.scenarios))

    def part(self, kind: type[_Kind]) -> _Kind | None:
        """The numbers of an optional table; None where the chain has no row of it."""
        found = self.parts.get(kind)
        return found if isinstance(found, kind) else None

    def given(self, kind: type[_Kind]) -> _Kind:
        """The numbers of an optional table; LookupError where the chain has no row of it."""
        found = self.part(kind)
        if found is None:
            raise LookupError(f"the chain has no numbers of {kind.__name__}")
        return found

    def funds(self, allocation: Array) -> Array:
        """Effective funds e[k] = sum_i effectiveness_ki x_ki of an allocation x[k, i]."""
        return np.asarray((self.effectiveness * allocation).sum(axis=1))


def _holders(numbers: ChainNumbers) -> Iterator[ChainNumbers | Part]:
    yield numbers
    yield from numbers.parts.values()


def entering(numbers: ChainNumbers, *places: Enters) -> ChainNumbers:
    """The numbers that enter the program at these places; to ask for others is a WithheldError."""
    some = only(numbers, *places)
    vars(some)["parts"] = {kind: only(part, *places) for kind, part in numbers.parts.items()}
    return some


def in_units(numbers: ChainNumbers, money: float, weight: float) -> ChainNumbers:
    """The numbers with money in units of `money` of the package's, and losses times `weight`."""

    def change(_: str, told: Quantity, array: Array) -> Array:
        if told.unit is Unit.MONEY:
            return array / money
        return array * weight if told.unit is Unit.LOSS else array

    parts = {kind: changed(part, change) for kind, part in numbers.parts.items()}
    return replace(changed(numbers, change), parts=parts)


def of_scenarios(numbers: ChainNumbers, which: slice | npt.ArrayLike) -> ChainNumbers:
    """The numbers of some scenarios only, in the order of their positions `which`."""
    chosen = np.arange(len(numbers.scenarios))[which if isinstance(which, slice) else np.asarray(which, dtype=np.intp)]
    if len(numbers.phase_scenario) == len(numbers.scenarios):
        phases = chosen
        owner: Positions = np.arange(len(chosen))
    else:
        first = np.searchsorted(numbers.phase_scenario, chosen)
        count = numbers.phases[chosen]
        owner = np.repeat(np.arange(len(chosen)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        phases = first[owner] + within
    axes: dict[str, Positions] = {"scenario": chosen, "phase": phases}
    parts = {kind: _along(part, axes) for kind, part in numbers.parts.items()}
    return replace(_along(numbers, axes), parts=parts, phase_scenario=owner)


def side_by_side(numbers: Sequence[ChainNumbers]) -> ChainNumbers:
    """The scenarios of several numbers of one chain as those of one, in this order.

    What does not go by scenario or phase is that of the first.
    """
    first = numbers[0]
    before = np.cumsum([0, *(len(some.scenarios) for some in numbers)])
    owners = [start + some.phase_scenario for start, some in zip(before, numbers, strict=False)]
    parts = {kind: _joined([some.parts[kind] for some in numbers]) for kind in first.parts}
    return replace(_joined(numbers), parts=parts, phase_scenario=np.concatenate(owners))


_Holder = TypeVar("_Holder", ChainNumbers, Part)


def _joined(holders: Sequence[_Holder]) -> _Holder:
    """The first holder with every array and label that goes by scenario or phase followed by that of the others."""
    first = holders[0]
    told = {name: quantity.index for name, quantity in quantities(first)} | dict(labels(first))
    new: dict[str, Any] = {}
    for name, index in told.items():
        for axis in ("scenario", "phase"):
            if axis in index:
                held = [getattr(holder, name) for holder in holders]
                if isinstance(held[0], tuple):
                    new[name] = sum(held, ())
                else:
                    new[name] = np.concatenate(held, axis=index.index(axis))
    return replace(first, **new)


def _along(holder: _Holder, axes: Mapping[str, Positions]) -> _Holder:
    """A holder with every array and label that has one of the axes taken at these positions of it."""
    told = {name: quantity.index for name, quantity in quantities(holder)} | dict(labels(holder))
    new: dict[str, Any] = {}
    for name, index in told.items():
        held = getattr(holder, name)
        for axis, positions in axes.items():
            if axis in index:
                if isinstance(held, tuple):
                    held = tuple(held[n] for n in positions)
                else:
                    held = np.take(held, positions, axis=index.index(axis))
                new[name] = held
    return replace(holder, **new)


def merge_alike(numbers: ChainNumbers) -> tuple[ChainNumbers, Positions]:
    """The numbers with scenarios that leave the same taken as one, and the group[s] that each then is in.

    Risk is the same: their probabilities are added. A group is known by its first scenario; `calm` may be among
    others, so it need not stand last.
    """
    # Without optional tables a disruption that leaves what calm leaves is as harmless as calm.
    left = [numbers.disrupted.astype(np.float64)[:, None]] if numbers.parts else []
    by_phase = np.hstack([*left, *_left(numbers, "phase")])
    most = int(numbers.phases.max())
    by_scenario = np.full((len(numbers.scenarios), most, by_phase.shape[1]), np.nan)
    within = np.arange(len(by_phase)) - np.searchsorted(numbers.phase_scenario, numbers.phase_scenario)
    by_scenario[numbers.phase_scenario, within] = by_phase
    alike = np.hstack([by_scenario.reshape(len(numbers.scenarios), -1), *_left(numbers, "scenario")])
    _, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True, equal_nan=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    groups = place[group.ravel()]
    probability = np.bincount(groups, numbers.probability, len(order)).astype(np.float64)
    return replace(of_scenarios(numbers, first[order]), probability=probability), groups


def _left(numbers: ChainNumbers, axis: str) -> list[Array]:
    """What each phase or scenario leaves: every array over that axis, which comes first, but what measures risk."""
    found = []
    for holder in _holders(numbers):
        for name, told in quantities(holder):
            if axis in told.index and told.enters is not Enters.RISK:
                first = np.moveaxis(array_of(holder, name), told.index.index(axis), 0)
                found.append(first.reshape(len(first), -1))
    return found


def parameters(numbers: ChainNumbers, enters: Enters) -> list[Array]:
    """The arrays that enter the program at one place, in the order of their declarations."""
    return [
        array_of(holder, name)
        for holder in _holders(numbers)
        for name, told in quantities(holder)
        if told.enters is enters
    ]


def with_parameters(numbers: ChainNumbers, enters: Enters, vector: Array) -> ChainNumbers:
    """The numbers with the arrays of `parameters` replaced by the parts of a vector that holds all of them."""
    sizes = [array.size for array in parameters(numbers, enters)]
    pieces = iter(np.split(vector, np.cumsum(sizes)[:-1]))

    def change(_: str, told: Quantity, array: Array) -> Array:
        return next(pieces).reshape(array.shape) if told.enters is enters else array

    own = changed(numbers, change)
    return replace(own, parts={kind: changed(part, change) for kind, part in numbers.parts.items()})


def sharing(
    numbers: ChainNumbers, base: ChainNumbers, inner: ChainNumbers, base_inner: ChainNumbers, enters: Enters
) -> ChainNumbers:
    """`inner` with the very arrays of `base_inner` where `numbers`, whose inner form it is, has the numbers of `base`.

    Of those that enter at one place. So that it is known without looking which numbers a what-if leaves alone.
    """

    def shared(holder: object, other: object, mine: _Shared, theirs: object) -> _Shared:
        same = {
            name: getattr(theirs, name)
            for name, told in quantities(holder)
            if told.enters is enters and _equal(array_of(holder, name), array_of(other, name))
        }
        return replace(mine, **same)  # type: ignore[type-var]

    parts = {
        kind: shared(part, base.parts[kind], inner.parts[kind], base_inner.parts[kind])
        for kind, part in numbers.parts.items()
    }
    return replace(shared(numbers, base, inner, base_inner), parts=parts)


_Shared = TypeVar("_Shared")


def _equal(one: Array, other: Array) -> bool:
    return one is other or np.array_equal(one, other)


def unlike(numbers: ChainNumbers, base: ChainNumbers) -> Iterator[str]:
    """Names of what differs between two chains beside values: labels, positions, parts, the pattern of inputs."""
    pairs: list[tuple[object, object]] = [(numbers, base)]
    if set(numbers.parts) != set(base.parts):
        yield "optional tables"
    else:
        pairs += [(part, base.parts[kind]) for kind, part in numbers.parts.items()]
    for own, other in pairs:
        for name, _ in labels(own):
            held, there = getattr(own, name), getattr(other, name)
            if isinstance(held, np.ndarray):
                if not np.array_equal(held, there):
                    yield name
            elif isinstance(held, tuple) and held != there:
                yield name
    one, two = numbers.inputs, base.inputs
    if one is not two and not (np.array_equal(one.indices, two.indices) and np.array_equal(one.indptr, two.indptr)):
        yield "inputs"


def key_of(numbers: ChainNumbers, *places: Enters) -> tuple[object, ...]:
    """Equal where all numbers that enter at these places are, to the last bit, and all positions are."""
    inputs = numbers.inputs
    where = [inputs.indices.tobytes(), inputs.indptr.tobytes()]
    for holder in _holders(numbers):
        for name, index in labels(holder):
            held = getattr(holder, name)
            if isinstance(held, np.ndarray) and "phase" not in index:
                where.append(held.tobytes())
    bits = [np.ascontiguousarray(array).tobytes() for place in places for array in parameters(numbers, place)]
    shapes = [array.shape for place in places for array in parameters(numbers, place)]
    kinds = tuple(numbers.parts)
    return (*places, *kinds, *shapes, *where, *bits)
