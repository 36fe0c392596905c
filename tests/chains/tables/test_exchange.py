"""Packages in different money: what `conversions.csv` states is done exactly, and nothing without it."""

from pathlib import Path

import pandas as pd
import pytest

from chains import Chain, load
from chains.tables.schema import TABLES
from optimize import optimize
from tests.small import FILES, STRUCTURE, Small, at, problems_of

HEADER = "money,into,year,value,low,high,status,source,note\n"


@pytest.fixture
def east(tmp_path: Path) -> Small:
    return Small(tmp_path / "east")


@pytest.fixture
def west(tmp_path: Path) -> Small:
    return Small(tmp_path / "west")


def rates(folder: Path, *rows: str) -> Path:
    folder.mkdir()
    (folder / "conversions.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    (folder / "sources.csv").write_text(FILES["sources.csv"])
    return folder


def _times(small: Small, factor: float) -> None:
    """Write every amount of money anew, times a factor, as a person would who counts in another unit."""
    amounts = {"response": ["ceiling"], "stocks": ["held", "limit"], "suppliers": ["limit"], "procurement": ["limit"]}
    for path in small.folder.glob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        own = pd.Series(path.stem in ("demand", "supply", "subsidies"), index=rows.index)
        if path.stem in amounts:
            own = rows["parameter"].isin(amounts[path.stem])
        for column in ("value", "low", "high") if own.any() else ():
            filled = own & (rows[column] != "")
            rows.loc[filled, column] = [repr(float(cell) * factor) for cell in rows.loc[filled, column]]
        rows.to_csv(path, index=False)


def _answer(chain: Chain) -> list[float]:
    found = optimize(chain)
    return [found.risk, *found.allocation.tolist()]


@pytest.fixture
def both(east: Small, west: Small) -> list[float]:
    """What east and west answer, structure and all, both in billions."""
    for name in STRUCTURE:
        east.replace(name, STRUCTURE[name])
        west.replace(name, STRUCTURE[name])
    return _answer(load(east.folder, west.folder))


def test_a_package_in_millions_answers_as_in_billions(
    tmp_path: Path, east: Small, west: Small, both: list[float]
) -> None:
    _times(west.meta(unit="CNY million"), 1000)
    chain = load(
        east.folder, west.folder, rates(tmp_path / "rates", "CNY million,CNY billion,2022,0.001,,,derived,book,x")
    )
    assert chain.unit == "RMB billion per year"
    assert _answer(chain) == pytest.approx(both, rel=1e-9, abs=1e-12)
    supply = chain.table("supply")
    assert supply.loc[supply["package"] == "west", "value"].tolist() == [6, 12, 40, 10, 100]


def test_a_package_in_another_currency_answers_at_the_rate(
    tmp_path: Path, east: Small, west: Small, both: list[float]
) -> None:
    _times(west.meta(currency="JPY", unit="JPY ten thousand"), 1e5 / 0.05)  # a billion CNY is 20 billion JPY
    rate = rates(tmp_path / "rates", "JPY,CNY,2022,0.05,,,reported,book,")
    assert _answer(load(east.folder, west.folder, rate)) == pytest.approx(both, rel=1e-9, abs=1e-12)


def test_a_rate_holds_both_ways(tmp_path: Path, east: Small, west: Small) -> None:
    west.meta(currency="JPY", unit="JPY billion")
    rate = rates(tmp_path / "rates", "CNY billion,JPY trillion,2022,0.02,,,reported,book,")
    demand = load(east.folder, west.folder, rate).table("demand")
    assert demand.loc[demand["package"] == "west", "value"].tolist() == [3, 2]  # 60 and 40 times 1 / 20


def test_what_was_converted_is_told_with_its_rate(tmp_path: Path, east: Small, west: Small) -> None:
    west.meta(currency="JPY", unit="JPY billion", year=2021)
    rate = rates(tmp_path / "rates", "JPY billion,CNY billion,2022,0.05,,,reported,book,")
    (said,) = (warning for warning in load(east.folder, west.folder, rate).warnings if "converted" in warning.wrong)
    assert (said.file, said.row) == ("rates/conversions.csv", 2)
    assert "1 JPY billion = 0.05 CNY billion, rate of 2022" in said.wrong
    assert "its figures are of 2021, for which no rate is given" in said.right


def test_the_rate_of_the_year_counts(tmp_path: Path, east: Small, west: Small) -> None:
    west.meta(currency="JPY", unit="JPY billion")
    two = ("JPY,CNY,2021,0.06,,,reported,book,", "JPY,CNY,2022,0.05,,,reported,book,")
    chain = load(east.folder, west.folder, rates(tmp_path / "rates", *two))
    assert chain.table("subsidies").tail(3)["value"].tolist() == [0.025, 0.1, 0.025]


def test_a_rate_may_stand_in_a_package_itself(east: Small, west: Small) -> None:
    west.meta(unit="CNY million").replace(
        "conversions.csv", HEADER + "CNY million,CNY billion,2022,0.001,,,derived,book,x\n"
    )
    assert load(east.folder, west.folder).table("demand").tail(2)["value"].tolist() == [0.06, 0.04]
    assert not load(west.folder).warnings


def test_rates_that_differ_and_none_of_the_year_are_refused(tmp_path: Path, east: Small, west: Small) -> None:
    west.meta(currency="JPY", unit="JPY billion", year=2019)
    two = ("JPY,CNY,2021,0.06,,,reported,book,", "JPY,CNY,2022,0.05,,,reported,book,")
    (problem,) = problems_of(east.folder, west.folder, rates(tmp_path / "rates", *two))
    assert problem.file == "west/datapackage.json"
    assert "rates/conversions.csv:2 of 2021, rates/conversions.csv:3 of 2022" in problem.right
    assert "that of 2019" in problem.right


def test_amounts_that_leave_the_range_of_numbers_are_refused(tmp_path: Path, east: Small, west: Small) -> None:
    west.meta(currency="JPY", unit="JPY trillion").cell("demand.csv", 2, "value", "1e299")
    problems = problems_of(east.folder, west.folder, rates(tmp_path / "rates", "JPY,CNY,2022,1,,,reported,book,"))
    assert "amounts in west/demand.csv are 1e+300 and more" in at(problems, "rates/conversions.csv", 2, "value")


def test_rates_alone_are_no_chain(tmp_path: Path) -> None:
    (problem,) = problems_of(rates(tmp_path / "rates", "JPY,CNY,2022,0.05,,,reported,book,"))
    assert "no chain of its own" in problem.wrong


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("yen,CNY heaps,2022,1,,,reported,book,", "into", "'CNY heaps' is no money"),
        ("CNY thousand,CNY million,2022,1000,,,reported,book,", "value", "1 CNY thousand is not 1000 CNY million"),
        ("CNY billion,CNY billion,2022,1,,,reported,book,", "into", "again"),
        ("JPY,CNY,2022,0,,,reported,book,", "value", "is 0"),
        ("JPY,CNY,2022,1e16,,,reported,book,", "value", "is 1e+16"),
        ("JPY,CNY,2022,0.05,,,reported,bok,", "source", "'bok'"),
    ],
)
def test_a_rate_that_cannot_be_right_is_said(tmp_path: Path, east: Small, row: str, column: str, said: str) -> None:
    problems = problems_of(east.folder, rates(tmp_path / "rates", row))
    assert said in at(problems, "rates/conversions.csv", 2, column)
    assert len(problems) == 1


def test_every_amount_of_money_is_declared_as_such() -> None:
    declared = {
        (table.name, told.name)
        for table in TABLES.values()
        for told in (*table.columns, *table.parameters)
        if told.money and told.name not in ("low", "high")
    }
    assert declared == {
        *((table, "value") for table in ("demand", "supply", "trade", "subsidies")),
        *((table, "limit") for table in ("stocks", "suppliers", "procurement")),
        *(("response", "ceiling"), ("stocks", "held")),
        *(("firms", column) for column in ("sales", "rd", "subsidies", "profit")),
    }
