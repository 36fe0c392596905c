"""Check the cells of one table against its declaration, and turn text into numbers.

Each column is checked cell by cell, equal cells once, so that every problem is found at once; it is told as
`file:row:column: what is wrong; what would be right`. What range a number must be in may depend on the parameter that
its row gives, so that is checked apart (`chains.tables.ranges`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.tables.countries import countries, country_advice
from chains.tables.declaring import Column, Kind
from chains.tables.definitions import HYBRID
from chains.tables.problems import Problem
from chains.tables.ranges import ranges
from chains.tables.reading import RawTable

__all__ = ["LARGEST", "check_cells", "fault_of", "is_number"]

_WRITTEN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER, _NUMBERS = re.compile(_WRITTEN, re.ASCII), re.compile(rf"{_WRITTEN}(?:\n{_WRITTEN})*", re.ASCII)
_AT_ONCE = 1 << 10
"""Cells that one expression looks at together."""

Array = npt.NDArray[np.float64]

LARGEST = 1e300
"""Numbers from here on are refused: their products leave the range of a float."""


def is_number(cell: str) -> bool:
    """Whether a cell is a number as the format writes it."""
    return bool(_NUMBER.fullmatch(cell)) and abs(float(cell)) < LARGEST


def check_cells(raw: RawTable) -> tuple[pd.DataFrame, list[Problem]]:
    """Check every cell of a table. Returns the table with numbers as floats, and the problems.

    The index is the row as a spreadsheet counts it. Empty cells and cells that are no numbers become NaN: the
    caller goes on checking what stands between cells, but uses the table only if there are no problems.
    """
    written = {name: raw.cells[name].to_numpy(dtype=object) for name in raw.table.column_names}
    cells, numbers, problems = raw.cells.copy(), {}, []
    for column in raw.table.columns:
        own = written[column.name].tolist()
        values = _numbers(own) if column.kind is Kind.NUMBER else None
        if values is None or ("" in own and not column.blank):
            problems += list(_wrong_cells(raw, column, own))
        if column.kind is Kind.NUMBER:
            numbers[column.name] = cells[column.name] = _numbers_among(own) if values is None else values
    problems += _out_of_range(raw, numbers, written, {(problem.row, problem.column) for problem in problems})
    return cells, problems + _duplicates(raw, [written[name].tolist() for name in raw.table.key])


def _numbers(cells: Sequence[str]) -> Array | None:
    """Numbers of the cells, NaN for an empty one; None unless all are numbers, which one expression tells of all.

    By Python, to the nearest float: pandas before 3.1 cuts digits beyond the 15th.
    """
    some = [cell for cell in cells if cell]
    for start in range(0, len(some), _AT_ONCE):
        own = some[start : start + _AT_ONCE]
        lines = "\n".join(own)
        if lines.count("\n") >= len(own) or not _NUMBERS.fullmatch(lines):
            return None
    values = np.full(len(cells), np.nan)
    values[np.fromiter(map(bool, cells), dtype=bool, count=len(cells))] = np.fromiter(map(float, some), np.float64)
    return None if (np.abs(values) >= LARGEST).any() else values


def _numbers_among(cells: Sequence[str]) -> Array:
    """Numbers of the cells, NaN for those that are none."""
    return np.array([float(cell) if is_number(cell) else np.nan for cell in cells], dtype=np.float64)


def _wrong_cells(raw: RawTable, column: Column, cells: list[str]) -> Iterator[Problem]:
    faults = {cell: fault_of(column, cell) for cell in dict.fromkeys(cells)}
    if not any(faults.values()):
        return
    for row, cell in zip(raw.cells.index, cells, strict=True):
        if (fault := faults[cell]) is not None:
            yield Problem(raw.file, int(row), column.name, *fault)


def fault_of(column: Column, cell: str) -> tuple[str, str] | None:
    """What is wrong with a cell, the most basic first, and what would be right; None where nothing is wrong."""
    shown = f"'{cell}'"
    if cell == "":
        return None if column.blank else ("is empty", f"give the {column.meaning}")
    if column.kind is Kind.TEXT:
        return None
    if cell != cell.strip():
        return f"{shown} has blanks around it", f"write '{cell.strip()}'"
    if column.kind is Kind.NUMBER and not is_number(cell):
        return f"{shown} is not a number", "write digits with '.' for decimals, such as 12.5"
    if column.kind in (Kind.COUNTRY, Kind.OWNER) and not _is_country(column, cell):
        return f"{shown} is not an ISO 3166 alpha-3 country code", country_advice(cell)
    if column.choices and cell not in column.choices:
        return f"{shown} is not known", f"write one of {', '.join(column.choices)}"
    return None


def _is_country(column: Column, cell: str) -> bool:
    return cell in countries() or (column.kind is Kind.OWNER and cell == HYBRID)


def _out_of_range(
    raw: RawTable, numbers: Mapping[str, np.ndarray], written: Mapping[str, np.ndarray], said: set[tuple[int, str]]
) -> list[Problem]:
    """Numbers outside the range of their column or parameter, but for cells of which something is said already."""
    problems = []
    for column in raw.table.columns:
        if column.kind is not Kind.NUMBER:
            continue
        for own, right in ranges(raw.table, column, written):
            for at in np.flatnonzero(own & ~right.holds(numbers[column.name])):
                row, cell = int(raw.cells.index.to_numpy()[at]), written[column.name][at]
                if (row, column.name) not in said:
                    wrong = f"{cell} is out of range"
                    problems.append(Problem(raw.file, row, column.name, wrong, f"{right.meaning} is {right.words}"))
    return problems


def _duplicates(raw: RawTable, columns: Sequence[list[str]]) -> list[Problem]:
    """A key may stand only once; each repetition is named with the row that it repeats."""
    key = list(raw.table.key)
    keys = list(zip(*columns, strict=True))
    if len(set(keys)) == len(keys):
        return []
    first: dict[tuple[str, ...], int] = {}
    problems = []
    for row, values in zip(raw.cells.index, keys, strict=True):
        original = first.setdefault(values, int(row))
        if original != row:
            named = ", ".join(f"{name} '{value}'" for name, value in zip(key, values, strict=True))
            wrong = f"duplicate key: {named} stands in row {original} already"
            problems.append(Problem(raw.file, int(row), key[0], wrong, "keep one row for each key"))
    return problems
