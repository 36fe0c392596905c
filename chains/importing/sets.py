"""The data sets that can be imported, by name."""

from pathlib import Path

from chains.importing.eto import observe_eto
from chains.importing.layout import Imported, lay_out
from chains.tables.countries import REST_OF_WORLD, countries, country_advice
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["SETS", "import_set"]

SETS = {
    "eto": "ETO Advanced Semiconductor Supply Chain Dataset: the folder of its five CSV files",
}
"""What each set is, and what is read of it."""


def import_set(name: str, source: Path, target: Path, *, home: str, year: int | None = None) -> Imported:
    """Write the package of a data set for the home country (ISO 3166 alpha-3) to `target`: folder, `.zip` or `.xlsx`.

    InputError with every wrong option, or with every problem of every file: then nothing is written.
    """
    problems = []
    if name not in SETS:
        problems.append(Problem("data set", 0, "", f"'{name}' is not known", nearest(name, tuple(SETS))))
    if home not in countries() - {REST_OF_WORLD}:
        wrong = f"'{home}' is not an ISO 3166 alpha-3 country code"
        problems.append(Problem("option --home", 0, "", wrong, country_advice(home)))
    if problems:
        raise InputError(problems)
    return lay_out(observe_eto(source, home, year), target)
