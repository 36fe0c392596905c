"""CEPII BACI as observations: what the home country imports, by exporter, from one year's file of a release.

A release is a zip or the folder of its files. The file of a year has millions of rows, so it is streamed: in memory
are one block, the rows of the home country and the goods asked for, and sums by pair of countries of these goods.
Columns go by name, for their order varies; goods are text, for their leading zeros count; values are thousand USD;
numbers may have blanks before them.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from chains.importing.dependency import Ledger, dependencies
from chains.importing.large_files import Large, Progress, blocks_of, header_of, readable
from chains.importing.observations import Observations, Source
from chains.importing.products import Products, read_products
from chains.importing.records import Record, records_in
from chains.importing.trade import OTHER_ASIA, Flow, observe_trade
from chains.tables.countries import REST_OF_WORLD, countries
from chains.tables.problems import InputError, Problem, listed, nearest

__all__ = ["observe_baci"]

_COLUMNS = ("t", "i", "j", "k", "v")
_YEAR = re.compile(r"BACI_HS(?P<revision>\d\d)_Y(?P<year>\d{4})_V(?P<version>\w+)\.csv")
_COUNTRIES = re.compile(r"country_codes\w*\.csv")
_GOODS = re.compile(r"product_codes\w*\.csv")


@dataclass(frozen=True)
class _Release:
    """The files of a release by name, in a folder or a zip."""

    source: Path
    paths: dict[str, str]

    def file(self, name: str) -> Large:
        """A file of the release."""
        if self.source.is_dir():
            return Large(self.source / self.paths[name], name)
        return Large(self.source, name, self.paths[name])

    def content(self, name: str) -> bytes:
        """A small file as UTF-8; some releases have names of countries in ISO 8859-1."""
        with readable(name), self.file(name).open() as file:
            content = file.read()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("iso-8859-1").encode()
        return content


def observe_baci(
    source: Path, home: str, *, year: int | None, products: str, progress: Progress | None = None
) -> Observations:
    """What the release in `source` says that the home country imports in a year (default: the latest there).

    InputError with every problem of the small files, then with every problem of the rows that are used.
    """
    release = _release(source)
    name, found = _file(release, year)
    places = _places(release)
    goods = read_products(products, [_revision(found["revision"])])
    codes, absent = _codes(release, goods)
    homes = [code for code, place in places.items() if place == home]
    if not homes:
        raise InputError.single(_named(release, _COUNTRIES), f"has no code of {home}", "check option --home")
    ledger = Ledger(eu=True, world=True)
    flows = _flows(release.file(name), homes, codes, places, int(found["year"]), ledger, progress)
    said = [*absent, f"{name}: {len(flows)} rows of imports of {home}, in thousand USD"]
    edition = f"BACI HS{found['revision']}, release {found['version']}"
    citation = f"CEPII, {edition} (G. Gaulier, S. Zignago, BACI, CEPII working paper 2010-23)"
    return observe_trade(
        flows,
        goods,
        home=home,
        year=int(found["year"]),
        source=Source("baci", citation, name, ""),
        said=said,
        indicators=dependencies(ledger, goods, home),
    )


def _revision(digits: str) -> int:
    """The year of a revision from the two digits of a file's name."""
    return int(digits) + (1900 if digits > "80" else 2000)


def _release(source: Path) -> _Release:
    """The files; InputError where there are none."""
    if source.is_dir():
        paths = {path.name: path.name for path in source.iterdir()}
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            paths = {PurePosixPath(path).name: path for path in archive.namelist() if not path.startswith("__MACOSX")}
    else:
        right = "name the zip of a release, such as BACI_HS22_V202501.zip, or the folder of its files"
        raise InputError.single(str(source), "is neither a folder nor a zip archive", right)
    return _Release(source, paths)


def _named(release: _Release, pattern: re.Pattern[str]) -> str:
    """The file whose name is of a form; empty where there is none."""
    return max((name for name in release.paths if pattern.fullmatch(name)), default="")


def _file(release: _Release, year: int | None) -> tuple[str, dict[str, str]]:
    """The file of a year and what its name says; InputError naming every file that is missing."""
    years = {name: found for name in release.paths if (found := _YEAR.fullmatch(name))}
    problems = []
    for pattern, example in ((_COUNTRIES, "country_codes_V202501.csv"), (_GOODS, "product_codes_HS22_V202501.csv")):
        if not _named(release, pattern):
            wrong = "the file is missing: it comes with every release"
            problems.append(Problem(example, 0, "", wrong, f"put it into {release.source}"))
    wanted = [name for name, found in years.items() if year in (None, int(found["year"]))]
    if not wanted:
        there = ", ".join(sorted({found["year"] for found in years.values()})) or "none"
        wrong = f"has no file of {year}" if year else "has no file of a year, such as BACI_HS22_Y2022_V202501.csv"
        problems.append(Problem(str(release.source), 0, "", wrong, f"years there: {there}"))
    elif len(editions := {years[name].group("revision", "version") for name in wanted}) > 1:
        said = listed(sorted(f"HS{revision} V{version}" for revision, version in editions))
        problems.append(Problem(str(release.source), 0, "", f"holds {said}", "keep the files of one"))
    if problems:
        raise InputError(problems)
    name = max(wanted, key=lambda name: years[name]["year"])
    return name, years[name].groupdict()


