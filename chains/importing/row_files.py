"""Files of rows in a text encoding, read row by row: columns by name, cells as text, each problem with its place."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from chains.importing.large_files import Large, Progress, readable
from chains.importing.records import Record
from chains.tables.dialect import separator_of
from chains.tables.problems import Problem

__all__ = ["RowFile"]

_EVERY = 20_000
"""Rows between two words on progress."""


@dataclass
class RowFile:
    """A file of rows; `header` and `problems` are there once it is read.

    Bytes that are none of the `encoding` are replaced, so that it can be told in which row they stand.
    """

    file: Large
    encoding: str = "utf-8-sig"
    header: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def names(self) -> list[str]:
        """The names of the columns."""
        with readable(self.file.name), self.file.open() as content, self._text(content) as text:
            self._start(text)
        return self.header

    def rows(self, columns: Sequence[str], progress: Progress | None) -> Iterator[Record]:
        """The rows, with the cells of some columns. A row of more or fewer cells is a problem, and left out.

        It may end in a separator, and the file in empty rows.
        """
        number, size = 1, self.file.size()
        with readable(self.file.name), self.file.open() as content, self._text(content) as text:
            reader = self._start(text)
            at = [(name, self.header.index(name)) for name in columns]
            try:
                for number, cells in enumerate(reader, start=2):
                    if progress is not None and number % _EVERY == 0:
                        progress(self.file.read(content), size)
                    if (len(cells) < len(self.header) and cells) or any(cells[len(self.header) :]):
                        wrong = f"has {len(cells)} cells, the header {len(self.header)}"
                        self.problems.append(Problem(self.file.name, number, "", wrong, "download the file anew"))
                    elif cells:
                        yield Record(self.file.name, number, {name: cells[i].strip() for name, i in at})
            except csv.Error as error:
                wrong = f"is not valid CSV ({error})"
                self.problems.append(Problem(self.file.name, number + 1, "", wrong, "download the file anew"))

    def _text(self, content: IO[bytes]) -> io.TextIOWrapper:
        return io.TextIOWrapper(content, self.encoding, errors="replace", newline="")

    def _start(self, text: io.TextIOWrapper) -> Iterator[list[str]]:
        """The rows after the header, which is read."""
        first = text.readline()
        separator = separator_of(first)
        self.header = [cell.strip() for cell in next(csv.reader([first], delimiter=separator), [])]
        while self.header and not self.header[-1]:
            self.header.pop()
        return csv.reader(text, delimiter=separator)
