"""The claims of the published finding against hand computations: `claims` and `claim_methods`."""

from math import atanh, sqrt

import pytest

import data
from chains.finding.claim_methods import METHODS, Quantity, correlation_p, evaluate
from chains.finding.claims import Claim, check_claims, declarations, published_table, quantity
from chains.finding.side_by_side import SIDE_BY_SIDE

CLAIMS = {claim.claim: claim for claim in check_claims({row.chain for row in declarations()})}
# What the report says and other figures contradict, found by hand (arithmetic in the tests below and in `why`).
FALSE = {
    "made_china_2017",
    "made_china_doubled",
    "productivity_chinese",
    "reducers_home_share",
    "import_value_rising",
    "import_units_rising",
    "fund1_announced",
    "fund_phase2_companies",
    "design_average",
    "rest_average_2",
}
BY_HAND = {
    # 804 834 / 46 819 = 17.190
    "import_price_2015": (17.190, 1e-3, True),
    # 1 144 285 x 0.63 / (100 349 x 0.57) = 720 899.55 / 57 198.93 = 12.603
    "japan_price_2018": (12.603, 1e-3, True),
    # 122 605 / 168 400 = 0.72806
    "foreign_share_2020": (72.806, 1e-3, True),
    # 290 300 / 553 000 = 0.52495
    "share_china_2022": (52.495, 1e-3, True),
    # 340 / 55 000 x 1000 = 6.1818
    "export_price_2021": (6.1818, 1e-4, True),
    # (138 + 169 + 155 + 145 + 166) / 5 = 773 / 5
    "productivity_chinese": (154.6, 1e-9, False),
    # 443 / 139 = 3.187: not nearly double
    "made_china_doubled": (3.187, 1e-3, False),
    # 100 - 70, against 28 in another survey of the year
    "reducers_home_share": (30.0, 1e-9, False),
    # (7 + 9) / 2 - (5 + 7) / 2
    "rd_gap": (2.0, 1e-12, True),
    # 154 000 / 0.99 = 155 555.6; 290 300 / 155 555.6 = 1.86621; fifth root 1.13290 (1.1329^5 = 1.8662)
    "growth_china_2017_2022": (13.290, 2e-3, True),
    # 3.01 / 0.81
    "subsidy_ratio": (3.7160, 1e-4, True),
    # 3176 / (1925 x 6.448975) = 3176 / 12 414.277 = 0.255834
    "domestic_rate_2021": (25.5834, 1e-4, True),
    # 601 / (883 x 6.195758) = 601 / 5470.854 = 0.109855
    "domestic_rate_2013": (10.9855, 1e-4, True),
    # 137 957 + 75 252 + 188 532 = 401 741, times RMB 10 000 / 122 = RMB 32.93 m
    "design_average": (32.930, 1e-3, False),
    # 1878.1 - 987.2 = 890.9 and 2049.3 - 171.2 = 1878.1, in RMB hundred million
    "fund1_reserves_2022": (89.09, 1e-9, True),
    # (2121.1 - 1878.1) / 10
    "fund1_fall_2022": (24.3, 1e-9, True),
    # 14.1 + 13.6 + 0.7 + 0.189 + 18
    "tsinghua_total": (46.589, 1e-9, True),
    # (1.536 + 0.947 + 1.22 + 1.5 + 0.53 + 0.92) x 7 + 0.6 = 6.653 x 7 + 0.6
    "smic_total": (47.171, 1e-9, True),
    # 93.8 / 171.83
    "two_groups": (54.589, 1e-3, True),
    # 93.17 - 24.5 - 28.4 - 17.95 = 22.32, over 49
    "rest_average_1": (455.51, 1e-2, True),
    # 432.6 / 555.9
    "ic_imports_share": (77.82, 1e-2, True),
    # 451.9 + 317.63 + 276.3
    "csia_revenue_2021": (1045.83, 1e-9, True),
    # 79 + 1 - 2 - 2 - 1 - 1
    "fund1_companies_2024": (74.0, 0.0, True),
    # 5 + 2 + 7 + 10 + 7 + 5 + 3 + 1 + 1, against a printed total of 38
    "fund_phase2_companies": (41.0, 0.0, False),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_claim_is_computed_as_by_hand(name: str):
    value, tolerance, agrees = BY_HAND[name]
    assert CLAIMS[name].computed == pytest.approx(value, abs=max(tolerance, 1e-9))
    assert CLAIMS[name].agrees is agrees


def test_the_claims_known_false_and_only_these_do_not_agree_and_say_why():
    assert {name for name, claim in CLAIMS.items() if not claim.agrees} == FALSE
    assert all(bool(claim.why) == (name in FALSE) for name, claim in CLAIMS.items())
    declared = {row.claim for row in declarations() if row.why}
    assert declared == FALSE


def test_there_are_at_least_twenty_five_claims_of_each_chapter_and_no_key_twice():
    assert len(CLAIMS) == len(declarations())
    chapters = [(claim.chain, claim.chapter) for claim in CLAIMS.values()]
    assert set(chapters) == {("robots", "5"), ("chips", "4")}
    assert min(chapters.count(pair) for pair in set(chapters)) >= 25


def test_only_the_chains_asked_for_are_checked():
    assert {claim.chain for claim in check_claims(["chips", "coupled"])} == {"chips"}
    assert check_claims(["my-chain"]) == ()


def test_every_claim_has_a_place_a_statement_and_a_computation_with_its_origin():
    for claim in CLAIMS.values():
        assert claim.place
        assert claim.statement
        assert "; from " in claim.how or claim.how.startswith("from "), claim.claim
        logical = claim.relation == "holds"
        assert isinstance(claim.published, bool) is logical
        assert isinstance(claim.computed, bool) is logical
        if not logical:
            assert claim.unit
            assert claim.low <= claim.computed <= claim.high


def test_no_claim_is_computed_from_its_own_number():
    for row in declarations():
        assert row.figure not in row.inputs, row.claim
        assert row.claim not in row.inputs, row.claim
        if row.relation != "holds":
            texts = {quantity(key).text for key in row.inputs}
            assert row.published not in texts, f"{row.claim} is compared with one of its inputs"


def test_no_claim_is_computed_from_a_column_that_the_report_itself_derived():
    # Prices (Table 5-10) follow from values and units, totals (Table 4-3) and rates (Table 4-4) from other columns.
    for row in declarations():
        for key in row.inputs:
            assert not key.endswith(("/price", "/japan_price")), row.claim
            assert not (row.claim.startswith("domestic_rate_2") and key.endswith("/rate") and "domestic" in key)
            assert not (row.figure.startswith("fund_fields/total") and key.startswith("fund_fields/total"))


def test_the_published_number_is_the_printed_one_where_the_cell_is_known():
    for row in declarations():
        if "/" in row.figure:
            table, name, column = row.figure.split("/")
            cells = published_table(table)
            printed = cells.loc[cells.iloc[:, 0] == name, column].item()
            assert {"yes": "true", "no": "false"}.get(printed, printed) == row.published, row.claim


def test_every_source_resolves_and_every_source_and_figure_is_used():
    sources = published_table("sources")
    tables = ["figures", "robot_imports", "domestic_rate", "exchange_rates", "fund_fields", "fund_accounts"]
    tables += ["correlations", *SIDE_BY_SIDE]
    used = {source for table in tables for source in published_table(table)["source"]}
    assert used == set(sources["source"])
    assert (sources["citation"] != "").all()
    assert (sources["locator"] != "").all()
    keys = {key for row in declarations() for key in (*row.inputs, row.figure)}
    assert set(published_table("figures")["figure"]) <= keys


def test_published_is_not_a_package():
    assert "published" not in data.names()


def test_significance_is_the_t_test_with_n_less_two_degrees_of_freedom():
    # r = 0.6, n = 18: t = 0.6 sqrt(16 / 0.64) = 3.0 exactly; with 16 degrees of freedom p = 0.00848, two-sided
    assert correlation_p(0.6, 18) == pytest.approx(0.00848, abs=5e-6)
    # t tables: 2.921 is the two-sided 1% point with 16 degrees of freedom, r = t / sqrt(t^2 + 16)
    edge = 2.9208 / sqrt(2.9208**2 + 16)
    assert METHODS["significant"].compute(edge + 1e-3, 18)
    assert not METHODS["significant"].compute(edge - 1e-3, 18)
    assert correlation_p(-0.6, 18) == correlation_p(0.6, 18)


@pytest.mark.parametrize("tier", ["upstream", "midstream", "downstream"])
def test_the_stars_of_table_5_9_are_where_the_t_test_puts_them(tier: str):
    # Critical |r| at 1%: t = 2.622 (108 df) gives 0.245; 2.618 (119 df) 0.233; 2.672 (53 df) 0.345.
    critical = {"upstream": 0.245, "midstream": 0.233, "downstream": 0.345}[tier]
    for pair in ("rd_subsidy", "rd_margin", "subsidy_margin"):
        claim = CLAIMS[f"significance_{tier}_{pair}"]
        coefficient = quantity(f"correlations/{tier}-{pair}/coefficient").value
        assert claim.computed is (abs(coefficient) > critical)
        assert claim.agrees


def test_the_note_on_the_largest_correlation_has_the_right_fisher_z():
    z = (atanh(0.757) - atanh(0.709)) / sqrt(1 / (110 - 3) + 1 / (121 - 3))
    assert f"= {z:.2f}, p" in CLAIMS["correlation_largest"].how


def test_the_misprint_of_panel_b_is_said():
    assert "misprint for midstream" in CLAIMS["significance_midstream_rd_subsidy"].how


def test_the_interval_of_a_japanese_price_has_its_ends_at_the_corners():
    # 2021: (1 535 467 +- 0.5) (74 +- 0.5) / ((114 698 -+ 0.5) (84 -+ 0.5))
    claim = CLAIMS["japan_price_2021"]
    assert claim.low == pytest.approx(1_535_466.5 * 73.5 / (114_698.5 * 84.5), rel=1e-12)
    assert claim.high == pytest.approx(1_535_467.5 * 74.5 / (114_697.5 * 83.5), rel=1e-12)


@pytest.mark.parametrize(
    ("key", "half"),
    [
        ("robot_imports/2015/japan_value_share", 0.5),
        ("fund_accounts/phase1-2022/profit", 0.05),
        ("correlations/upstream-rd_margin/coefficient", 0.0005),
        ("fund_fields/design/phase1_companies", 0.0),
        ("installed_china_2022", 50.0),
        ("yuan_per_dollar_fund", 0.0),
    ],
)
def test_a_printed_number_stands_for_half_a_unit_of_its_last_digit(key: str, half: float):
    figure = quantity(key)
    assert figure.high - figure.value == pytest.approx(half, abs=1e-12)
    assert figure.value - figure.low == pytest.approx(half, abs=1e-12)


def _about(value: float, half: float) -> Quantity:
    return Quantity(value, value - half, value + half, f"{value:g}", "by hand")


def test_an_inverted_u_holds_only_if_it_holds_at_every_corner_of_the_intervals():
    method = METHODS["inverted_u"]
    assert evaluate(method, [_about(2, 0.4), _about(3, 0.4), _about(1, 0.4)]) == (1.0, 1.0, 1.0)
    # midstream 2.5-3.5 and upstream 1.5-2.5 touch: true at the printed values, not at every corner
    assert evaluate(method, [_about(2, 0.5), _about(3, 0.5), _about(1, 0.5)]) == (1.0, 0.0, 1.0)


def test_subsidies_under_3_and_about_5_per_cent_are_an_inverted_u_and_4_and_5_would_not_be():
    assert CLAIMS["subsidy_inverted_u"].agrees
    assert quantity("subsidy_midstream_intensity").low == 4.5
    assert evaluate(METHODS["inverted_u"], [_about(4.5, 0.0), _about(5, 0.5), _about(4.5, 0.0)])[1] == 0.0


def test_the_gap_of_rd_has_no_width_so_bands_a_point_further_apart_would_not_agree():
    claim = CLAIMS["rd_gap"]
    assert (claim.low, claim.computed, claim.high) == (2.0, 2.0, 2.0)
    assert claim.published + claim.tolerance < 3.0


def test_the_mean_of_the_chinese_firms_is_that_of_the_four_robot_makers():
    claim = CLAIMS["productivity_chinese"]
    assert round((138 + 169 + 155 + 145) / 4) == 152 == claim.published
    assert "four robot makers without Inovance" in claim.why


@pytest.mark.parametrize("phase", ["1", "2"])
def test_the_fund_put_most_into_foundries_and_idms(phase: str):
    # Phase I in RMB 10 000: foundries 3 290 786 + IDM 2 875 956 = 6 166 742 midstream; design 137 957 + software 4 821
    # + equipment 27 449 + material 354 370 = 524 597 upstream; packaging 209 472.
    assert CLAIMS[f"fund{phase}_inverted_u"].agrees
    method = METHODS["middle_fields_largest"]
    assert method.compute(3_290_786, 2_875_956, 27_449, 354_370, 137_957, 4_821, 209_472)
    assert not method.compute(1, 2, 1, 1, 1, 0, 0)  # three upstream
    assert not method.compute(1, 2, 0, 0, 0, 0, 4)  # four downstream


def test_nothing_comes_from_our_own_packages():
    assert not [row.claim for row in declarations() for key in row.inputs if key.startswith("@")]


def test_an_unknown_figure_is_named():
    with pytest.raises(KeyError, match=r"figures\.csv has no row nothing"):
        quantity("nothing")


def test_more_than_means_more_over_the_whole_interval():
    claim: Claim = CLAIMS["subsidy_ratio"]
    # 3.005 / 0.815 = 3.687 is still above 3
    assert claim.low == pytest.approx(3.005 / 0.815, rel=1e-12)
    assert claim.agrees
