"""Workbooks: numbers are numbers, texts are texts, and the same content is the same to the byte whenever it is written.

The one place that writes them: results are compared by their hashes, and a name is never a formula.
"""

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["Plot", "Sheet", "workbook_bytes", "write_workbook"]

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)
_WIDEST, _NARROWEST = 60, 8
"""Characters of a column."""
_LONGEST = 32_767
"""Characters of a cell that Excel reads."""
_LOOKED = 500
"""Rows that the width of a column is taken from."""
_CHART_WIDTH = 640
"""Pixels."""
_HEADER = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_TEXT = {"text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class Plot:
    """A native chart of columns of its sheet: `values` by `label`, of rows `first` to `last` (from 0, both within).

    `kind` is bar or scatter (its points joined). `colours` are of `values`, in order.
    """

    title: str
    label: str
    values: tuple[str, ...]
    axis: str
    first: int
    last: int
    kind: str = "bar"
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table and its charts. The name is one that Excel allows; column names are headers.

    `formats` are number formats by column; a column without one gets what suits its magnitude. A cell may be a pair of
    a number and its own format.
    """

    name: str
    table: pd.DataFrame
    formats: Mapping[str, str] = field(default_factory=dict)
    charts: tuple[Plot, ...] = ()


def write_workbook(target: Path, sheets: Iterable[Sheet]) -> None:
    """Write a workbook. OSError where the target cannot be written."""
    target.write_bytes(workbook_bytes(sheets))


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook whose headers stay in view and whose columns are as wide as what they hold."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    texts_stay = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(made, {"in_memory": True, **texts_stay})
    book.set_properties({"created": _NEVER})
    formats = _Formats(book)
    for sheet in sheets:
        _write(book, formats, sheet)
    book.close()
    return made.getvalue()


class _Formats:
    """The formats of a book, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[str, Any]()
        self.header, self.text = book.add_format(_HEADER), book.add_format(_TEXT)

    def number(self, code: str) -> Any:
        if code not in self._made:
            self._made[code] = self._book.add_format({"num_format": code, "valign": "top"})
        return self._made[code]


def _write(book: Any, formats: _Formats, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    for at, (column, cells) in enumerate(zip(sheet.table.columns, _columns(sheet.table), strict=True)):
        page.write_string(0, at, str(column), formats.header)
        code = sheet.formats.get(str(column)) or _suits(cells)
        for row, cell in enumerate(cells, start=1):
            _put(page, row, at, cell, formats, code)
        page.set_column(at, at, _width(str(column), cells))
    down = 8
    for plot in sheet.charts:
        height = max(300, 110 + 30 * (plot.last - plot.first + 1)) if plot.kind == "bar" else 300
        drawn = _chart(book, sheet, plot)
        drawn.set_size({"width": _CHART_WIDTH, "height": height})
        page.insert_chart(0, len(sheet.table.columns), drawn, {"x_offset": 16, "y_offset": down})
        down += height + 16


def _columns(table: pd.DataFrame) -> Iterator[list[Any]]:
    """The cells of each column, by place: names of columns may repeat. Numbers of numpy become Python's."""
    for at in range(table.shape[1]):
        yield [getattr(cell, "item", lambda cell=cell: cell)() for cell in table.iloc[:, at].tolist()]


def _put(page: Any, row: int, at: int, cell: Any, formats: _Formats, code: str) -> None:
    """A number as a number, a text as a text, and nothing where there is nothing."""
    if isinstance(cell, tuple):
        cell, code = cell
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return
    if isinstance(cell, bool):
        page.write_boolean(row, at, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        page.write_number(row, at, cell, formats.number(code))
    elif text := str(cell):
        page.write_string(row, at, _within(text), formats.text)


def _within(text: str) -> str:
    """A text as long as a cell holds, which says how much of it is left out."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 100]} [and {len(text) - _LONGEST + 100} more characters, which a cell cannot hold]"


def _suits(cells: list[Any]) -> str:
    """A number format in which the largest of a column has four digits, and a whole number no more than it has."""
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    sizes = [abs(number) for number in numbers if math.isfinite(number)]
    largest = max(sizes, default=0.0)
    if all(isinstance(number, int) for number in numbers) or all(size == int(size) for size in sizes):
        return "0"
    if largest < 1e-3:
        return "0.00E+00"
    return "#,##0" if largest >= 1e4 else "0." + "0" * max(1, 3 - math.floor(math.log10(largest)))


def _width(header: str, cells: list[Any]) -> int:
    """Characters of the longest line; numbers take what their format shows, about as much as they are narrow."""
    lines = [line for cell in cells[:_LOOKED] if isinstance(cell, str) for line in cell.splitlines()]
    longest = max((len(line) for line in [*lines, *header.split()]), default=0)
    return max(_NARROWEST, min(longest + 2, _WIDEST))


def _chart(book: Any, sheet: Sheet, plot: Plot) -> Any:
    """The chart, which reads the cells of the sheet; bars run from the first row downwards."""
    chart = book.add_chart({"type": plot.kind} | ({"subtype": "straight"} if plot.kind == "scatter" else {}))
    places = {str(column): at for at, column in enumerate(sheet.table.columns)}
    rows = (plot.first + 1, plot.last + 1)
    for number, name in enumerate(plot.values):
        series: dict[str, Any] = {
            "name": [sheet.name, 0, places[name]],
            "categories": [sheet.name, rows[0], places[plot.label], rows[1], places[plot.label]],
            "values": [sheet.name, rows[0], places[name], rows[1], places[name]],
        }
        if number < len(plot.colours):
            paint = {"color": plot.colours[number]}
            series |= {"line": paint} if plot.kind == "scatter" else {"fill": paint}
        chart.add_series(series)
    chart.set_title({"name": plot.title, "overlay": False, "name_font": {"size": 11}})
    numbers = {"name": plot.axis, "num_format": sheet.formats.get(plot.values[0], "General")}
    if plot.kind == "bar":  # lying: its categories are along y
        chart.set_y_axis({"reverse": True, "crossing": "max"})
        chart.set_x_axis(numbers)
    else:
        chart.set_x_axis({"name": plot.label})
        chart.set_y_axis(numbers)
    chart.set_legend({"position": "bottom"})
    return chart
