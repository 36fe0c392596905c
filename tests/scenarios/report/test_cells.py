"""Figures of the report's tables as numbers of a spreadsheet."""

from typing import Any

import pandas as pd
import pytest

from scenarios.report.cells import as_numbers, kind_of


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("23.2%", (0.232, "0.0%")),
        ("0", (0.0, "0")),
        ("-0.07", (-0.07, "0.00")),
        ("39.5", (39.5, "0.0")),
        ("1,234.50", (1234.5, "#,##0.00")),
        ("2.1e-05", (2.1e-05, "0.0E+00")),
        ("5e+03", (5000.0, "0E+00")),
        ("0.18 points", (0.18, '0.00" points"')),
        ("0.73 RMB billion", (0.73, '0.00" RMB billion"')),
        ("RMB 0.73 billion", (0.73, '"RMB "0.00" billion"')),
        ("007", "007"),
        ("1.", "1."),
        ("12,34", "12,34"),
        ("=1+1", "=1+1"),
        ("2019-2022", "2019-2022"),
        ("24 or more", "24 or more"),
        ("5 apples", "5 apples"),
        ("", ""),
        (7, 7),
    ],
)
def test_a_text_is_a_number_where_its_format_shows_the_same(text: Any, cell: Any) -> None:
    table = pd.DataFrame({"x": pd.Series([text], index=["one"], dtype=object)})
    assert as_numbers(table, ["RMB billion"])["x"].tolist() == [cell]


def test_intervals_are_columns_of_their_own() -> None:
    table = pd.DataFrame(
        {"median": ["1.5 (1.0 to 2.5)", "-"], "index": ["0.50 ± 0.10", ""], "range": ["1 to 2", "0.5 to 3"]},
        index=["a", "b"],
    )
    found = as_numbers(table)
    assert list(found.columns) == [
        *("", "median", "median: from", "median: to"),
        *("index", "index: ±", "range: from", "range: to"),
    ]
    assert found.iloc[0].tolist()[1:4] == [(1.5, "0.0"), (1.0, "0.0"), (2.5, "0.0")]
    assert found.iloc[0].tolist()[4:] == [(0.5, "0.00"), (0.1, "0.00"), (1.0, "0"), (2.0, "0")]
    assert found["range: to"].tolist() == [(2.0, "0"), (3.0, "0")]


def test_labels_are_numbers_where_all_are_and_a_name_stays_a_name() -> None:
    years = as_numbers(pd.DataFrame({"x": ["1", "2"]}, index=pd.Index(["2023", "2024"], name="year")))
    assert years["year"].tolist() == [(2023.0, "0"), (2024.0, "0")]
    names = as_numbers(pd.DataFrame({"x": ["1", "2"]}, index=["2023", "part"]))
    assert names[""].tolist() == ["2023", "part"]


def test_a_column_counts_one_thing_or_none() -> None:
    assert kind_of([(0.1, "0.0%"), (0.12, "0.00%")]) == "%"
    assert kind_of([(1.0, "0"), (1e-5, "0.0E+00"), ""]) == ""
    assert kind_of([(0.1, "0.0%"), (1.0, "0")]) is None
    assert kind_of([(0.1, "0.0%"), "none"]) is None
