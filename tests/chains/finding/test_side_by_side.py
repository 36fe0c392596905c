"""What is published side by side: the tables, and which rows touch a chain."""

from pathlib import Path

import pytest

from chains import load
from chains.finding import side_by_side
from chains.finding.side_by_side import SIDE_BY_SIDE, published_side_by_side, touching
from chains.tables.problems import InputError


@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_every_table_is_valid_and_has_rows(name: str) -> None:
    assert len(published_side_by_side(name)) > 0


def test_the_dependency_ratio_is_recomputed_and_meets_the_target_from_2004_on() -> None:
    """T / (R&D + T) by hand for 2004: 367.9 / (954.4 + 367.9) = 27.8%, below the target of 30% for 2020."""
    rows = published_side_by_side("dependency_ratio").set_index("year")
    ratio = 100 * rows["technology_imports"] / (rows["rd"] + rows["technology_imports"])
    assert (ratio - rows["dependency_ratio"]).abs().max() <= 0.05
    assert (100 * rows["technology_imports"] / rows["rd"] - rows["over_rd"]).abs().max() <= 0.05
    assert ratio[2004] == pytest.approx(27.8, abs=0.05)
    assert list(ratio.index[ratio <= 30]) == [2004, 2005, 2006, 2007, 2008]


def test_there_are_35_bottlenecks_and_jst_names_four_as_solved() -> None:
    rows = published_side_by_side("bottlenecks")
    assert list(rows["number"]) == list(range(1, 36))
    solved = rows[rows["status"] == "solved"]
    assert set(solved["technology"]) == {
        "Cellular radio frequency devices",
        "LiDAR",
        "Main bearings for tunnel excavators",
        "Underwater connectors",
    }
    assert set(rows[rows["why"].str.contains("no status by name")]["status"]) == {"unknown"}


def test_rival_rates_of_one_year_differ_by_a_factor_of_four() -> None:
    """25.6% (JST) against 6.6% (IC Insights, Chinese firms) of the ICs of 2021."""
    rows = published_side_by_side("rates")
    rates = rows[(rows["year"] == 2021) & (rows["product"] == "ICs")].set_index("rate")["value"]
    assert rates["jst_table_4_4_2021"] / rates["ic_insights_home_2021"] == pytest.approx(25.6 / 6.6)


def test_the_series_of_jst_are_those_of_its_table() -> None:
    rows = published_side_by_side("home_shares").set_index(["series", "year"])["value"]
    assert rows["ic_jst", 2014] == 12.7
    assert rows["ic_jst", 2021] == 25.6
    assert (rows["reducers", 2014], rows["reducers", 2018]) == (11, 28)


@pytest.mark.slow
def test_a_chain_sees_the_rows_of_its_own_segments_alone() -> None:
    chips = touching(load("chips"), "bottlenecks")
    assert "Lithography equipment" in set(chips["technology"])
    assert "Core algorithms (robots)" not in set(chips["technology"])
    assert set(chips[chips["technology"] == "Lithography equipment"]["segments"]) == {"lithography"}
    both = touching(load("robots", "chips", "coupled"), "bottlenecks").set_index("technology")["segments"]
    assert both["Core algorithms (robots)"] == "robots/controllers"
    assert both["Lithography equipment"] == "chips/lithography"
    assert len(touching(load("japan"), "rates")) == 0


def test_a_wrong_cell_is_told_with_file_row_and_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rates.csv", "sources.csv"):
        text = (side_by_side.FOLDER / name).read_text(encoding="utf-8")
        text = text.replace("chips/photoresist", "chips/photoresits").replace(",below,5,", ",below,five,")
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(side_by_side, "FOLDER", tmp_path)
    side_by_side._read.cache_clear()
    with pytest.raises(InputError) as caught:
        published_side_by_side("rates")
    side_by_side._read.cache_clear()
    told = str(caught.value)
    assert "published/rates.csv:33:value: 'five' is not a number" in told
    assert "published/rates.csv:33:segments: 'chips/photoresits' is no segment of a shipped package" in told
    assert "did you mean 'chips/photoresist'?" in told
