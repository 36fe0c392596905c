"""OECD Inter-Country Input-Output tables: one CSV a year, millions of US dollars at basic prices.

Rows and columns are named `CCC_III`, a country and an industry; columns `CCC_HFCE` and the like are final demand, rows
`TLS`, `VA` and `OUT` taxes, value added and output, the column `OUT` (older: `TOTAL`) what a row sums to. In extended
tables parts of China and Mexico stand for themselves (CN1, CN2, MX1, MX2): they are added up.

pymrio reads these tables, too, and is what the tests compare with. Here they are streamed: in memory is the table
itself, once, and a cell that is no number is told by row and column.
"""

import re
from functools import cache
from pathlib import Path

import data
from chains.importing.intercountry import FINAL, TOTAL, Gathering, InterCountry, Key, Part, file_of_year, raise_some
from chains.importing.large_files import Large, Progress, header_of, large_files
from chains.importing.observations import Source
from chains.importing.records import records_in
from chains.importing.wide import Wide, blocks, digest, first_rows
from chains.tables.countries import countries
from chains.tables.problems import Problem

__all__ = ["read_icio"]

_PARTS = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
"""Processing and other firms of China, global manufacturing and other firms of Mexico."""

_FINALS = frozenset(
    ("HFCE", "NPISH", "NPS", "GGFC", "GFCF", "INVNT", "INV", "DIRP", "DPABR", "FD", "P33", "DISC", "NONRES", "CONS_ABR")
)
"""Final demand: households, non-profit institutions, government, investment, stocks, direct purchases abroad; older
editions and discrepancies."""

_TOTALS = frozenset(("OUT", "TOTAL", "OUTPUT"))
_NO_INDUSTRY = frozenset(("TLS", "VA", "VALU", "TXS", *_TOTALS))
_TAXES = "TAXSUB"

NAMES = Path(data.__file__).parent / "trade/icio.csv"
"""Names of industries in our words, after ISIC Rev. 4."""

_FILE = re.compile(r"(?:ICIO(?P<edition>\d{4})_?)?(?P<year>\d{4})(?:_SML)?\.csv(?:\.gz)?", re.IGNORECASE)


def read_icio(source: Path, year: int | None, progress: Progress | None = None) -> InterCountry:
    """The table of a year (default: the latest there) from a CSV, a zip of such, or a folder.

    InputError with every problem of the header, then of the cells, then of the rows.
    """
    large, year, edition = _file(source, year)
    name = large.name
    _, separator = header_of(large)
    labels = first_rows(large, 1, separator)[0][1:]
    problems: list[Problem] = []
    columns = [_key(label, name, label, 1, problems) for label in labels]
    raise_some(problems)
    table = Gathering(Part(name, columns, labels))
    for block in blocks(large, Wide(name, separator, 1, 1, labels), progress):
        rows = [row[0] for row in block.labels]
        keys = [_key(label, name, "", block.first + at, problems) for at, label in enumerate(rows)]
        raise_some(problems)
        table.add(name, block, zip(rows, (None if key == TOTAL else key for key in keys), strict=True))
    parts = sorted({label.partition("_")[0] for label in labels} & set(_PARTS))
    said = [f"{', '.join(parts)} are added to CHN and MEX"] if parts else []
    size = f"{len(table.countries)} economies x {len(table.industries)} industries"
    release = f"{edition} edition" if edition else "edition not named in the file"
    source_row = Source(
        "icio",
        f"OECD, Inter-Country Input-Output tables (ICIO), {release}",
        f"{name}: {year}, {size}, USD million at basic prices; SHA-256 begins {digest(large)}",
        "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    )
    return InterCountry(
        table.countries,
        table.industries,
        _names(),
        table.use,
        table.final,
        "USD",
        year,
        source_row,
        (f"{name}: {size}, USD million at basic prices", *said, *table.check()),
    )


def _file(source: Path, year: int | None) -> tuple[Large, int, str]:
    """The file of a year, its year and the edition that its name says. InputError where it is not there."""
    files = large_files(source, (".csv",), "a table, such as ICIO2023_2020.csv, a zip of them")
    named = {file: found for file in files if (found := _FILE.fullmatch(file.name))}
    file, year = file_of_year({file: int(found["year"]) for file, found in named.items()}, files, source, year)
    return file, year, (named[file]["edition"] or "") if file in named else ""


@cache
def _names() -> dict[str, str]:
    """What industries are, for people: the codes are those of ISIC Rev. 4, and tables have nothing else."""
    rows, problems = records_in(NAMES.read_bytes(), NAMES.name, ("sector", "name"))
    raise_some(problems)
    return {row["sector"]: row["name"] for row in rows}


def _key(label: str, file: str, column: str, row: int, problems: list[Problem]) -> Key | None:
    """What a row or column is by its label; None for what is no industry and no final demand."""
    if label in _TOTALS:
        return TOTAL
    if not label:  # what a spreadsheet leaves at the end of rows and columns
        return None
    place, _, rest = label.partition("_")
    if label in _NO_INDUSTRY or rest == _TAXES:
        return None
    if place in _FINALS and rest in countries():  # the 2016 edition
        place, rest = rest, place
    country = _PARTS.get(place, place)
    if country not in countries() or not rest:
        right = "labels are a country (ISO 3166 alpha-3, ROW, CN1, CN2, MX1, MX2), _ and an industry, such as NLD_C26"
        problems.append(Problem(file, row, column, f"'{label}' is no country and industry", right))
        return None
    return country, FINAL if rest in _FINALS else rest
