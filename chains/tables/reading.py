"""Read the CSV files of a package as text, losing nothing: shape first, meaning later (`chains.tables.checking`)."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.tables.declaring import Kind, Table
from chains.tables.dialect import COMMA, FOR_PEOPLE, NAMES, decimal_commas, decimal_points, records_of, separator_of
from chains.tables.problems import Problem, nearest

__all__ = ["RawTable", "no_rows", "read_csv"]


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
    return RawTable(table, file, pd.DataFrame(columns=list(table.column_names), index=_rows([]), dtype=str))


def _rows(numbers: list[int]) -> pd.Index:
    """The index of cells: whole numbers, even of a table without rows."""
    return pd.Index(numbers, dtype="int64", name="row")


def read_csv(text: str, table: Table, file: str) -> tuple[RawTable, list[Problem]]:
    """Read one table from the text of its file; `file` is its name in messages."""
    separator = separator_of(text)
    records, broken = records_of(text, separator)
    if broken is not None:
        row, wrong, right = broken
        return no_rows(table, file), [Problem(file, row, "", wrong, right)]
    header = _without_empty_end(records[0]) if records else []
    problems = _header_problems(header, table, file)
    if problems:
        return no_rows(table, file), problems
    rows, numbers = [], []
    for number, record in enumerate(records[1:], start=2):
        if not any(record):
            continue  # a row that a spreadsheet left empty
        if len(record) >= len(header) and not any(record[len(header) :]):
            rows.append(record[: len(header)])
            numbers.append(number)
        else:
            wrong = f"the row has {len(_without_empty_end(record))} cells"
            right = f"the header has {len(header)}: quote a text that contains {_a(separator)}"
            problems.append(Problem(file, number, "", wrong, right))
    place = {name: n for n, name in enumerate(header)}
    filled = np.full((len(rows), len(table.column_names)), "", dtype=object)
    for n, name in enumerate(table.column_names):
        if name in place:
            filled[:, n] = [row[place[name]] for row in rows]
    index = _rows(numbers)
    cells = pd.DataFrame(filled, columns=list(table.column_names), index=index, dtype=object)
    commas = separator != COMMA and _take_decimal_commas(cells, table)
    return RawTable(table, file, cells, _said(file, separator, commas=commas)), problems


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
