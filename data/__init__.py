"""The facts: one chain package a folder, every number with its evidence.

`robots`, `chips` and `ai` (China's) and `japan` are complete packages; `coupled` is a link package that joins the first
two, and `ai-chips` joins `ai` and `chips`. A package is a folder of CSV files that anyone can edit in a spreadsheet;
its format is declared in `chains.tables.schema`.
"""

from pathlib import Path

__all__ = ["__version__", "folder", "names"]

__version__ = "0.2.0"

_HERE = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """Names of the packages that ship with Tierwise, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in _HERE.glob("*/datapackage.json")))


def folder(name: str) -> Path:
    """Folder of the shipped package `name`; KeyError if none has that name."""
    if name not in names():
        raise KeyError(name)
    return _HERE / name
