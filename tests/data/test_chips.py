"""The package `chips` against the published figures of 2022 that it rests on, worked out here a second time."""

import math

import pytest

import data
from tests.independent import Study, read, rows_of

USD = 6.726  # RMB, 2022
MARKET = 180.3 * USD  # SIA, 2022
DISCRETES = MARKET * 30.337 / 555.893  # WSTS, 2021
CLASSES = {"lithography": 9.615, "resist_tools": 2.3, "etch_clean": 14.0, "deposition": 12.22, "inspection": 10.36}


def total(table: str, **key: str) -> float:
    rows = rows_of(data.folder("chips"), table)
    return sum(float(row["value"]) for row in rows if all(row[column] == cell for column, cell in key.items()))


def value(table: str, **key: str) -> float:
    rows = rows_of(data.folder("chips"), table)
    (row,) = [row for row in rows if all(row[column] == cell for column, cell in key.items())]
    return float(row["value"])


def test_final_demand_is_the_chinese_market_of_the_sia() -> None:
    assert total("demand") == pytest.approx(MARKET, rel=1e-6)
    assert total("demand", segment="discretes") == pytest.approx(DISCRETES, rel=1e-6)


def test_six_tenths_of_finished_chips_go_into_exported_systems() -> None:
    finished = total("demand", segment="packaging")
    assert value("demand", segment="packaging", use="exports") / finished == pytest.approx(0.6, rel=1e-6)


def test_home_foundries_make_the_103_58_billion_that_were_counted() -> None:
    home = sum(total("supply", segment="foundry", location="CHN", owner=owner) for owner in ("CHN", "HYB"))
    assert home == pytest.approx(103.58, abs=1e-5)


def test_taiwan_and_korea_have_the_shares_that_customs_counted_in_2022() -> None:
    """Customs print 2023 and its change: Taiwan 38.5% of 350.2 bn, down 15.2%; Korea 65.64 bn, down 22.4%."""
    imported = total("supply", segment="packaging") - total("supply", segment="packaging", location="CHN")
    taiwan = total("supply", segment="packaging", location="TWN") / imported * 415.579
    korea = total("supply", segment="packaging", location="KOR") / imported * 415.579
    assert taiwan * (1 - 0.152) == pytest.approx(0.385 * 350.2, rel=1e-6)
    assert korea * (1 - 0.224) == pytest.approx(65.64, rel=1e-6)


@pytest.mark.parametrize("segment", [name for name in CLASSES if name not in ("lithography", "inspection")])
def test_tools_are_what_china_bought_in_2022_split_by_kind(segment: str) -> None:
    bought = 28.27 * USD * 0.861 * CLASSES[segment] / sum(CLASSES.values())
    assert total("supply", segment=segment) == pytest.approx(bought, rel=1e-5)


def test_lithography_is_what_customs_counted_in_2022() -> None:
    """USD 3.963 bn, 64.3% of it from the Netherlands."""
    imported = total("supply", segment="lithography") - total("supply", segment="lithography", location="CHN")
    assert imported == pytest.approx(3.963 * USD, rel=1e-6)
    assert total("supply", segment="lithography", location="NLD") / imported == pytest.approx(0.643, abs=5e-4)


def test_japans_tools_are_less_than_all_equipment_that_customs_counted_from_japan() -> None:
    """USD 10.736 bn in 2022, with equipment for wafers and displays, which is not in the package."""
    tools = sum(total("supply", segment=segment, location="JPN") for segment in CLASSES)
    assert 0.6 * 10.736 * USD < tools < 10.736 * USD


def test_japans_share_of_resist_tools_is_nearly_all_of_imports() -> None:
    imported = total("supply", segment="resist_tools") - total("supply", segment="resist_tools", location="CHN")
    japan = total("supply", segment="resist_tools", location="JPN")
    assert japan / imported == pytest.approx(96 / 99, rel=1e-5)


def test_photoresist_is_that_of_fabs_alone() -> None:
    fab_materials = 12.97 * USD * 44.7 / 72.7
    assert total("supply", segment="photoresist") == pytest.approx(fab_materials * 2.2 / 44.7, rel=1e-4)


def test_a_ceiling_is_not_the_target() -> None:
    """70% of the market less home output would be more than can be added, where home output is small."""
    for segment in ("lithography", "deposition", "wafers", "photoresist", "packaging"):
        home = sum(total("supply", segment=segment, location="CHN", owner=owner) for owner in ("CHN", "HYB"))
        target = 0.7 * total("supply", segment=segment) - home
        assert value("response", segment=segment, parameter="ceiling") < target


def test_the_fund_of_phase_two_is_the_printed_table() -> None:
    printed = 2928995 + 105287 + 75252 + 4446655 + 66646 + 33367 + 0 + 33375  # fields that go to segments
    assert total("subsidies", period="2019-2022") == pytest.approx(printed / 1e5, abs=1e-5)
    for none in ("lithography", "resist_tools"):  # no investee that JST names makes them
        assert value("subsidies", segment=none, period="2019-2022") == 0.0


@pytest.mark.parametrize(
    ("segment", "service"),
    [
        ("lithography", 5743 / 21173),  # ASML, EUR m
        ("deposition", 2703 / (9025 + 2703)),  # Applied Materials, USD m, half a year
        ("resist_tools", 1 - 1692.7 / 2155.2),  # Tokyo Electron, JPY bn
    ],
)
def test_upkeep_is_the_part_of_the_makers_sales_that_is_service(segment: str, service: float) -> None:
    shown = value("criticality", input=segment, user="", parameter="dispensable")
    assert shown == pytest.approx(1 - service, abs=1e-6)


def test_what_the_survey_rates_critical_cannot_be_done_without() -> None:
    for segment, user in (("materials", "foundry"), ("materials", "packaging"), ("photoresist", "discretes")):
        assert value("criticality", input=segment, user=user, parameter="dispensable") == 0.0


def test_no_plant_of_an_owner_from_the_allies_is_spared_by_their_package() -> None:
    supply = rows_of(data.folder("chips"), "supply")
    owners = {row["owner"] for row in supply if row["location"] == "CHN"} - {"CHN", "HYB"}
    cut = {row["owner"] for row in rows_of(data.folder("chips"), "disruptions") if row["scenario"] == "allied_package"}
    assert owners <= cut


def test_every_scenario_that_ends_within_the_year_says_how_it_ends() -> None:
    rows = rows_of(data.folder("chips"), "durations")
    outage = {row["scenario"]: float(row["value"]) for row in rows if row["parameter"] == "outage"}
    recovery = {row["scenario"] for row in rows if row["parameter"] == "recovery"}
    assert set(outage) == {row["scenario"] for row in rows_of(data.folder("chips"), "probabilities")}
    assert recovery == {scenario for scenario, months in outage.items() if months < 12}
    assert outage["days_outage"] < 1 < outage["accident_taiwan"]


@pytest.mark.slow
def test_days_of_outage_cost_nothing_and_a_blockade_of_months_does() -> None:
    study = Study(read(data.folder("chips")))
    loss = study.evaluate(study.none).loss
    assert loss["days_outage"] <= 1e-9
    assert loss["accident_taiwan"] > 0.005
    assert math.isclose(loss["calm"], 0.0, abs_tol=1e-9)
