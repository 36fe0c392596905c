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
        about = json.loads(files[DESCRIPTOR].decode("utf-8-sig")) if DESCRIPTOR in files else {}
        if about:
            _write_about(book.add_worksheet(PACKAGE), about, head)
        written = [table for table in TABLES.values() if table.file in files]
        lists = {table.name: _column_of(table, files[table.file]) for table in written if table.name in _NAMED.values()}
        for table in written:
            sheet = book.add_worksheet(table.name)
            _write_table(sheet, table, files[table.file], head, _money(about))
            _write_lists(sheet, table, files[table.file], lists)
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


_NAMED = {
    **dict.fromkeys(("segment", "input", "user"), "segments"),
    **{"scenario": "probabilities", "source": "sources", "firm": "firms"},
}
"""Columns that name a row of another table, and that table: its key, the column of the same kind, is chosen from."""


def _column_of(table: Table, content: bytes) -> str:
    """Cells of a sheet that hold the table's key, as a formula names them, so far down as lists reach."""
    from xlsxwriter.utility import xl_col_to_name

    at = xl_col_to_name(_header(content).index(table.key[0]))
    return f"={table.name}!${at}$2:${at}${_LAST_ROW + 1}"


def _write_lists(sheet: Any, table: Table, content: bytes, lists: dict[str, str]) -> None:
    """Lists to choose from: values that a column may have, and names of the rows of another sheet.

    A name that is not there is a warning alone: it may be added to its own sheet next.
    """
    columns = {column.name: column for column in table.columns}
    for at, name in enumerate(_header(content)):
        column, named = columns.get(name), lists.get(_NAMED.get(name, ""))
        if column is not None and column.choices:
            sheet.data_validation(1, at, _LAST_ROW, at, {"validate": "list", "source": list(column.choices)})
        elif column is not None and named is not None and not named.startswith(f"={table.name}!"):
            how = {"validate": "list", "source": named, "error_type": "warning"}
            sheet.data_validation(1, at, _LAST_ROW, at, how)


def _header(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return next(records_of(text, separator_of(text)))


def _money(about: dict[str, Any]) -> str:
    """The money of a package, for people; empty where its descriptor does not say it."""
    says = about.get("tierwise", {})
    return str(says.get("unit") or " ".join(str(says[key]) for key in ("currency", "scale") if key in says))


def _write_table(sheet: Any, table: Table, content: bytes, head: object, money: str) -> None:
    text = content.decode("utf-8-sig")
    records = list(records_of(text, separator_of(text)))
    columns = {column.name: column for column in table.columns}
    sheet.freeze_panes(1, len(table.key))
    for at, name in enumerate(records[0]):
        sheet.write_string(0, at, name, head)
        column = columns.get(name)
        sheet.set_column(at, at, _WIDTHS.get(column.kind, _WIDTH) if column else _WIDTHS[Kind.TEXT])
        if column is not None:
            sheet.write_comment(0, at, _note(table, column, money), {"x_scale": 2.5})
    numbers = [at for at, name in enumerate(records[0]) if name in columns and columns[name].kind is Kind.NUMBER]
    commas = decimal_commas(record[at] for record in records[1:] if any(record) for at in numbers)
    for row, record in enumerate(records[1:], start=1):
        for at, cell in enumerate(record):
            number = cell.replace(",", ".") if commas else cell
            if at in numbers and is_number(number):
                sheet.write_number(row, at, float(number))
            elif cell:
                sheet.write_string(row, at, cell)


def _note(table: Table, column: Column, money: str) -> str:
    """What a column holds, in which unit, and which values are right."""
    said = [f"{column.meaning[0].upper()}{column.meaning[1:]}."]
    if table.parameters and column.name == "parameter":
        said = [f"{own.name}: {own.meaning} ({_default(own.default, own.required)})" for own in table.parameters]
    if money and (column.money or (column.name == "value" and any(own.money for own in table.parameters))):
        said.append(f"Money is in {money.removesuffix(' per year')}.")
    if column.kind in (Kind.COUNTRY, Kind.OWNER):
        said.append("ISO 3166 alpha-3, such as DEU; ROW for the rest of the world.")
    if column.blank:
        said.append("May be empty.")
    return "\n".join(said)


def _default(default: str, required: bool) -> str:
    return "must be given" if required else f"{default} where no row gives it"


assert set(_ABOUT) == set(Meta.model_fields)
