"""Which container a path is."""

from collections.abc import Callable
from pathlib import Path

from chains.tables.containers.archive import Archive
from chains.tables.containers.container import Container
from chains.tables.containers.folder import Folder
from chains.tables.containers.workbook import Workbook

__all__ = ["KINDS", "is_container", "open_container", "stem"]

KINDS: dict[str, Callable[[str, Path], Container]] = {".zip": Archive, ".xlsx": Workbook}
"""What a file with this ending is; anything else that holds a package is a folder."""


def is_container(path: Path) -> bool:
    """Whether a package could be kept at `path`, by what is there."""
    return path.is_dir() or (path.is_file() and path.suffix.lower() in KINDS)


def stem(path: Path) -> str:
    """What the package at `path` is called."""
    return path.resolve().stem if path.suffix.lower() in KINDS and not path.is_dir() else path.resolve().name


def open_container(path: Path, name: str = "") -> Container:
    """The container at `path`; `name` where the package is called otherwise than its path."""
    kind = Folder if path.is_dir() else KINDS.get(path.suffix.lower(), Folder)
    return kind(name or stem(path), path)
