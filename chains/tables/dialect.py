"""How a CSV file is written: its separator and decimal mark, recognised for the whole file or not at all.

Spreadsheets of most of Europe write `;` between columns and `,` for decimals. A header tells the separator, since names
of columns hold none. Decimal commas are taken for what they are only if no cell of the file could mean something else.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "COMMA",
    "FOR_PEOPLE",
    "LONGEST",
    "NAMES",
    "BrokenError",
    "decimal_commas",
    "decimal_points",
    "records_of",
    "separator_of",
]

FOR_PEOPLE = "#"
"""First sign of the name of a column or a sheet that is for people, and no part of the data."""

COMMA = ","
NAMES = {COMMA: "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may separate columns, in words."""

LONGEST = 32_767
"""Characters of a cell: as many as a spreadsheet holds."""

_OLD_END = re.compile("\r(?!\n)")
"""The end of a line of old Macs."""

_WITH_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)


def separator_of(text: str) -> str:
    """What separates the columns: the sign that the first line has most of; commas where it has none."""
    first = text.partition("\n")[0]
    return max(NAMES, key=lambda sign: (first.count(sign), sign == COMMA))


class BrokenError(Exception):
    """What ended the reading of a CSV text: its row (0: the whole), what is wrong, what is right."""

    def __init__(self, row: int, wrong: str, right: str) -> None:
        self.row, self.wrong, self.right = row, wrong, right
        super().__init__(wrong)


def records_of(text: str, separator: str) -> Iterator[list[str]]:
    """The records of a CSV text, one by one; BrokenError where it is none."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    usual = csv.field_size_limit(LONGEST)
    try:
        yield from reader
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            right = "shorten it: a spreadsheet holds no more (or is a quotation mark not closed?)"
            raise BrokenError(reader.line_num, f"a cell has more than {LONGEST} characters", right) from None
        raise BrokenError(0, f"is not valid CSV ({error})", "close every quotation mark") from None
    finally:
        csv.field_size_limit(usual)


def _lines(text: str) -> Iterable[str]:
    """The lines of a text with their ends; a text that is held by StringIO takes four bytes a character."""
    if _OLD_END.search(text):
        return io.StringIO(text, newline="")
    return _cut(text)


def _cut(text: str) -> Iterator[str]:
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def decimal_commas(numbers: Iterable[str]) -> bool:
    """Whether the cells of the columns of numbers have commas for decimals, and can mean nothing else.

    None has a point, and one at least is no group of thousands (`0,5`, but not `1,500` alone).
    """
    cells = [cell for cell in numbers if cell]
    commas = [cell for cell in cells if "," in cell]
    return (
        bool(commas)
        and not any("." in cell for cell in cells)
        and all(_WITH_COMMA.fullmatch(cell) for cell in commas)
        and not all(_THOUSANDS.fullmatch(cell) for cell in commas)
    )


def decimal_points(cells: Sequence[str]) -> list[str]:
    """Cells with decimal commas, with points."""
    return [cell.replace(",", ".") for cell in cells]
