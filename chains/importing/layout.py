"""A package from observations: what the set gives with its evidence, what it does not as the template's rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chains.importing.levels import Levels, from_accounts, from_bought, from_shares
from chains.importing.observations import Dependency, Observations
from chains.importing.trade_page import TRADE_FILE, trade_page
from chains.importing.trade_rows import trade_rows
from chains.tables.descriptor import Meta
from chains.tables.schema import TABLES
from chains.writing.converting import write_package
from chains.writing.guide import GUIDE_FILE
from chains.writing.template import AT_HOME, CEILING, SOURCE, SUBSIDY, TEMPLATE, Rows, guess, package_files

__all__ = ["Imported", "lay_out"]

IMPORT_FILE = "IMPORT.md"
_CUT = 2
"""How many of the largest suppliers are cut off, each in a scenario of its own."""


@dataclass(frozen=True)
class Imported:
    """What was written, how the files were read, and what is still to be filled in."""

    meta: Meta
    rows: Mapping[str, int]
    given: Mapping[str, int]
    said: tuple[str, ...]
    lacks: tuple[str, ...]
    indicators: tuple[Dependency, ...] = ()


def lay_out(found: Observations, target: Path) -> Imported:
    """Write the package of observations to `target`, a folder, `.zip` or `.xlsx`. InputError if that cannot be."""
    meta = Meta(home=found.home, currency=found.currency, unit=f"{found.currency} billion per year", year=found.year)
    levels = _levels(found)
    tables = _tables(found, levels)
    imported = _told(found, meta, tables)
    pages = {IMPORT_FILE: _page(found, imported).encode()}
    if found.indicators:
        pages[TRADE_FILE] = trade_page(found).encode()
    write_package(package_files(target.stem, meta, tables) | pages, target)
    return imported


def _levels(found: Observations) -> Levels:
    """Levels by what the set gives: accounts, shares, or imports in money."""
    if found.accounts is not None:
        return from_accounts(found, found.accounts)
    return from_shares(found) if found.shares else from_bought(found)


def _tables(found: Observations, levels: Levels) -> dict[str, Rows]:
    """Rows of every table, in the order of its columns."""
    made = {
        segment.key: levels.made[segment.key] or AT_HOME[segment.tier] * levels.need[segment.key]
        for segment in found.segments
    }
    cut = _largest(found.home, levels.supply)
    return {
        "segments": [(segment.key, segment.chain, segment.tier, segment.name) for segment in found.segments],
        "demand": levels.demand,
        "inputs": levels.inputs,
        "supply": levels.supply,
        "response": [
            row
            for key, value in made.items()
            for row in (
                (key, "slope", *guess("slope", 1.0)),
                (key, "ceiling", *guess("ceiling", CEILING * value)),
            )
        ],
        "subsidies": [(key, "grants", found.year, *guess("subsidies", SUBSIDY * value)) for key, value in made.items()],
        "disruptions": [(f"cut_{place.lower()}", "", place, "", *guess("disruptions", 0.5)) for place in cut],
        "probabilities": [(f"cut_{place.lower()}", *guess("probabilities", 0.05)) for place in cut],
        "durations": [(f"cut_{place.lower()}", "outage", *guess("durations", 6.0)) for place in cut],
        **levels.more,
        **({"segment_indicators": trade_rows(found)} if found.indicators else {}),
        "sources": [
            (found.source.key, found.source.citation, found.source.locator, found.source.url),
            SOURCE,
        ],
    }


def _largest(home: str, supply: Rows) -> list[str]:
    """The countries abroad that supply most in money; the rest of the world is none."""
    totals: dict[str, float] = {}
    for _, place, _, value, *_ in supply:
        if place not in (home, "ROW"):
            totals[str(place)] = totals.get(str(place), 0.0) + float(str(value))
    return sorted(totals, key=lambda place: (-totals[place], place))[:_CUT]


def _told(found: Observations, meta: Meta, tables: dict[str, Rows]) -> Imported:
    """Every table with rows of the template is listed with how many of its rows those are."""
    measured = {table: rows for table, rows in tables.items() if TABLES[table].evidence}
    at = {table: TABLES[table].column_names.index("source") for table in measured}
    at["inputs"] -= 1  # written without `replaces`
    lacks = []
    for table, rows in measured.items():
        own = [row for row in rows if row[at[table]] == TEMPLATE]
        if own:
            which = "all rows" if len(own) == len(rows) else f"{len(own)} of {len(rows)} rows"
            lacks.append(f"{table}: {which} from the template{_named(table, own, len(found.segments))}")
    absent = [name for name, table in TABLES.items() if table.optional and table.feeds and name not in tables]
    lacks.append(f"no rows at all, all optional: {', '.join(absent)}")
    return Imported(
        meta,
        {table: len(rows) for table, rows in tables.items()},
        {table: sum(row[at[table]] != TEMPLATE for row in rows) for table, rows in measured.items()},
        found.said,
        (*lacks, *found.lacks),
        found.indicators,
    )


def _named(table: str, rows: Rows, segments: int) -> str:
    """The segments of the rows where they are not all, so that nobody has to search for them."""
    columns = [TABLES[table].column_names.index(name) for name in TABLES[table].segment_columns]
    named = list(dict.fromkeys(" into ".join(str(row[at]) for at in columns) for row in rows)) if columns else []
    return f" ({', '.join(named)})" if 0 < len(named) < segments and "" not in named else ""


def _page(found: Observations, imported: Imported) -> str:
    lines = [
        f"# Imported from {found.source.citation}",
        "",
        f"Home {imported.meta.home}, {imported.meta.unit}, {imported.meta.year}. {found.source.locator}.",
        "",
        "## How the files were read",
        "",
        *[f"- {line}" for line in imported.said],
        "",
        "## What the set does not give: to be filled in",
        "",
        *[f"- {line}" for line in imported.lacks],
        "",
        f"Rows with source `{TEMPLATE}` are placeholders, no findings; {GUIDE_FILE} says how each number is found.",
        "",
    ]
    return "\n".join(lines)
