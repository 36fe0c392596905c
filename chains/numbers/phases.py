"""How a year with a disruption runs: an outage, and a recovery in two steps; and what home and abroad then supply.

A disruption with outage t and recovery r (months) has a phase of length t/12 with its cuts, then two of length r/24
with 3/4 and 1/4 of them, cut off at the end of the year (docs/model.md, section 6.2). Where no recovery is given a
scenario has one phase. The rest of the year is as calm and has no loss.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.numbers.given import Given, by_key
from chains.numbers.quantities import Array, Positions
from chains.tables.consistency import CALM

__all__ = ["MONTHS", "STEPS", "Phases", "PhasesWhere", "place_phases"]

MONTHS = 12.0
STEPS = (1.0, 0.75, 0.25)
"""Share of its cuts that a disruption makes in each of its phases."""


@dataclass(frozen=True)
class Phases:
    """Of every phase t: its scenario, its length in years, and the share of the scenario's cuts that it has."""

    scenario: Positions
    length: Array
    cut: Array


@dataclass(frozen=True)
class PhasesWhere:
    """Rows of durations.csv by scenario, and which scenarios have a recovery (draws do not change that)."""

    outage: Given
    recovery: Given
    recovers: npt.NDArray[np.bool_]

    def fill(self, values: Mapping[str, Array]) -> Phases:
        """The phases of all scenarios, in order; phases cut off by the end of the year have length 0."""
        outage = self.outage.values(values["durations"], MONTHS)
        half = self.recovery.values(values["durations"], 0.0) / 2.0
        ends = np.minimum(np.stack([outage, outage + half, outage + 2.0 * half], axis=1), MONTHS)
        length = np.diff(ends, axis=1, prepend=0.0) / MONTHS
        kept = np.stack([np.ones_like(self.recovers), self.recovers, self.recovers], axis=1)
        scenario, step = np.nonzero(kept)
        return Phases(scenario, length[kept], np.array(STEPS)[step])


def place_phases(durations: pd.DataFrame, scenarios: tuple[str, ...]) -> PhasesWhere:
    """Where each scenario's outage and recovery stand in durations.csv."""
    at = pd.Index(scenarios, dtype=object).get_indexer(pd.Index(durations["scenario"]))
    outage, recovery = (by_key(durations, name, at, len(scenarios)) for name in ("outage", "recovery"))
    value, high = (durations[column].to_numpy(dtype=np.float64) for column in ("value", "high"))
    likely = np.fmax(value, high) > 0  # of a missing number nothing
    recovers = np.zeros(len(scenarios), dtype=bool)
    has = recovery.row >= 0
    recovers[has] = likely[recovery.row[has]]
    recovers[scenarios.index(CALM)] = False
    return PhasesWhere(outage, recovery, recovers)
