"""The data sets that can be imported, by name: what each is, which options it takes, and what reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chains.importing.accounting import observe_table
from chains.importing.baci import observe_baci
from chains.importing.comext import observe_comext
from chains.importing.comtrade import FLOWS, observe_comtrade
from chains.importing.customs import observe_customs
from chains.importing.eto import observe_eto
from chains.importing.exiobase import read_exiobase
from chains.importing.icio import read_icio
from chains.importing.intercountry import InterCountry
from chains.importing.large_files import Progress
from chains.importing.layout import Imported, lay_out
from chains.importing.observations import Observations
from chains.importing.wiod import read_wiod
from chains.tables.countries import REST_OF_WORLD, countries, home_advice
from chains.tables.problems import InputError, Problem, listed, nearest

__all__ = ["SETS", "Request", "Set", "import_set"]


@dataclass(frozen=True)
class Request:
    """What is asked of a set: where it is, of which country and year, and its own options (empty where not given)."""

    source: Path
    home: str
    year: int | None
    options: Mapping[str, str]
    progress: Progress | None

    def option(self, name: str) -> str:
        """An option's value; empty where it was not given."""
        return self.options.get(name, "")


@dataclass(frozen=True)
class Set:
    """A data set: what is read of it, by what, and the options that it takes beside the country and the year."""

    what: str
    observe: Callable[[Request], Observations]
    options: tuple[str, ...] = ()


class _Goods(Protocol):
    """What observes imports of goods by code."""

    def __call__(
        self, source: Path, home: str, *, year: int | None, products: str, progress: Progress | None
    ) -> Observations: ...


def _of_goods(observe: _Goods) -> Callable[[Request], Observations]:
    return lambda asked: observe(
        asked.source, asked.home, year=asked.year, products=asked.option("products"), progress=asked.progress
    )


def _of_industries(
    read: Callable[[Path, int | None, Progress | None], InterCountry],
) -> Callable[[Request], Observations]:
    return lambda asked: observe_table(
        read(asked.source, asked.year, asked.progress), asked.home, asked.option("sectors")
    )


SETS: Mapping[str, Set] = {
    "eto": Set(
        "ETO Advanced Semiconductor Supply Chain Dataset: the folder of its five CSV files",
        lambda asked: observe_eto(asked.source, asked.home, asked.year),
    ),
    "baci": Set(
        "CEPII BACI: the zip of a release, or the folder of its files",
        _of_goods(observe_baci),
        ("products",),
    ),
    "comtrade": Set(
        "UN Comtrade: a CSV export with all columns, or a folder of such; each may be a .gz or .zip",
        lambda asked: observe_comtrade(
            asked.source,
            asked.home,
            year=asked.year,
            products=asked.option("products"),
            flow=asked.option("flow"),
            progress=asked.progress,
        ),
        ("products", "flow"),
    ),
    "comext": Set(
        "Eurostat Comext: a bulk file of trade in goods, or a folder of such",
        _of_goods(observe_comext),
        ("products",),
    ),
    "customs-cn": Set(
        "China's customs statistics: an export of the query page in CSV, or a folder of such",
        _of_goods(observe_customs),
        ("products",),
    ),
    "icio": Set(
        "OECD Inter-Country Input-Output tables: a CSV file of a year, or a zip or folder of such",
        _of_industries(read_icio),
        ("sectors",),
    ),
    "exiobase": Set(
        "EXIOBASE 3: the zip of a release of one year (IOT_2020_pxp.zip), or its folder",
        _of_industries(read_exiobase),
        ("sectors",),
    ),
    "wiod": Set(
        "World Input-Output Database: a workbook or CSV of a year, or a folder or zip of such",
        _of_industries(read_wiod),
        ("sectors",),
    ),
}
"""Sets by the name that the command takes."""

_OPTIONS = {option for one in SETS.values() for option in one.options}

_ALLOWED: Mapping[str, tuple[str, ...]] = {"flow": FLOWS}
"""Values of options that are not free."""


def import_set(
    name: str,
    source: str | Path,
    target: str | Path,
    *,
    home: str,
    year: int | None = None,
    progress: Progress | None = None,
    **options: str,
) -> Imported:
    """Write the package of a data set for the home country (ISO 3166 alpha-3) to `target`: folder, `.zip` or `.xlsx`.

    `options` are the set's own, empty where not given: `products` says which goods count in sets of goods (a file, or
    a chain of the table that ships), `flow` whose reports of UN Comtrade, `sectors` which industries of inter-country
    tables are which segment. `progress` is told how many bytes of how many
    are read. TypeError for an option of no set; InputError with every wrong option, or with every problem of the files:
    then nothing is written.
    """
    source, target = Path(source), Path(target)
    given = {option: value for option, value in options.items() if value}
    problems = _wrong_options(name, given)
    if home not in countries() - {REST_OF_WORLD}:
        wrong = f"'{home}' is not an ISO 3166 alpha-3 country code"
        problems.append(Problem("option --home", 0, "", wrong, home_advice(home)))
    if target.exists():
        problems.append(Problem(str(target), 0, "", "is there already", "name another place, or remove it first"))
    if problems:
        raise InputError(problems)
    return lay_out(SETS[name].observe(Request(source, home, year, given, progress)), target)


def _wrong_options(name: str, given: Mapping[str, str]) -> list[Problem]:
    """The set where it is not known; options that it does not take, or not with this value."""
    if name not in SETS:
        return [Problem("data set", 0, "", f"'{name}' is not known", nearest(name, tuple(SETS)))]
    problems = []
    for option, value in given.items():
        takers = [other for other, one in SETS.items() if option in one.options]
        if not takers:
            raise TypeError(f"import_set() has no option '{option}'; there are {listed(sorted(_OPTIONS))}")
        if name not in takers:
            wrong = f"'{name}' does not take it"
            problems.append(Problem(f"option --{option}", 0, "", wrong, f"leave it out; it is for {listed(takers)}"))
        elif option in _ALLOWED and value not in _ALLOWED[option]:
            wrong = f"'{value}' is not {' or '.join(_ALLOWED[option])}"
            problems.append(Problem(f"option --{option}", 0, "", wrong, "name one of these, or leave it out"))
    return problems
