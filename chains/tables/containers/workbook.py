"""A package that is a workbook: a sheet a table, and the sheet `package` in place of the descriptor.

A sheet is read into the CSV text that a folder would have, row for row, so that all that follows, checks, hash and
places of problems, is the same. Sheets whose name begins with `#` hold text for people, a line a row.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chains.tables.containers.container import too_much
from chains.tables.descriptor import DESCRIPTOR, Meta, describe_resources, descriptor_bytes
from chains.tables.dialect import FOR_PEOPLE
from chains.tables.problems import Problem
from chains.tables.text_files import text_of

__all__ = ["PACKAGE", "Workbook"]

PACKAGE = "package"
"""The sheet of keys and values that says what the numbers are about."""

_DATES = (dt.date, dt.datetime, dt.time, dt.timedelta)

Rows = list[list[Any]]


@dataclass(frozen=True)
class Workbook:
    """An Office Open XML workbook, read by calamine."""

    name: str
    path: Path

    @cached_property
    def _sheets(self) -> tuple[dict[str, Rows], list[Problem]]:
        """The cells of every sheet from A1 on, and what is wrong with the workbook."""
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            with zipfile.ZipFile(self.path) as archive:
                if much := too_much(self.path, archive.infolist()):
                    return {}, much
            book = CalamineWorkbook.from_path(self.path)
            names = book.sheet_names
            cells = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
        except (OSError, zipfile.BadZipFile, CalamineError) as error:
            right = "save it as a workbook (.xlsx) without a password"
            return {}, [Problem(str(self.path), 0, "", f"is no workbook that can be read ({error})", right)]
        return cells, list(_unread(self.path))

    def files(self) -> tuple[set[str], list[Problem]]:
        """Names that the sheets' files would have in a folder, and what is wrong with the workbook."""
        sheets, problems = self._sheets
        return {_file(sheet) for sheet in sheets}, list(problems)

    def text(self, file: str, label: str) -> tuple[str, list[Problem]]:
        """A sheet as the text of its file. Dates are problems at their row: which number was meant nobody can tell."""
        rows = self._sheets[0][_sheet(file)]
        dates = [
            Problem(label, number, _column(rows, at), f"{cell} is a date", "format the cell as text and write it anew")
            for number, row in enumerate(rows, start=1)
            for at, cell in enumerate(row)
            if isinstance(cell, _DATES)
        ]
        return ("", dates) if dates else text_of(self.content(file), label)

    def content(self, file: str) -> bytes:
        """A sheet as the bytes that its file would have in a folder."""
        rows = self._sheets[0][_sheet(file)]
        if file == DESCRIPTOR:
            return self._descriptor(rows)
        if file.startswith(FOR_PEOPLE) or not file.endswith(".csv"):
            return "".join(f"{_text(row[0]) if row else ''}\n" for row in rows).encode()
        lines = io.StringIO()
        csv.writer(lines, lineterminator="\n").writerows(_trimmed([[_text(cell) for cell in row] for row in rows]))
        return lines.getvalue().encode()

    def label(self, file: str) -> str:
        """A sheet of this workbook in messages."""
        return f"{self.path.name}/{_sheet(file)}"

    def _descriptor(self, rows: Rows) -> bytes:
        """The descriptor that the sheet `package` and the headers of the tables make."""
        content: dict[str, Any] = {}
        about: dict[str, Any] = {}
        for key, value in ((_text(row[0]), row[1]) for row in rows[1:] if len(row) > 1 and row[0] != ""):
            if key in Meta.model_fields:
                about[key] = int(value) if isinstance(value, float) and value.is_integer() else value
            else:
                content[key] = _value(value)
        headers = {sheet: [_text(cell) for cell in cells[0]] for sheet, cells in self._sheets[0].items() if cells}
        whole = content | ({"tierwise": about} if about else {}) | {"resources": describe_resources(headers)}
        return descriptor_bytes(whole)


def _file(sheet: str) -> str:
    if sheet == PACKAGE:
        return DESCRIPTOR
    return sheet.removeprefix(FOR_PEOPLE) if sheet.startswith(FOR_PEOPLE) else f"{sheet}.csv"


def _sheet(file: str) -> str:
    if file == DESCRIPTOR:
        return PACKAGE
    return file.removesuffix(".csv") if file.endswith(".csv") else f"{FOR_PEOPLE}{file}"


def _number_text(number: float) -> str:
    """A number of a cell as text: whole ones without a point, as people type them."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def _text(cell: object) -> str:
    """A cell as the text that a CSV file would hold."""
    if isinstance(cell, bool):
        return str(cell).upper()
    return _number_text(cell) if isinstance(cell, int | float) else str(cell)


def _value(cell: object) -> object:
    """A value of the descriptor: JSON where it is, else text."""
    try:
        return json.loads(_text(cell))
    except ValueError:
        return _text(cell)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty cells right of all columns and the empty rows below all rows."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows]


def _column(rows: Rows, at: int) -> str:
    return _text(rows[0][at]) if rows and at < len(rows[0]) else ""


def _unread(path: Path) -> Iterator[Problem]:
    """Cells that a fast reader takes for empty: errors such as #DIV/0!, and formulas that nobody has calculated yet."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    if not any(b't="e"' in part or b"<f" in part for part in parts):
        return
    from openpyxl import load_workbook

    values = load_workbook(path, read_only=True, data_only=True)
    formulas = load_workbook(path, read_only=True)
    for sheet in values.sheetnames:
        for row, (cells, written) in enumerate(zip(values[sheet].rows, formulas[sheet].rows, strict=True), start=1):
            yield from _unread_cells(f"{path.name}/{sheet}", row, cells, written)


def _unread_cells(label: str, row: int, cells: Sequence[Any], written: Sequence[Any]) -> Iterator[Problem]:
    for cell, formula in zip(cells, written, strict=True):
        if cell.data_type == "e":
            yield Problem(label, row, cell.column_letter, f"holds the error {cell.value}", "mend its formula")
        elif cell.value is None and formula.data_type == "f":
            right = "open and save the file in a spreadsheet, or write the number itself"
            yield Problem(label, row, formula.column_letter, "holds a formula that was never calculated", right)
