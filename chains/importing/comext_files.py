"""Eurostat's bulk files of trade in goods (Comext), streamed: sums by good and pair of countries of what counts.

A month or a year is a file of millions of rows. Two forms are read, columns by name: the newer of 18 columns
(`REPORTER`, `VALUE_EUR`), the older of 19 (`DECLARANT_ISO`, `VALUE_IN_EUROS`). Goods are of the Combined Nomenclature,
eight signs, the first six of which are those of the Harmonized System; letters hide what is confidential.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import pycountry

from chains.importing.large_files import Large, Progress, blocks_of, header_of
from chains.importing.periods import WHOLE, period_of
from chains.importing.products import Products
from chains.importing.records import Record
from chains.tables.countries import KOSOVO, REST_OF_WORLD, UNNAMED_MEMBER
from chains.tables.problems import Problem, nearest

__all__ = ["EXPORT", "IMPORT", "Sum", "Sums", "place_of", "read_comext"]

IMPORT, EXPORT = "1", "2"
"""Values of FLOW."""

_COLUMNS = {
    "reporter": ("REPORTER", "DECLARANT_ISO"),
    "partner": ("PARTNER_ISO", "PARTNER"),
    "good": ("PRODUCT_NC",),
    "flow": ("FLOW",),
    "procedure": ("STAT_PROCEDURE", "STAT_REGIME"),
    "period": ("PERIOD",),
    "value": ("VALUE_EUR", "VALUE_IN_EUROS"),
}
"""What is read, and what it is called in the newer and older form; the first that is there counts."""

_ALL_PROCEDURES = "4"
"""The statistical regime of files that have a row for all of them together."""

_OTHERWISE = {"EL": "GRC", "UK": "GBR", "XI": "GBR", "XU": "GBR", "XK": KOSOVO, "XS": "SRB", "XC": "ESP", "XL": "ESP"}
"""Codes that ISO 3166 has not: Northern Ireland and the rest of the United Kingdom, Serbia, Ceuta, Melilla."""
_UNNAMED_MEMBERS = ("QR", "QV", "QY")
"""Stores, not specified, and not specified for commercial or military reasons, within the Union."""


@dataclass
class Sum:
    """Rows added up: EUR, how many there were, and where the first stands."""

    place: str
    amount: float = 0.0
    rows: int = 0

    def add(self, amount: float) -> None:
        """Take up a row."""
        self.amount += amount
        self.rows += 1


Key = tuple[str, str, str, str]
"""Flow, good, reporter and partner, with the codes of Comext."""


@dataclass
class Sums:
    """What counts in the files.

    `found` by year, whether it is a figure of the whole year and whether of all procedures together; in it, by `Key`,
    goods of eight signs for the home country, as indicators tell them for others. `hidden` are likewise imports of the
    home country under confidential codes that may hold goods asked for. `months` by year; `files` that have a period,
    and `twice` those that have one that another has; `reporters` by year, of goods asked for; rows `passed` by why.
    """

    home: str
    goods: Products
    year: int | None
    found: dict[tuple[int, bool, bool], dict[Key, Sum]] = field(default_factory=lambda: defaultdict(dict))
    hidden: dict[tuple[int, bool, bool], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    months: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    files: dict[tuple[int, int], str] = field(default_factory=dict)
    twice: set[tuple[tuple[int, int], str]] = field(default_factory=set)
    reporters: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    passed: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


@cache
def place_of(code: str) -> str:
    """ISO 3166 alpha-3 of a code; what is no country of today is the rest of the world, or a member without name."""
    if code in _UNNAMED_MEMBERS:
        return UNNAMED_MEMBER
    if code in _OTHERWISE:
        return _OTHERWISE[code]
    found = pycountry.countries.get(alpha_2=code) if len(code) == 2 else None
    return REST_OF_WORLD if found is None else str(found.alpha_3)


def read_comext(file: Large, sums: Sums, progress: Progress | None) -> None:
    """Add up what counts in a file. Problems go to `sums.problems`; torn rows are told before all others of a file."""
    names, separator = header_of(file)
    called = {role: next((name for name in some if name in names), "") for role, some in _COLUMNS.items()}
    missing = [_COLUMNS[role][0] for role, name in called.items() if not name]
    if missing:
        sums.problems += [
            Problem(file.name, 1, name, "the column is missing", nearest(name, names)) for name in missing
        ]
        return
    torn: list[Problem] = []
    own: list[Problem] = []
    for row in _rows(file, names, separator, called, sums.goods, torn, progress):
        own += _take(row, called, sums)
    sums.problems += torn or own


def _rows(
    file: Large,
    names: list[str],
    separator: str,
    called: Mapping[str, str],
    goods: Products,
    torn: list[Problem],
    progress: Progress | None,
) -> Iterator[Record]:
    """The rows whose good is asked for, or confidential and may be; cells by the name of the column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted: dict[str, bool] = {}
    columns = list(called.values())
    for first, block in blocks_of(file, names, separator, columns, torn, progress):
        for code in pc.unique(block[called["good"]]).to_pylist():
            if code not in wanted:
                wanted[code] = goods.product(code.strip()) is not None or _may_hold(code.strip(), goods)
        asked = pa.array([code for code, wants in wanted.items() if wants], pa.string())
        chosen = pc.indices_nonzero(pc.is_in(block[called["good"]], asked))
        cells = {name: block[name].take(chosen).to_pylist() for name in columns}
        for at, row in enumerate(chosen.to_pylist()):
            yield Record(file.name, first + row, {name: cells[name][at].strip() for name in columns})


