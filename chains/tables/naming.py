"""What a package is called: a shipped one by its name, from every folder alike; any other by the path of its folder."""

from pathlib import Path

import data
from chains.tables.problems import Problem

__all__ = ["named", "shadowed"]


def named(folder: Path) -> str:
    """A folder as text that is not mistaken for a shipped package: `robots` becomes `./robots`."""
    return f"./{folder}" if str(folder) in data.names() else str(folder)


def shadowed(package: str, base: Path) -> Problem | None:
    """A warning where a shipped package is meant and `base` has another folder of its name."""
    folder = base / package
    if package not in data.names() or not folder.is_dir() or folder.samefile(data.folder(package)):
        return None
    wrong = f"the shipped package {data.folder(package)} is used, not the folder {folder.resolve()}"
    return Problem(package, 0, "", wrong, f"write {folder.resolve()} for the folder")
