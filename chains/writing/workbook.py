"""A package as a workbook: a sheet a table, with what a column holds in a note, and lists to choose from."""

import io
import json
from typing import Any

from chains.tables.checking import is_number
from chains.tables.containers.workbook import PACKAGE
from chains.tables.declaring import Column, Kind, Table
from chains.tables.descriptor import DESCRIPTOR, Meta
from chains.tables.dialect import FOR_PEOPLE, decimal_commas, records_of, separator_of
from chains.tables.money import SCALES
from chains.tables.schema import TABLES

__all__ = ["workbook_bytes"]

_ABOUT = {
    "home": "Home country, as ISO 3166 alpha-3 code, such as DNK.",
    "currency": "Currency, as ISO 4217 code, such as DKK.",
    "scale": "How many units of the currency one of all money is, such as billion.",
    "unit": "Unit of all money for people, where currency and scale do not say it; may be left out.",
    "year": "Base year of the figures.",
}
"""What the keys of the sheet `package` mean."""

_LAST_ROW = 1_000
"""How far down the lists to choose from reach."""
_WIDTHS = {Kind.TEXT: 34, Kind.NUMBER: 10}
_WIDTH = 16


def workbook_bytes(files: dict[str, bytes]) -> bytes:
    """The workbook of a package's files: tables, descriptor, and text for people (`.md`, `.txt`)."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        for name in sorted(set(files) - {DESCRIPTOR, *(table.file for table in TABLES.values())}):
            sheet = book.add_worksheet(f"{FOR_PEOPLE}{name}")
            sheet.set_column(0, 0, 120)
            for row, line in enumerate(files[name].decode("utf-8-sig").splitlines()):
                sheet.write_string(row, 0, line)
        if DESCRIPTOR in files:
            _write_about(book.add_worksheet(PACKAGE), json.loads(files[DESCRIPTOR].decode("utf-8-sig")), head)
        for table in TABLES.values():
            if table.file in files:
                _write_table(book.add_worksheet(table.name), table, files[table.file], head)
    return buffer.getvalue()


def _write_about(sheet: Any, content: dict[str, Any], head: object) -> None:
    """The sheet of keys and values; what schemas say of the tables is made anew from them when it is read."""
    rows = dict(content.get("tierwise", {}))
    rows |= {key: json.dumps(value, ensure_ascii=False) for key, value in content.items() if key not in _MADE_ANEW}
    sheet.write_row(0, 0, ("key", "value", f"{FOR_PEOPLE}meaning"), head)
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 2, 60)
    sheet.freeze_panes(1, 0)
    for row, (key, value) in enumerate(rows.items(), start=1):
        sheet.write_string(row, 0, key)
        (sheet.write_number if isinstance(value, int) else sheet.write_string)(row, 1, value)
        sheet.write_string(row, 2, _ABOUT.get(key, ""))
        if key == "scale":
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(SCALES)})


_MADE_ANEW = ("tierwise", "resources")


def _write_table(sheet: Any, table: Table, content: bytes, head: object) -> None:
    text = content.decode("utf-8-sig")
    records, _ = records_of(text, separator_of(text))
    columns = {column.name: column for column in table.columns}
    sheet.freeze_panes(1, len(table.key))
    for at, name in enumerate(records[0]):
        sheet.write_string(0, at, name, head)
        column = columns.get(name)
        sheet.set_column(at, at, _WIDTHS.get(column.kind, _WIDTH) if column else _WIDTHS[Kind.TEXT])
        if column is not None:
            sheet.write_comment(0, at, _note(table, column), {"x_scale": 2.5})
            if column.choices:
                sheet.data_validation(1, at, _LAST_ROW, at, {"validate": "list", "source": list(column.choices)})
    numbers = [at for at, name in enumerate(records[0]) if name in columns and columns[name].kind is Kind.NUMBER]
    commas = decimal_commas(record[at] for record in records[1:] if any(record) for at in numbers)
    for row, record in enumerate(records[1:], start=1):
        for at, cell in enumerate(record):
            number = cell.replace(",", ".") if commas else cell
            if at in numbers and is_number(number):
                sheet.write_number(row, at, float(number))
            elif cell:
                sheet.write_string(row, at, cell)


def _note(table: Table, column: Column) -> str:
    """What a column holds, and which values are right."""
    said = [f"{column.meaning[0].upper()}{column.meaning[1:]}."]
    if table.parameters and column.name == "parameter":
        said = [f"{own.name}: {own.meaning} ({_default(own.default, own.required)})" for own in table.parameters]
    if column.blank:
        said.append("May be empty.")
    return "\n".join(said)


def _default(default: str, required: bool) -> str:
    return "must be given" if required else f"{default} where no row gives it"


assert set(_ABOUT) == set(Meta.model_fields)
