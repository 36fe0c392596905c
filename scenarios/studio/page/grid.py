"""A table of a package, to be edited in place."""

from collections.abc import Iterable, Sequence
from typing import Any

import dash_ag_grid as dag

from chains import Problem
from chains.tables.declaring import Column, Kind, Table
from chains.tables.schema import TABLES
from scenarios.studio.kept import Kept

__all__ = ["ROW", "grid", "problems_of", "rows_of"]

ROW = "row"
"""Column of a row's number, as a spreadsheet counts."""
_WRONG, _ID = "wrong cells", "row as text"
_WIDTHS = {Kind.TEXT: 260, Kind.NUMBER: 100}
_WIDTH = 140
_HEAD, _LINE = 66, 42
"""Height of the header with its scroll bar, and of a row, in px."""
SHOWN = 9
"""Rows that are seen at once."""


def problems_of(package: str, table: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of one table of one package."""
    return [problem for problem in problems if problem.file in (f"{package}/{TABLES[table].file}", table)]


def rows_of(package: Kept, table: str, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The rows of a table, with the names of the columns in which each has problems."""
    wrong: dict[int, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.row, []).append(problem.column)
    return [
        {ROW: number, _ID: str(number), _WRONG: wrong.get(number, []), **cells} for number, cells in package.rows(table)
    ]


def grid(package: Kept, table: str, problems: Sequence[Problem]) -> dag.AgGrid:
    """The table with the cells that have problems marked. Every cell is text, as in the file."""
    declared = TABLES[table]
    columns = {column.name: column for column in declared.columns}
    rows = rows_of(package, table, problems)
    return dag.AgGrid(
        id="grid",
        rowData=rows,
        columnDefs=[_number(), *(_column(declared, name, columns.get(name)) for name in package.header(table))],
        getRowId=f"params.data['{_ID}']",
        defaultColDef={"editable": True, "resizable": True, "sortable": True},
        dashGridOptions={
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "singleClickEdit": False,
            "stopEditingWhenCellsLoseFocus": True,
            "enterNavigatesVerticallyAfterEdit": True,
            "domLayout": "normal",
            "ensureDomOrder": True,
            "suppressColumnVirtualisation": True,
            "animateRows": False,
        },
        style={"height": f"{_HEAD + _LINE * min(max(len(rows), 2), SHOWN)}px"},
        className="ag-theme-quartz",
    )


def _number() -> dict[str, Any]:
    return {"field": ROW, "headerName": "row", "editable": False, "width": 92, "pinned": "left", "sort": "asc"}


def _column(table: Table, name: str, column: Column | None) -> dict[str, Any]:
    """How a column is shown: its meaning on the header, and lists where there are few values to choose from."""
    shown: dict[str, Any] = {
        "field": name,
        "headerName": name,
        "width": _WIDTHS.get(column.kind, _WIDTH) if column else _WIDTHS[Kind.TEXT],
        "cellClassRules": {"wrong-cell": f"params.data['{_WRONG}'].includes('{name}')"},
    }
    if column is not None:
        shown["headerTooltip"] = column.meaning
        if column.choices:
            shown |= {"cellEditor": "agSelectCellEditor", "cellEditorParams": {"values": _choices(column)}}
    return shown


def _choices(column: Column) -> list[str]:
    return [*([""] if column.blank else []), *column.choices]
