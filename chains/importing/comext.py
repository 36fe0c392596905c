"""Eurostat's bulk files of trade in goods (Comext) as observations: what a member country imports, by partner, in EUR.

Months are added up to a year; a file of a whole year comes before them. Where the files have every member country, the
indicators of the Union's dependence follow, too.
"""

from pathlib import Path

from chains.importing.comext_files import EXPORT, IMPORT, Key, Sum, Sums, place_of, read_comext
from chains.importing.dependency import Ledger, dependencies
from chains.importing.large_files import Progress, large_files
from chains.importing.observations import Observations, Source
from chains.importing.periods import Chosen, choose
from chains.importing.products import Products, read_products
from chains.importing.trade import Flow, observe_trade
from chains.tables.countries import EU27, REST_OF_WORLD, UNNAMED_MEMBER
from chains.tables.problems import InputError, first_of, listed

__all__ = ["observe_comext"]

_SOURCE = "Eurostat, International trade in goods, detailed data (Comext), bulk files"


def observe_comext(
    source: Path, home: str, *, year: int | None, products: str, progress: Progress | None = None
) -> Observations:
    """What a file, or a folder of files, says that a member country imports in a year (default: the latest complete).

    InputError with every problem of the rows that count, and for a home country that does not report to Eurostat.
    """
    files = large_files(source, (".dat", ".csv", ".txt"), "a bulk file of Comext, such as full_v2_202352.dat")
    sums = Sums(home, read_products(products, digits=8), year)
    for file in files:
        read_comext(file, sums, progress)
    if sums.problems:
        raise InputError(sums.problems)
    chosen = choose(sums.months, year, str(source))
    if home not in sums.reporters[chosen.year]:
        there = listed(sorted(sums.reporters[chosen.year]))
        wrong = f"has no rows that {home} reports in {chosen.year}: Comext has member countries of the EU"
        raise InputError.single(str(source), wrong, f"reporters there: {there}")
    found, procedures = _of_year(sums, chosen)
    every = sums.reporters[chosen.year] >= EU27
    ledger = _ledger(found, sums.goods, every)
    lacks = () if every else (f"the Union as a whole: of its members, {_absent(sums, chosen)} do not report here",)
    names = ", ".join(file.name for file in files)
    return observe_trade(
        _flows(found, home),
        sums.goods,
        home=home,
        year=chosen.year,
        source=Source("comext", _SOURCE, names, "https://ec.europa.eu/eurostat/web/international-trade-in-goods"),
        said=[*chosen.said, *procedures, *_said(sums, chosen, home)],
        currency="EUR",
        indicators=dependencies(ledger, sums.goods, home),
        lacks=lacks,
    )


def _of_year(sums: Sums, chosen: Chosen) -> tuple[dict[Key, Sum], list[str]]:
    """The sums of the year; where rows of all procedures together stand beside those of each, the former alone."""
    apart, together = (sums.found.get((chosen.year, chosen.whole, whole), {}) for whole in (False, True))
    if not together:
        return apart, []
    if not apart:
        return together, []
    rows = sum(found.rows for found in apart.values())
    return together, [f"rows of all procedures together (regime 4) count, and {rows} of single ones do not again"]


def _flows(found: dict[Key, Sum], home: str) -> list[Flow]:
    """Imports of the home country, one by good and partner."""
    return [
        Flow(good, _country(partner), own.amount / 1e9, _place(own), _remark(partner), rows=own.rows)
        for (flow, good, reporter, partner), own in found.items()
        if flow == IMPORT and place_of(reporter) == home
    ]


def _country(code: str) -> str:
    """The country of a partner; a member without name is of the rest of the world, which a package has no finer."""
    place = place_of(code)
    return REST_OF_WORLD if place == UNNAMED_MEMBER else place


def _place(own: Sum) -> str:
    return own.place if own.rows == 1 else f"{own.rows} rows from {own.place} on"


def _remark(code: str) -> str:
    if _country(code) != REST_OF_WORLD:
        return ""
    return f"partner {code or '(empty)'} is not specified, confidential or no country of today: in {REST_OF_WORLD}"


def _ledger(found: dict[Key, Sum], goods: Products, every: bool) -> Ledger:
    ledger = Ledger(eu=every, world=False)
    for (flow, good, reporter, partner), own in found.items():
        if flow == IMPORT:
            ledger.bought(goods.told_as(good), place_of(reporter), place_of(partner), own.amount / 1e9)
        elif flow == EXPORT:
            ledger.sold(goods.told_as(good), place_of(reporter), place_of(partner), own.amount / 1e9)
    return ledger


def _absent(sums: Sums, chosen: Chosen) -> str:
    return listed(sorted(EU27 - sums.reporters[chosen.year]))


def _said(sums: Sums, chosen: Chosen, home: str) -> list[str]:
    """What was left out or stands otherwise than a reader may think."""
    said = [
        f"imports as {home} reports them to Eurostat; from members of the EU, by where goods were sent from, "
        "from others, by where they were made",
    ]
    said += [f"{count} {why}" for why, count in sorted(sums.passed.items())]
    both = (sums.hidden.get((chosen.year, chosen.whole, together)) for together in (True, False))
    hidden = {code: amount for code, amount in (next(filter(None, both), None) or {}).items() if amount}
    if hidden:
        largest = sorted(hidden, key=lambda code: (-hidden[code], code))
        named = first_of([f"{code} {hidden[code] / 1e9:.4g}" for code in largest], 4)
        said.append(
            f"EUR {sum(hidden.values()) / 1e9:.4g} billion stand under confidential codes that may hold these goods "
            f"and are left out: {named}"
        )
    return said
