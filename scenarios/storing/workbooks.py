"""Workbooks that are the same to the byte whenever they are written: results are compared by their hashes."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

__all__ = ["fitting", "workbook"]

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NEVER = (1980, 1, 1, 0, 0, 0)


@contextmanager
def workbook(target: Path) -> Iterator[pd.ExcelWriter]:
    """A writer of a workbook that carries no time of its making, and whose texts are texts: none is a formula."""
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        yield writer
        for sheet in writer.sheets.values():
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                cell.data_type = "s"
    with zipfile.ZipFile(target) as book:
        parts = {part.filename: book.read(part) for part in book.infolist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            timeless = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", content) if name == "docProps/core.xml" else content
            book.writestr(zipfile.ZipInfo(name, _NEVER), timeless, zipfile.ZIP_DEFLATED)


_LONGEST = 32_767
"""Characters that a cell holds."""
_CUT = " ... (cut: {} characters, and a cell holds {}; the whole stands elsewhere in the results)"


def fitting(table: pd.DataFrame) -> pd.DataFrame:
    """The table, with texts that a cell cannot hold cut and saying so: else they are cut without a word."""
    fitted: pd.DataFrame = table.apply(lambda column: column if is_numeric_dtype(column) else column.map(_fit))
    return fitted


def _fit(value: object) -> object:
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    end = _CUT.format(len(value), _LONGEST)
    return value[: _LONGEST - len(end)] + end
