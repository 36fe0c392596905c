"""Copies of the shipped packages in which some tables have no rows."""

import shutil
from pathlib import Path

import data

__all__ = ["FEEDING", "STRUCTURE", "emptied", "without"]

FEEDING = (
    *("demand", "inputs", "supply", "surge", "response", "subsidies", "instruments", "disruptions", "probabilities"),
    *("loss_weights", "durations", "criticality", "stocks", "suppliers", "procurement"),
)
"""The tables with values that enter the program."""

STRUCTURE = ("durations", "criticality", "stocks")
"""The tables that say what is kept going when supply is cut."""


def without(folder: Path, package: str, *tables: str) -> Path:
    """A copy of a shipped package, in `folder`, in which these tables have no rows."""
    copy = Path(shutil.copytree(data.folder(package), folder / package))
    emptied(copy, *tables)
    return copy


def emptied(package: Path, *tables: str) -> None:
    """Leave the header alone of these tables, as far as the package has them."""
    for file in (package / f"{table}.csv" for table in tables):
        if file.exists():
            file.write_text(file.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
