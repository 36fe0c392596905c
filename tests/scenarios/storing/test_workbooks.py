"""What a workbook cannot hold is cut, and says so."""

from pathlib import Path

import openpyxl
import pandas as pd

from scenarios.storing.workbooks import fitting, workbook

LONGEST = 32_767


def test_a_text_that_no_cell_holds_says_that_it_was_cut(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["a" * 40_000, "b" * LONGEST, "short", None], "number": [1.5, 2.5, 3.5, None]})
    with workbook(tmp_path / "book.xlsx") as writer:
        fitting(table).to_excel(writer, sheet_name="one", index=False)
    rows = list(openpyxl.load_workbook(tmp_path / "book.xlsx")["one"].iter_rows(min_row=2, values_only=True))
    assert len(rows[0][0]) == LONGEST
    assert "(cut: 40000 characters, and a cell holds 32767;" in rows[0][0]
    assert [row[0] for row in rows[1:]] == ["b" * LONGEST, "short", None]
    assert [row[1] for row in rows] == [1.5, 2.5, 3.5, None]


def test_a_table_without_rows_or_columns_stays_as_it_is() -> None:
    assert fitting(pd.DataFrame()).empty
    assert list(fitting(pd.DataFrame({"a": []})).columns) == ["a"]
