"""How a scenario's recourse takes up what is decided before it, and what the scenario itself gives.

A link column of the recourse repeats a column of the first stage, times a factor of the scenario (the length of a
phase, the share of a contract that is not cut). A data column has a value that the scenario gives. So one compiled
recourse serves all scenarios with as many phases: only factors and values differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, ChainNumbers, Positions

__all__ = ["Alike", "Data", "Link", "alike_scenarios", "same"]


@dataclass(frozen=True)
class Alike:
    """Scenarios with the same number of phases: their positions [s], and those of their phases, rows[s, p]."""

    scenarios: Positions
    rows: Positions

    @property
    def phases(self) -> int:
        """Number of phases of each."""
        return int(self.rows.shape[1])


def some_of(alike: Alike, most: int) -> Iterator[tuple[slice, Alike]]:
    """So many of alike scenarios at a time, and which of them these are."""
    for start in range(0, len(alike.scenarios), most):
        which = slice(start, start + most)
        yield which, Alike(alike.scenarios[which], alike.rows[which])


def alike_scenarios(numbers: ChainNumbers) -> Iterator[Alike]:
    """The scenarios in groups of as many phases, the fewest first."""
    count = numbers.phases
    first = np.cumsum(count) - count
    for phases in np.unique(count):
        scenarios = np.flatnonzero(count == phases)
        yield Alike(scenarios, first[scenarios, None] + np.arange(phases))


@dataclass(frozen=True)
class Data:
    """Columns of the recourse whose values [scenario, member] a scenario gives; members stand phase by phase."""

    name: str
    values: Callable[[ChainNumbers, Alike], Array]


@dataclass(frozen=True)
class Link:
    """Columns of the recourse that repeat columns of the first stage, times factors [scenario, member].

    `member` gives, for each, the position among the columns of the group `stage`; members stand phase by phase.
    """

    name: str
    stage: str
    member: Callable[[ChainNumbers, int], Positions]
    factor: Callable[[ChainNumbers, Alike], Array] | None = None


def same(name: str) -> Link:
    """A link to the one column of the first stage that has the same name."""
    return Link(name, name, lambda numbers, phases: np.zeros(1, dtype=np.intp))
