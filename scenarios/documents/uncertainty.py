"""Draws as a JSON document: the distribution of the answer, and which assumptions move it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from chains.drawing.structure import Group, structure_in_words
from chains.drawing.uncertain import Uncertain
from optimize.sampling.distribution import Distribution
from optimize.sampling.sensitivity import OTHERS
from scenarios.documents.values import Document, Tables, Units, without_nan
from scenarios.studies.parts import Draws

__all__ = ["TABLES", "UNITS", "decides_in_words", "structure_document", "uncertainty_document"]

_NAMES = {"5%": "q5", "25%": "q25", "75%": "q75", "95%": "q95"}


def uncertainty_document(
    draws: Draws,
    found: Distribution,
    records: Sequence[Document],
    screens: Mapping[str, pd.DataFrame],
    shares: Mapping[str, pd.DataFrame],
    tornado: Document | None,
) -> Document:
    """The document: estimates as [value, low, high] with the 95% interval over replicates.

    `screens` and `shares` are the Morris screen and Sobol' indices by outcome explained, the first outcome first.
    """
    morris, sobol = (_records(next(iter(tables.values()), None)) for tables in (screens, shares))
    return {
        "count": draws.count,
        "replicates": draws.replicates,
        "seed": draws.seed,
        "points": found.draws,
        "unsolved": round(found.without_solution * found.draws),
        "problems": {str(why): int(count) for why, count in found.problems.items()},
        "distribution": _distribution(found.quantities),
        "first": {str(tier): _estimate(row) for tier, row in found.first.iterrows()},
        "explained": next(iter(screens), None),
        "tornado": tornado,
        "morris": morris,
        "sobol": sobol,
        "sensitivity": [*_measures("morris", screens), *_measures("sobol", shares)],
        "draws": list(records),
        "worst_certificate": found.certificate,
    }


def structure_document(
    groups: Sequence[Group], numbers: Uncertain, found: Distribution, shares: pd.DataFrame | None
) -> Document:
    """What of structure was varied, which of it decides (`sobol`, by group), and what left its range in a draw.

    `outside`, by table: how many numbers are `drawn`; of them `mean` are out of their range in a draw, some in a
    `share` of the draws.
    """
    drawn = Counter(factor.table for factor in numbers.factors)
    return {
        "structure": {
            "said": structure_in_words(groups),
            "groups": [{"group": one.name, "given": one.given, "drawn": len(one.drawn)} for one in groups],
            "sobol": _records(shares),
            "decides": "" if shares is None else decides_in_words(_records(shares)),
        },
        "outside": {
            str(table): {"drawn": drawn[str(table)], "mean": float(row["mean"]), "share": float(row["share"])}
            for table, row in found.outside.iterrows()
        },
    }


_LITTLE = 0.005
"""A share of the variance that is told as 0%."""


def decides_in_words(records: Sequence[Document]) -> str:
    """Which group of structural figures decides, by their Sobol' indices, beside all other figures together."""
    shares = [one for one in records if one["ST"] is not None]
    if not shares:
        return "The fall in risk does not vary, so none of it decides."
    structural = sorted((one for one in shares if one["factor"] != OTHERS), key=lambda one: -one["ST"])
    clear = [one for one in structural if one["ST"] > max(one["ST_conf"], _LITTLE)]
    if not clear:
        return "No part of it moves the fall in risk by more than the draws can tell from nothing."
    first = clear[0]
    said = (
        f"Of the variance of the fall in risk {first['ST']:.0%} (± {first['ST_conf']:.0%}) hangs on {first['factor']}, "
        "alone and with others"
    )
    if len(structural) > 1:
        second = structural[1]
        apart = first["ST"] - first["ST_conf"] > second["ST"] + second["ST_conf"]
        said += ": the most of all structure" if apart else f"; these draws cannot tell that from {second['factor']}"
    others = next((one for one in shares if one["factor"] == OTHERS), None)
    if others is None:
        return f"{said}."
    rest = f"{others['ST']:.0%}" if others["ST"] <= 1.0 else "all of it, as far as these draws can tell"
    return f"{said}. All figures that are not structure: {rest}."


def _distribution(quantities: pd.DataFrame) -> Document:
    document: Document = {}
    for quantity, statistics in quantities.groupby(level="quantity", sort=False):
        rows = statistics.droplevel("quantity")
        document[str(quantity)] = {_NAMES.get(str(name), str(name)): _estimate(row) for name, row in rows.iterrows()}
    return document


def _estimate(row: pd.Series) -> list[float | None]:
    return [None if pd.isna(row[name]) else float(row[name]) for name in ("estimate", "low", "high")]


def _records(table: pd.DataFrame | None) -> list[Document]:
    if table is None:
        return []
    return [without_nan(row) for row in table.reset_index().to_dict(orient="records")]


def _measures(method: str, tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """One record a measure of a factor, for the table of the results folder."""
    records = []
    for outcome, table in tables.items():
        numbers = table.select_dtypes("number")
        for factor, row in numbers.iterrows():
            for measure, value in row.items():
                evidence = {name: table.at[factor, name] for name in ("status", "source")}
                known = None if pd.isna(value) else float(value)
                record = {"outcome": outcome, "method": method, "factor": factor, "measure": measure, "value": known}
                records.append(record | evidence)
    return records


TABLES: Tables = {
    "draws": lambda chain, found: found["draws"],
    "sensitivity": lambda chain, found: found["sensitivity"],
}
"""Every draw, and what each number contributes, as tables of a results folder."""
UNITS: Units = {"draws": {}, "sensitivity": {}}
"""Their columns are outcomes and indices, which docs/questions/uncertainty.md explains one by one."""
