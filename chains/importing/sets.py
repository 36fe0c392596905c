"""The data sets that can be imported, by name."""

from pathlib import Path

from chains.importing.baci import Progress, observe_baci
from chains.importing.comtrade import FLOWS, observe_comtrade
from chains.importing.eto import observe_eto
from chains.importing.layout import Imported, lay_out
from chains.tables.countries import REST_OF_WORLD, countries, country_advice
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["SETS", "import_set"]

SETS = {
    "eto": "ETO Advanced Semiconductor Supply Chain Dataset: the folder of its five CSV files",
    "baci": "CEPII BACI: the zip of a release, or the folder of its files",
    "comtrade": "UN Comtrade: a CSV export with all columns, or a folder of such",
}
"""What each set is, and what is read of it."""

_GOODS = ("baci", "comtrade")
"""Sets of goods by code."""


def import_set(
    name: str,
    source: Path,
    target: Path,
    *,
    home: str,
    year: int | None = None,
    products: str = "",
    flow: str = "",
    progress: Progress | None = None,
) -> Imported:
    """Write the package of a data set for the home country (ISO 3166 alpha-3) to `target`: folder, `.zip` or `.xlsx`.

    `products` says which goods count in sets of goods: a file, or a chain of the table that ships. `flow` says whose
    reports of UN Comtrade. `progress` is told how many bytes of how many are read. InputError with every wrong option,
    or with every problem of the files: then nothing is written.
    """
    problems = []
    if name not in SETS:
        problems.append(Problem("data set", 0, "", f"'{name}' is not known", nearest(name, tuple(SETS))))
    elif products and name not in _GOODS:
        wrong = f"'{name}' has no goods by code"
        problems.append(Problem("option --products", 0, "", wrong, f"leave it out; it is for {', '.join(_GOODS)}"))
    if flow and (flow not in FLOWS or name != "comtrade"):
        wrong = f"'{flow}' is not {' or '.join(FLOWS)}" if name == "comtrade" else "is for comtrade alone"
        problems.append(Problem("option --flow", 0, "", wrong, "leave it out, or name one of the two"))
    if home not in countries() - {REST_OF_WORLD}:
        wrong = f"'{home}' is not an ISO 3166 alpha-3 country code"
        problems.append(Problem("option --home", 0, "", wrong, country_advice(home)))
    if target.exists():
        problems.append(Problem(str(target), 0, "", "is there already", "name another place, or remove it first"))
    if problems:
        raise InputError(problems)
    if name == "eto":
        found = observe_eto(source, home, year)
    elif name == "baci":
        found = observe_baci(source, home, year=year, products=products, progress=progress)
    else:
        found = observe_comtrade(source, home, year=year, products=products, flow=flow, progress=progress)
    return lay_out(found, target)
