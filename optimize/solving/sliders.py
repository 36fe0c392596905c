"""What a reader may move of a chain: its positions, and the numbers of the chain at each of them.

A slider is a what-if in steps: the budget, what can be done without, how long outages last, how likely a scenario is.
The numbers at every position are those of the chain that has these values in its tables, so that no rule of how a
table becomes numbers stands anywhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains import Chain
from chains.numbers import Array, ChainNumbers, Positions, fill, values_of
from chains.numbers.layout import MEASURED, layout_of
from chains.numbers.phases import MONTHS

__all__ = ["BUDGET", "DISPENSABLE", "OUTAGE", "PROBABILITY", "Slider", "Sliders", "budget_slider"]

BUDGET, DISPENSABLE, OUTAGE, PROBABILITY = "budget", "dispensable", "outage", "probability"

_BUDGETS = np.arange(41) / 20.0
"""Of the budget as it is: nothing to twice as much."""
_SHARES = np.arange(21) / 10.0
"""Times what can be done without as it is; never more than all."""
_LENGTHS = np.arange(1, 21) / 10.0
"""Times how long outages last as they are; never more than the year, so that from 1 on nothing may move."""
_LIKELY = 4.0
"""Times as likely as it is, at most."""
_UNLIKELY = 0.1
"""Up to so much the probability of a scenario can be moved, however unlikely it is."""
_STEPS = 20


@dataclass(frozen=True)
class Slider:
    """One thing that moves: its values [position], of which `start` is the chain as it is.

    Values are money in the chain's unit (budget), factors on the chain's own values (dispensable, outage), or
    probabilities, of the scenario that is named. `low` and `high` [position] are the least and the largest value that
    stands in a table then: a share, or months.
    """

    kind: str
    values: Array
    start: int
    low: Array
    high: Array
    scenario: str = ""


class Sliders:
    """The sliders of a chain, but for the budget, and the numbers of the chain at their positions."""

    def __init__(self, chain: Chain) -> None:
        tables = {name: chain.table(name) for name in ("segments", *MEASURED)}
        tables["durations"] = _with_outages(tables["durations"], tables["probabilities"]["scenario"])
        self._layout = layout_of(tables, chain.home, chain.definition)
        self._values = values_of(tables)
        self._rows: dict[str, Positions] = {
            DISPENSABLE: np.flatnonzero(tables["criticality"]["parameter"] == "dispensable"),
            OUTAGE: np.flatnonzero(tables["durations"]["parameter"] == "outage"),
        }
        self._scenarios = [str(name) for name in tables["probabilities"]["scenario"]]
        self.numbers = fill(self._layout, self._values)

    def __iter__(self) -> Iterator[Slider]:
        """Every slider that has something to move."""
        if self._own(DISPENSABLE).any():
            yield self._factors(DISPENSABLE, _SHARES, 1.0)
        if len(self._rows[OUTAGE]):
            most = MONTHS / self._own(OUTAGE).min()
            yield self._factors(OUTAGE, _LENGTHS[max(most, 1.0) >= _LENGTHS], MONTHS)
        for name, now in zip(self._scenarios, self._values["probabilities"], strict=True):
            slider = self._likely(name, float(now))
            if len(slider.values) > 1:  # one that is impossible beside one that is certain cannot be moved alone
                yield slider

    def at(self, slider: Slider, position: int) -> ChainNumbers:
        """The numbers of the chain at a position of one slider, all others being where they start."""
        return fill(self._layout, {**self._values, **self._moved(slider, float(slider.values[position]))})

    def _own(self, kind: str) -> Array:
        return self._values[_TABLE[kind]][self._rows[kind]]

    def _factors(self, kind: str, factors: Array, most: float) -> Slider:
        each = np.minimum(factors[:, None] * self._own(kind), most)
        return Slider(kind, factors, int(np.argmin(np.abs(factors - 1.0))), each.min(axis=1), each.max(axis=1))

    def _likely(self, scenario: str, now: float) -> Slider:
        calm = max(0.0, 1.0 - float(self._values["probabilities"].sum()))
        most = min(max(_LIKELY * now, _UNLIKELY), now + calm)
        values = np.unique(np.append(np.linspace(0.0, most, _STEPS + 1), now))
        return Slider(PROBABILITY, values, int(np.searchsorted(values, now)), values, values, scenario)

    def _moved(self, slider: Slider, value: float) -> Mapping[str, Array]:
        """The values of the one table that a slider moves."""
        table = _TABLE[slider.kind]
        values = self._values[table].copy()
        if slider.kind == PROBABILITY:
            values[self._scenarios.index(slider.scenario)] = value
        else:
            rows, most = self._rows[slider.kind], 1.0 if slider.kind == DISPENSABLE else MONTHS
            values[rows] = np.minimum(value * values[rows], most)
        return {table: values}


_TABLE = {DISPENSABLE: "criticality", OUTAGE: "durations", PROBABILITY: "probabilities"}


def budget_slider(budget: float) -> Slider:
    """The budget in the chain's money, which is split over instruments as observed (solving/budgets.py)."""
    values = _BUDGETS * budget
    return Slider(BUDGET, values, int(np.flatnonzero(_BUDGETS == 1.0)[0]), values, values)


def _with_outages(durations: pd.DataFrame, scenarios: pd.Series) -> pd.DataFrame:
    """The durations with the length of every outage in a row of its own: a year where it had none."""
    told = set(durations.loc[durations["parameter"] == "outage", "scenario"])
    rows = [
        {"scenario": scenario, "parameter": "outage", "value": MONTHS} for scenario in scenarios if scenario not in told
    ]
    return pd.concat([durations, pd.DataFrame(rows)], ignore_index=True) if rows else durations
