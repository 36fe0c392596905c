"""UN Comtrade exports (version 1, 47 columns) as observations: what the home country imports, by partner.

Read row by row, columns by name, codes as text. Rows broken down by second partner, customs procedure or mode of
transport repeat what the rows of totals hold, and are left out; so are the partners that are sums, such as the world.
Imports as the home country reports them (with insurance and freight) differ from the exports of its partners to it
(without): which was taken is said. Names may be in ISO 8859-1; codes tell countries, so names are not read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pycountry

from chains.importing.large_files import Large, Progress, large_files
from chains.importing.observations import Observations, Source
from chains.importing.products import Products, read_products
from chains.importing.records import Record
from chains.importing.row_files import RowFile
from chains.importing.trade import OTHER_ASIA, Flow, observe_trade
from chains.tables.countries import REST_OF_WORLD
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["FLOWS", "observe_comtrade"]

FLOWS = ("import", "mirror")
"""What is reported by the home country; what its partners report of it."""

_OWN = {"251": "FRA", "381": "ITA", "579": "NOR", "699": "IND", "757": "CHE", "842": "USA", OTHER_ASIA: "TWN"}
"""Codes of UN Comtrade that are not those of ISO 3166, most of them for customs territories."""

_COLUMNS = ("refYear", "reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue")
_TOTALS = {"freqCode": "A", "partner2Code": "0", "customsCode": "C00", "motCode": "0", "mosCode": "0"}
"""What columns hold in rows that are yearly and broken down no further; a file may lack them."""
_WORLD = "0"


@dataclass
class _Rows:
    """What counts, as it is read: the value of each flow, year, good and partner, and where it stands."""

    flows: dict[tuple[str, int], dict[tuple[str, str], Flow]] = field(default_factory=lambda: defaultdict(dict))
    problems: list[Problem] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    revisions: set[str] = field(default_factory=set)


def observe_comtrade(
    source: Path, home: str, *, year: int | None, products: str, flow: str = "", progress: Progress | None = None
) -> Observations:
    """What a file, or a folder of files, says that the home country imports in a year (default: the latest there).

    `flow` is `import` or `mirror`; where it is empty, the home country's own reports come first. InputError with every
    problem of the rows that count.
    """
    files = large_files(source, (".csv", ".txt"), "an export of UN Comtrade in CSV")
    goods = read_products(products)
    rows = _Rows()
    for file in files:
        _read(file, home, goods, rows, progress)
    if rows.problems:
        raise InputError(rows.problems)
    kind, chosen = _chosen(rows, flow, year, home, source)
    whole = _without_parts(list(rows.flows[kind, chosen].values()), goods)
    said = [_reported(home, kind, flow, rows), *_passed(rows)]
    names = ", ".join(file.name for file in files)
    editions = ", ".join(sorted(rows.revisions)) or "not named"
    citation = f"United Nations, UN Comtrade database; goods by the Harmonized System, revision {editions}"
    return observe_trade(
        whole, goods, home=home, year=chosen, source=Source("comtrade", citation, names, ""), said=said
    )


def _read(file: Large, home: str, goods: Products, rows: _Rows, progress: Progress | None) -> None:
    """Take up the rows of a file that count."""
    content = RowFile(file)
    header = content.names()
    missing = [column for column in _COLUMNS if column not in header]
    right = "is it an export of UN Comtrade with all columns, in UTF-8 or ISO 8859-1?"
    rows.problems += [
        Problem(file.name, 1, column, "the column is missing", nearest(column, header) if header[1:] else right)
        for column in missing
    ]
    if missing:
        return
    columns = [name for name in (*_COLUMNS, *_TOTALS, "classificationCode") if name in header]
    for row in content.rows(columns, progress):
        _take(row, home, goods, rows)
    rows.problems += content.problems


def _take(row: Record, home: str, goods: Products, rows: _Rows) -> None:
    """Take up a row if it counts; say why not where it is about the home country and the goods."""
    kind = {"M": "import", "X": "mirror"}.get(row["flowCode"], "")
    by, of = ("reporterCode", "partnerCode") if kind == "import" else ("partnerCode", "reporterCode")
    if not kind or _country(row[by]) != home or goods.product(row["cmdCode"]) is None or row["partnerCode"] == _WORLD:
        return
    apart = [name for name, total in _TOTALS.items() if name in row.cells and row[name] not in (total, "")]
    if apart:
        rows.passed[", ".join(apart)] += 1
        return
    problems = [*_wrong(row)]
    rows.problems += problems
    if problems:
        return
    rows.revisions.add(row.cells.get("classificationCode", ""))
    code, country = row[of], _country(row[of])
    place = f"{row.file} row {row.row}"
    found = Flow(row["cmdCode"], country, float(row["primaryValue"]) / 1e9, place, _remark(code, country))
    held = rows.flows[kind, int(row["refYear"])]
    key = (row["cmdCode"], code)
    if key not in held:
        held[key] = found
    elif held[key].amount == found.amount:
        rows.passed["rows that repeat another"] += 1
    else:
        wrong = f"'{row['primaryValue']}' stands otherwise in {held[key].place}"
        rows.problems.append(row.problem("primaryValue", wrong, "keep rows of one revision and one download"))


def _wrong(row: Record) -> Iterator[Problem]:
    if not row["refYear"].isdigit():
        yield row.problem("refYear", f"'{row['refYear']}' is not a year", "write it as 2022")
    if not row.is_amount("primaryValue"):
        yield row.problem("primaryValue", f"'{row['primaryValue']}' is not a value in USD", "write a number from 0")


@cache
def _country(code: str) -> str:
    """ISO 3166 alpha-3 of a code; groups, areas and countries of the past are the rest of the world."""
    if code in _OWN:
        return _OWN[code]
    found = pycountry.countries.get(numeric=code.zfill(3))
    return REST_OF_WORLD if found is None else str(found.alpha_3)


def _remark(code: str, country: str) -> str:
    if code == OTHER_ASIA:
        return f"{code} (other Asia, not elsewhere specified) is taken for Taiwan, {country}"
    return f"{code} is a group or no country of today: in {country}" if country == REST_OF_WORLD else ""


def _chosen(rows: _Rows, flow: str, year: int | None, home: str, source: Path) -> tuple[str, int]:
    """The flow and the year: the home country's own reports where there are any and nothing else is asked for."""
    there = sorted(rows.flows)
    kinds = [flow] if flow else [kind for kind in FLOWS if any(own == kind for own, _ in there)]
    years = [own for kind, own in there if kinds and kind == kinds[0] and year in (None, own)]
    if not years:
        found = ", ".join(f"{kind} {own}" for kind, own in there) or "none"
        broken = f" (rows left out: {'; '.join(_passed(rows))})" if rows.passed else ""
        wrong = f"has no rows of totals for {home}{f' in {year}' if year else ''}{f' of {flow}' if flow else ''}"
        raise InputError.single(str(source), f"{wrong}{broken}", f"there are: {found}")
    return kinds[0], max(years)


def _without_parts(flows: list[Flow], goods: Products) -> list[Flow]:
    """A good that stands as a whole is not counted again by its parts; else its parts of six digits are."""
    whole = {flow.code for flow in flows if flow.code in goods.codes}
    return [
        flow for flow in flows if flow.code in whole or (len(flow.code) == 6 and goods.product(flow.code) not in whole)
    ]


def _reported(home: str, kind: str, asked: str, rows: _Rows) -> str:
    if kind == "import":
        return f"imports as {home} itself reports them (flow M, with insurance and freight)"
    own = any(other == "import" for other, _ in rows.flows)
    why = "as asked for" if asked else f"since {home} reports none here" if not own else ""
    return f"mirror flows: exports to {home} as its partners report them (flow X, without insurance and freight), {why}"


def _passed(rows: _Rows) -> list[str]:
    return [
        f"{count} {why}" if why.startswith("rows") else f"{count} rows left out, for they are broken down by {why}"
        for why, count in sorted(rows.passed.items())
    ]
