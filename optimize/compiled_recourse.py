"""The recourse, compiled once for all chains with the same input coefficients and loss weights.

What-ifs on budgets, demand, supply and disruptions leave both alone, and compiling is most of what a small program
costs beyond the solver (docs/performance.md), so the last few are kept.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from chains.numbers import ChainNumbers
from optimize.compiling import Compiled, compile_model
from optimize.recourse import DATA, LINKS, OWN, recourse

__all__ = ["compiled_recourse"]

KEPT = 16
"""Compiled recourses that are kept; each is of the size of the input coefficients."""


@dataclass(frozen=True, eq=False)
class _Network:
    """The numbers that the recourse depends on, as a key: equal where all of them are, to the last bit."""

    numbers: ChainNumbers

    @cached_property
    def key(self) -> tuple[bytes, ...]:
        inputs = self.numbers.inputs
        return tuple(part.tobytes() for part in (inputs.data, inputs.indices, inputs.indptr, self.numbers.weight))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Network) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def compiled_recourse(numbers: ChainNumbers) -> Compiled:
    """The compiled recourse of a chain; the arrays are shared and must not be written to."""
    return _compile(_Network(replace(numbers, home=numbers.home[:1], foreign=numbers.foreign[:1])))


@lru_cache(maxsize=KEPT)
def _compile(network: _Network) -> Compiled:
    return compile_model(recourse(network.numbers), (*OWN, *LINKS, *DATA))
