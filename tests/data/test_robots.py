"""The package `robots` against the published figures that it rests on."""

import pytest
from scipy.stats import gamma

import data
from tests.independent import Row, rows_of

YUAN_PER_DOLLAR = 6.730  # yearly average of 2022
MADE_BY_LISTED_FIRMS = {  # business of the listed firms by tier (JST 2025, section 5.4 and Table 5-4)
    "upstream": {"cnc", "servos", "reducers", "controllers", "screws_guides"},
    "midstream": {"bodies_high", "bodies_low"},
    "downstream": {"integration"},
}


def robots(table: str, **key: str) -> list[Row]:
    return [row for row in rows_of(data.folder("robots"), table) if all(row[k] == v for k, v in key.items())]


def total(table: str, **key: str) -> float:
    return sum(float(row["value"]) for row in robots(table, **key))


def imports(location: str) -> float:
    """Imported robots, without those that handle wafers, which customs count under another heading."""
    wafers = total("demand", use="wafer_handling") if location == "JPN" else 0.0
    return sum(total("supply", segment=body, location=location) for body in ("bodies_high", "bodies_low")) - wafers


def test_robot_imports_are_those_of_table_5_10() -> None:
    assert sum(map(imports, ("JPN", "DEU", "ROW"))) == pytest.approx(1.375124 * YUAN_PER_DOLLAR, rel=1e-4)
    assert imports("JPN") == pytest.approx(0.77 * 1.375124 * YUAN_PER_DOLLAR, rel=1e-4)


def test_imports_are_as_large_a_part_of_foreign_brands_by_value_as_units_were_in_2020() -> None:
    """76,342 imported of 122,605 foreign units: prices and market agree with customs within a tenth."""
    wafers, exports = total("demand", use="wafer_handling"), total("demand", segment="bodies_low", use="exports")
    rows = [row for body in MADE_BY_LISTED_FIRMS["midstream"] for row in robots("supply", segment=body)]
    made = sum(float(row["value"]) for row in rows if row["location"] == "CHN" and row["owner"] != "CHN")
    low = total("supply", segment="bodies_low", location="CHN")
    at_home = made - exports * total("supply", segment="bodies_low", location="CHN", owner="JPN") / low
    imported = 1.375124 * YUAN_PER_DOLLAR
    assert wafers < imported
    assert imported / (imported + at_home) == pytest.approx(76_342 / 122_605, rel=0.1)


@pytest.mark.parametrize(("tier", "least", "most"), [("upstream", 0.02, 0.03), ("midstream", 0.045, 0.055)])
def test_subsidies_over_sales_are_the_published_intensity(tier: str, least: float, most: float) -> None:
    segments = MADE_BY_LISTED_FIRMS[tier]
    sales = sum(total("supply", segment=segment, location="CHN", owner="CHN") for segment in segments)
    assert least <= sum(total("subsidies", segment=segment) for segment in segments) / sales <= most


def test_integrators_get_under_three_per_cent_and_less_than_makers_of_bodies() -> None:
    given = total("subsidies", segment="integration")
    assert given / total("supply", segment="integration", owner="CHN") < 0.03
    assert given < sum(total("subsidies", segment=segment) for segment in MADE_BY_LISTED_FIRMS["midstream"])


def test_research_intensities_keep_to_what_is_printed_of_figure_5_5() -> None:
    """Ends about 5-7%, midstream 7-9% and 2 points more throughout; 1.5 points more in 2018-2022 than in 2010-2014."""
    found = {(r["tier"], r["period"]): float(r["value"]) for r in robots("tiers", indicator="rd_intensity")}
    for period in ("2010-2014", "2015-2017", "2018-2022"):
        for end in ("upstream", "downstream"):
            assert 0.05 <= found[end, period] <= 0.07
            assert found["midstream", period] - found[end, period] == pytest.approx(0.02)
    for tier in ("upstream", "midstream", "downstream"):
        assert found[tier, "2018-2022"] - found[tier, "2010-2014"] == pytest.approx(0.015)


def test_robots_are_about_a_third_of_a_system() -> None:
    """A supplier of systems says 25 to 40%."""
    bodies = sum(total("inputs", input=body, user="integration") for body in MADE_BY_LISTED_FIRMS["midstream"])
    assert 0.25 <= bodies <= 0.40


def test_the_market_of_reducers_is_what_shuanghuans_sales_imply() -> None:
    """RV: RMB 0.316 bn in half of 2025 at about 25% of the market, so some 2.5 bn a year, harmonic gears extra."""
    assert 2.5 < total("supply", segment="reducers") < 5.0


def test_no_ceiling_is_the_target_of_made_in_china_2025() -> None:
    for row in robots("response", parameter="ceiling"):
        segment, ceiling = row["segment"], float(row["value"])
        market, home = total("supply", segment=segment), total("supply", segment=segment, owner="CHN")
        assert home + ceiling != pytest.approx(0.70 * market, rel=1e-3)
        assert ceiling <= 0.25 * market


def test_scenarios_of_the_same_name_are_as_likely_in_robots_and_japan() -> None:
    chances, in_japan = (
        {r["scenario"]: r["value"] for r in rows_of(data.folder(p), "probabilities")} for p in ("robots", "japan")
    )
    common = set(chances) & set(in_japan)
    assert {"china_countermeasures", "days_outage"} <= common
    assert {s: chances[s] for s in common} == {s: in_japan[s] for s in common}


@pytest.mark.parametrize("scenario", ["allied_package", "foreign_plants_withdraw"])
def test_the_chance_of_what_came_once_has_the_range_of_a_rate_after_one_event(scenario: str) -> None:
    """One event on two powers in 28 years: a rate is gamma distributed with shape 1.5 over 56 years (Jeffreys)."""
    (row,) = robots("probabilities", scenario=scenario)
    low, high = gamma(1.5).ppf([0.05, 0.95]) / 56
    assert float(row["value"]) == pytest.approx(1 / 56, abs=1e-7)
    assert (float(row["low"]), float(row["high"])) == pytest.approx((low, high), abs=5e-4)
