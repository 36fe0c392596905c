"""Workbooks: numbers are numbers, texts are texts, and what is the same is the same to the byte."""

import io
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest

from scenarios.storing.workbooks import Plot, Sheet, workbook_bytes


def test_cells_have_the_type_of_what_they_hold() -> None:
    cells = [1.5, 2, True, None, math.nan, math.inf, np.float64(0.25), np.int64(3), "0.5", (0.232, "0.0%"), pd.NA]
    table = pd.DataFrame({"x": pd.Series(cells, dtype=object)})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Sheet("s", table)])))["s"]
    found = [sheet.cell(row, 1).value for row in range(2, 13)]
    assert found == [1.5, 2, True, None, None, "inf", 0.25, 3, "0.5", 0.232, None]
    assert [sheet.cell(row, 1).data_type for row in (2, 3, 4, 10, 11)] == ["n", "n", "b", "s", "n"]
    assert sheet["A11"].number_format == "0.0%"


@pytest.mark.parametrize("name", ["=1+1", "+A1", "-A1", "@SUM(A1)", "=HYPERLINK(1)", "http://a.b", "{=1}", "00123"])
def test_a_name_stays_a_name(name: str) -> None:
    table = pd.DataFrame({name: [name]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Sheet("s", table)])))["s"]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in (sheet["A1"], sheet["A2"])] == [
        (name, "s", None),
        (name, "s", None),
    ]


def test_headers_stay_in_view_and_columns_have_width_and_formats() -> None:
    table = pd.DataFrame({"name": ["a name of some length", "b"], "risk": [0.1234, 0.2], "money": [12345.6, 2.0]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Sheet("s", table, {"risk": "0.0%"})])))["s"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > 20
    assert (sheet["B2"].number_format, sheet["C2"].number_format) == ("0.0%", "#,##0")
    assert (sheet["B2"].value, sheet["C2"].value) == (0.1234, 12345.6)


def test_a_text_too_long_for_a_cell_says_so() -> None:
    table = pd.DataFrame({"x": ["a" * 40_000]})
    cell = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Sheet("s", table)])))["s"]["A2"]
    assert len(cell.value) <= 32_767
    assert cell.value.endswith("more characters, which a cell cannot hold]")


def test_a_chart_reads_the_cells_of_its_sheet() -> None:
    table = pd.DataFrame({"for": ["a", "b", "c"], "today": [1.0, 2.0, 3.0], "advised": [3.0, 2.0, 1.0]})
    plot = Plot("Money", "for", ("today", "advised"), "money (x)", 0, 1, colours=("#e69f00", "#0072b2"))
    made = workbook_bytes([Sheet("by good", table, charts=(plot,))])
    (chart,) = openpyxl.load_workbook(io.BytesIO(made))["by good"]._charts
    assert [series.val.numRef.f for series in chart.series] == ["'by good'!$B$2:$B$3", "'by good'!$C$2:$C$3"]
    assert [series.cat.strRef.f for series in chart.series] == ["'by good'!$A$2:$A$3"] * 2
    assert made == workbook_bytes([Sheet("by good", table, charts=(plot,))])
