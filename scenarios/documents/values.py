"""What documents are made of: numbers, rows and tables as JSON, and where an answer comes from."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import pandas as pd

from chains import Chain
from optimize import RiskOptions, Solution, provenance

__all__ = [
    "CAPACITY",
    "LOSS",
    "MONEY",
    "PER_MONEY",
    "PROBABILITY",
    "SHARE",
    "YEAR",
    "Document",
    "Tables",
    "Units",
    "amounts_document",
    "levers_document",
    "number_of",
    "numbers_of",
    "provenance_document",
    "table_of",
    "without_nan",
]

Document = dict[str, Any]
Tables = Mapping[str, Callable[[Chain, Document], Iterable[Document]]]
"""By name: the rows of a table of a results folder, from a chain and a document."""


Units = Mapping[str, Mapping[str, str]]
"""By name: the unit of each column of numbers of such a table; `{money}` stands for the chain's unit of money."""
MONEY = "{money}"
LOSS = "share of final demand"
PER_MONEY = "share of final demand per {money}"
PROBABILITY = "probability"
SHARE = "share"
YEAR = "year"

CAPACITY = "capacity"
"""The lever whose money is the allocation."""


def provenance_document(chain: Chain, options: RiskOptions) -> Document:
    """Hashes, changes, options and versions behind an answer."""
    return dict(provenance(chain, options))


def without_nan(row: Mapping[Any, Any]) -> Document:
    """A flat record whose NaN are null."""
    return {str(key): number_of(value) if isinstance(value, float) else value for key, value in row.items()}


def number_of(value: float) -> float | None:
    """A number; null where there is none."""
    return None if math.isnan(value) else float(value)


def numbers_of(series: pd.Series) -> dict[str, float | None]:
    """A Series as a JSON object."""
    return {str(label): number_of(value) for label, value in series.items()}


def table_of(frame: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """A DataFrame as a JSON object of objects, row by row."""
    return {str(label): numbers_of(row) for label, row in frame.iterrows()}


class Bought(Protocol):
    """An answer that tells the money of levers other than capacity, by member."""

    @property
    def levers(self) -> Mapping[str, pd.Series]:
        """By name of the lever."""


def levers_document(levers: Iterable[str], solutions: Mapping[str, Bought]) -> Document:
    """The entry `levers`: the money of solutions by lever and member, where the money may buy more than capacity.

    Money for capacity is in the allocation; without other levers there is no entry.
    """
    return _by_lever("levers", levers, {which: solution.levers for which, solution in solutions.items()})


def amounts_document(levers: Iterable[str], solutions: Mapping[str, Solution]) -> Document:
    """The entry `amounts`, likewise: how much is bought, in the unit of the lever (docs/packages.md)."""
    return _by_lever("amounts", levers, {which: solution.amounts for which, solution in solutions.items()})


def _by_lever(
    entry: str, levers: Iterable[str], bought: Mapping[str, Mapping[str, pd.Series]]
) -> dict[str, dict[str, dict[str, dict[str, float | None]]]]:
    """Numbers of solutions by lever and member; a lever of which the chain has nothing is empty."""
    others, nothing = [name for name in levers if name != CAPACITY], pd.Series(dtype=float)
    if not others:
        return {}
    return {
        entry: {which: {name: numbers_of(own.get(name, nothing)) for name in others} for which, own in bought.items()}
    }
