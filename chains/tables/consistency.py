"""What must hold between the cells of a row and between the tables of a package."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from chains.tables.matching import match
from chains.tables.periods import partial_periods, unlike_periods
from chains.tables.problems import Problem, listed, nearest
from chains.tables.rates import wrong_rates
from chains.tables.schema import FACTORS, TABLES, TIERS

__all__ = ["CALM", "PROBABILITY_TOLERANCE", "check_package", "lacking"]

CALM = "calm"
"""Name of the implicit scenario with no cuts."""

PROBABILITY_TOLERANCE = 1e-9
"""How far above 1 a sum of decimal probabilities may come out in floating point."""

_SUM_ROUNDING = 1e-9
"""How far two ways of adding up the inputs of a segment may differ: where that decides, they are added up one way."""

Tables = dict[str, pd.DataFrame]


def check_package(
    name: str,
    tables: Tables,
    *,
    link: bool,
    home: str | None,
    flawed: frozenset[str] = frozenset(),
    broken: frozenset[str] = frozenset(),
) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings of what stands between cells and tables; `home` is None where it could not be read.

    `flawed` tables have problems of their own, so nothing is said of their sums; `broken` ones could not be read at
    all, so nothing that refers to them is called unknown.
    """
    readable = {table: rows for table, rows in tables.items() if table not in broken}
    whole = {table: rows for table, rows in tables.items() if table not in flawed}
    errors = [*_evidence(name, readable), *_sources(name, readable)]
    warnings = list(_missing_notes(name, readable))
    if "conversions" in readable:
        errors += wrong_rates(f"{name}/{TABLES['conversions'].file}", readable["conversions"])
    if link:
        return errors, warnings
    errors += [*_replaces(name, readable), *_reserved(name, readable), *_scenarios(name, readable)]
    errors += _of_subsidies(unlike_periods, name, readable)
    errors += [*lacking(name, whole), *_probability_sum(name, whole), *_some_demand(name, whole)]
    errors += [*_abroad(name, readable, home), *_stock_limits(name, whole), *_weighted_uses(name, whole)]
    if "segments" in readable:
        errors += [*_segments(name, readable), *_supplied(name, readable)]
    warnings += [*_idle_disruptions(name, whole), *_idle_criticality(name, whole), *_idle_tiers(name, whole)]
    warnings += [*_idle_instruments(name, whole), *_idle_factors(name, whole), *_costly_inputs(name, whole)]
    warnings += [*_own_inputs(name, whole), *_guesses(name, whole)]
    return errors, [*warnings, *_of_subsidies(partial_periods, name, whole)]


def _at(name: str, table: str, row: object, column: str, wrong: str, right: str) -> Problem:
    return Problem(f"{name}/{TABLES[table].file}", int(str(row)), column, wrong, right)


def _measured(tables: Tables) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((table, rows) for table, rows in tables.items() if TABLES[table].evidence)


def _evidence(name: str, tables: Tables) -> Iterator[Problem]:
    """Low <= value <= high, and an assumed value has both."""
    for table, rows in _measured(tables):
        value, low, high = (rows[column].to_numpy(dtype=float) for column in ("value", "low", "high"))
        numbers, assumed = rows.index.to_numpy(), (rows["status"] == "assumed").to_numpy(dtype=bool)
        for at in np.flatnonzero(value < low):
            wrong = f"low {low[at]:g} is above value {value[at]:g}"
            yield _at(name, table, numbers[at], "low", wrong, "low <= value")
        for at in np.flatnonzero(value > high):
            wrong = f"high {high[at]:g} is below value {value[at]:g}"
            yield _at(name, table, numbers[at], "high", wrong, "value <= high")
        for column, ends in (("low", low), ("high", high)):
            for at in np.flatnonzero(assumed & np.isnan(ends)):
                wrong = f"an assumed value without '{column}'"
                yield _at(name, table, numbers[at], column, wrong, "give the range that you hold credible")


def _missing_notes(name: str, tables: Tables) -> Iterator[Problem]:
    for table, rows in _measured(tables):
        numbers = rows.index.to_numpy()
        status, notes = (rows[column].to_numpy(dtype=object) for column in ("status", "note"))
        bare = [note for note in set(notes.tolist()) if not note.strip()]
        for at in np.flatnonzero(np.isin(notes, bare) & (status != "reported")) if bare else ():
            right = "say how it was derived" if status[at] == "derived" else "say why"
            yield _at(name, table, numbers[at], "note", f"a value that is {status[at]} without a note", right)


def _sources(name: str, tables: Tables) -> Iterator[Problem]:
    if "sources" not in tables:
        return
    known = dict.fromkeys(tables["sources"]["source"])
    for table, rows in _measured(tables):
        for row, source in _unknown(rows["source"], known):
            wrong = f"source '{source}' is not in sources.csv"
            yield _at(name, table, row, "source", wrong, nearest(source, tuple(known)))


