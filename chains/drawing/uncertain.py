"""What is uncertain in a chain: every measured number that feeds the program and has a range."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc

from chains.chain import Chain
from chains.drawing.pert import WEIGHT, pert
from chains.numbers import Array
from chains.numbers.layout import MEASURED
from chains.tables.periods import is_latest
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.schema import TABLES

__all__ = ["Factor", "Uncertain", "uncertain"]


_PLANS_ALONE = {"response": ("lag", "life"), "instruments": ("lag",)}
"""Parameters that enter plans over years alone: no answer over draws depends on them, and a lag is whole."""


@dataclass(frozen=True)
class Factor:
    """One uncertain number: `row` is its position in the chain's table, `mode` its value, low < high its range."""

    label: str
    table: str
    row: int
    low: float
    mode: float
    high: float
    status: str
    source: str


@dataclass(frozen=True)
class Uncertain:
    """The uncertain numbers of a chain, in the order in which points of the unit cube name their quantiles."""

    factors: tuple[Factor, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the factors, each unique."""
        return tuple(factor.label for factor in self.factors)

    @cached_property
    def _ranges(self) -> Array:
        return np.array([(f.low, f.mode, f.high) for f in self.factors], dtype=np.float64).reshape(-1, 3)

    @cached_property
    def said(self) -> bytes:
        """Labels and ranges as text, by which draws are named."""
        return json.dumps([[f.label, f.low, f.mode, f.high] for f in self.factors]).encode()

    def values(self, point: npt.ArrayLike) -> Array:
        """Value of each factor at its quantile point[f], by the PERT distribution.

        InputError unless the point has one number in [0, 1] for each factor.
        """
        quantile = np.asarray(point, dtype=np.float64)
        if quantile.shape != (len(self.factors),):
            wrong = f"has shape {quantile.shape}, but there are {len(self.factors)} uncertain numbers"
            raise InputError.single("draw", wrong, "give one quantile for each")
        if not ((quantile >= 0.0) & (quantile <= 1.0)).all():
            raise InputError.single("draw", "a quantile is not in [0, 1]", "give numbers from 0 to 1")
        return pert(quantile, *self._ranges.T)

    @cached_property
    def at_modes(self) -> Array:
        """The point at which every factor has its value: the quantile of each mode."""
        low, mode, high = self._ranges.T
        share = (mode - low) / (high - low)
        return np.asarray(betainc(1.0 + WEIGHT * share, 1.0 + WEIGHT * (1.0 - share), share))

    def only(self, labels: Iterable[str]) -> "Uncertain":
        """These factors alone; all others are then certain. InputError for a label that is not there."""
        wanted = list(labels)
        problems = [
            Problem("uncertain", 0, "", f"there is no '{label}'", nearest(label, self.labels))
            for label in wanted
            if label not in self.labels
        ]
        if problems:
            raise InputError(problems)
        return Uncertain(tuple(factor for factor in self.factors if factor.label in wanted))


def uncertain(chain: Chain) -> Uncertain:
    """Every measured number that feeds the program and has low < high.

    Of subsidies the latest period only; not what plans over years alone need (lag, life).
    """
    factors: list[Factor] = []
    for table in MEASURED:
        rows = chain.table(table)
        ranged = rows["low"] < rows["high"]
        if table == "subsidies":
            ranged &= is_latest(rows)
        if table in _PLANS_ALONE:
            ranged &= ~rows["parameter"].isin(_PLANS_ALONE[table])
        labels = _labels(table, rows)
        for at in np.flatnonzero(ranged):
            row = rows.iloc[at]
            low, mode, high = (float(row[column]) for column in ("low", "value", "high"))
            evidence = str(row["status"]), str(row["source"])
            factors.append(Factor(labels[at], table, int(at), low, mode, high, *evidence))
    return Uncertain(tuple(factors))


def _labels(table: str, rows: pd.DataFrame) -> list[str]:
    """A name for people for each row: its key, with the column's name where cells may be blank.

    Rows of several packages that read alike get their package's name too.
    """
    declared = TABLES[table]
    blank = {column.name: column.blank for column in declared.columns}
    labels = []
    for _, row in rows.iterrows():
        words = [f"{key} {row[key]}" if blank[key] else str(row[key]) for key in declared.key if row[key]]
        labels.append(f"{table}: {' '.join(words) or 'any'}")
    alike = pd.Series(labels).duplicated(keep=False)
    return [
        f"{label} ({package})" if twice else label
        for label, package, twice in zip(labels, rows["package"], alike, strict=True)
    ]
