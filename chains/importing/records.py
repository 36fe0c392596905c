"""Small CSV files of a data set: columns by name in any order, every cell as text, each problem with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chains.tables.dialect import BrokenError, records_of, separator_of
from chains.tables.problems import Problem, nearest
from chains.tables.text_files import read_text, text_of

__all__ = ["Record", "read_records", "records_in"]


@dataclass(frozen=True)
class Record:
    """A row of a file: its number, as a spreadsheet counts, and its cells by column, without blanks around them."""

    file: str
    row: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column."""
        return self.cells[column]

    def problem(self, column: str, wrong: str, right: str) -> Problem:
        """A problem of a cell."""
        return Problem(self.file, self.row, column, wrong, right)

    def is_amount(self, column: str) -> bool:
        """Whether the cell of a column is a number of at least 0."""
        try:
            return 0 <= float(self.cells[column]) < float("inf")
        except ValueError:
            return False

    @property
    def place(self) -> str:
        """File and row, for notes."""
        return f"{self.file} row {self.row}"


def read_records(folder: Path, name: str, columns: Sequence[str]) -> tuple[list[Record], list[Problem]]:
    """The rows of a file of a folder that has these `columns`; with problems there may be none."""
    path = folder / name
    if not path.is_file():
        there = sorted(entry.name for entry in folder.glob("*.csv"))
        return [], [Problem(name, 0, "", f"the file is missing in {folder}", nearest(name, there))]
    text, problems = read_text(path, name)
    return ([], problems) if problems else _parsed(text, name, columns)


def records_in(content: bytes, name: str, columns: Sequence[str]) -> tuple[list[Record], list[Problem]]:
    """The rows of the content of a file that has these `columns`."""
    text, problems = text_of(content, name)
    return ([], problems) if problems else _parsed(text, name, columns)


def _parsed(text: str, name: str, columns: Sequence[str]) -> tuple[list[Record], list[Problem]]:
    try:
        rows = list(records_of(text, separator_of(text)))
    except BrokenError as broken:
        return [], [Problem(name, broken.row, "", broken.wrong, broken.right)]
    header = [cell.strip() for cell in rows[0]] if rows else []
    missing = [column for column in columns if column not in header]
    problems = [Problem(name, 1, column, "the column is missing", nearest(column, header)) for column in missing]
    problems += [
        Problem(name, 1, column, "the column stands twice", "keep one of them")
        for column in columns
        if header.count(column) > 1
    ]
    if problems:
        return [], problems
    found = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            wrong = f"has {len(cells)} cells, the header {len(header)}"
            problems.append(Problem(name, number, "", wrong, "check quotation marks and separators"))
            continue
        found.append(Record(name, number, {column: cells[header.index(column)].strip() for column in columns}))
    return found, problems
