"""The package `japan` against the published figures that it rests on."""

import re
from collections import defaultdict

import pycountry
import pytest

import data
from tests.independent import Row, rows_of
from tests.shipped import FEEDING

ACT = {"cnc", "servos", "reducers", "controllers"}  # items of the Economic Security Promotion Act
ROBOTS_MADE_2021, ROBOTS_MADE, ROBOTS_IN_2030 = 256_000, 280_051, 350_000  # JST 5.5; JARA 2022; METI's target
SYSTEM_OVER_ROBOT = 29 / 9.5


def japan(table: str, **key: str) -> list[Row]:
    rows = rows_of(data.folder("japan"), table)
    return [row for row in rows if all(row[column] == value for column, value in key.items())]


def value(table: str, **key: str) -> float:
    (row,) = japan(table, **key)
    return float(row["value"])


def total(table: str, **key: str) -> float:
    return sum(float(row["value"]) for row in japan(table, **key))


def test_the_subsidies_are_the_39_5_billion_of_the_act_for_its_four_items() -> None:
    assert total("subsidies") == pytest.approx(39.5, abs=1e-9)
    assert {row["segment"] for row in japan("subsidies")} == ACT


def test_nobody_published_the_split_so_it_is_assumed() -> None:
    assert {row["status"] for row in japan("subsidies")} == {"assumed"}


def test_robots_go_abroad_for_817_4_billion() -> None:
    exported = total("demand", segment="bodies", use="exports") + total("demand", segment="mounters", use="exports")
    assert exported == pytest.approx(817.4, abs=1e-6)


def test_robots_for_home_users_are_the_233_5_billion_of_home_shipments() -> None:
    """Systems hold 97% robots made at home, at 9.5/29 of their value; mounters need no integrator."""
    in_systems = total("demand", segment="integration") / SYSTEM_OVER_ROBOT * 0.97
    mounters = value("demand", segment="mounters", use="electrical_machinery")
    assert in_systems + mounters == pytest.approx(233.5, abs=1e-3)


def test_robots_made_in_japan_are_the_1050_9_billion_of_all_shipments() -> None:
    made = value("supply", segment="bodies", location="JPN") + value("supply", segment="mounters", location="JPN")
    assert made == pytest.approx(1050.9, abs=1e-3)


def test_three_per_cent_of_the_robots_at_home_are_imported_36_per_cent_of_them_from_china() -> None:
    imported = total("supply", segment="bodies") - value("supply", segment="bodies", location="JPN")
    at_home = total("demand", segment="integration") / SYSTEM_OVER_ROBOT
    assert imported / at_home == pytest.approx(0.03, abs=1e-5)
    assert value("supply", segment="bodies", location="CHN") / imported == pytest.approx(0.36, abs=1e-4)


@pytest.mark.parametrize("segment", sorted(ACT | {"bodies", "mounters"}))
def test_home_supply_can_grow_for_two_years_as_it_did_and_the_target_is_further_off(segment: str) -> None:
    home = value("supply", segment=segment, location="JPN")
    growth = value("response", segment=segment, parameter="ceiling") / home
    assert growth == pytest.approx(2 * (ROBOTS_MADE / ROBOTS_MADE_2021 - 1), abs=1e-4)
    assert growth < ROBOTS_IN_2030 / ROBOTS_MADE - 1


def test_a_third_of_the_chips_comes_from_taiwan() -> None:
    """Taiwan's exports to Japan, USD 15.78 bn, over a market of USD 49.2 bn."""
    share = value("supply", segment="semiconductors", location="TWN") / total("supply", segment="semiconductors")
    assert share == pytest.approx(15.78 / 49.2, abs=1e-4)


def test_the_chance_of_the_great_earthquake_is_75_per_cent_in_thirty_years() -> None:
    yearly = value("probabilities", scenario="nankai_earthquake")
    assert 1 - (1 - yearly) ** 30 == pytest.approx(0.75, abs=1e-3)


def test_the_earthquake_costs_a_year_of_plants_the_9_3_per_cent_of_gdp_that_the_cabinet_office_expects() -> None:
    """In full while it lasts; then three quarters of the cut for half of the recovery and a quarter for the rest."""
    (row,) = japan("disruptions", scenario="nankai_earthquake")
    assert (row["location"], row["segment"]) == ("JPN", "")  # plants at home, of all segments
    outage, recovery = (
        value("durations", scenario="nankai_earthquake", parameter=parameter) for parameter in ("outage", "recovery")
    )
    months = outage + 0.75 * recovery / 2 + 0.25 * recovery / 2
    assert float(row["value"]) * months / 12 == pytest.approx(0.093, abs=1e-4)
    fell_in_march_2011 = (97.9 - 82.7) / 97.9  # the index of production
    assert float(row["low"]) == pytest.approx(fell_in_march_2011, abs=0.01)


def test_gallium_is_imported_for_97_of_167_tonnes_55_of_them_from_china() -> None:
    used = total("supply", segment="gallium")
    assert value("supply", segment="gallium", location="CHN") / used == pytest.approx(55 / 167, abs=1e-4)
    assert value("supply", segment="gallium", location="JPN") / used == pytest.approx(1 - 97 / 167, abs=1e-4)


def test_what_a_users_input_coefficients_claim_leaves_room_for_its_own_work() -> None:
    claimed: defaultdict[str, float] = defaultdict(float)
    for row in japan("inputs"):
        claimed[row["user"]] += float(row["value"])
    assert max(claimed.values()) < 1


def test_every_assumed_value_has_a_range_and_every_value_a_listed_source_and_a_note() -> None:
    listed = {row["source"] for row in japan("sources")}
    for row in (row for table in FEEDING for row in japan(table)):
        low, high = row["low"] or row["value"], row["high"] or row["value"]
        assert float(low) <= float(row["value"]) <= float(high), row
        assert row["note"].strip(), row
        assert {row["source"], *re.findall(r"\[(\w+)\]", row["note"])} <= listed, row
        assert row["status"] in {"reported", "derived"} or (row["low"] and row["high"]), row


def test_every_listed_source_is_cited() -> None:
    rows = [row for table in FEEDING for row in japan(table)]
    cited = {name for row in rows for name in (row["source"], *re.findall(r"\[(\w+)\]", row["note"]))}
    assert {row["source"] for row in japan("sources")} == cited


def test_every_location_and_owner_is_a_country() -> None:
    countries = {country.alpha_3 for country in pycountry.countries} | {"ROW"}
    for row in (*japan("supply"), *japan("disruptions")):
        assert {row["location"], row["owner"]} <= countries | {""}
