"""Indicators of a chain under the three definitions of domestic, against the small chain worked by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import Chain, InputError, load
from chains.indicators import (
    INDICATORS,
    indicators,
    indicators_by_definition,
    ranking_by_definition,
    ranking_table,
    technology_dependency,
)
from chains.indicators.domestic import domestic_share, places
from chains.tables.definitions import DEFINITIONS, is_domestic
from tests.random_packages import draw, write
from tests.small import Small

NAN = float("nan")
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "questions" / "indicators.md"


@pytest.fixture
def mixed(small: Small) -> Small:
    """With a German plant in China, 10 robots, and a hybrid maker of 2 parts: robots 60 in all, parts 20."""
    return small.append("supply.csv", "robot,CHN,DEU,10,,,reported,book,", "part,CHN,HYB,2,,,reported,book,")


def _same(found: pd.Series, part: float, robot: float, system: float) -> None:
    np.testing.assert_allclose(found[["part", "robot", "system"]], [part, robot, system], rtol=1e-12, atol=1e-15)


# --- what is domestic ---------------------------------------------------------------------------------------------


def test_three_definitions_of_domestic_row_by_row() -> None:
    rows = [("CHN", "CHN"), ("CHN", "HYB"), ("CHN", "JPN"), ("JPN", "JPN"), ("JPN", "CHN"), ("JPN", "HYB")]
    supply = pd.DataFrame(rows, columns=["location", "owner"])
    found = {name: is_domestic(supply, "CHN", name).tolist() for name in DEFINITIONS}
    assert found == {
        "location": [True, True, True, False, False, False],
        "ownership": [True, False, False, False, False, False],
        "broad": [True, True, False, False, False, False],
    }
    # What is made at home comes from its owner's country, what is made abroad from where it is made.
    assert places(supply, "CHN").tolist() == ["CHN", "HYB", "JPN", "JPN", "JPN", "JPN"]


def test_domestic_shares_by_definition(mixed: Small) -> None:
    chain = mixed.load()
    _same(domestic_share(chain, "location"), 8 / 20, 50 / 60, 1)
    _same(domestic_share(chain, "ownership"), 6 / 20, 40 / 60, 1)
    _same(domestic_share(chain, "broad"), 8 / 20, 40 / 60, 1)


# --- the small chain by hand --------------------------------------------------------------------------------------


def test_indicators_of_supply_by_hand(small: Small) -> None:
    # Parts: 12 of 18 from Japan. Robots: 10 of 50 from Germany. Systems: all at home, so there is no place to count.
    table = indicators(small.load())
    _same(table["import_share"], 12 / 18, 10 / 50, 0)
    _same(table["herfindahl"], 1, 1, NAN)
    _same(table["import_to_domestic"], 12 / 6, 10 / 40, 0)
    _same(table["core_dependency"], 1, 0, 0)


def test_indicators_of_the_network_by_hand(small: Small) -> None:
    # Use: 100 systems, 50 robots, 0.4 x 40 = 16 parts; from home 100, 40 and a third of 16.
    table = indicators(small.load())
    robot = 0.4 * 12 / 18
    _same(table["import_content_direct"], 0, robot, 0.5 * 0.2)
    _same(table["import_content"], 0, robot, 0.5 * 0.2 + 0.5 * 0.8 * robot)
    _same(table["import_content_supply"], 12 / 18, 0.2 + 0.8 * robot, 0.1 + 0.4 * robot)
    total = 100 + 40 + 16 / 3
    _same(table["extraction"], 16 / 3 / total, (40 + 16 / 3) / total, 1)
    _same(table["upstreamness"], 3, 2, 1)


def test_centrality_by_hand_with_the_assumed_wedge_and_with_one_by_tier(small: Small) -> None:
    # Domestic inputs: 0.4 of a system are robots, 0.4/3 of a robot parts. At 0.1: elasticities 0.44 and 0.44/3,
    # mu = (0.44 x 0.44/3, 0.44, 1), W = 16/3 + 40 (1 - 0.44/3) + 100 (1 - 0.44).
    chain = small.load()
    income = 16 / 3 + 40 * (1 - 0.44 / 3) + 56
    expected = (0.44 * 0.44 / 3 * income / (16 / 3), 0.44 * income / 40, income / 100)
    _same(indicators(chain)["distortion_centrality"], *expected)
    _same(indicators(chain, wedge=0.1)["distortion_centrality"], *expected)
    # Only robot makers (midstream) buy at a wedge, 0.5: elasticities 0.2 and 0.4, W = 16/3 + 40 x 0.8 + 60.
    income = 16 / 3 + 32 + 60
    tiers = {"upstream": 0.0, "midstream": 0.5, "downstream": 0.0}
    found = indicators(chain, wedge=tiers)["distortion_centrality"]
    _same(found, 0.4 * 0.2 * income / (16 / 3), 0.4 * income / 40, income / 100)


def test_foreign_plants_at_home_turn_foreign_under_ownership(mixed: Small) -> None:
    table = indicators(mixed.load(), "ownership")
    _same(table["import_share"], 14 / 20, 20 / 60, 0)
    # Parts: hybrids 2 and Japan 12. Robots: Germany, 10 made there and 10 in its plant in China.
    _same(table["herfindahl"], (2**2 + 12**2) / 14**2, 1, NAN)
    _same(table["import_content_direct"], 0, 0.4 * 0.7, 0.5 / 3)
    # 50 robots are used, 5/6 of them made in China: these take 0.4 x 250/6 = 50/3 parts. Home-owned firms make 100
    # systems, 100/3 robots and 0.3 x 50/3 = 5 parts, of which robots of home-owned firms take 0.4 x 100/3 x 0.3 = 4.
    # The fifth part goes to the German plant, which stays when systems or robots of home-owned firms are struck.
    total = 100 + 100 / 3 + 5
    _same(table["extraction"], 5 / total, (100 / 3 + 4) / total, (100 + 100 / 3 + 4) / total)
    # Four fifths of parts go into home-owned robots (3 stages), a fifth into the German plant: out of the system.
    _same(table["upstreamness"], 0.8 * 3 + 0.2 * 1, 2, 1)


def test_hybrids_are_domestic_under_the_broad_definition(mixed: Small) -> None:
    table = indicators(mixed.load(), "broad")
    _same(table["import_share"], 12 / 20, 20 / 60, 0)
    _same(table["herfindahl"], 1, 1, NAN)


def test_core_dependency_needs_concentration_and_importance(small: Small) -> None:
    # Robots: five countries with 20 each beside 40 at home: 100 of 140 imported, but the index is 0.2.
    small.cell("supply.csv", 5, "value", "20")
    rows = [f"robot,{country},{country},20,,,reported,book," for country in ("JPN", "USA", "KOR", "ITA")]
    table = indicators(small.append("supply.csv", *rows).load())
    _same(table["herfindahl"], 1, 0.2, NAN)
    _same(table["import_share"], 12 / 18, 100 / 140, 0)
    _same(table["core_dependency"], 1, 0, 0)


# --- division by zero ---------------------------------------------------------------------------------------------


def test_a_segment_without_supply_has_no_indicator_of_supply(small: Small) -> None:
    small.append("segments.csv", "spare,small,upstream,Spare parts")
    spare = indicators(small.load()).loc["spare"]
    undefined = ["import_share", "herfindahl", "import_to_domestic", "core_dependency", "import_content_supply"]
    assert spare[[*undefined, "upstreamness", "distortion_centrality"]].isna().all()
    assert spare["extraction"] == 0.0


def test_a_segment_with_no_domestic_supply_has_no_ratio_to_it(small: Small) -> None:
    small.cell("supply.csv", 2, "value", "0")
    part = indicators(small.load()).loc["part"]
    assert part["import_share"] == 1.0
    assert np.isnan(part["import_to_domestic"])
    assert np.isnan(part["distortion_centrality"])
    assert part["core_dependency"] == 1.0


def test_an_assumed_wedge_that_takes_all_gives_nan_and_a_given_one_an_error(small: Small) -> None:
    chain = small.append("inputs.csv", "system,system,0.95,,,reported,book,").load()
    assert indicators(chain)["distortion_centrality"].isna().all()
    with pytest.raises(InputError, match="'system' cost more than it"):
        indicators(chain, wedge=0.1)


# --- technology dependency ----------------------------------------------------------------------------------------


def test_technology_dependency_of_given_amounts() -> None:
    imports, research = pd.Series([3.0, 0.0, 0.0, NAN, -1.0]), pd.Series([7.0, 2.0, 0.0, 1.0, 3.0])
    np.testing.assert_allclose(technology_dependency(imports, research), [0.3, 0, NAN, NAN, NAN])


@pytest.mark.slow
def test_technology_dependency_is_read_from_the_latest_period_that_has_both(small: Small) -> None:
    assert indicators(small.load())["technology_dependency"].isna().all()
    small.append(
        "tiers.csv",
        "small,midstream,2020,technology_imports,9,,,reported,book,",
        "small,midstream,2020,rd_expenditure,1,,,reported,book,",
        "small,midstream,2021,technology_imports,1,,,reported,book,",
        "small,midstream,2021,rd_expenditure,3,,,reported,book,",
        "small,midstream,2022,rd_expenditure,5,,,reported,book,",
        "small,upstream,2022,technology_imports,5,,,reported,book,",
    )
    _same(indicators(small.load(), "broad")["technology_dependency"], NAN, 0.25, NAN)


def test_reliance_on_foreign_inputs_is_the_latest_that_the_package_brings_along(small: Small) -> None:
    small.append(
        "segment_indicators.csv",
        "segment,period,indicator,value,low,high,status,source,note",
        "part,2019,foreign_input_reliance,0.5,,,derived,book,",
        "part,2020,foreign_input_reliance,0.6,,,derived,book,",
        "part,2020,foreign_input_reliance_direct,0.4,,,derived,book,",
        "robot,2018,foreign_input_reliance,0.3,,,derived,book,",
    )
    for definition in ("location", "ownership"):
        found = indicators(small.load(), definition)
        assert found.loc["part", ["foreign_input_reliance", "foreign_input_reliance_direct"]].tolist() == [0.6, 0.4]
        assert found.loc["robot", "foreign_input_reliance"] == 0.3
        assert found["foreign_input_reliance_direct"].isna().sum() == 2


# --- rankings -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_ranking_moves_with_the_definition(mixed: Small) -> None:
    # An American integrator in China makes three quarters of systems: 0 imported by location, 0.75 by ownership,
    # ahead of parts (0.6, 0.7 and 0.6) and robots (1/6, 1/3 and 1/3).
    chain = mixed.append("supply.csv", "system,CHN,USA,300,,,reported,book,").load()
    ranks = ranking_by_definition(chain)
    assert ranks.columns.tolist() == [*DEFINITIONS, "moves"]
    assert ranks.loc["part"].tolist() == [1, 2, 2, 1]
    assert ranks.loc["robot"].tolist() == [2, 3, 3, 1]
    assert ranks.loc["system"].tolist() == [3, 1, 1, 2]
    assert ranking_table(chain).splitlines() == [
        "| segment | location | ownership | broad | moves |",
        "|---|--:|--:|--:|--:|",
        "| part | 0.60 (1) | 0.70 (2) | 0.60 (2) | 1 |",
        "| robot | 0.17 (2) | 0.33 (3) | 0.33 (3) | 1 |",
        "| system | 0.00 (3) | 0.75 (1) | 0.75 (1) | 2 |",
    ]


@pytest.mark.slow
def test_equal_values_share_a_rank_and_undefined_ones_have_none(small: Small) -> None:
    ranks = ranking_by_definition(small.load(), "herfindahl")
    assert ranks.loc["part"].tolist() == [1, 1, 1, 0]
    assert ranks.loc["robot"].tolist() == [1, 1, 1, 0]
    assert ranks.loc["system"].isna().all()
    assert ranking_table(small.load(), "herfindahl").endswith("| system | none | none | none | none |")


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "chips"])
def test_the_documented_tables_are_current(package: str) -> None:
    assert ranking_table(load(package)) in DOCUMENT.read_text("utf-8"), "put ranking_table(load(...)) into the document"


def test_every_indicator_is_documented() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert [name for name in INDICATORS if f"`{name}`" not in text] == []


# --- bad questions ------------------------------------------------------------------------------------------------


def test_an_unknown_definition_or_indicator_is_named_with_the_nearest(small: Small) -> None:
    chain = small.load()
    with pytest.raises(InputError, match=r"'owner': is not a definition of domestic; .*'ownership'"):
        indicators(chain, "owner")
    with pytest.raises(InputError, match=r"'import_shares': is not an indicator; .*'import_share'"):
        ranking_by_definition(chain, "import_shares")


@pytest.mark.parametrize(
    ("wedge", "said"),
    [
        (-0.1, "is -0.1; give 0 or more"),
        (NAN, "is nan; give 0 or more"),
        ({"upstream": 0.1, "midstream": 0.1}, "wedge of 'downstream': is not given"),
        ({"midstrem": 0.1}, "'midstrem': is not a tier; did you mean 'midstream'"),
        ({"upstream": 0, "midstream": 0, "downstream": 2}, r"\(1 \+ wedge\) x 0.4 must be at most 1"),
    ],
)
def test_a_bad_wedge_is_refused(small: Small, wedge: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        indicators(small.load(), wedge=wedge)


def test_inputs_that_feed_on_themselves_are_refused(small: Small) -> None:
    with pytest.raises(InputError, match="not productive"):
        indicators(small.append("inputs.csv", "system,system,1.5,,,reported,book,").load())


# --- laws ---------------------------------------------------------------------------------------------------------


def _random(folder: Path, seed: int) -> Chain:
    tables, home = draw(np.random.default_rng(seed))
    return load(write(folder / f"dice{seed}", tables, home))


@pytest.mark.parametrize("seed", range(8))
def test_a_narrower_definition_never_lowers_dependence(tmp_path: Path, seed: int) -> None:
    found = indicators_by_definition(_random(tmp_path, seed))
    for column in ("import_share", "import_content_direct", "import_content_supply"):
        location, broad, ownership = (found[name, column].to_numpy() for name in ("location", "broad", "ownership"))
        assert (location <= broad + 1e-12).all()
        assert (broad <= ownership + 1e-12).all()


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 6])  # without spare supply, as the first assertion says
def test_upstreamness_agrees_with_balances_of_home_capacity(tmp_path: Path, seed: int) -> None:
    # These random packages balance with all capacity in use: home output is home supply, absorption all supply.
    chain = _random(tmp_path, seed)
    numbers = chain.numbers
    output = numbers.home[numbers.calm]
    absorbed = output + numbers.foreign[numbers.calm]
    B = numbers.inputs.toarray() * output / absorbed[:, None]
    np.testing.assert_allclose(B.sum(axis=1) + numbers.demand / absorbed, 1.0, rtol=1e-6)
    expected = np.linalg.solve(np.eye(len(B)) - B, np.ones(len(B)))
    np.testing.assert_allclose(indicators(chain)["upstreamness"], expected, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["supply", "demand"])
def test_indicators_do_not_depend_on_the_scale_of_supply_or_demand(mixed: Small, table: str) -> None:
    chain = mixed.load()
    pd.testing.assert_frame_equal(
        indicators_by_definition(chain.scaled(table, 1000.0)), indicators_by_definition(chain), rtol=1e-10
    )


@pytest.mark.slow
def test_composed_packages_have_indicators_of_every_segment() -> None:
    chain = load("robots", "chips", "coupled")
    found = indicators_by_definition(chain)
    assert found.index.tolist() == list(chain.numbers.segments)
    assert found.columns.names == ["definition", "indicator"]
    assert found["location"].columns.tolist() == list(INDICATORS)
    # Chips in controllers: coupled, home-made controllers contain imports that alone they do not.
    alone = indicators(load("robots")).loc["controllers", "import_content"]
    assert found.loc["robots/controllers", ("location", "import_content")] > alone == 0.0
