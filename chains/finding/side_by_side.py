"""What is published side by side: rates that rival each other, bottlenecks, series, lists of procurement, funds.

Tables of `data/published` that are not recomputed but looked up. Each is declared here once, as the tables of a package
are, and checked whole when it is first read: an error names file, row and column. A rate or a bottleneck says which
segments of shipped packages it stands for, as `chips/lithography`, so that indicators can show it beside their own.
"""

from collections.abc import Iterator
from functools import cache

import pandas as pd

import data
from chains.chain import Chain
from chains.finding.claims import FOLDER
from chains.tables.checking import check_cells
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.reading import no_rows, read_csv
from chains.tables.schema import Column, Kind, Table
from chains.tables.text_files import read_text

__all__ = ["SIDE_BY_SIDE", "published_side_by_side", "touching"]

_SEGMENTS = Column(
    "segments", Kind.TEXT, "segments that the row stands for, as PACKAGE/SEGMENT, with ; between", blank=True
)
_SOURCE = Column("source", Kind.KEY, "key of published/sources.csv")
_NOTE = Column("note", Kind.TEXT, "what else must be known", blank=True)
_PLACE = Column("place", Kind.TEXT, "place in the source")
_YEAR = Column("year", Kind.NUMBER, "year", minimum=1900, maximum=2100)


def _key(name: str, meaning: str) -> Column:
    return Column(name, Kind.KEY, meaning)


def _text(name: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, meaning)


def _number(name: str, meaning: str, maximum: float | None = None) -> Column:
    return Column(name, Kind.NUMBER, meaning, minimum=0.0, maximum=maximum)


def _table(name: str, meaning: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(name, meaning, columns, key, evidence=False, feeds=False)


SIDE_BY_SIDE = {
    table.name: table
    for table in (
        _table(
            "rates",
            "rates of self-sufficiency and targets as printed, each with its definition",
            ("rate",),
            _key("rate", "key"),
            _SEGMENTS,
            _text("product", "product"),
            _text("definition", "what is counted over what, or that the source does not say"),
            Column("kind", Kind.KEY, "kind", choices=("actual", "target", "forecast")),
            _YEAR,
            Column("relation", Kind.KEY, "relation", choices=("equals", "above", "below")),
            _number("value", "rate in %", 100.0),
            _PLACE,
            _SOURCE,
            _NOTE,
        ),
        _table(
            "dependency_ratio",
            "technology imports and R&D of large and medium-sized industrial firms, RMB 100 m",
            ("year",),
            _YEAR,
            _number("rd", "R&D expenditure"),
            _number("technology_imports", "expenditure for foreign technology"),
            _number("over_rd", "technology imports over R&D, %"),
            _number("dependency_ratio", "technology imports over R&D and technology imports, %", 100.0),
            _SOURCE,
            _NOTE,
        ),
        _table(
            "bottlenecks",
            "the 35 bottleneck technologies of 2018",
            ("number",),
            _number("number", "number in JST Table 3-4", 35.0),
            _text("technology", "name in JST Table 3-4"),
            Column("second_list", Kind.TEXT, "name elsewhere, where it differs in meaning", blank=True),
            _SEGMENTS,
            Column("status", Kind.KEY, "status", choices=("solved", "partly", "open", "unknown")),
            _text("why", "what the status rests on"),
            _SOURCE,
        ),
        _table(
            "home_shares",
            "series of home shares, one definition a series",
            ("series", "year"),
            _key("series", "key of the series"),
            _SEGMENTS,
            _text("product", "product"),
            _text("definition", "what is counted over what"),
            _YEAR,
            _number("value", "share in %", 100.0),
            _PLACE,
            _SOURCE,
        ),
        _table(
            "procurement_lists",
            "lists that prefer home products",
            ("list", "year", "scope", "measure"),
            _key("list", "key of the list"),
            _YEAR,
            _text("scope", "what it covers"),
            _text("measure", "what the value is"),
            _number("value", "value"),
            _PLACE,
            _SOURCE,
            _NOTE,
        ),
        _table(
            "chip_funds",
            "funds for chips, RMB bn",
            ("fund", "measure"),
            _text("fund", "name"),
            Column("level", Kind.KEY, "level", choices=("central", "local", "all")),
            _YEAR,
            _text("measure", "what the value is"),
            _number("value", "RMB bn"),
            _PLACE,
            _SOURCE,
            _NOTE,
        ),
    )
}
"""The tables, by name."""


@cache
def _read(name: str) -> pd.DataFrame:
    table = SIDE_BY_SIDE[name]
    file = f"published/{table.file}"
    text, problems = read_text(FOLDER / table.file, file)
    raw, problems = (no_rows(table, file), problems) if problems else read_csv(text, table, file)
    if not problems:
        cells, problems = check_cells(raw)
        problems = [*problems, *_unknown_sources(cells, raw.file), *_unknown_segments(cells, raw.file)]
    if problems:
        raise InputError(problems)
    return cells


def published_side_by_side(name: str) -> pd.DataFrame:
    """A table of SIDE_BY_SIDE by its name: numbers as floats, text as printed. InputError says every problem."""
    return _read(name).copy()


def touching(chain: Chain, name: str) -> pd.DataFrame:
    """The rows of `rates`, `bottlenecks` or `home_shares` that stand for segments of a chain's shipped packages.

    Columns as in the table, but `segments`: those of the chain, by its own names. A package of the user's that is named
    like a shipped one counts as that one. Rows that stand for no segment of the chain are left out.
    """
    packages = chain.segments["package"]
    own = {f"{package}/{str(segment).split('/')[-1]}": str(segment) for segment, package in packages.items()}
    rows = published_side_by_side(name)
    rows["segments"] = ["; ".join(own[s] for s in _split(cell) if s in own) for cell in rows["segments"]]
    return rows[rows["segments"] != ""].reset_index(drop=True)


def _split(cell: str) -> list[str]:
    return [segment for segment in cell.split("; ") if segment]


def _unknown_sources(cells: pd.DataFrame, file: str) -> Iterator[Problem]:
    listed = tuple(pd.read_csv(FOLDER / "sources.csv", dtype=str, keep_default_na=False)["source"])
    for row, source in cells["source"].items():
        if source not in listed:
            wrong = f"'{source}' is not in published/sources.csv"
            yield Problem(file, int(str(row)), "source", wrong, nearest(str(source), listed))


def _unknown_segments(cells: pd.DataFrame, file: str) -> Iterator[Problem]:
    if "segments" not in cells:
        return
    known = _shipped_segments()
    for row, cell in cells["segments"].items():
        for segment in _split(str(cell)):
            if segment not in known:
                wrong = f"'{segment}' is no segment of a shipped package"
                yield Problem(file, int(str(row)), "segments", wrong, nearest(segment, known))


@cache
def _shipped_segments() -> tuple[str, ...]:
    """Segments of the shipped packages, as PACKAGE/SEGMENT."""
    found = []
    for package in data.names():
        file = data.folder(package) / "segments.csv"
        if file.exists():  # a link package has none
            names = pd.read_csv(file, dtype=str, keep_default_na=False)["segment"]
            found += [f"{package}/{name}" for name in names]
    return tuple(found)
