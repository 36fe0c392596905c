"""The shape over the tiers, from intervals and from firms, against tests worked by hand."""

import numpy as np
import pytest
from scipy import stats

from chains import InputError, load
from chains.finding.shape import Shape, correlations, shapes
from tests.small import Small

FIRMS = {  # subsidies over sales of 100, by tier: means 2, 5 and 3
    "upstream": (1, 2, 3),
    "midstream": (4, 5, 6, 5),
    "downstream": (2, 3, 4),
}


def with_firms(small: Small, year: int = 2020) -> Small:
    rows = [
        f"{tier}{n},{year},small,{tier},100,,{subsidy},"
        for tier, subsidies in FIRMS.items()
        for n, subsidy in enumerate(subsidies)
    ]
    return small.append("firms.csv", *rows)


def by_indicator(found: tuple[Shape, ...]) -> dict[str, Shape]:
    return {shape.indicator: shape for shape in found}


def welch(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """One-sided p-value of Welch's test by the textbook formula (Welch 1947, Satterthwaite's degrees of freedom)."""
    a, b = np.var(first, ddof=1) / len(first), np.var(second, ddof=1) / len(second)
    t = (np.mean(first) - np.mean(second)) / np.sqrt(a + b)
    freedom = (a + b) ** 2 / (a**2 / (len(first) - 1) + b**2 / (len(second) - 1))
    return float(stats.t.sf(t, freedom))


@pytest.mark.parametrize(
    ("ends", "inverted"),
    [((0.01, 0.039), True), ((0.01, 0.04), False), ((0.01, 0.045), False)],
)
def test_an_interval_must_lie_wholly_above_both_ends(small: Small, ends: tuple, inverted: bool) -> None:
    low, high = ends
    rows = [
        f"small,upstream,2022,subsidy_intensity,{low},{low},{high},reported,book,",
        "small,midstream,2022,subsidy_intensity,0.05,0.04,0.06,reported,book,",
        "small,downstream,2022,subsidy_intensity,0.02,,,reported,book,",
    ]
    (found,) = shapes(small.append("tiers.csv", *rows).load())
    assert (found.inverted_u, found.p) == (inverted, None)
    assert (found.upstream, found.midstream, found.downstream) == (low, 0.05, 0.02)


def test_an_indicator_without_all_three_tiers_has_no_shape(small: Small) -> None:
    small.append("tiers.csv", "small,midstream,2022,margin,0.05,,,reported,book,")
    assert shapes(small.load()) == ()


def test_firms_are_tested_by_intersection_and_union(small: Small) -> None:
    found = by_indicator(shapes(with_firms(small).load()))
    shape = found["subsidy_intensity"]
    assert (shape.upstream, shape.midstream, shape.downstream) == pytest.approx((0.02, 0.05, 0.03))
    p = max(welch(FIRMS["midstream"], FIRMS["upstream"]), welch(FIRMS["midstream"], FIRMS["downstream"]))
    assert shape.p == pytest.approx(p, rel=1e-9)  # a ratio to equal sales has the same t
    assert shape.inverted_u == (p < 0.05)
    assert (shape.period, shape.observations) == ("all years", (3, 4, 3))


def test_a_ratio_that_no_firm_reports_cannot_be_tested(small: Small) -> None:
    shape = by_indicator(shapes(with_firms(small).load()))["rd_intensity"]
    assert shape.p is None
    assert not shape.inverted_u
    assert "not computable from 0, 0 and 0 observations" in shape.method


def test_firms_are_grouped_by_the_periods_of_tiers_or_of_the_user(small: Small) -> None:
    with_firms(with_firms(small, 2012), 2020)
    for period in ("2010-2014", "2015-2017"):
        for tier in FIRMS:
            small.append("tiers.csv", f"small,{tier},{period},subsidy_intensity,0.9,,,reported,book,")
    chain = small.load()
    subsidy = [shape for shape in shapes(chain) if shape.indicator == "subsidy_intensity"]
    assert {shape.period: shape.observations for shape in subsidy} == {
        "2010-2014": (3, 4, 3),
        "2015-2017": (0, 0, 0),
    }
    asked = [shape for shape in shapes(chain, ("2012-2020", "2020")) if shape.p is not None]
    assert {shape.period: shape.observations for shape in asked} == {"2012-2020": (6, 8, 6), "2020": (3, 4, 3)}


def test_a_firm_without_sales_has_no_ratio(small: Small) -> None:
    with_firms(small).append("firms.csv", "idle,2020,small,upstream,0,,50,")
    shape = by_indicator(shapes(small.load()))["subsidy_intensity"]
    assert shape.upstream == pytest.approx(0.02)
    assert shape.observations == (3, 4, 3)


@pytest.mark.parametrize("period", ["last year", "2010-", "10-14"])
def test_a_period_that_is_no_year_is_refused(small: Small, period: str) -> None:
    with pytest.raises(InputError, match="2018-2022"):
        shapes(with_firms(small).load(), (period,))


def test_a_year_that_is_no_number_is_refused(small: Small) -> None:
    small.append("firms.csv", "F1,FY22,small,upstream,10,1,1,1")
    with pytest.raises(InputError, match="FY22"):
        shapes(small.load())


def test_correlations_follow_table_5_9(small: Small) -> None:
    # R&D 2, 4, 5 and 5 against subsidies 1, 2, 3 and 4 over sales of 100 (upstream):
    # deviations (-2, 0, 1, 1) and (-1.5, -.5, .5, 1.5): products 3 + 0 + .5 + 1.5 = 5; squares 6 and 5.
    for n, (rd, subsidy) in enumerate(((2, 1), (4, 2), (5, 3), (5, 4))):
        small.append("firms.csv", f"F{n},2020,small,upstream,100,{rd},{subsidy},10")
    table = correlations(small.load()).set_index(["tier", "first", "second"])
    pair = table.loc[("upstream", "rd_intensity", "subsidy_intensity")]
    r = 5 / np.sqrt(6 * 5)
    assert pair["r"] == pytest.approx(r)
    assert pair["n"] == 4
    assert pair["p"] == pytest.approx(2 * stats.t.sf(r * np.sqrt(2 / (1 - r**2)), 2))
    assert np.isnan(table.loc[("upstream", "rd_intensity", "margin"), "r"])  # the margin does not vary
    assert table.loc[("midstream", "rd_intensity", "margin"), "n"] == 0


@pytest.mark.slow
def test_the_published_robot_intensities_are_an_inverted_u() -> None:
    found = {(shape.indicator, shape.period): shape for shape in shapes(load("robots"))}
    subsidy = found["subsidy_intensity", "2018-2022"]
    # JST 2025, Figure 5-6 and its text: about 5% midstream, under 3% at both ends.
    assert subsidy.inverted_u
    assert subsidy.midstream == pytest.approx(0.05)
    assert max(subsidy.high[0], subsidy.high[2]) <= 0.03
    assert found["rd_intensity", "2018-2022"].inverted_u
    assert not found["margin", "2018-2022"].inverted_u
