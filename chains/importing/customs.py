"""Exports of China's customs statistics as observations: what China imports, by partner, in USD or CNY.

The query page of the General Administration of Customs writes CSV in GB18030, with Chinese headings, a row a month,
good of eight digits and partner; other columns (kind of trade, place of registration) break rows down further. Amounts
may have commas for thousands, and rows an empty last cell. Read row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chains.importing.chinese_names import partner_of
from chains.importing.large_files import Large, Progress, large_files, readable
from chains.importing.observations import Observations, Source
from chains.importing.periods import choose, period_of
from chains.importing.products import Products, read_products
from chains.importing.records import Record
from chains.importing.row_files import RowFile
from chains.importing.trade import Flow, observe_trade
from chains.tables.countries import REST_OF_WORLD, country_advice
from chains.tables.problems import InputError, Problem

__all__ = ["observe_customs"]

HOME = "CHN"

_COLUMNS = {
    "period": ("数据年月", "date of data"),
    "good": ("商品编码", "commodity code"),
    "partner": ("贸易伙伴名称", "trading partner"),
}
_MONEY = {"USD": ("美元", "us dollar", "usd"), "CNY": ("人民币", "人民币元", "renminbi", "rmb", "cny")}
_DIRECTION = ("进出口类型", "进出口", "贸易类型", "trade flow")
_IMPORT = ("进口", "import", "imports", "i", "1")
_QUANTITIES = ("数量", "单位", "quantity", "unit")
"""Parts of names of columns that are measured, and say nothing of what a row is."""
_WORDS = ("商品名称", "贸易伙伴编码", "commodity", "trading partner code")
"""Columns that say again what another does."""
_SUMS = ("合计", "总计", "总值", "total")


@dataclass
class _Layout:
    """What the columns of a file are called: period, good, partner, money in `currency`, direction (empty if none).

    `apart` are the columns by which its rows differ.
    """

    period: str
    good: str
    partner: str
    value: str
    currency: str
    direction: str
    apart: tuple[str, ...]


@dataclass
class _Found:
    """What counts, as it is read: rows by year, good and country; what each row that was read says, by what it is."""

    goods: Products
    year: int | None
    sums: dict[int, dict[tuple[str, str], list[Flow]]] = field(default_factory=lambda: defaultdict(_lists))
    seen: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    months: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    passed: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def _lists() -> dict[tuple[str, str], list[Flow]]:
    return defaultdict(list)


def observe_customs(
    source: Path, home: str, *, year: int | None, products: str, progress: Progress | None = None
) -> Observations:
    """What a file, or a folder of files, says that China imports in a year (default: the latest complete).

    InputError for another home country, and with every problem of the files.
    """
    if home != HOME:
        right = f"say --home {HOME}; of other countries, import baci or comtrade"
        raise InputError.single("option --home", f"'{home}' has no rows: these are China's statistics", right)
    files = large_files(source, (".csv", ".txt"), "an export of China's customs statistics")
    found = _Found(read_products(products, digits=8), year)
    layouts = [_read(file, found, progress) for file in files]
    _check_alike(files, layouts, found)
    if found.problems:
        raise InputError(found.problems)
    chosen = choose(found.months, year, str(source))
    (currency,) = {layout.currency for layout in layouts if layout}
    flows, parts = _flows(found, chosen.year)
    names = ", ".join(file.name for file in files)
    citation = "General Administration of Customs of the People's Republic of China, customs statistics (online query)"
    return observe_trade(
        flows,
        found.goods,
        home=home,
        year=chosen.year,
        source=Source("customs_cn", citation, names, "http://stats.customs.gov.cn"),
        said=[*chosen.said, *_said(layouts, found, currency), *parts],
        currency=currency,
    )


def _read(file: Large, found: _Found, progress: Progress | None) -> _Layout | None:
    """Take up the rows of a file that count; None where its columns are not those of an export."""
    rows = RowFile(file, _encoding(file))
    layout, problems = _layout(file.name, rows.names())
    found.problems += problems
    if layout is None:
        return None
    known = dict.fromkeys((layout.period, layout.good, layout.partner, layout.value, layout.direction, *layout.apart))
    for row in rows.rows([name for name in known if name], progress):
        _take(row, layout, found)
    found.problems += rows.problems
    return layout


def _encoding(file: Large) -> str:
    """The encoding of a file: by its first bytes, GB18030 where they are not UTF-8."""
    with readable(file.name), file.open() as content:
        start = content.read(1 << 16)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1 or len(start)].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _layout(name: str, header: list[str]) -> tuple[_Layout | None, list[Problem]]:
    """What the columns are called; problems where one is missing, or money is in none of the currencies."""

    def called(some: tuple[str, ...]) -> str:
        return next((column for word in some for column in header if column.lower() == word), "")

    columns = {role: called(some) for role, some in _COLUMNS.items()}
    right = "is it an export of China's customs statistics, as it was downloaded (GB18030, UTF-8 or UTF-16)?"
    problems = [
        Problem(name, 1, _COLUMNS[role][0], "the column is missing", right) for role, own in columns.items() if not own
    ]
    money = {currency: own for currency, some in _MONEY.items() if (own := called(some))}
    if not money:
        problems.append(Problem(name, 1, "美元", "there is no column of USD (美元) or CNY (人民币)", right))
    if problems:
        return None, problems
    currency, value = next(iter(money.items()))
    measured = [column for column in header if any(word in column.lower() for word in _QUANTITIES)]
    aside = (*measured, *money.values(), "")
    apart = tuple(column for column in header if column not in aside and column.lower() not in _WORDS)
    return _Layout(**columns, value=value, currency=currency, direction=called(_DIRECTION), apart=apart), []


def _take(row: Record, layout: _Layout, found: _Found) -> None:
    """Take up a row if it is about the goods; say why not where it is not counted."""
    good = row[layout.good]
    if found.goods.product(good) is None:
        return
    if layout.direction and row[layout.direction].lower() not in _IMPORT:
        found.passed["rows are of exports and left out"] += 1
        return
    if row[layout.partner].lower() in _SUMS:
        found.passed["rows are sums over partners and left out"] += 1
        return
    value = row[layout.value].replace(",", "")
    problems = [*_wrong(row, layout, value)]
    found.problems += problems
    period = period_of(row[layout.period])
    if problems or period is None or found.year not in (None, period[0]):
        return
    kind = tuple(row[column] for column in layout.apart)
    before = found.seen.setdefault(kind, (value, row.place))
    if before[1] != row.place:
        if before[0] == value:
            found.passed["rows repeat another in every column and are not counted again"] += 1
        else:
            wrong = f"'{row[layout.value]}' stands otherwise in {before[1]}"
            found.problems.append(row.problem(layout.value, wrong, "keep rows of one download"))
        return
    year, month = period
    found.months[year].add(month)
    found.passed["rows have a value of 0"] += float(value) == 0
    country = partner_of(row[layout.partner]) or REST_OF_WORLD
    remark = f"partner {row[layout.partner]} is no single country: in {country}" if country == REST_OF_WORLD else ""
    found.sums[year][good, country].append(Flow(good, country, float(value) / 1e9, row.place, remark))


def _wrong(row: Record, layout: _Layout, value: str) -> Iterator[Problem]:
    if period_of(row[layout.period]) is None:
        yield row.problem(layout.period, f"'{row[layout.period]}' is not a month", "write it as 202301")
    name = row[layout.partner]
    if partner_of(name) is None:
        wrong = f"'{name}' is no country that is known here" if name else "is empty"
        yield row.problem(layout.partner, wrong, country_advice(name))
    try:
        right = 0 <= float(value) < float("inf")
    except ValueError:
        right = False
    if not right:
        wrong = f"'{row[layout.value]}' is not a value in {layout.currency}"
        yield row.problem(layout.value, wrong, "write a number of at least 0")


def _check_alike(files: list[Large], layouts: list[_Layout | None], found: _Found) -> None:
    """Files in two currencies, or broken down otherwise, would be added up wrongly: a problem of each that differs."""
    known = [(file, layout) for file, layout in zip(files, layouts, strict=True) if layout is not None]
    for file, layout in known[1:]:
        first, like = known[0]
        if layout.currency != like.currency:
            wrong = f"is in {layout.currency}, {first.name} in {like.currency}"
            found.problems.append(Problem(file.name, 1, layout.value, wrong, "keep files in one currency"))
        more = sorted({*layout.apart} ^ {*like.apart})
        if more:
            wrong = f"is broken down otherwise than {first.name}: {', '.join(more)}"
            found.problems.append(Problem(file.name, 1, more[0], wrong, "keep files with the same columns"))


def _flows(found: _Found, year: int) -> tuple[list[Flow], list[str]]:
    """Imports of a year by good and country; a good that stands as a whole is not counted again by its parts."""
    codes = {good for good, _ in found.sums[year]}
    parts = {code for code in codes if any(code != other and code.startswith(other) for other in codes)}
    flows = []
    for (good, country), rows in found.sums[year].items():
        if good not in parts:
            total = sum(row.amount for row in rows)
            place = rows[0].place if len(rows) == 1 else f"{len(rows)} rows from {rows[0].place} on"
            flows += [Flow(good, country, total, place, remark, len(rows)) for remark in {rows[0].remark}]
    said = (
        [f"{', '.join(sorted(parts))} are parts of goods that stand as a whole, and not counted again"] if parts else []
    )
    return flows, said


def _said(layouts: list[_Layout | None], found: _Found, currency: str) -> list[str]:
    said = [f"imports in {currency}, with insurance and freight, by country of origin as China's customs has it"]
    if any(layout is not None and not layout.direction for layout in layouts):
        said.append("the files do not say whether they are of imports or of exports: they are read as imports")
    return said + [f"{count} {why}" for why, count in sorted(found.passed.items()) if count]