def _unknown(cells: pd.Series, known: Mapping[str, None], *, blank: bool = False) -> Iterator[tuple[int, str]]:
    """Rows and cells of what is not known, where nothing need not stand if that may be `blank`."""
    given = cells.tolist()
    unknown = set(given) - known.keys() - ({""} if blank else set())
    if unknown:
        yield from ((row, cell) for row, cell in zip(cells.index, given, strict=True) if cell in unknown)


def _segments(name: str, tables: Tables) -> Iterator[Problem]:
    known = tuple(tables["segments"]["segment"])
    named = dict.fromkeys(known)
    if not known:
        yield _at(name, "segments", 0, "", "the chain has no segments", "add at least one")
    names = tables["segments"]["segment"]
    for row, segment in names[names.isin(TIERS)].items():
        right = "choose another name: options such as --min take names of segments and of tiers"
        yield _at(name, "segments", row, "segment", f"'{segment}' is the name of a tier", right)
    for table, rows in tables.items():
        for column in TABLES[table].segment_columns:
            for row, segment in _unknown(rows[column], named, blank=True):
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
            for row, segment, value in zip(rows.index, rows[column].tolist(), rows["value"].tolist(), strict=True):
                if segment in wanting_supply and value > 0:
                    yield _at(name, table, row, column, f"nothing supplies '{segment}'", right)


def _named_scenarios(tables: Tables) -> Iterator[tuple[str, pd.Series]]:
    return ((table, rows["scenario"]) for table, rows in tables.items() if "scenario" in rows.columns)


def _reserved(name: str, tables: Tables) -> Iterator[Problem]:
    for table, cells in _named_scenarios(tables):
        for row in cells.index[cells.to_numpy(dtype=object) == CALM]:
            wrong = f"'{CALM}' is the implicit scenario with no cuts"
            yield _at(name, table, row, "scenario", wrong, "choose another name, or drop the row")


def _probability_sum(name: str, tables: Tables) -> Iterator[Problem]:
    if "probabilities" in tables:
        total = float(tables["probabilities"]["value"].sum())
        if total > 1 + PROBABILITY_TOLERANCE:
            wrong = f"the probabilities sum to {total:.10g}"
            yield _at(name, "probabilities", 0, "value", wrong, "they and calm share 1: at most 1 in all")


def _scenarios(name: str, tables: Tables) -> Iterator[Problem]:
    if "probabilities" not in tables:
        return
    known = tuple(tables["probabilities"]["scenario"])
    named = dict.fromkeys((*known, CALM))
    for table, cells in _named_scenarios(tables):
        for row, scenario in _unknown(cells, named):
            wrong = f"scenario '{scenario}' has no probability"
            right = f"add it to probabilities.csv; {nearest(scenario, known)}"
            yield _at(name, table, row, "scenario", wrong, right)


def lacking(name: str, tables: Tables) -> Iterator[Problem]:
    """Whatever a table speaks of has a row of each parameter that it needs: a response its slope and its ceiling."""
    for table, rows in tables.items():
        declared = TABLES[table]
        if not declared.required:
            continue
        key = [column for column in declared.key if column != "parameter"]
        things = list(zip(*(rows[column].tolist() for column in key), strict=True))
        given = Counter(
            thing
            for thing, parameter in {*zip(things, rows["parameter"], strict=True)}
            if parameter in declared.required
        )
        whole = np.array([given[thing] == len(declared.required) for thing in things], dtype=bool)
        if whole.all():
            continue
        for thing, own in rows[~whole].groupby(key, sort=False):
            missing = [parameter for parameter in declared.required if parameter not in set(own["parameter"])]
            if missing:
                named = ", ".join(f"{column} '{value}'" for column, value in zip(key, thing, strict=True))
                wrong = f"{named} has no {' and no '.join(missing)}"
                right = f"give {listed(declared.required)}"
                yield _at(name, table, own.index[0], "parameter", wrong, right)


def _abroad(name: str, tables: Tables, home: str | None) -> Iterator[Problem]:
    """Supply that can be contracted is foreign, and so are imports."""
    for table, right in (
        ("suppliers", "name a country abroad: supply at home is in supply.csv, and response.csv says what money adds"),
        ("trade", "name a country abroad: what is made at home is in supply.csv"),
    ):
        if table in tables:
            cells = tables[table]["location"]
            for row in cells.index[cells == home]:
                yield _at(name, table, row, "location", f"'{home}' is the home country", right)


