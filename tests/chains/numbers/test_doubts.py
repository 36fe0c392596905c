"""Warnings of sanity: each is told with the numbers that cause it, and only where they do.

The small package (tests/small.py) gives none: in calm 100 systems need 50 robots, and 40 home robots need 16 parts, of
which there are 18; home supply and ceilings come to 50%, 88% and 110% of need.
"""

from pathlib import Path

import pytest

from chains import Problem, load
from chains.writing import convert, new_package
from tests.small import Small

EVIDENCE = "value,low,high,status,source,note"


def doubts(small: Small, words: str) -> list[Problem]:
    return [warning for warning in small.load().warnings if words in warning.wrong]


def test_the_small_package_gives_no_reason_to_doubt(small: Small) -> None:
    assert not small.load().warnings


# --- supply twice the need ----------------------------------------------------------------------------------------


def test_supply_over_twice_the_need_is_told(small: Small) -> None:
    # Japan's parts 12 -> 26.1: 32.1 for a need of 16.
    (said,) = doubts(small.cell("supply.csv", 3, "value", "26.1"), "times what is needed")
    assert (said.file, said.column) == ("small/supply.csv", "value")
    assert "over 2 times" in said.wrong
    assert "part has 32.1 for 16" in said.wrong


def test_supply_of_twice_the_need_is_not(small: Small) -> None:
    assert not doubts(small.cell("supply.csv", 3, "value", "26"), "times what is needed")


def test_supply_that_nothing_needs_is_told(small: Small) -> None:
    small.append("segments.csv", "spare,small,upstream,Spare")
    small.append("supply.csv", "spare,DEU,DEU,3,,,reported,book,")
    (said,) = doubts(small, "times what is needed")
    assert "spare has 3 for 0" in said.wrong


def test_what_nothing_needs_is_named_first_and_then_what_there_is_most_of(small: Small) -> None:
    """A spare for nothing, robots 130 for 50. Home has 40 of the 130, so 50 x 0.4 x 40 / 130 parts are used."""
    small.append("segments.csv", "spare,small,upstream,Spare")
    small.append("supply.csv", "spare,DEU,DEU,3,,,reported,book,")
    small.cell("supply.csv", 3, "value", "9").cell("supply.csv", 5, "value", "90")
    (said,) = doubts(small, "times what is needed")
    assert said.wrong.endswith("spare has 3 for 0, robot has 130 for 50, part has 15 for 6.154")


# --- ceilings that are targets ------------------------------------------------------------------------------------


def test_ceilings_that_bring_segments_to_one_round_share_are_told(small: Small) -> None:
    # Parts 6 + 7.6 of 16 and robots 40 + 2.5 of 50 are both 85% of need.
    small.cell("response.csv", 3, "value", "7.6").cell("response.csv", 3, "high", "8")
    small.cell("response.csv", 5, "value", "2.5")
    (said,) = doubts(small, "target")
    assert (said.file, said.column) == ("small/response.csv", "value")
    assert "part 6 + 7.6 of 16 is 85.0%" in said.wrong
    assert "robot 40 + 2.5 of 50 is 85.0%" in said.wrong
    assert "system" not in said.wrong


def test_one_segment_at_a_round_share_is_not(small: Small) -> None:
    small.cell("response.csv", 3, "value", "7.6").cell("response.csv", 3, "high", "8")
    assert not doubts(small, "target")


def test_two_segments_near_a_share_that_is_not_round_are_not(small: Small) -> None:
    small.cell("response.csv", 3, "value", "7.76").cell("response.csv", 3, "high", "8")  # 86%
    small.cell("response.csv", 5, "value", "3")  # 86%
    assert not doubts(small, "target")


def test_a_ceiling_that_equals_a_published_target_is_told(small: Small) -> None:
    header = f"chain,tier,period,indicator,{EVIDENCE}\n"
    row = "small,midstream,2025,target_home_share,0.88,,,reported,book,\n"
    small.replace("tiers.csv", header + row)
    (said,) = doubts(small, "target")
    assert "robot 40 + 4 of 50 is 88.0%" in said.wrong
    small.replace("tiers.csv", header + row.replace("midstream", "upstream"))
    assert not doubts(small, "target")


# --- money that carries much final demand -------------------------------------------------------------------------


