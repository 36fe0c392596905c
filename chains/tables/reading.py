"""Read the CSV files of a package as text, losing nothing: shape first, meaning later (`chains.tables.checking`)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.tables.declaring import Kind, Table
from chains.tables.dialect import (
    COMMA,
    FOR_PEOPLE,
    NAMES,
    BrokenError,
    decimal_commas,
    decimal_points,
    records_of,
    separator_of,
)
from chains.tables.problems import Problem, nearest

__all__ = ["RawTable", "no_rows", "read_csv", "rows_from"]

_AT_ONCE = 1 << 8
"""Records that are turned into columns together."""


@dataclass(frozen=True)
class RawTable:
    """A table as text. The index of `cells` is the row as a spreadsheet counts it (the header is row 1).

    `said` tells how the file was read, where it is not written as the format says.
    """

    table: Table
    file: str
    cells: pd.DataFrame
    said: tuple[Problem, ...] = ()


def no_rows(table: Table, file: str) -> RawTable:
    """The table of a file that could not be read."""
    return RawTable(table, file, pd.DataFrame(columns=list(table.column_names), index=rows_from([]), dtype=str))


def rows_from(numbers: Sequence[int] | npt.NDArray[np.int64]) -> pd.Index:
    """The index of cells: whole numbers, even of a table without rows."""
    return pd.Index(np.asarray(numbers, dtype=np.int64), name="row")


def read_csv(text: str, table: Table, file: str) -> tuple[RawTable, list[Problem]]:
    """Read one table from the text of its file; `file` is its name in messages."""
    separator = separator_of(text)
    records = records_of(text, separator)
    try:
        header = _without_empty_end(next(records, []))
        problems = _header_problems(header, table, file)
        words = {column.name for column in table.columns if column.kind is not Kind.NUMBER}
        columns, numbers, misfits = _columns(records, [name in words for name in header])
    except BrokenError as broken:
        return no_rows(table, file), [Problem(file, broken.row, "", broken.wrong, broken.right)]
    if problems:
        return no_rows(table, file), problems
    right = f"the header has {len(header)}: quote a text that contains {_a(separator)}"
    problems += [Problem(file, row, "", f"the row has {count} cells", right) for row, count in misfits]
    place = {name: n for n, name in enumerate(header)}
    filled = {
        name: np.array(columns[place[name]] if name in place else [""] * len(numbers), dtype=object)
        for name in table.column_names
    }
    cells = pd.DataFrame(filled, columns=list(table.column_names), index=rows_from(numbers), dtype=object)
    commas = separator != COMMA and _take_decimal_commas(cells, table)
    return RawTable(table, file, cells, _said(file, separator, commas=commas)), problems


def _columns(
    records: Iterator[list[str]], words: Sequence[bool]
) -> tuple[list[list[str]], list[int], list[tuple[int, int]]]:
    """The cells of each column, the rows that they stand in, and each row with too many or too few cells, and how many.

    In columns of `words` equal cells of some hundred rows are one text: most repeat a few, and each would take as much
    memory as five numbers.
    """
    columns: list[list[str]] = [[] for _ in words]
    numbers: list[int] = []
    misfits: list[tuple[int, int]] = []
    start = 2
    while some := list(islice(records, _AT_ONCE)):
        rows, own = _fitting(some, start, len(words), misfits)
        numbers += own
        known: dict[str, str] = {}
        for column, cells, repeats in zip(columns, zip(*rows, strict=True), words, strict=False):
            column.extend(map(known.setdefault, cells, cells) if repeats else cells)
        start += len(some)
    return columns, numbers, misfits


def _fitting(
    records: list[list[str]], start: int, width: int, misfits: list[tuple[int, int]]
) -> tuple[list[list[str]], Sequence[int]]:
    """The records that are rows of so many cells, with their numbers; which are not is added to `misfits`."""
    if all(map(any, records)) and set(map(len, records)) == {width}:
        return records, range(start, start + len(records))
    rows, numbers = [], []
    for number, record in enumerate(records, start):
        if not any(record):
            continue  # a row that a spreadsheet left empty
        if len(record) >= width and not any(record[width:]):
            rows.append(record[:width])
            numbers.append(number)
        else:
            misfits.append((number, len(_without_empty_end(record))))
    return rows, numbers


def _without_empty_end(record: list[str]) -> list[str]:
    """A record without the empty cells right of the last one that holds something."""
    while record and not record[-1]:
        record = record[:-1]
    return record


def _a(separator: str) -> str:
    return f"a {NAMES[separator].removesuffix('s')}"


def _take_decimal_commas(cells: pd.DataFrame, table: Table) -> bool:
    """Write points where the file has decimal commas throughout; whether it has."""
    numbers = [column.name for column in table.columns if column.kind is Kind.NUMBER]
    if not decimal_commas(cell for name in numbers for cell in cells[name]):
        return False
    for name in numbers:
        cells[name] = decimal_points(cells[name].tolist())
    return True


def _said(file: str, separator: str, *, commas: bool) -> tuple[Problem, ...]:
    if separator == COMMA:
        return ()
    wrong = f"columns are separated by {NAMES[separator]}" + (" and decimals written with commas" if commas else "")
    return (Problem(file, 0, "", wrong, "it was read so; the format has commas and '.' for decimals"),)


def _header_problems(header: list[str], table: Table, file: str) -> list[Problem]:
    known = table.column_names
    if not header:
        return [Problem(file, 0, "", "the file is empty", f"write the header {','.join(known)}")]
    problems = [
        Problem(
            file,
            1,
            column.name,
            f"column '{column.name}' is missing",
            f"the columns are {', '.join(known)}",
        )
        for column in table.columns
        if column.name not in header and not column.absent
    ]
    for name, count in Counter(header).items():
        if name.startswith(FOR_PEOPLE):
            continue
        if name not in known:
            problems.append(Problem(file, 1, name, f"column '{name}' is not known", nearest(name, known)))
        elif count > 1:
            times = "twice" if count == 2 else f"{count} times"
            problems.append(Problem(file, 1, name, f"column '{name}' stands {times}", "keep one of them"))
    return problems
