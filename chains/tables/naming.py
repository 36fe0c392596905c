"""What a package is called: a shipped one by its name, from every folder alike; any other by the path of its folder."""

from pathlib import Path

import data
from chains.tables.containers import KINDS, Container, is_container, open_container
from chains.tables.problems import InputError, Problem

__all__ = ["container_of", "named", "shadowed"]


def container_of(package: str | Path) -> Container:
    """What a package is kept in. A bare shipped name is the shipped package; `./robots` is a folder.

    InputError where nothing is there that could be one.
    """
    if isinstance(package, str) and package in data.names():
        return open_container(data.folder(package), package)
    path = Path(package)
    if not is_container(path):
        wrong = f"is neither a folder nor a shipped package, nor a {' or '.join(KINDS)} file"
        raise InputError.single(str(package), wrong, f"shipped: {', '.join(data.names())}")
    return open_container(path)


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