def _small_inputs(small: Small, coefficient: float) -> Small:
    """Parts that are worth little beside the robots that they go into, and a supply that fits."""
    small.cell("inputs.csv", 2, "value", f"{coefficient}").cell("inputs.csv", 2, "low", "")
    small.cell("inputs.csv", 2, "status", "derived")
    return small.cell("supply.csv", 2, "value", "0.5").cell("supply.csv", 3, "value", "0.6")


def test_a_unit_that_carries_over_fifty_of_final_demand_is_told(small: Small) -> None:
    # A system needs 0.5 robots, 0.4 of them made at home, which need 0.02 parts each: 0.008 parts; a part carries 125.
    (said,) = doubts(_small_inputs(small, 0.02), "carries")
    assert (said.file, said.column) == ("small/inputs.csv", "value")
    assert "over 50 of final demand: part at least 125 (system needs 0.008 a unit)" in said.wrong


def test_a_unit_that_carries_fifty_or_less_is_not(small: Small) -> None:
    _small_inputs(small, 0.0501).cell("supply.csv", 2, "value", "1").cell("supply.csv", 3, "value", "1.2")
    assert not doubts(small, "carries")  # 1 / (0.4 * 0.0501) = 49.9


@pytest.mark.parametrize("share", ["0.5", "0"])
def test_nothing_is_told_where_the_package_says_what_can_be_done_without(small: Small, share: str) -> None:
    row = f"part,robot,dispensable,{share},,,reported,book,"
    small.replace("criticality.csv", f"input,user,parameter,{EVIDENCE}\n{row}\n")
    assert not doubts(_small_inputs(small, 0.02), "carries")


# --- trade that contradicts supply --------------------------------------------------------------------------------


def _trade(small: Small, *rows: str) -> Small:
    text = "".join(f"{row},,,reported,book,\n" for row in rows)
    return small.replace("trade.csv", f"segment,location,{EVIDENCE}\n{text}")


def test_trade_shares_that_contradict_supply_are_told(small: Small) -> None:
    # All foreign robots are German in supply.csv; of the imports three in ten come from Germany.
    (said,) = doubts(_trade(small, "robot,DEU,3", "robot,JPN,7", "part,JPN,1"), "over 25 points apart")
    assert (said.file, said.column) == ("small/trade.csv", "value")
    assert "robot from DEU 30% of imports, 100% of foreign supply" in said.wrong
    assert "robot from JPN 70% of imports, 0% of foreign supply" in said.wrong
    assert "part from" not in said.wrong


def test_trade_shares_that_are_near_are_not(small: Small) -> None:
    assert not _trade(small, "robot,DEU,8", "robot,JPN,2").load().warnings


def test_trade_of_a_segment_without_foreign_supply_says_nothing(small: Small) -> None:
    assert not _trade(small, "system,DEU,8").load().warnings


def test_imports_from_home_are_refused(small: Small) -> None:
    assert "home country" in _trade(small, "robot,CHN,8").problem("trade.csv", 2, "location")


# --- where they are told ------------------------------------------------------------------------------------------


def test_each_package_of_several_has_its_own(tmp_path: Path) -> None:
    one, other = Small(tmp_path / "one"), Small(tmp_path / "other").cell("supply.csv", 3, "value", "60")
    (said,) = load(one.folder, other.folder).warnings
    assert said.file == "other/supply.csv"
    assert "other/part has 66 for 16" in said.wrong


def test_in_a_workbook_the_sheet_is_named(tmp_path: Path, small: Small) -> None:
    convert(small.cell("supply.csv", 3, "value", "60").folder, tmp_path / "book.xlsx")
    (said,) = load(tmp_path / "book.xlsx").warnings
    assert said.file == "book.xlsx/supply"


@pytest.mark.parametrize("segments", [6, 12])
def test_a_new_package_is_doubted_for_its_guesses_alone(tmp_path: Path, segments: int) -> None:
    new_package(tmp_path / "new", home="DNK", segments=segments, year=2024)
    (said,) = load(tmp_path / "new").warnings
    assert "numbers is assumed" in said.wrong


def test_of_many_segments_some_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    new_package(tmp_path / "new", home="DNK", segments=60, year=2024)
    (said,) = (warning for warning in load(tmp_path / "new").warnings if "carries" in warning.wrong)
    assert "upstream-1 at least" in said.wrong
    assert "and 16 more" in said.wrong
