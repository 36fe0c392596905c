"""Flows of the base year: what enters a segment leaves it."""

from pathlib import Path

import pytest

from chains import load
from chains.indicators.flows import flows
from tests.small import Small


def test_flows_of_the_small_chain_by_hand(tmp_path: Path) -> None:
    moved = flows(Small(tmp_path / "small").load())
    found = {(row.source, row.target): row.value for row in moved.itertuples()}
    assert found == pytest.approx(
        {
            ("home firms", "part"): 6.0,  # makes parts out of nothing that is modelled
            ("JPN", "part"): 12.0,
            ("home firms", "robot"): 40 * (1 - 0.4),  # 40 robots take parts worth 16
            ("DEU", "robot"): 10.0,
            ("home firms", "system"): 100 * (1 - 0.5),
            ("part", "robot"): 16.0,
            ("robot", "system"): 50.0,
            ("system", "cars"): 60.0,
            ("system", "electronics"): 40.0,
        }
    )


@pytest.mark.parametrize("package", ["robots", "chips"])
def test_what_flows_into_a_segment_flows_out_of_it(package: str) -> None:
    moved = flows(load(package))
    enters = moved[moved["kind"] != "demand"].groupby("target")["value"].sum()
    leaves = moved[moved["kind"] != "origin"].groupby("source")["value"].sum()
    # The packages describe the base year: supply exceeds need by rounding only.
    assert ((enters - leaves) / leaves).abs().max() < 1e-3


def test_owners_at_home_are_told_apart(tmp_path: Path) -> None:
    small = Small(tmp_path / "small").append("supply.csv", "part,CHN,JPN,1,,,reported,book,")
    small.append("supply.csv", "part,CHN,HYB,2,,,reported,book,")
    parts = flows(small.load()).query("target == 'part'").set_index("source")["value"]
    assert parts.to_dict() == {
        "JPN": 12.0,
        "foreign-owned plants at home": 1.0,
        "home firms": 6.0,
        "hybrid firms": 2.0,
    }
