"""Tables where room is short: nothing is halved, what is left out is named, and digits follow the size of a number."""

import io

import pytest
from rich.console import Console

from scenarios.terminal.figures import amount, percent, points
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table


def drawn(table: Table, width: int) -> list[str]:
    """The lines of a table on a terminal of so many columns."""
    out = io.StringIO()
    Console(file=out, width=width).print(table, crop=False)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def rows(lines: list[str]) -> list[list[str]]:
    """The cells of the rows below the heading."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]


@pytest.fixture
def money() -> Table:
    table = number_table("Money", ["segment", "tier"], ["observed", "least risk", "robust"], less=["robust", "tier"])
    table.add_row("precision_reducers", "upstream", "0.0420", "1,234,567", "3")
    table.add_row("bodies", "midstream", "0.282", "4", "5")
    return table


def test_all_columns_stand_where_they_fit(money: Table) -> None:
    lines = drawn(money, 80)
    assert rows(lines)[0] == ["precision_reducers", "upstream", "0.0420", "1,234,567", "3"]
    assert not any("Left out" in line for line in lines)


def test_columns_that_do_not_fit_are_left_out_in_the_order_given_and_named(money: Table) -> None:
    # Content and frame: 18 + 9 + 8 + 9 + 6 characters and 3 a column and 1: 66.
    assert rows(drawn(money, 66))[0] == ["precision_reducers", "upstream", "0.0420", "1,234,567", "3"]
    lines = drawn(money, 65)
    assert rows(lines)[0] == ["precision_reducers", "upstream", "0.0420", "1,234,567"]
    assert "Left out at this width: robust. All: --wide." in lines
    lines = drawn(money, 50)
    assert rows(lines)[0] == ["precision_reducers", "0.0420", "1,234,567"]
    assert "Left out at this width: tier, robust. All: --wide." in lines


@pytest.mark.parametrize("width", [1, 20, 30, 40])
def test_names_and_numbers_are_whole_however_little_room_there_is(money: Table, width: int) -> None:
    assert rows(drawn(money, width))[0] == ["precision_reducers", "0.0420"]


def test_numbers_stand_right_and_names_left(money: Table) -> None:
    line = next(line for line in drawn(money, 80) if "bodies" in line)
    assert "│ bodies             │" in line
    assert "│    0.282 │" in line


def test_columns_that_go_on_stand_in_a_further_table_with_their_rows_named() -> None:
    years = [str(year) for year in range(2023, 2033)]
    table = number_table("Who gets it", ["for"], years, goes_on=True)
    table.add_row("controllers", *(f"0.0{year}" for year in years))
    lines = drawn(table, 60)
    shown = rows(lines)
    assert [row[0] for row in shown] == ["controllers"] * len(shown)
    assert len(shown) > 1
    assert [cell for row in shown for cell in row[1:]] == [f"0.0{year}" for year in years]
    assert max(map(len, lines)) <= 60


def test_prose_goes_on_in_the_next_line_between_two_words() -> None:
    table = number_table("Claims", ["statement"], ["agrees"], prose=["statement"])
    said = "Midstream got more than three times the subsidies of upstream in 2022"
    table.add_row(said, "yes")
    lines = drawn(table, 50)
    assert " ".join(row[0] for row in rows(lines)) == said
    assert max(map(len, lines)) <= 50


def test_names_in_wide_letters_are_measured_as_they_are_shown() -> None:
    table = number_table("", ["名称"], ["x"])
    table.add_row("精密减速器", "1")
    assert rows(drawn(table, 10))[0] == ["精密减速器", "1"]


def test_the_table_of_a_notebook_is_safe_and_says_how_many_rows_it_leaves_out(money: Table) -> None:
    money.add_row("<script>", "upstream", "1", "2", "3")
    shown = money.html(most=2)
    assert "<script>" not in money.html()
    assert "&lt;script&gt;" in money.html()
    assert shown.count("<tr>") == 3  # the heading and two rows
    assert "and 1 more row" in shown


@pytest.mark.parametrize(
    ("money", "whole", "shown"),
    [
        (39.5, 39.5, "39.5"),
        (0.00412, 4.33, "0.00412"),
        (0.0000004, 4.33, "0"),  # less than a hundred-thousandth of the budget
        (0.0, 1.0, "0"),
        (12345.6, 20000.0, "12,346"),
        (1.0, 1.0, "1.00"),
        (float("nan"), 1.0, "-"),
    ],
)
def test_money_has_three_significant_digits_whatever_its_size(money: float, whole: float, shown: str) -> None:
    assert amount(money, whole) == shown


def test_what_is_advised_is_never_shown_as_nothing() -> None:
    for exponent in range(-9, 6):
        budget = 10.0**exponent
        for part in (1.0, 0.1, 0.001, 2e-5):
            assert float(amount(part * budget, budget).replace(",", "")) == pytest.approx(part * budget, rel=0.01)


def test_shares_and_points_have_two_decimals_or_three_significant_digits() -> None:
    assert [percent(share) for share in (0.0890, 0.3606, 0.00624, 0.0000943, 0.0)] == [
        *("8.90%", "36.06%", "0.624%", "0.00943%"),
        "0%",
    ]
    assert [points(fall, signed=True) for fall in (0.2, -0.00056, 0.0, float("nan"))] == ["+20.0", "-0.0560", "0", "-"]
