"""What must hold between the cells of a row and between the tables of a package."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from chains.tables.matching import match
from chains.tables.periods import partial_periods, unlike_periods
from chains.tables.problems import Problem, nearest
from chains.tables.schema import TABLES

__all__ = ["CALM", "PROBABILITY_TOLERANCE", "check_package"]

CALM = "calm"
"""Name of the implicit scenario with no cuts."""

PROBABILITY_TOLERANCE = 1e-9
"""How far above 1 a sum of decimal probabilities may come out in floating point."""

_SEGMENT_COLUMNS = (
    ("demand", "segment"),
    ("inputs", "input"),
    ("inputs", "user"),
    ("supply", "segment"),
    ("surge", "segment"),
    ("response", "segment"),
    ("subsidies", "segment"),
    ("disruptions", "segment"),
    ("loss_weights", "segment"),
)

Tables = dict[str, pd.DataFrame]


def check_package(
    name: str,
    tables: Tables,
    *,
    link: bool,
    flawed: frozenset[str] = frozenset(),
    broken: frozenset[str] = frozenset(),
) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings of what stands between cells and tables.

    `flawed` tables have problems of their own, so nothing is said of their sums; `broken` ones could not be read at
    all, so nothing that refers to them is called unknown.
    """
    readable = {table: rows for table, rows in tables.items() if table not in broken}
    whole = {table: rows for table, rows in tables.items() if table not in flawed}
    errors = [*_evidence(name, readable), *_sources(name, readable)]
    warnings = list(_missing_notes(name, readable))
    if link:
        return errors, warnings
    errors += [*_replaces(name, readable), *_reserved(name, readable), *_scenarios(name, readable)]
    errors += _of_subsidies(unlike_periods, name, readable)
    errors += [*_response(name, whole), *_probability_sum(name, whole), *_some_demand(name, whole)]
    if "segments" in readable:
        errors += [*_segments(name, readable), *_supplied(name, readable)]
    warnings += [*_idle_disruptions(name, whole), *_idle_instruments(name, whole)]
    return errors, [*warnings, *_of_subsidies(partial_periods, name, whole)]


def _at(name: str, table: str, row: object, column: str, wrong: str, right: str) -> Problem:
    return Problem(f"{name}/{TABLES[table].file}", int(str(row)), column, wrong, right)


def _measured(tables: Tables) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((table, rows) for table, rows in tables.items() if TABLES[table].evidence)


def _evidence(name: str, tables: Tables) -> Iterator[Problem]:
    """Low <= value <= high, and an assumed value has both."""
    for table, rows in _measured(tables):
        for row, value, low in rows.loc[rows["value"] < rows["low"], ["value", "low"]].itertuples():
            yield _at(name, table, row, "low", f"low {low:g} is above value {value:g}", "low <= value")
        for row, value, high in rows.loc[rows["value"] > rows["high"], ["value", "high"]].itertuples():
            yield _at(name, table, row, "high", f"high {high:g} is below value {value:g}", "value <= high")
        assumed = rows[rows["status"] == "assumed"]
        for column in ("low", "high"):
            for row in assumed.index[assumed[column].isna()]:
                wrong = f"an assumed value without '{column}'"
                yield _at(name, table, row, column, wrong, "give the range that you hold credible")


def _missing_notes(name: str, tables: Tables) -> Iterator[Problem]:
    for table, rows in _measured(tables):
        silent = rows.index[(rows["status"] != "reported") & (rows["note"].str.strip() == "")]
        for row in silent:
            status = str(rows.at[row, "status"])
            right = "say how it was derived" if status == "derived" else "say why"
            yield _at(name, table, row, "note", f"a value that is {status} without a note", right)


def _sources(name: str, tables: Tables) -> Iterator[Problem]:
    if "sources" not in tables:
        return
    known = tuple(tables["sources"]["source"])
    for table, rows in _measured(tables):
        for row, source in rows.loc[~rows["source"].isin(known), "source"].items():
            wrong = f"source '{source}' is not in sources.csv"
            yield _at(name, table, row, "source", wrong, nearest(source, known))


def _segments(name: str, tables: Tables) -> Iterator[Problem]:
    known = tuple(tables["segments"]["segment"])
    if not known:
        yield _at(name, "segments", 0, "", "the chain has no segments", "add at least one")
    for table, column in _SEGMENT_COLUMNS:
        if table not in tables:
            continue
        cells = tables[table][column]
        for row, segment in cells[~cells.isin(known) & (cells != "")].items():
            wrong = f"segment '{segment}' is not in segments.csv"
            yield _at(name, table, row, column, wrong, nearest(segment, known))


