"""Which period of the subsidies counts, and how a slip in one is told.

The small package gives 0.5, 2 and 0.5 in 2022.
"""

from pathlib import Path

import pytest

from chains import load
from tests.small import Small, at


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


def _all(small: Small, period: str) -> Small:
    return small.replace("subsidies.csv", small.text("subsidies.csv").replace(",2022,", f",{period},"))


@pytest.mark.parametrize("period", ["2O22", "999", "20222", "2202", "202", "later", "２０２２", "2022 Q1"])
def test_a_period_that_is_no_year_among_years_is_an_error_at_its_row(small: Small, period: str) -> None:
    said = small.cell("subsidies.csv", 3, "period", period).problem("subsidies.csv", 3, "period")
    assert f"'{period}' is not a year" in said
    assert "2022" in said.partition("; ")[2]


def test_every_period_that_is_unlike_the_others_is_said(small: Small) -> None:
    small.append("subsidies.csv", "part,loans,2022,1,,,reported,book,", "part,loans,20.22,1,,,reported,book,")
    small.cell("subsidies.csv", 2, "period", "2O22")
    assert [(p.row, p.column) for p in small.problems()] == [(2, "period"), (6, "period")]


@pytest.mark.parametrize(("usual", "slip"), [("Phase 2", "Phase O2x3"), ("FY22", "FY 22"), ("2022Q1", "2022-Q1")])
def test_a_period_of_another_pattern_is_an_error(small: Small, usual: str, slip: str) -> None:
    said = _all(small, usual).cell("subsidies.csv", 4, "period", slip).problem("subsidies.csv", 4, "period")
    assert f"'{slip}'" in said
    assert f"'{usual}'" in said


@pytest.mark.parametrize("period", ["2022", "2018-2022", "2018–2022", "2018-22", "2022/23", "Phase II", "Phase 2", "9"])
def test_a_chain_may_have_one_period_of_any_form(small: Small, period: str) -> None:
    chain = _all(small, period).load()
    assert chain.period == period
    assert chain.numbers.observed.sum() == 3
    assert chain.warnings == ()


@pytest.mark.parametrize(("before", "latest"), [("Phase II", "late launch"), ("Phase 9", "Phase 12"), ("9", "12")])
def test_periods_of_one_pattern_or_of_words_compose_a_history(small: Small, before: str, latest: str) -> None:
    rows = [f"{segment},grants,{latest},1,,,reported,book," for segment in ("part", "robot", "system")]
    chain = _all(small, before).append("subsidies.csv", *rows).load()
    assert chain.period == max(before, latest)  # in string order 9 comes after 12


def test_a_later_period_in_one_row_is_told_with_the_amounts(small: Small) -> None:
    chain = small.cell("subsidies.csv", 4, "period", "2023").load()
    (warning,) = chain.warnings
    assert (warning.file, warning.row, warning.column) == ("small/subsidies.csv", 4, "period")
    assert "'2023' has 1 of 3 segments and 0.5 in money" in warning.wrong
    assert "'2022' has 2 of 3 and 2.5" in warning.wrong
    assert "part, robot" in warning.right
    assert chain.period == "2023"


def test_an_earlier_period_in_one_row_is_told_too(small: Small) -> None:
    (warning,) = small.cell("subsidies.csv", 3, "period", "2012").load().warnings
    assert "'2022' has 2 of 3 segments and 1 in money" in warning.wrong
    assert "'2012' has 1 of 3 and 2" in warning.wrong


def test_a_latest_period_that_has_every_segment_is_not_doubted(small: Small) -> None:
    small.append("subsidies.csv", *(f"{s},grants,2023,0,,,reported,book," for s in ("part", "robot")))
    small.append("subsidies.csv", "system,loans,2023,4,,,reported,book,")
    assert small.load().warnings == ()


def test_a_segment_that_had_no_money_need_not_be_in_the_latest_period(small: Small) -> None:
    small.cell("subsidies.csv", 2, "value", "0")
    small.append("subsidies.csv", *(f"{s},grants,2023,1,,,reported,book," for s in ("robot", "system")))
    assert small.load().warnings == ()


def test_a_period_that_is_missing_is_said_once(small: Small) -> None:
    assert "is empty" in small.cell("subsidies.csv", 3, "period", "").problem("subsidies.csv", 3, "period")


def test_composed_packages_tell_the_period_of_each(tmp_path: Path, small: Small) -> None:
    other = _all(Small(tmp_path / "other"), "2019-2022")
    chain = load(small.folder, other.folder)
    assert chain.periods == {"small": "2022", "other": "2019-2022"}
    assert chain.period == "small 2022, other 2019-2022"


def test_a_chain_without_subsidies_has_no_period(small: Small) -> None:
    chain = small.replace("subsidies.csv", small.text("subsidies.csv").partition("\n")[0]).load()
    assert (chain.period, chain.periods) == ("none", {})


def test_the_slip_of_a_shipped_sized_package_is_found(small: Small) -> None:
    # One row of many: a letter O for a zero, greatest in string order.
    small.append("subsidies.csv", *(f"part,i{n},2022,1,,,reported,book," for n in range(40)))
    small.cell("subsidies.csv", 20, "period", "2O22")
    assert "did you mean '2022'?" in at(small.problems(), "small/subsidies.csv", 20, "period")
