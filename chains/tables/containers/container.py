"""What a package may be kept in, as its reader sees it: files of a name and a content."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from chains.tables.problems import Problem

__all__ = ["Container", "too_much"]

MOST = 1 << 30
"""Bytes that an archive or a workbook may unpack to: more is no package that anyone could have meant."""


def too_much(path: Path, entries: Iterable[zipfile.ZipInfo]) -> list[Problem]:
    """The problem of entries of a zip file that unpack to more than is read; none where they do not."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked <= MOST:
        return []
    return [Problem(str(path), 0, "", f"unpacks to {unpacked / 2**20:.0f} MB", f"keep it below {MOST // 2**20} MB")]


class Container(Protocol):
    """The files of a package. `name` is the package's, `path` where it is kept."""

    @property
    def name(self) -> str:
        """What the package is called, if nobody calls it otherwise."""

    @property
    def path(self) -> Path:
        """The folder, archive or workbook."""

    def files(self) -> tuple[set[str], list[Problem]]:
        """Names of the files, folders included, and what is wrong with the container itself."""

    def text(self, file: str, label: str) -> tuple[str, list[Problem]]:
        """A file as text; `label` is its name in messages. With problems the text is empty."""

    def content(self, file: str) -> bytes:
        """The bytes of a file: what the package's hash is of. OSError where it cannot be read."""

    def label(self, file: str) -> str:
        """A file as its owner knows it, in messages: a sheet of a workbook has no `.csv`."""
