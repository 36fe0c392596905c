"""The arrays of a chain, every entry worked by hand from the tables (docs/model.md, section 2).

The small package (tests/small.py): segments part, robot, system; scenarios quake, embargo, calm; home is China.
"""

import numpy as np

from chains.numbers import ChainNumbers
from chains.numbers.chain_numbers import unlike
from tests.small import FILES, Small

QUAKE, EMBARGO, CALM = 0, 1, 2
PART, ROBOT, SYSTEM = 0, 1, 2


def _same(array: np.ndarray, expected: object) -> None:
    np.testing.assert_allclose(array, np.array(expected, dtype=float), rtol=1e-12, atol=1e-12)


def _cut(small: Small, *rows: str) -> ChainNumbers:
    """The numbers with these disruption rows in the place of the small package's."""
    header = FILES["disruptions.csv"].partition("\n")[0]
    body = "".join(f"{row},,,reported,book,\n" for row in rows)
    return small.replace("disruptions.csv", f"{header}\n{body}").load().numbers


# --- the small package --------------------------------------------------------------------------------------------


def test_names_stand_in_the_order_of_their_files_and_calm_last(small: Small) -> None:
    numbers = small.load().numbers
    assert numbers.segments == ("part", "robot", "system")
    assert numbers.tiers == ("upstream", "midstream", "downstream")
    assert numbers.scenarios == ("quake", "embargo", "calm")
    assert numbers.calm == CALM
    assert numbers.instruments == ("grants",)


def test_demand_is_summed_over_uses(small: Small) -> None:
    # Systems: cars 60 + electronics 40.
    _same(small.load().numbers.demand, [0, 0, 100])


def test_what_is_missing_to_one_is_the_probability_of_calm(small: Small) -> None:
    _same(small.load().numbers.probability, [0.10, 0.05, 0.85])


def test_input_coefficients_stand_at_their_supplier_and_user(small: Small) -> None:
    # Rows supply, columns use: 0.4 parts per robot, 0.5 robots per system.
    _same(small.load().numbers.inputs.toarray(), [[0, 0.4, 0], [0, 0, 0.5], [0, 0, 0]])


def test_a_segment_may_use_itself(small: Small) -> None:
    small.append("inputs.csv", "robot,robot,0.05,,,reported,book,")
    _same(small.load().numbers.inputs.toarray(), [[0, 0.4, 0], [0, 0.05, 0.5], [0, 0, 0]])


def test_home_and_foreign_supply_by_scenario(small: Small) -> None:
    numbers = small.load().numbers
    # Nothing at home is cut: parts 6, robots 40, systems 100.
    _same(numbers.home, [[6, 40, 100]] * 3)
    # Quake: 12 x (1 - 0.5) Japanese parts and 10 German robots; embargo: no German robots; calm: all.
    _same(numbers.foreign, [[6, 10, 0], [12, 0, 0], [12, 10, 0]])


def test_slopes_and_ceilings_by_segment(small: Small) -> None:
    lines = small.text("response.csv").splitlines()
    small.replace("response.csv", "\n".join(line for line in lines if not line.startswith("system")))
    numbers = small.load().numbers
    # A segment without a response row has no slope and nothing to add.
    _same(numbers.slope, [1, 1, np.nan])
    _same(numbers.ceiling, [2, 4, 0])


def test_loss_weights_are_one_where_not_listed(small: Small) -> None:
    _same(small.load().numbers.weight, [1, 1, 1])
    small.append("loss_weights.csv", "system,3,,,reported,book,")
    numbers = small.load().numbers
    _same(numbers.weight, [1, 1, 3])
    # Only systems are in final demand: 3 x 100.
    assert numbers.weighted_demand == 300


# --- cuts ---------------------------------------------------------------------------------------------------------


def test_of_disruptions_that_overlap_the_largest_counts(small: Small) -> None:
    # Japanese parts match all of 0.2, 0.7 and 0.5: cut by 0.7, neither 0.2 + 0.7 + 0.5 nor the last of them.
    numbers = _cut(small, "quake,,JPN,,0.2", "quake,part,,JPN,0.7", "quake,part,JPN,JPN,0.5")
    _same(numbers.foreign[QUAKE], [12 * 0.3, 10, 0])


