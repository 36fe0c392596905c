"""Intensities of firms and their outliers, worked by hand."""

import pytest

from chains.indicators import firm_intensities, firm_outliers
from tests.small import Small

SHARES = """firm,segment,instrument,value,low,high,status,source,note
A,robot,grants,0.75,,,reported,book,
A,part,grants,0.25,,,reported,book,
B,robot,grants,1,,,reported,book,
"""


def _with(small: Small, *rows: str) -> Small:
    lines = "".join(f"{row}\n" for row in rows)
    return small.replace("firms.csv", f"firm,year,chain,tier,sales,rd,subsidies,profit\n{lines}")


@pytest.fixture
def firms(small: Small) -> Small:
    """Robot makers A and B in 2022: subsidies 2 of 100 and 3 of 50; R&D 10 of 100, not known of B. C sold nothing."""
    _with(small, "A,2022,small,midstream,100,10,2,", "B,2022,small,midstream,50,,3,", "C,2022,small,midstream,0,1,1,")
    return small.replace("firm_segments.csv", SHARES).replace(
        "subsidies.csv", small.text("subsidies.csv").replace("2022,0.5", "2022,10").replace("2022,2,", "2022,10,")
    )


def test_intensities_by_tier_and_by_segment(firms: Small) -> None:
    found = firm_intensities(firms.load()).set_index(["level", "name", "intensity"])
    tier = found.loc[("tier", "midstream", "subsidy_intensity")]
    assert (tier["firms"], tier["year"]) == (2, "2022")
    assert (tier["pooled"], tier["median"]) == pytest.approx((5 / 150, 0.04))
    assert found.loc[("tier", "midstream", "rd_intensity"), "pooled"] == pytest.approx(0.1)
    assert found.loc[("tier", "midstream", "rd_intensity"), "firms"] == 1
    robot = found.loc[("segment", "robot", "subsidy_intensity")]
    assert robot["pooled"] == pytest.approx((0.75 * 2 + 3) / (0.75 * 100 + 50))
    assert found.loc[("segment", "part", "subsidy_intensity"), "pooled"] == pytest.approx(0.02)
    assert len(found) == 2 + 2 + 2  # the tier, robots and parts, both intensities


def test_years_are_apart(small: Small) -> None:
    _with(small, "A,2021,small,upstream,100,,1,", "A,2022,small,upstream,100,,3,")
    found = firm_intensities(small.load())
    assert found[["year", "pooled"]].to_numpy().tolist() == [["2021", 0.01], ["2022", 0.03]]


def test_outliers_are_listed_with_their_score(small: Small) -> None:
    # Ratios 0.01 to 0.05 and 0.5: median 0.035, deviations 0.025, 0.015, 0.005, 0.005, 0.015, 0.465: MAD 0.015.
    _with(small, *(f"F{n},2022,small,upstream,100,,{n}," for n in range(1, 6)), "G,2022,small,upstream,100,,50,")
    listed, untested = firm_outliers(small.load())
    (row,) = listed.to_dict("records")
    assert (row["firm"], row["year"], row["tier"], row["intensity"]) == ("G", "2022", "upstream", "subsidy_intensity")
    assert (row["value"], row["median"]) == pytest.approx((0.5, 0.035))
    assert row["score"] == pytest.approx(0.6745 * 0.465 / 0.015)
    assert untested == []


def test_a_score_of_less_than_three_and_a_half_is_no_outlier(small: Small) -> None:
    # Off the median 3 by 2, 1, 0, 1 and x percent: MAD 1; 0.6745 x / 1 is 3.44 for 5.1 and 3.51 for 5.2.
    for far, count in ((8.1, 0), (8.2, 1)):
        _with(
            small, *(f"F{n},2022,small,upstream,100,,{n}," for n in (1, 2, 3, 4)), f"G,2022,small,upstream,100,,{far},"
        )
        assert len(firm_outliers(small.load())[0]) == count


def test_tiers_are_judged_apart(small: Small) -> None:
    _with(
        small,
        *(f"U{n},2022,small,upstream,100,,{n}," for n in (1, 2, 3)),
        *(f"M{n},2022,small,midstream,100,,{n}," for n in (31, 32, 33)),
    )
    assert firm_outliers(small.load())[0].empty


def test_where_most_values_are_the_same_nothing_is_told_of_the_tier(small: Small) -> None:
    _with(small, *(f"F{n},2022,small,upstream,100,,1," for n in (1, 2, 3)), "G,2022,small,upstream,100,,50,")
    listed, untested = firm_outliers(small.load())
    assert listed.empty
    assert untested == [("small", "upstream", "subsidy_intensity")]


def test_without_firms_there_is_nothing(small: Small) -> None:
    assert firm_intensities(small.load()).empty
    assert firm_outliers(small.load())[0].empty