def _stock_limits(name: str, tables: Tables) -> Iterator[Problem]:
    """No less can be held than is held."""
    if "stocks" not in tables:
        return
    rows = tables["stocks"]
    cells = [rows.index, *(rows[column].tolist() for column in ("segment", "parameter", "value"))]
    held = {segment: value for _, segment, parameter, value in zip(*cells, strict=True) if parameter == "held"}
    for row, segment, parameter, value in zip(*cells, strict=True):
        least = held.get(segment, 0.0)
        if parameter == "limit" and value < least:
            wrong = f"limit {value:g} of segment '{segment}' is below what is held"
            yield _at(name, "stocks", row, "value", wrong, f"held is {least:g}: give a limit of at least that")


def _weighted_uses(name: str, tables: Tables) -> Iterator[Problem]:
    """A weight that names a use is about a use in the segment's final demand."""
    if "loss_weights" not in tables or "demand" not in tables:
        return
    weights, demand = tables["loss_weights"], tables["demand"]
    for row, segment, use in weights.loc[weights["use"] != "", ["segment", "use"]].itertuples():
        known = tuple(demand.loc[(demand["segment"] == segment) & (demand["use"] != ""), "use"])
        if use not in known:
            wrong = f"'{segment}' has no final demand with use '{use}'"
            yield _at(name, "loss_weights", row, "use", wrong, nearest(use, known))


def _costly_inputs(name: str, tables: Tables) -> Iterator[Problem]:
    """Inputs worth more than the output they go into: negative value added, often a coefficient in percent."""
    if "inputs" not in tables:
        return
    rows = tables["inputs"]
    users, _ = pd.factorize(rows["user"].to_numpy(dtype=object))
    dear = np.bincount(users, weights=rows["value"].to_numpy(dtype=float))[users] > 1 - _SUM_ROUNDING
    if not dear.any():
        return
    for user, own in rows[dear].groupby("user", sort=False):
        total = float(own["value"].sum())
        if total > 1:
            wrong = f"a unit of '{user}' needs inputs worth {total:.4g} (of {', '.join(own['input'])})"
            right = "coefficients are shares of the user's output: together at most 1 where it adds value"
            yield _at(name, "inputs", own.index[0], "value", wrong, right)


def _own_inputs(name: str, tables: Tables) -> Iterator[Problem]:
    """A segment that uses up all that it makes: whatever is made at home, nothing of it is left."""
    if "inputs" not in tables:
        return
    rows = tables["inputs"]
    cells = (rows[column].tolist() for column in ("input", "user", "value"))
    for row, segment, user, value in zip(rows.index, *cells, strict=True):
        if segment != user or not value >= 1:
            continue
        wrong = f"a unit of '{segment}' needs {value:.4g} of '{segment}' itself, so no output is left for others"
        yield _at(name, "inputs", row, "value", wrong, "a coefficient of a segment on itself is below 1")


def _guesses(name: str, tables: Tables) -> Iterator[Problem]:
    """A package of guesses alone: allowed, but said."""
    statuses = [rows["status"].tolist() for _, rows in _measured(tables)]
    if set().union(*map(set, statuses)) == {"assumed"}:
        wrong = f"every one of its {sum(map(len, statuses))} numbers is assumed: none is reported or derived"
        yield Problem(name, 0, "", wrong, "answers show what follows from guesses; give a source where there is one")


def _idle_criticality(name: str, tables: Tables) -> Iterator[Problem]:
    """A row that speaks of no input is often a slip of the pen; it is allowed, but said."""
    if "criticality" in tables and "inputs" in tables:
        rows = tables["criticality"]
        rules, _ = match(rows, tables["inputs"], ("input", "user"))
        for row in rows.index.delete(np.unique(rules)):
            yield _at(name, "criticality", row, "input", "matches no row of inputs.csv", "check input and user")


def _idle_tiers(name: str, tables: Tables) -> Iterator[Problem]:
    """An instrument has money for any segment, so a row of a tier counts unless the tier has none."""
    if "instruments" in tables and "segments" in tables:
        known = tuple(sorted(set(tables["segments"]["tier"])))
        cells = tables["instruments"]["tier"]
        for row, tier in cells[~cells.isin(known) & (cells != "")].items():
            wrong = f"no segment is in the tier '{tier}', so the row changes nothing"
            yield _at(name, "instruments", row, "tier", wrong, f"tiers with segments: {', '.join(known)}")


def _idle_factors(name: str, tables: Tables) -> Iterator[Problem]:
    """Where the effectiveness of an instrument is given, the factors that else make it up are not used."""
    if "instruments" not in tables:
        return
    rows = tables["instruments"]
    whole = rows.loc[rows["parameter"] == "effectiveness", ["instrument", "tier"]]
    factors = rows[rows["parameter"].isin(FACTORS)]
    _, found = match(whole, factors, ("instrument", "tier"))
    for row, instrument in factors["instrument"].iloc[np.unique(found)].items():
        wrong = f"effectiveness of '{instrument}' is given, so this factor is not used"
        yield _at(name, "instruments", row, "parameter", wrong, "keep one of the two")


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