def test_disruptions_of_one_scenario_do_not_reach_another(small: Small) -> None:
    numbers = _cut(small, "quake,,JPN,,0.5", "embargo,,JPN,,0.75")
    _same(numbers.foreign, [[6, 10, 0], [3, 10, 0], [12, 10, 0]])


def test_keys_that_are_given_must_all_match(small: Small) -> None:
    # Robots from Japan there are none; parts of German owners there are none.
    numbers = _cut(small, "quake,robot,JPN,,1", "quake,part,,DEU,1", "quake,,CHN,JPN,1")
    _same(numbers.foreign[QUAKE], [12, 10, 0])
    _same(numbers.home[QUAKE], [6, 40, 100])


def test_a_disruption_with_all_keys_blank_cuts_everything(small: Small) -> None:
    numbers = _cut(small, "quake,,,,0.25")
    _same(numbers.home[QUAKE], [4.5, 30, 75])
    _same(numbers.foreign[QUAKE], [9, 7.5, 0])


def test_an_owner_is_hit_wherever_its_supply_stands(small: Small) -> None:
    # Japanese firms: 12 parts in Japan, 4 robots made in China, 2 robots made in Germany. At 0.5 half is left.
    small.append("supply.csv", "robot,CHN,JPN,4,,,reported,book,", "robot,DEU,JPN,2,,,reported,book,")
    numbers = _cut(small, "quake,,,JPN,0.5")
    _same(numbers.home[QUAKE], [6, 40 + 2, 100])
    _same(numbers.foreign[QUAKE], [6, 10 + 1, 0])
    _same(numbers.home[CALM], [6, 44, 100])


def test_a_location_is_hit_whoever_owns_its_supply(small: Small) -> None:
    # In Japan: 12 parts of Japanese and 2 of Chinese firms; a Japanese plant in China is not in Japan.
    small.append("supply.csv", "part,JPN,CHN,2,,,reported,book,", "part,CHN,JPN,3,,,reported,book,")
    numbers = _cut(small, "quake,,JPN,,0.5")
    _same(numbers.foreign[QUAKE], [7, 10, 0])
    _same(numbers.home[QUAKE], [9, 40, 100])


def test_hybrid_owners_are_owners_of_their_own(small: Small) -> None:
    small.append("supply.csv", "part,CHN,HYB,3,,,reported,book,")
    numbers = _cut(small, "quake,,,CHN,1", "embargo,,,HYB,1")
    _same(numbers.home[QUAKE], [3, 0, 0])
    _same(numbers.home[EMBARGO], [6, 40, 100])


def test_home_is_what_the_descriptor_says(small: Small) -> None:
    numbers = small.meta(home="JPN").load().numbers
    # Seen from Japan its 12 parts are at home, and what is made in China and Germany is foreign.
    _same(numbers.home[CALM], [12, 0, 0])
    _same(numbers.foreign[CALM], [6, 50, 100])
    _same(numbers.home[QUAKE], [6, 0, 0])


def test_a_complete_cut_leaves_nothing(small: Small) -> None:
    numbers = _cut(small, "quake,,JPN,,1")
    assert numbers.foreign[QUAKE, PART] == 0


# --- surge --------------------------------------------------------------------------------------------------------


def test_surge_expands_uncut_foreign_supply_alone_and_not_in_calm(small: Small) -> None:
    small.append("surge.csv", ",,0.25,,,reported,book,")
    numbers = small.load().numbers
    # Quake: Japanese parts are cut, so no surge: 6; German robots 10 x 1.25. Embargo: parts 12 x 1.25; no robots.
    _same(numbers.foreign, [[6, 12.5, 0], [15, 0, 0], [12, 10, 0]])
    # Home supply does not surge.
    _same(numbers.home, [[6, 40, 100]] * 3)


def test_a_row_that_is_cut_ever_so_little_does_not_surge(small: Small) -> None:
    small.append("surge.csv", ",,0.25,,,reported,book,")
    _same(_cut(small, "quake,,JPN,,0.01").foreign[QUAKE], [12 * 0.99, 12.5, 0])


def test_a_disruption_of_zero_cuts_nothing_so_supply_surges(small: Small) -> None:
    small.append("surge.csv", ",,0.25,,,reported,book,")
    _same(_cut(small, "quake,,JPN,,0").foreign[QUAKE], [15, 12.5, 0])


