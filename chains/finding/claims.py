"""The claims of the published finding, each recomputed from other figures and compared as printed.

`data/published` holds the printed tables and single figures of chapters 4 and 5 of the JST APRC report of March
2025, and statistics found beside them. `claims.csv` says of each statement what is printed, and by which method
(`chains.finding.claim_methods`) from which figures it is recomputed. A number printed as 17 stands for 16.5 to 17.5, so
what is computed is an interval too: a claim agrees if the two intervals meet. One that does not is shown, with why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import data
from chains.finding.claim_methods import METHODS, Quantity, evaluate

__all__ = ["FOLDER", "Claim", "check_claims"]

FOLDER = Path(data.__file__).resolve().parent / "published"
"""Folder of the published tables."""
_RELATIONS = ("equals", "above", "below", "holds")
_SAME_PLACE = 1e-9


@dataclass(frozen=True)
class Claim:
    """A published statement beside what other figures give for it.

    `published` and `computed` are numbers, or truth values where the relation is `holds`; `low` and `high` bound
    what is computed over the rounding of its inputs; `tolerance` is half a unit of the last printed digit, or what
    `statement` says was taken for words such as about; `why` is given only where the two do not agree.
    """

    claim: str
    chain: str
    chapter: str
    place: str
    statement: str
    published: float | bool
    computed: float | bool
    low: float | None
    high: float | None
    tolerance: float
    relation: str
    agrees: bool
    unit: str
    how: str
    why: str


class Declared(NamedTuple):
    """A row of claims.csv, as text."""

    claim: str
    chain: str
    chapter: str
    place: str
    statement: str
    published: str
    half: str
    unit: str
    relation: str
    method: str
    arguments: str
    factor: str
    figure: str
    note: str
    why: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Keys of the figures from which the claim is computed, in the order of the method's arguments."""
        return tuple(self.arguments.split("; "))


def check_claims(chains: Iterable[str]) -> tuple[Claim, ...]:
    """Check the claims about the chains named; claims.csv says which claims are about which chain."""
    wanted = set(chains)
    return tuple(_checked(declared) for declared in declarations() if declared.chain in wanted)


@cache
def declarations() -> tuple[Declared, ...]:
    """Every row of claims.csv."""
    rows = published_table("claims").to_dict("records")
    return tuple(Declared(**{str(name): str(cell) for name, cell in row.items()}) for row in rows)


@cache
def published_table(name: str) -> pd.DataFrame:
    """A table of data/published as text."""
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")


def _checked(declared: Declared) -> Claim:
    """A claim with what is computed for it and whether the two agree."""
    if declared.relation not in _RELATIONS:
        raise ValueError(f"claims.csv: {declared.claim}: {declared.relation} is none of {', '.join(_RELATIONS)}")
    method = METHODS[declared.method]
    inputs = [quantity(key) for key in declared.inputs]
    factor = float(declared.factor)
    value, low, high = (factor * number for number in evaluate(method, inputs))
    tolerance = float(declared.half or "0")
    says = method.say([item.text for item in inputs])
    scaled = f"({says}) x {declared.factor}" if factor != 1.0 else says
    origins = "; ".join(dict.fromkeys(item.origin for item in inputs))
    logical = declared.relation == "holds"
    published: float | bool = declared.published == "true" if logical else float(declared.published)
    computed: float | bool = low >= 1.0 if logical else value
    agrees = computed == published if logical else _agrees(declared.relation, low, high, published, tolerance)
    return Claim(
        claim=declared.claim,
        chain=declared.chain,
        chapter=declared.chapter,
        place=declared.place,
        statement=declared.statement,
        published=published,
        computed=computed,
        low=None if logical else low,
        high=None if logical else high,
        tolerance=tolerance,
        relation=declared.relation,
        agrees=agrees,
        unit=declared.unit,
        how="; ".join(part for part in (scaled, declared.note, f"from {origins}") if part),
        why="" if agrees else declared.why or "what is computed lies outside what is printed",
    )


def _agrees(relation: str, low: float, high: float, published: float, tolerance: float) -> bool:
    """Whether the computed interval meets what is printed; `above` and `below` hold over the whole interval."""
    if relation == "above":
        return low > published
    if relation == "below":
        return high < published
    slack = tolerance + _SAME_PLACE * max(1.0, abs(published))
    return low <= published + slack and high >= published - slack


def quantity(key: str) -> Quantity:
    """The figure with a key: `name` is a single figure (figures.csv), `table/row/column` a cell of a printed table.

    Nothing comes from the shipped packages: what they say is our reading, not a published figure.
    """
    if "/" not in key:
        row = _row("figures", key)
        half = 0.0 if row["precision"] == "exact" else float(row["precision"]) / 2.0
        origin = row["place"] if row["source"].startswith("jst_") else _citation(row["source"])
        return _rounded(row["value"], half, origin)
    table, name, column = key.split("/")
    row = _row(table, name)
    half = 0.0 if column.endswith("companies") else _half_of_last_digit(row[column])
    return _rounded(row[column], half, _citation(row["source"]))


def _rounded(text: str, half: float, origin: str) -> Quantity:
    value = float(text)
    return Quantity(value, value - half, value + half, text, origin)


def _half_of_last_digit(text: str) -> float:
    """0.5 for 17, 0.05 for 24.5: half a unit of the last printed digit."""
    _, _, decimals = text.partition(".")
    return 0.5 * 10.0 ** -len(decimals)


@cache
def _rows(table: str) -> Mapping[str, Mapping[str, str]]:
    """Rows of a table by its first column."""
    cells = published_table(table)
    key = str(cells.columns[0])
    return {str(row[key]): {str(name): str(cell) for name, cell in row.items()} for row in cells.to_dict("records")}


def _row(table: str, name: str) -> Mapping[str, str]:
    try:
        return _rows(table)[name]
    except KeyError:
        raise KeyError(f"data/published/{table}.csv has no row {name}") from None


def _citation(source: str) -> str:
    """The place in the report itself, or the citation of another publication."""
    row = _row("sources", source)
    return row["locator"] if source.startswith("jst_") else row["citation"]
