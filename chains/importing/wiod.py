"""World Input-Output Database: a workbook a year (or its sheet saved as CSV), millions of US dollars at basic prices.

Releases of 2013 (`wiot11_row_sep12.xlsx`) and 2016 (`WIOT2014_Nov16_ROW.xlsb`) are laid out alike. Four rows of labels
above the numbers and four columns beside them: code, description, country, and a number (c1, c2, ... and r1, r2, ...).
Final demand and totals are told by their descriptions and codes. Rows of country TOT are sums, taxes, margins and value
added.

pymrio reads the release of 2013 alone, and is what the tests compare with.
"""

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chains.importing.intercountry import FINAL, TOTAL, Gathering, InterCountry, Key, Part, file_of_year, raise_some
from chains.importing.large_files import Large, Progress, large_files, readable
from chains.importing.observations import Source
from chains.importing.wide import Block, Wide, blocks, blocks_of_cells, digest, first_rows, label_of
from chains.tables.countries import countries
from chains.tables.dialect import separator_of
from chains.tables.problems import InputError, Problem

__all__ = ["read_wiod"]

_OTHERWISE = {"ROM": "ROU", "RoW": "ROW"}
"""Codes of the release of 2013."""

_SUMS = ("TOT", "TOTAL", "")
_FINAL_CODES = frozenset(("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"))
_FINAL_WORDS = ("final consumption", "gross fixed capital", "changes in invent", "change in invent")
_NUMBER = re.compile(r"c\d+")
_LABELS = 4
_HEADER = 12
"""Rows in which the labels of the columns must end."""

_FILE = re.compile(r"wiot(?P<year>\d{4}|\d{2})[_.].*", re.IGNORECASE)
_RELEASES = {4: "release 2016", 2: "release 2013"}
"""By how the year is written."""


def read_wiod(source: Path, year: int | None, progress: Progress | None = None) -> InterCountry:
    """The table of a year (default: the latest there) from a workbook, a CSV of its sheet, a zip of such, or a folder.

    InputError with every problem of the header, then of the cells, then of the rows.
    """
    large, year, release = _file(source, year)
    name = large.name
    sheet = _sheet(large)
    head = _head(sheet, name)
    table = Gathering(head.part)
    wide = Wide(name, sheet.separator, head.header, _LABELS, head.part.labels)
    for block in sheet.blocks(wide, progress):
        table.add(name, block, _rows(block))
    size = f"{len(table.countries)} economies x {len(table.industries)} industries"
    evidence = Source(
        "wiod",
        f"World Input-Output Database, {release} (M. P. Timmer and others, Review of International Economics 23, 2015)",
        f"{name}: {year}, {size}, USD million at basic prices; SHA-256 begins {digest(large)}",
        "https://www.rug.nl/ggdc/valuechain/wiod/",
    )
    said = f"{name}: {size}, USD million at basic prices"
    return InterCountry(
        table.countries,
        table.industries,
        head.names,
        table.use,
        table.final,
        "USD",
        year,
        evidence,
        (said, *table.check()),
    )


def _file(source: Path, year: int | None) -> tuple[Large, int, str]:
    """The file of a year, its year and its release. InputError where it is not there."""
    files = large_files(source, (".xlsb", ".xlsx", ".csv"), "a table, such as WIOT2014_Nov16_ROW.xlsb, a zip of them")
    named = {file: _year(found["year"]) for file in files if (found := _FILE.fullmatch(file.name))}
    file, year = file_of_year({file: own for file, (own, _) in named.items()}, files, source, year)
    return file, year, named[file][1] if file in named else "release not named in the file"


def _year(digits: str) -> tuple[int, str]:
    """The year that a name says, 95 being 1995, and the release that writes years so."""
    number = int(digits)
    return number + (0 if number > 99 else 1900 if number > 80 else 2000), _RELEASES[len(digits)]


@dataclass(frozen=True)
class _Sheet:
    """The rows of the table as cells, from the first: of a workbook, or of a CSV with this separator."""

    large: Large
    separator: str
    cells: Any = None

    def first(self, count: int) -> list[list[str]]:
        if self.cells is None:
            return first_rows(self.large, count, self.separator)
        rows = itertools.islice(self.cells.iter_rows(), count)
        return [[label_of(cell) for cell in row] for row in rows]

    def blocks(self, wide: Wide, progress: Progress | None) -> Iterator[Block]:
        if self.cells is None:
            return blocks(self.large, wide, progress)
        height = self.cells.end[0] + 1
        rows = itertools.islice(self.cells.iter_rows(), wide.header, None)
        return blocks_of_cells(rows, wide, lambda read: progress(read, height) if progress else None)


def _sheet(large: Large) -> _Sheet:
    """The file, opened. InputError where it is no workbook, or damaged."""
    with readable(large.name), large.open() as file:
        if Path(large.name).suffix.lower() not in (".xlsb", ".xlsx"):
            start = file.read(1 << 16).decode("utf-8-sig", "replace").splitlines()
            return _Sheet(large, separator_of(max(start, key=len, default="")))
        content = io.BytesIO(file.read())
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return _Sheet(large, "", CalamineWorkbook.from_object(content).get_sheet_by_index(0))
    except CalamineError as error:
        raise InputError.single(large.name, f"is no workbook ({error})", "download the file anew") from None


@dataclass(frozen=True)
class _Head:
    """What the columns are, how many rows stand above the numbers, and what industries are called."""

    part: Part
    header: int
    names: dict[str, str]


def _head(sheet: _Sheet, name: str) -> _Head:
    """The labels of the columns: the row of numbers c1, c2, ... and the three above it. InputError where they lack."""
    rows = sheet.first(_HEADER)
    at = next((at for at, row in enumerate(rows) if len(row) > _LABELS and _NUMBER.fullmatch(row[_LABELS])), 0)
    if at < _LABELS - 1:
        wrong = "has no four rows of labels above its numbers, the last with c1, c2, ..."
        raise InputError.single(name, wrong, "take the sheet as downloaded")
    codes, descriptions, places, numbers = (row[_LABELS:] for row in rows[at - 3 : at + 1])
    problems: list[Problem] = []
    columns: list[Key | None] = []
    names: dict[str, str] = {}
    for code, description, place, number in zip(codes, descriptions, places, numbers, strict=True):
        country = _OTHERWISE.get(place, place)
        if country in _SUMS:
            columns.append(TOTAL if number or code or description else None)
        elif country not in countries():
            right = "labels are ISO 3166 alpha-3 codes, or ROW: take the file as downloaded"
            problems.append(Problem(name, at, number, f"'{place}' is no country", right))
        elif code in _FINAL_CODES or description.lower().startswith(_FINAL_WORDS):
            columns.append((country, FINAL))
        elif not code:
            right = "industries have a code, final demand its description: take the file as downloaded"
            problems.append(Problem(name, at - 2, f"{place} {number}", "the column has no code", right))
        else:
            columns.append((country, code))
            names.setdefault(code, description or code)
    raise_some(problems)
    labels = [f"{place} {number}" for place, number in zip(places, numbers, strict=True)]
    return _Head(Part(name, columns, labels), at + 1, names)


def _rows(block: Block) -> Iterator[tuple[str, Key | None]]:
    """What the rows of a block are by code and country."""
    for code, _, place, number in block.labels:
        country = _OTHERWISE.get(place, place)
        yield f"{place} {number}", None if country in _SUMS else (country, code)