def test_rows_of_one_segment_surge_one_by_one(small: Small) -> None:
    # Parts in a quake: Japan 12 cut by half, 6; Korea 4 uncut, 4 x 1.25 = 5.
    small.append("supply.csv", "part,KOR,KOR,4,,,reported,book,")
    small.append("surge.csv", ",,0.25,,,reported,book,")
    _same(small.load().numbers.foreign[:, PART], [11, 20, 16])


def test_of_surges_that_match_the_largest_counts(small: Small) -> None:
    # German robots match 0.1, 0.3 and 0.2; parts match 0.1 alone.
    small.append("surge.csv", ",,0.1,,,reported,book,", "robot,,0.3,,,reported,book,", ",DEU,0.2,,,reported,book,")
    numbers = small.load().numbers
    _same(numbers.foreign[QUAKE], [6, 13, 0])
    _same(numbers.foreign[EMBARGO], [13.2, 0, 0])


def test_a_surge_with_a_location_is_of_that_location(small: Small) -> None:
    small.append("surge.csv", ",KOR,0.5,,,reported,book,", "robot,JPN,0.5,,,reported,book,")
    _same(small.load().numbers.foreign, [[6, 10, 0], [12, 0, 0], [12, 10, 0]])


def test_surge_in_a_scenario_that_cuts_nothing_is_not_calm(small: Small) -> None:
    # A scenario of panic buying cuts no supply; it is a disruption all the same, and foreign supply surges.
    small.append("probabilities.csv", "panic,0.1,,,reported,book,").append("surge.csv", ",,0.5,,,reported,book,")
    numbers = small.load().numbers
    assert numbers.scenarios == ("quake", "embargo", "panic", "calm")
    _same(numbers.foreign[2], [18, 15, 0])
    _same(numbers.foreign[3], [12, 10, 0])


# --- money --------------------------------------------------------------------------------------------------------


def test_the_observed_allocation_is_that_of_the_latest_period(small: Small) -> None:
    # In string order 2010 and 2018-2022 come before 2022, and 2022-2023 after it.
    small.append("subsidies.csv", "part,grants,2018-2022,9,,,reported,book,", "robot,grants,2010,9,,,reported,book,")
    _same(small.load().numbers.observed, [[0.5], [2], [0.5]])
    small.append("subsidies.csv", "robot,grants,2022-2023,7,,,reported,book,")
    _same(small.load().numbers.observed, [[0], [7], [0]])


def test_money_stands_by_segment_and_instrument_in_order_of_name(small: Small) -> None:
    small.append("subsidies.csv", "part,credit,2022,1.5,,,reported,book,")
    numbers = small.load().numbers
    assert numbers.instruments == ("credit", "grants")
    _same(numbers.observed, [[1.5, 0.5], [0, 2], [0, 0.5]])


def test_an_instrument_of_an_earlier_period_is_kept_without_money(small: Small) -> None:
    small.append("subsidies.csv", "part,credit,2010,1.5,,,reported,book,")
    numbers = small.load().numbers
    assert numbers.instruments == ("credit", "grants")
    _same(numbers.observed, [[0, 0.5], [0, 2], [0, 0.5]])


def test_effectiveness_is_one_where_not_listed(small: Small) -> None:
    small.append("subsidies.csv", "part,credit,2022,1.5,,,reported,book,")
    small.append("instruments.csv", "credit,effectiveness,0.25,,,reported,book,")
    _same(small.load().numbers.effectiveness, [[0.25, 1]] * 3)


def test_what_differs_between_two_chains_beside_values_is_named(small: Small) -> None:
    before = small.load().numbers
    assert [*unlike(before, before)] == []
    assert [*unlike(small.edit("demand.csv", "system,cars,60", "system,cars,61").load().numbers, before)] == []
    small.append("disruptions.csv", "flood,part,JPN,,0.25,,,reported,book,")
    more = small.append("probabilities.csv", "flood,0.01,0.01,0.02,assumed,talk,a guess").load().numbers
    assert "scenarios" in {*unlike(more, before)}
    assert "optional tables" in {*unlike(small.add_structure("stocks.csv").load().numbers, before)}
    parts = small.load().numbers
    robots = small.replace("stocks.csv", small.text("stocks.csv").replace("part,", "robot,")).load().numbers
    assert "segment" in {*unlike(robots, parts)}
    user = small.drop("stocks.csv").edit("inputs.csv", "part,robot,", "part,system,").load().numbers
    assert "inputs" in {*unlike(user, before)}