def _may_hold(code: str, goods: Products) -> bool:
    """Whether a code with letters may hide a good asked for, which begins with the digits before them."""
    if len(code) != 8 or code.isdigit():
        return False
    digits = code[: next(at for at, sign in enumerate(code) if not sign.isdigit())]
    return len(digits) >= 2 and any(asked.startswith(digits) for asked in goods.codes)


def _take(row: Record, called: Mapping[str, str], sums: Sums) -> Iterator[Problem]:
    """Add a row to what it belongs to, or say why it cannot be read."""
    if len(row[called["good"]]) != 8:
        sums.passed["rows with a code of fewer than eight signs, which are sums, are left out"] += 1
        return
    problems = [*_wrong(row, called)]
    yield from problems
    period = period_of(row[called["period"]])
    if problems or period is None or sums.year not in (None, period[0]):
        return
    before = sums.files.setdefault(period, row.file)
    if before != row.file and (period, row.file) not in sums.twice:
        sums.twice.add((period, row.file))
        wrong = f"{row[called['period']]} is in {before} already"
        yield row.problem(called["period"], wrong, "keep one file of every period")
    _add(row, called, period, sums)


def _wrong(row: Record, called: Mapping[str, str]) -> Iterator[Problem]:
    period, flow, value = called["period"], called["flow"], called["value"]
    if period_of(row[period]) is None:
        yield row.problem(period, f"'{row[period]}' is not a period", "write it as 202301, or 202352 for a whole year")
    if row[flow] not in (IMPORT, EXPORT):
        yield row.problem(flow, f"'{row[flow]}' is neither 1 (import) nor 2 (export)", "download the file anew")
    if not row.is_amount(value):
        yield row.problem(value, f"'{row[value]}' is not a value in EUR", "write a number of at least 0")


def _add(row: Record, called: Mapping[str, str], period: tuple[int, int], sums: Sums) -> None:
    year, month = period
    good, flow, amount = row[called["good"]], row[called["flow"]], float(row[called["value"]])
    reporter, partner = row[called["reporter"]], row[called["partner"]]
    at_home = place_of(reporter) == sums.home
    kind = (year, month == WHOLE, row[called["procedure"]] == _ALL_PROCEDURES)
    if sums.goods.product(good) is None:
        if at_home and flow == IMPORT:
            sums.hidden[kind][good] += round(amount)
        return
    if at_home and amount == 0:
        sums.passed["rows of imports and exports of the home country have a value of 0"] += 1
    sums.months[year].add(month)
    sums.reporters[year].add(place_of(reporter))
    key = (flow, good if at_home else sums.goods.told_as(good), reporter, partner)
    sums.found[kind].setdefault(key, Sum(row.place)).add(amount)
