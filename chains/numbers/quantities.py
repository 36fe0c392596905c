"""What each array of a program is, declared once: its index, its unit, and where it enters.

What a step does to all arrays follows from the declarations: other units, some scenarios alone, which scenarios are
alike, the key of what was compiled, the numbers that a draw fills in. An array without a declaration is an error, so
that none is left behind.
"""

from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

__all__ = [
    "Array",
    "Enters",
    "Positions",
    "Quantity",
    "Unit",
    "WithheldError",
    "Withholding",
    "array_of",
    "changed",
    "declared",
    "label",
    "labels",
    "only",
    "quantities",
    "quantity",
]

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Kind = TypeVar("Kind")
_KEY = "quantity"


class Unit(StrEnum):
    """What an array is measured in."""

    MONEY = "money"  # an amount of the package's money, given once or per year
    LOSS = "loss"  # loss per unit of money
    RATIO = "ratio"  # anything that is the same whatever money is measured in


class Enters(StrEnum):
    """Where an array enters the program."""

    RECOURSE = "recourse"  # a coefficient or a cost in every scenario's recourse
    SCENARIO = "scenario"  # what a scenario leaves: a right-hand side, a bound or a factor of a link
    STAGE = "stage"  # a coefficient, a bound or a right-hand side of the first stage
    CURVE = "curve"  # the first stage, by way of the chords of the response
    RISK = "risk"  # the measure of risk
    PLAN = "plan"  # plans over years alone


@dataclass(frozen=True)
class Quantity:
    """The declaration of an array: the names of its axes, its unit, where it enters."""

    index: tuple[str, ...]
    unit: Unit
    enters: Enters


def quantity(*index: str, unit: Unit, enters: Enters) -> Any:
    """A field that holds an array over these axes (segment, scenario, phase, instrument, entry, use, ...)."""
    return field(metadata={_KEY: Quantity(index, unit, enters)})


def label(*index: str) -> Any:
    """A field that holds no number of the program: names, or positions; sliced along `index` like the numbers."""
    return field(metadata={_KEY: index})


def declared(kind: type[Kind]) -> type[Kind]:
    """A dataclass all of whose fields are declared; TypeError that names those that are not."""
    missing = [own.name for own in _fields(kind) if _KEY not in own.metadata]
    if missing:
        raise TypeError(f"{kind.__name__}: {', '.join(missing)} must be declared by `quantity` or `label`")
    return kind


def _fields(holder: Any) -> tuple[Field[Any], ...]:
    return fields(holder)


def quantities(holder: object) -> Iterator[tuple[str, Quantity]]:
    """The arrays of a holder, by name, with their declarations."""
    for own in _fields(holder):
        told = own.metadata[_KEY]
        if isinstance(told, Quantity):
            yield own.name, told


def labels(holder: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The labels and positions of a holder, by name, with their axes."""
    for own in _fields(holder):
        told = own.metadata[_KEY]
        if not isinstance(told, Quantity):
            yield own.name, told


def array_of(holder: object, name: str) -> Array:
    """The numbers of a quantity; of a sparse matrix its stored entries."""
    held = getattr(holder, name)
    return np.asarray(held.data if isinstance(held, sparse.csr_array) else held)


class WithheldError(AttributeError):
    """A part of the program asked for a number that is not declared to enter there."""


class Withholding:
    """A holder of arrays that can be had with some of them alone (`only`)."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Whoever asks for an array that is left out is told where it enters by its declaration."""
            told = dict(quantities(self)).get(name)
            if told is None:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            where = f"is declared to enter by `{told.enters}`, and is asked for elsewhere"
            raise WithheldError(f"{type(self).__name__}.{name} {where}")


def only(holder: Kind, *places: Enters) -> Kind:
    """The holder with the arrays alone that enter at these places; to ask for another is a WithheldError.

    So what is compiled cannot depend on a number that its key, or a draw, leaves out.
    """
    kept = {name for name, told in quantities(holder) if told.enters in places}
    kept |= {name for name, _ in labels(holder)}
    some = object.__new__(type(holder))
    vars(some).update({name: held for name, held in vars(holder).items() if name in kept})
    return some


def changed(holder: Kind, change: Callable[[str, Quantity, Array], Array]) -> Kind:
    """The holder with every array changed; sparse matrices keep their pattern."""
    new: dict[str, Any] = {}
    for name, told in quantities(holder):
        held = getattr(holder, name)
        numbers = change(name, told, array_of(holder, name))
        if isinstance(held, sparse.csr_array):
            if numbers is held.data:
                continue
            numbers = sparse.csr_array((numbers, held.indices, held.indptr), shape=held.shape)  # type: ignore[assignment]
        new[name] = numbers
    return replace(holder, **new)  # type: ignore[type-var]
