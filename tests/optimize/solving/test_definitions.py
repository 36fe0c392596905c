"""Who counts as domestic changes who is cut, by hand on the small chain."""

from pathlib import Path

import pytest

from chains import InputError
from optimize import evaluate
from optimize.questions.by_definition import least_risk_by_definition
from tests.small import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """The small chain, where 2 of the 6 parts made at home come from a Japanese-owned plant."""
    small = Small(tmp_path / "small").edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,4,")
    return small.append("supply.csv", "part,CHN,JPN,2,,,reported,book,")


def test_a_foreign_owned_plant_shares_the_disruptions_of_its_owner_unless_it_counts_as_domestic(small: Small) -> None:
    allocation = evaluate(small.load()).allocation * 0.0
    # quake halves Japan's 12 parts; 6 + 6 parts make 30 robots, with 10 from Germany 80 systems: loss 0.2.
    by_location = evaluate(small.load(), allocation)
    assert by_location.loss["quake"] == pytest.approx(0.2, abs=1e-9)
    # By ownership it also halves the Japanese-owned plant: 5 + 6 parts make 27.5 robots, 75 systems: loss 0.25.
    by_ownership = evaluate(small.load().counting("ownership"), allocation)
    assert by_ownership.loss["quake"] == pytest.approx(0.25, abs=1e-9)
    assert by_ownership.loss["embargo"] == pytest.approx(by_location.loss["embargo"], abs=1e-12)


def test_hybrids_share_no_disruption(small: Small) -> None:
    chain = small.edit("supply.csv", "part,CHN,JPN,2", "part,CHN,HYB,2").load()
    for definition in ("ownership", "broad"):
        assert (chain.counting(definition).numbers.home == chain.numbers.home).all()


def test_the_table_has_a_row_for_each_definition_and_shares_that_fit_the_budget(small: Small) -> None:
    table = least_risk_by_definition(small.load())
    assert list(table.index) == ["location", "ownership", "broad"]
    assert table.loc["ownership", "risk"] >= table.loc["location", "risk"]
    least = table[[column for column in table.columns if column.endswith("least")]]
    assert (least.sum(axis=1) <= 1 + 1e-6).all()


def test_an_unknown_definition_is_refused_and_a_known_one_recorded(small: Small) -> None:
    chain = small.load()
    with pytest.raises(InputError, match="ownership"):
        chain.counting("ownerhip")
    changed = chain.counting("ownership")
    assert changed.changes == ("domestic by ownership",)
    assert changed.sha256 != chain.sha256
    assert chain.counting("location") is chain
