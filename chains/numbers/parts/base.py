"""What the numbers of an optional table may need beside their own rows, and what they must offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chains.numbers.chain_numbers import Part
from chains.numbers.phases import Phases
from chains.numbers.quantities import Array

__all__ = ["Base", "Where"]


@dataclass(frozen=True)
class Base:
    """The stored input coefficients and the phases of the scenarios."""

    coefficients: Array
    phases: Phases


class Where(Protocol):
    """Where the rows of a part stand."""

    def fill(self, values: Mapping[str, Array], base: Base) -> Part:
        """The part from the values of the tables."""
