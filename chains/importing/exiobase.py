"""EXIOBASE 3: a zip or folder of tab-separated `A`, `Y`, `x` and `unit`, millions of euros at basic prices.

Columns have two rows of labels, country (ISO 3166 alpha-2) and product or industry; rows have two columns of them. WA,
WE, WF, WL and WM are what is left of Asia and the Pacific, Europe, Africa, the Americas, the Middle East: together the
rest of the world. Z = A diag(x).

pymrio reads a release, too, and is what the tests compare with; of 9,800 products it keeps every matrix of every
extension. Here A and Y alone are streamed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np
import pycountry

from chains.importing.intercountry import FINAL, Gathering, InterCountry, Key, Part, raise_some
from chains.importing.large_files import Large, Progress, large_files, readable
from chains.importing.observations import Source
from chains.importing.wide import Wide, blocks, digest, first_rows
from chains.numbers import Array
from chains.tables.countries import REST_OF_WORLD
from chains.tables.problems import InputError, Problem

__all__ = ["read_exiobase"]

_FILES = ("A.txt", "Y.txt", "x.txt", "unit.txt")
_REST = frozenset(("WA", "WE", "WF", "WL", "WM", "WWA", "WWE", "WWF", "WWL", "WWM"))
_OTHERWISE = {"ROM": "ROU"}
"""Codes of some releases that ISO 3166 does not have."""

_UNIT = "M.EUR"
_NAMED = re.compile(r"IOT_(?P<year>\d{4})_(?P<system>pxp|ixi)", re.IGNORECASE)
_ROUNDING = 1e-4
_RIGHT = "labels are ISO 3166 alpha-2 codes, WA, WE, WF, WL or WM: take the file as downloaded"


def read_exiobase(source: Path, year: int | None, progress: Progress | None = None) -> InterCountry:
    """The table of a release of one year. InputError with every problem of a file, file by file."""
    files = _files(source)
    year, system = _named(source, files["A.txt"], year)
    _check_unit(files["unit.txt"])
    output = _outputs(files["x.txt"])
    A, Y = _part(files["A.txt"], final=False), _part(files["Y.txt"], final=True)
    table = Gathering(A.part, Y.part)
    missing = [label for label in A.part.labels if label not in output]
    raise_some([Problem("x.txt", 0, "", f"has no row {label}", "take all files of one release") for label in missing])
    scale = np.array([output[label] for label in A.part.labels])
    _gather(table, files["A.txt"], A, progress, scale)
    _gather(table, files["Y.txt"], Y, progress, np.ones(len(Y.part.labels)))
    size = f"{len(table.countries)} countries x {len(table.industries)} {_SYSTEMS[system]}"
    said = [f"{source.name}: {size}, EUR million at basic prices, Z = A diag(x)"]
    if A.rest:
        said.append(f"{', '.join(A.rest)} are the rest of the world, {REST_OF_WORLD}")
    checked = table.check()
    digests = ", ".join(f"{name} {digest(files[name])}" for name in ("A.txt", "Y.txt", "x.txt"))
    evidence = Source(
        "exiobase",
        f"EXIOBASE 3, {system} (K. Stadler and others, Journal of Industrial Ecology 22(3), 2018)",
        f"{source.name}: {year}, {size}, EUR million at basic prices; SHA-256 begins: {digests}",
        "https://www.exiobase.eu",
    )
    given = {label: output[label] for label in A.part.labels}
    return InterCountry(
        table.countries,
        table.industries,
        {},
        table.use,
        table.final,
        "EUR",
        year,
        evidence,
        (*said, *checked, *_off(table, A, given)),
    )


def _files(source: Path) -> dict[str, Large]:
    """The files of the table, beside `A.txt`; InputError naming each that is missing."""
    found = large_files(source, (".txt",), "a release as downloaded, such as IOT_2020_pxp.zip")
    first = next((file for file in found if file.name == "A.txt"), None)
    if first is None:
        right = "name a release as downloaded, such as IOT_2020_pxp.zip, or its folder"
        raise InputError.single(str(source), "has no file A.txt", right)
    beside = {file.name: file for file in found if _folder(file) == _folder(first)}
    raise_some(
        [
            Problem(name, 0, "", "the file is missing: it comes with every release", "put it beside A.txt")
            for name in _FILES
            if name not in beside
        ]
    )
    return beside


def _folder(file: Large) -> PurePosixPath:
    """Where a file is, in an archive or on disk: extensions have files of the same names in folders of theirs."""
    return PurePosixPath(file.member or file.path.as_posix()).parent


def _named(source: Path, file: Large, year: int | None) -> tuple[int, str]:
    """The year and system of a release by the name of its folder or archive. InputError where they are not those."""
    found = _NAMED.search(file.member) or _NAMED.search(source.resolve().name)
    if found is None and year is None:
        wrong = f"'{source.name}' says no year"
        raise InputError.single("option --year", wrong, "write the year of the table, as --year 2020")
    if found is not None and year not in (None, int(found["year"])):
        raise InputError.single(str(source), f"has no table of {year}", f"years there: {found['year']}")
    return (int(found["year"]), found["system"].lower()) if found else (year or 0, "")


_SYSTEMS = {"pxp": "products", "ixi": "industries", "": "sectors"}


def _small(large: Large) -> list[list[str]]:
    """The rows of a small file as they stand there."""
    with readable(large.name), large.open() as file:
        lines = file.read().decode("utf-8-sig", "replace").splitlines()
    return [[cell.strip() for cell in line.split("\t")] for line in lines]


def _check_unit(large: Large) -> None:
    """InputError where a row is in another unit: the hybrid version has tonnes and terajoules."""
    problems = [
        Problem("unit.txt", number, "unit", f"'{row[-1]}' is not {_UNIT}", "take the monetary version of EXIOBASE")
        for number, row in enumerate(_small(large)[1:], start=2)
        if row[-1] and row[-1] != _UNIT
    ]
    raise_some(problems)


def _outputs(large: Large) -> dict[str, float]:
    """Output by label. InputError with every cell that is no number."""
    found: dict[str, float] = {}
    problems = []
    for number, row in enumerate(_small(large)[1:], start=2):
        try:
            found[" ".join(row[:2])] = float(row[2])
        except (ValueError, IndexError):
            cell = row[2] if len(row) > 2 else ""
            problems.append(Problem("x.txt", number, "indout", f"'{cell}' is not a number", "download the file anew"))
    raise_some(problems)
    return found


@dataclass(frozen=True)
class _File:
    """What a file has of the table, how many rows of header, and which of its codes are the rest of the world."""

    part: Part
    header: int
    rest: tuple[str, ...]


def _part(large: Large, *, final: bool) -> _File:
    """The columns of A or Y. InputError with every label that is no country."""
    name = large.name
    rows = first_rows(large, 3, "\t")
    if len(rows) < 3 or len(rows[0]) < 3 or len(rows[0]) != len(rows[1]):
        raise InputError.single(name, "has no two rows of labels above its numbers", "take the file as downloaded")
    labels = [" ".join(pair) for pair in zip(rows[0][2:], rows[1][2:], strict=True)]
    problems: list[Problem] = []
    columns: list[Key | None] = []
    for place, sector, label in zip(rows[0][2:], rows[1][2:], labels, strict=True):
        country = _country(place)
        if country is None:
            problems.append(Problem(name, 1, label, f"'{place}' is no country", _RIGHT))
        columns.append((country or "", FINAL if final else sector))
    raise_some(problems)
    named = not any(rows[2][2:])  # pandas writes the names of the two columns of labels in a row of their own
    rest = tuple(sorted(set(rows[0][2:]) & _REST))
    return _File(Part(name, columns, labels), 3 if named else 2, rest)


def _gather(table: Gathering, large: Large, file: _File, progress: Progress | None, scale: Array) -> None:
    """The rows of a file, each column times a scale."""
    wide = Wide(file.part.file, "\t", file.header, 2, file.part.labels)
    for block in blocks(large, wide, progress):
        np.multiply(block.values, scale, out=block.values)
        keys = [(" ".join(row), (_country(row[0]) or "", row[1])) for row in block.labels]
        table.add(file.part.file, block, keys)


@cache
def _country(code: str) -> str | None:
    """The country of a code (alpha-2, in some releases alpha-3), ROW for what is left of a continent; None for none."""
    if code in _REST:
        return REST_OF_WORLD
    code = _OTHERWISE.get(code, code)
    found = pycountry.countries.get(alpha_2=code) or pycountry.countries.get(alpha_3=code)
    return found.alpha_3 if found else None


def _off(table: Gathering, file: _File, output: Mapping[str, float]) -> list[str]:
    """How far sums of rows are from `x` at most, where that is more than rounding."""
    sums = table.use.sum(axis=1) + table.final.sum(axis=1)
    given = np.zeros(len(sums))
    for label, key in zip(file.part.labels, file.part.columns, strict=True):
        given[table.place(key or ("", ""))] += output[label]
    gap = np.abs(sums - given) / np.maximum(np.abs(sums), 1.0)
    at = int(gap.argmax())
    if gap[at] <= _ROUNDING:
        return []
    country, sector = divmod(at, len(table.industries))
    which = f"{table.countries[country]} {table.industries[sector]}"
    return [f"sums of rows are off x.txt by up to {gap[at]:.1%} ({which}): the sums count as output"]
