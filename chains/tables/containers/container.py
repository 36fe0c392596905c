"""What a package may be kept in, as its reader sees it: files of a name and a content."""

from pathlib import Path
from typing import Protocol

from chains.tables.problems import Problem

__all__ = ["MOST", "Container"]

MOST = 1 << 30
"""Bytes that an archive or a workbook may unpack to: more is no package that anyone could have meant."""


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