def _replaces(name: str, tables: Tables) -> Iterator[Problem]:
    if "inputs" in tables:
        cells = tables["inputs"]["replaces"]
        for row in cells.index[cells != ""]:
            wrong = "'replaces' is for rows of a link package"
            yield _at(name, "inputs", row, "replaces", wrong, "leave it empty")


def _supplied(name: str, tables: Tables) -> Iterator[Problem]:
    """Every input that is used and every segment in final demand has a supply row."""
    if "supply" not in tables:
        return
    wanting_supply = set(tables["segments"]["segment"]) - set(tables["supply"]["segment"])
    right = "add a row to supply.csv, or drop this one"
    for table, column in (("inputs", "input"), ("demand", "segment")):
        if table in tables:
            rows = tables[table]
            wanting = rows[rows[column].isin(wanting_supply) & (rows["value"] > 0)]
            for row, segment in wanting[column].items():
                yield _at(name, table, row, column, f"nothing supplies '{segment}'", right)


def _reserved(name: str, tables: Tables) -> Iterator[Problem]:
    for table in ("probabilities", "disruptions"):
        if table in tables:
            cells = tables[table]["scenario"]
            for row in cells.index[cells == CALM]:
                wrong = f"'{CALM}' is the implicit scenario with no cuts"
                yield _at(name, table, row, "scenario", wrong, "choose another name, or drop the row")


def _probability_sum(name: str, tables: Tables) -> Iterator[Problem]:
    if "probabilities" in tables:
        total = float(tables["probabilities"]["value"].sum())
        if total > 1 + PROBABILITY_TOLERANCE:
            wrong = f"the probabilities sum to {total:.10g}"
            yield _at(name, "probabilities", 0, "value", wrong, "they and calm share 1: at most 1 in all")


def _scenarios(name: str, tables: Tables) -> Iterator[Problem]:
    if "disruptions" in tables and "probabilities" in tables:
        known = tuple(tables["probabilities"]["scenario"])
        cells = tables["disruptions"]["scenario"]
        for row, scenario in cells[~cells.isin(known) & (cells != CALM)].items():
            wrong = f"scenario '{scenario}' has no probability"
            right = f"add it to probabilities.csv; {nearest(scenario, known)}"
            yield _at(name, "disruptions", row, "scenario", wrong, right)


def _response(name: str, tables: Tables) -> Iterator[Problem]:
    """A response needs both its slope and its ceiling."""
    if "response" not in tables:
        return
    rows = tables["response"]
    for segment, own in rows.groupby("segment", sort=False):
        given = set(own["parameter"])
        for parameter in {"slope", "ceiling"} - given:
            wrong = f"segment '{segment}' has no {parameter}"
            yield _at(name, "response", own.index[0], "parameter", wrong, "give both slope and ceiling")


def _idle_instruments(name: str, tables: Tables) -> Iterator[Problem]:
    """An instrument without subsidies has no budget; it is allowed, but said."""
    if "instruments" in tables and "subsidies" in tables:
        known = tuple(sorted(set(tables["subsidies"]["instrument"])))
        cells = tables["instruments"]["instrument"]
        for row, instrument in cells[~cells.isin(known)].items():
            wrong = f"instrument '{instrument}' has no row in subsidies.csv, so no budget"
            yield _at(name, "instruments", row, "instrument", wrong, nearest(instrument, known))


def _of_subsidies(
    check: Callable[[str, pd.DataFrame], Iterator[Problem]], name: str, tables: Tables
) -> Iterator[Problem]:
    if "subsidies" in tables:
        yield from check(f"{name}/{TABLES['subsidies'].file}", tables["subsidies"])


def _some_demand(name: str, tables: Tables) -> Iterator[Problem]:
    if "demand" in tables and not tables["demand"]["value"].sum() > 0:
        wrong = "there is no final demand, so risk is not defined"
        yield _at(name, "demand", 0, "value", wrong, "give a positive final demand")


def _idle_disruptions(name: str, tables: Tables) -> Iterator[Problem]:
    """A disruption that matches no supply is often a slip of the pen; it is allowed, but said."""
    if "disruptions" not in tables or "supply" not in tables:
        return
    disruptions = tables["disruptions"]
    rules, _ = match(disruptions, tables["supply"], ("segment", "location", "owner"))
    for row in disruptions.index.delete(np.unique(rules)):
        yield _at(name, "disruptions", row, "segment", "cuts no supply", "check segment, location, owner")
