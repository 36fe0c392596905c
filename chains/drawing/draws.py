"""Draws: what-ifs in which every uncertain number takes a value in its range, and what must hold still holds.

Numbers are drawn one by one and then put in order, so that they still describe one base year:

- supply: the split over origins and owners is drawn, totals keep their ratio to need (`chains.drawing.rebalance`);
- subsidies: the budget by package and instrument is given, its split over segments is drawn;
- probabilities: where those of the disruptions sum to more than 1 they are scaled to 1, and calm gets nothing.

What is put in order so may leave its range: `Draws.outside` counts it. Every other number stays in its range.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.chain import Chain
from chains.drawing.rebalance import rescaled_supply, supply_to_need
from chains.drawing.uncertain import Uncertain
from chains.numbers import Array, ChainNumbers, fill, values_of
from chains.numbers.layout import MEASURED, layout_of
from chains.tables.problems import InputError

__all__ = ["RESCALED", "Draws", "draw_name", "drawn"]

RESCALED = ("supply", "subsidies", "probabilities")
"""Tables whose drawn numbers are rescaled, so that what must hold still holds."""

_ROUNDING = 1e-9
"""Of a range, relative to its ends: beyond it a number is outside."""


def drawn(chain: Chain, uncertain: Uncertain, point: npt.ArrayLike) -> Chain:
    """The chain in which each factor f has its value at the quantile point[f] in [0, 1]; see `Draws`.

    `changes` names the draw by a hash of the factors and the point. InputError that names the draw where its numbers
    cannot be put in order.
    """
    return Draws(chain, uncertain).chain(point)


def draw_name(uncertain: Uncertain, point: npt.ArrayLike) -> str:
    """`draw` and a hash of the factors' labels and ranges and of the point."""
    digest = sha256(uncertain.said + np.asarray(point, dtype="<f8").tobytes())
    return f"draw {digest.hexdigest()[:16]}"


class Draws:
    """Draws of one chain; what they share (matching of keys, base ratios, budgets) is worked out once."""

    def __init__(self, chain: Chain, uncertain: Uncertain) -> None:
        chain.check_finished()
        self.base = chain
        self.uncertain = uncertain
        self._tables: Mapping[str, pd.DataFrame] = {name: chain.table(name) for name in ("segments", *MEASURED)}
        self._layout = layout_of(self._tables, chain.home, chain.definition)
        self._values = values_of(self._tables)
        self._rows = {
            table: (
                np.array([n for n, f in enumerate(uncertain.factors) if f.table == table], dtype=np.intp),
                np.array([f.row for f in uncertain.factors if f.table == table], dtype=np.intp),
            )
            for table in dict.fromkeys(f.table for f in uncertain.factors)
        }
        self._ends = {
            table: np.array([(f.low, f.high) for f in uncertain.factors if f.table == table], dtype=np.float64)
            .reshape(-1, 2)
            .T
            for table in RESCALED
        }
        self._check()
        self._ratio = supply_to_need(self._layout, self._values, chain.name)
        latest = self._layout.observed[0]
        keys = self._tables["subsidies"].iloc[latest][["package", "instrument"]]
        self._budget = keys.groupby(["package", "instrument"]).ngroup().to_numpy()

    def numbers(self, point: npt.ArrayLike) -> ChainNumbers:
        """The numbers of the drawn chain, as `chain(point).numbers` but without making its tables."""
        return self.filled(self.values(point))

    def filled(self, values: Mapping[str, Array]) -> ChainNumbers:
        """The numbers of the chain with these values of its tables (`values`)."""
        return fill(self._layout, values)

    def outside(self, values: Mapping[str, Array]) -> dict[str, int]:
        """How many of the uncertain numbers of each table in RESCALED have left their range by being rescaled."""
        counts = {}
        for table in RESCALED:
            _, rows = self._rows.get(table, (np.empty(0), np.empty(0, dtype=np.intp)))
            low, high = self._ends[table]
            room = _ROUNDING * np.maximum(np.abs(low), np.abs(high))
            counts[table] = int(((values[table][rows] < low - room) | (values[table][rows] > high + room)).sum())
        return counts

    def chain(self, point: npt.ArrayLike) -> Chain:
        """The drawn chain. What is drawn or rescaled has no range any more."""
        tables = {}
        for table, values in self.values(point).items():
            rows = self.base.table(table)
            changed = rows["value"].to_numpy() != values
            if table in self._rows:
                changed[self._rows[table][1]] = True
            ranged = changed & rows["low"].notna().to_numpy() & rows["high"].notna().to_numpy()
            rows.loc[changed, "value"] = values[changed]
            rows.loc[ranged, "low"] = rows.loc[ranged, "high"] = rows.loc[ranged, "value"]
            tables[table] = rows
        changes = (*self.base.changes, draw_name(self.uncertain, point))
        return replace(self.base, _tables={**self.base._tables, **tables}, changes=changes)

    def values(self, point: npt.ArrayLike) -> dict[str, Array]:
        """Values of every table that feeds the program, by table, in the order of its rows.

        InputError for a point outside the unit cube, or that names the draw that cannot be put in order.
        """
        free = self.uncertain.values(point)
        values = dict(self._values)
        for table, (factors, rows) in self._rows.items():
            values[table] = values[table].copy()
            values[table][rows] = free[factors]
        if not self._rows:
            return values
        name = draw_name(self.uncertain, point)
        values["subsidies"] = self._rescaled_subsidies(values["subsidies"], name)
        values["probabilities"] = values["probabilities"] / max(1.0, float(values["probabilities"].sum()))
        values["supply"] = rescaled_supply(self._layout, self._ratio, values, name)
        return values

    def _rescaled_subsidies(self, drawn: Array, name: str) -> Array:
        """The drawn split of each budget, rescaled to the budget observed (by package and instrument)."""
        latest = self._layout.observed[0]
        budget = np.bincount(self._budget, self._values["subsidies"][latest])
        total = np.bincount(self._budget, drawn[latest])
        if ((total <= 0) & (budget > 0)).any():
            right = "raise the low of one of its rows in subsidies.csv"
            raise InputError.single(name, "every subsidy of one budget is drawn as 0", right)
        factor = np.divide(budget, total, out=np.ones_like(total), where=total > 0)
        rescaled = drawn.copy()
        rescaled[latest] *= factor[self._budget]
        return rescaled

    def _check(self) -> None:
        """InputError where the factors are not rows of this chain."""
        for factor in self.uncertain.factors:
            values = self._values.get(factor.table, np.empty(0))
            if not (0 <= factor.row < len(values) and values[factor.row] == factor.mode):
                wrong = f"'{factor.label}' is not what {self.base.name} says"
                raise InputError.single("uncertain", wrong, "take the uncertain numbers of this very chain")
