"""Check the cells of one table against its declaration, and turn text into numbers.

The checks are pandera checks on whole columns, built from `chains.tables.schema`, so that every problem is found at
once; their failures are told as `file:row:column: what is wrong; what would be right`. What range a number must be in
may depend on the parameter that its row gives, so that is checked apart (`chains.tables.ranges`).
"""

from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from chains.tables.countries import countries, country_advice
from chains.tables.declaring import Column, Kind, Table
from chains.tables.definitions import HYBRID
from chains.tables.problems import Problem
from chains.tables.ranges import ranges
from chains.tables.reading import RawTable

__all__ = ["check_cells"]

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


def check_cells(raw: RawTable) -> tuple[pd.DataFrame, list[Problem]]:
    """Check every cell of a table. Returns the table with numbers as floats, and the problems.

    The index is the row as a spreadsheet counts it. Empty cells and cells that are no numbers become NaN: the
    caller goes on checking what stands between cells, but uses the table only if there are no problems.
    """
    problems: list[Problem] = []
    try:
        _schema(raw.table).validate(raw.cells, lazy=True)
    except SchemaErrors as errors:
        # The checks of a column stand in order: the first that a cell fails says what is wrong with it.
        failures = errors.failure_cases.sort_values("check_number", kind="stable")
        first = failures.drop_duplicates(["column", "index"])[["index", "column", "check", "failure_case"]]
        for index, column, check, cell in first.itertuples(index=False):
            problems.append(_cell_problem(raw, int(index), str(column), str(check), str(cell)))
    cells = raw.cells.copy()
    for column in raw.table.columns:
        if column.kind is Kind.NUMBER:
            cells[column.name] = pd.to_numeric(cells[column.name], errors="coerce").astype("float64")
    problems += _out_of_range(raw, cells, {(problem.row, problem.column) for problem in problems})
    return cells, problems + _duplicates(raw)


@cache
def _schema(table: Table) -> pa.DataFrameSchema:
    columns = {column.name: pa.Column(checks=_checks(column)) for column in table.columns}
    return pa.DataFrameSchema(columns)


def _checks(column: Column) -> list[pa.Check]:
    """The checks of one column, the most basic first."""
    checks = [] if column.blank else [pa.Check(lambda cells: cells != "", error="empty")]
    if column.kind is Kind.TEXT:
        return checks
    checks.append(pa.Check(lambda cells: cells.str.strip() == cells, error="blanks"))
    if column.kind is Kind.NUMBER:
        return [*checks, pa.Check(_is_number, error="number")]
    if column.kind in (Kind.COUNTRY, Kind.OWNER):
        allowed = countries() | ({HYBRID} if column.kind is Kind.OWNER else set())
        checks.append(pa.Check(lambda cells: cells.str.strip().isin({"", *allowed}), error="country"))
    if column.choices:
        checks.append(pa.Check(lambda cells: cells.str.strip().isin({"", *column.choices}), error="choice"))
    return checks


def _is_number(cells: Any) -> Any:
    text = cells.str.strip()
    return (text == "") | (text.str.fullmatch(_NUMBER) & (pd.to_numeric(text, "coerce").abs() < 1e300))


def _out_of_range(raw: RawTable, cells: pd.DataFrame, said: set[tuple[int, str]]) -> list[Problem]:
    """Numbers outside the range of their column or parameter, but for cells of which something is said already."""
    problems = []
    for column in raw.table.columns:
        if column.kind is not Kind.NUMBER:
            continue
        for own, right in ranges(raw.table, column, cells):
            values = cells.loc[own, column.name]
            for row, cell in raw.cells.loc[own, column.name][~right.holds(values.to_numpy())].items():
                if (int(str(row)), column.name) not in said:
                    wrong = f"{cell} is out of range"
                    problems.append(
                        Problem(raw.file, int(str(row)), column.name, wrong, f"{right.meaning} is {right.words}")
                    )
    return problems


def _cell_problem(raw: RawTable, row: int, name: str, check: str, cell: str) -> Problem:
    column = next(column for column in raw.table.columns if column.name == name)
    shown = f"'{cell}'"
    if check == "empty":
        wrong, right = "is empty", f"give the {column.meaning}"
    elif check == "blanks":
        wrong, right = f"{shown} has blanks around it", f"write '{cell.strip()}'"
    elif check == "number":
        wrong, right = f"{shown} is not a number", "write digits with '.' for decimals, such as 12.5"
    elif check == "country":
        wrong = f"{shown} is not an ISO 3166 alpha-3 country code"
        right = f"{country_advice(cell)} (ROW: rest of the world)"
    else:
        wrong, right = f"{shown} is not known", f"write one of {', '.join(column.choices)}"
    return Problem(raw.file, row, name, wrong, right)


def _duplicates(raw: RawTable) -> list[Problem]:
    """A key may stand only once; each repetition is named with the row that it repeats."""
    key = list(raw.table.key)
    repeated = raw.cells.duplicated(key)
    if not repeated.any():
        return []
    first: dict[tuple[str, ...], int] = {}
    problems = []
    for row, values in zip(raw.cells.index, raw.cells[key].itertuples(index=False, name=None), strict=True):
        original = first.setdefault(values, int(row))
        if original != row:
            named = ", ".join(f"{name} '{value}'" for name, value in zip(key, values, strict=True))
            wrong = f"duplicate key: {named} stands in row {original} already"
            problems.append(Problem(raw.file, int(row), key[0], wrong, "keep one row for each key"))
    return problems