def _places(release: _Release) -> dict[str, str]:
    """The country of every code; groups and countries of the past are the rest of the world."""
    name = _named(release, _COUNTRIES)
    content = release.content(name)
    column = "iso_3digit_alpha" if b"iso_3digit_alpha" in content.partition(b"\n")[0] else "country_iso3"
    rows, problems = records_in(content, name, ("country_code", column))
    seen: dict[str, Record] = {}
    for row in rows:
        code = row["country_code"].lstrip("0")
        if code in seen:
            wrong = f"'{row['country_code']}' stands in row {seen[code].row} already"
            problems.append(row.problem("country_code", wrong, "keep one of them"))
        seen[code] = row
    if problems:
        raise InputError(problems)
    places = {code: row[column] if row[column] in countries() else REST_OF_WORLD for code, row in seen.items()}
    if OTHER_ASIA in places:
        places[OTHER_ASIA] = "TWN"
    return places


def _codes(release: _Release, goods: Products) -> tuple[list[str], list[str]]:
    """The goods of six digits that are asked for, and what the revision does not have of the table that ships.

    InputError naming each good of a user's own table that the revision does not have.
    """
    name = _named(release, _GOODS)
    rows, problems = records_in(release.content(name), name, ("code",))
    if problems:
        raise InputError(problems)
    known = [row["code"].zfill(6) for row in rows]
    found = {code: goods.product(code) for code in known}
    there = {product for product in found.values() if product}
    wrong = {code: f"no good of {name} is '{code}' or part of it" for code in goods.codes if code not in there}
    if wrong and not goods.ships:
        raise InputError(goods.codes[code].problem("code", why, nearest(code, known)) for code, why in wrong.items())
    said = [f"{goods.codes[code].place}: {why}, so it is left out" for code, why in wrong.items()]
    return [code for code, product in found.items() if product], said


def _flows(
    file: Large,
    homes: list[str],
    codes: list[str],
    places: dict[str, str],
    year: int,
    ledger: Ledger,
    progress: Progress | None,
) -> list[Flow]:
    """The rows of the home country and the goods; those of other countries are entered into the `ledger`, too.

    InputError with every problem of rows of these goods. Torn rows are told alone: those after them are not numbered as
    in the file.
    """
    flows: list[Flow] = []
    torn: list[Problem] = []
    problems: list[Problem] = []
    with readable(file.name):
        for row in _rows(file, codes, torn, progress):
            wrong = [*_wrong(row, places, year)]
            problems += wrong
            if wrong:
                continue
            exporter, importer, amount = places[row["i"]], places[row["j"]], float(row["v"]) / 1e6
            ledger.enter(row["k"], importer, exporter, amount)
            if row["j"] in homes:
                flows.append(Flow(row["k"], exporter, amount, f"row {row.row}", _remark(row["i"], exporter)))
    if torn or problems:
        raise InputError(torn or problems)
    return flows


def _remark(code: str, country: str) -> str:
    if code == OTHER_ASIA:
        return f"exporter {code} (other Asia, not elsewhere specified) is taken for Taiwan, {country}"
    return f"exporter {code} is a group or no country of today: in {country}" if country == REST_OF_WORLD else ""


def _wrong(row: Record, places: dict[str, str], year: int) -> Iterator[Problem]:
    if row["t"] != str(year):
        yield row.problem("t", f"'{row['t']}' is not the year of the file, {year}", "check the file")
    for column, role in (("i", "exporter"), ("j", "importer")):
        if row[column] not in places:
            wrong = f"{role} '{row[column]}' is not in the country codes"
            yield row.problem(column, wrong, "take both from one release")
    if not row.is_amount("v"):
        yield row.problem("v", f"'{row['v']}' is not a value in thousand USD", "write a number of at least 0")


def _rows(file: Large, codes: list[str], torn: list[Problem], progress: Progress | None) -> Iterator[Record]:
    """The rows with a good among `codes`, block by block."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names, separator = header_of(file)
    missing = [column for column in _COLUMNS if column not in names]
    if missing:
        torn += [Problem(file.name, 1, column, "the column is missing", nearest(column, names)) for column in missing]
        return
    for first, block in blocks_of(file, names, separator, _COLUMNS, torn, progress):
        good = pc.utf8_lpad(pc.utf8_trim_whitespace(block["k"]), 6, "0")
        chosen = pc.indices_nonzero(pc.is_in(good, pa.array(codes)))
        cells = {column: [cell.strip() for cell in block[column].take(chosen).to_pylist()] for column in _COLUMNS}
        cells["k"] = good.take(chosen).to_pylist()
        for column in ("i", "j"):
            cells[column] = [code.lstrip("0") for code in cells[column]]
        for at, row in enumerate(chosen.to_pylist()):
            yield Record(file.name, first + row, {column: cells[column][at] for column in _COLUMNS})
