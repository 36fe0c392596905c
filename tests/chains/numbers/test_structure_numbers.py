"""The arrays of structure and levers, every entry worked by hand (docs/model.md, section 6).

The small package (tests/small.py): part 6 at home and 12 from Japan, robot 40 and 10 from Germany, system 100; 0.4
parts a robot, 0.5 robots a system. Quake cuts half of Japan, embargo all of Germany. Home is China.
"""

from pathlib import Path

import numpy as np
import pytest

from chains.numbers.parts.procurement import Procurement
from chains.numbers.parts.stocks import Stocks
from chains.numbers.parts.substitution import Substitution
from chains.numbers.parts.suppliers import Suppliers
from tests.small import STRUCTURE, Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


def same(array: np.ndarray, expected: object) -> None:
    np.testing.assert_allclose(array, np.array(expected, dtype=float), rtol=1e-12, atol=1e-12)


def reported(small: Small, file: str, *rows: str) -> Small:
    """The package with these rows, key and value, of a file of STRUCTURE."""
    header = STRUCTURE[file].partition("\n")[0]
    return small.replace(file, "\n".join([header, *(f"{row},,,reported,book," for row in rows), ""]))


# --- phases -------------------------------------------------------------------------------------------------------


def test_without_durations_a_scenario_is_one_phase_of_a_year(small: Small) -> None:
    numbers = small.load().numbers
    assert numbers.phase_scenario.tolist() == [0, 1, 2]
    assert numbers.disrupted.tolist() == [True, True, False]
    same(numbers.phase_length, [1, 1, 1])
    assert numbers.parts == {}


def test_an_outage_and_a_recovery_are_three_phases(small: Small) -> None:
    numbers = reported(small, "durations.csv", "quake,outage,6", "quake,recovery,4").load().numbers
    assert numbers.phase_scenario.tolist() == [0, 0, 0, 1, 2]
    assert numbers.disrupted.tolist() == [True, True, True, True, False]
    assert numbers.calm_phase == 4
    same(numbers.phase_length, [6 / 12, 2 / 12, 2 / 12, 1, 1])
    # Of Japan's 12 parts a half is cut, then 3/4 of that, then 1/4.
    same(numbers.foreign, [[6, 10, 0], [12 * (1 - 0.375), 10, 0], [12 * (1 - 0.125), 10, 0], [12, 0, 0], [12, 10, 0]])
    same(numbers.home, [[6, 40, 100]] * 5)
    same(numbers.probability, [0.10, 0.05, 0.85])


@pytest.mark.parametrize(
    ("outage", "recovery", "months"),
    [
        (6, 0, [6]),
        (12, 6, [12, 0, 0]),
        (11, 4, [11, 1, 0]),
        (10, 3, [10, 1.5, 0.5]),
        (0.5, 24, [0.5, 11.5, 0]),
    ],
)
def test_what_goes_beyond_the_year_is_cut_off(
    small: Small, outage: float, recovery: float, months: list[float]
) -> None:
    reported(small, "durations.csv", f"quake,outage,{outage}", f"quake,recovery,{recovery}")
    same(small.load().numbers.phase_length, [month / 12 for month in [*months, 12, 12]])


def test_a_recovery_without_an_outage_follows_a_whole_year(small: Small) -> None:
    same(reported(small, "durations.csv", "embargo,recovery,6").load().numbers.phase_length, [1, 1, 0, 0, 1])


def test_what_is_not_cut_expands_in_every_phase_of_a_disruption(small: Small) -> None:
    reported(small, "durations.csv", "quake,outage,6", "quake,recovery,4").append("surge.csv", ",,0.2,,,reported,book,")
    # In recovery Japan is still cut, so it does not expand; Germany does throughout.
    same(small.load().numbers.foreign, [[6, 12, 0], [7.5, 12, 0], [10.5, 12, 0], [14.4, 0, 0], [12, 10, 0]])


# --- spare capacity at home ---------------------------------------------------------------------------------------


def test_a_row_that_names_home_lets_home_supply_expand(small: Small) -> None:
    reported(small, "surge.csv", ",,0.1", "robot,CHN,0.25")
    numbers = small.load().numbers
    # The blank location is of foreign supply alone; robots 40 x 1.25 in disruptions, not in calm.
    same(numbers.home, [[6, 50, 100], [6, 50, 100], [6, 40, 100]])
    same(numbers.foreign, [[6, 11, 0], [13.2, 0, 0], [12, 10, 0]])


def test_home_supply_that_is_cut_does_not_expand(small: Small) -> None:
    reported(small, "surge.csv", ",CHN,0.5").append("disruptions.csv", "quake,robot,CHN,,0.1,,,reported,book,")
    same(small.load().numbers.home, [[9, 36, 150], [9, 60, 150], [6, 40, 100]])


# --- uses ---------------------------------------------------------------------------------------------------------


def test_a_use_with_a_weight_of_its_own_is_apart(small: Small) -> None:
    numbers = small.add_structure("loss_weights.csv").load().numbers
    # Systems: cars 60 at weight 2, electronics 40 at weight 0.5.
    assert numbers.use_segment.tolist() == [0, 1, 2, 2]
    same(numbers.use_demand, [0, 0, 60, 40])
    same(numbers.weight, [1, 1, 2, 0.5])
    same(numbers.demand, [0, 0, 100])
    assert numbers.weighted_demand == pytest.approx(2 * 60 + 0.5 * 40)


def test_uses_of_one_weight_are_one(small: Small) -> None:
    small.append("demand.csv", "system,exports,25,,,reported,book,")
    numbers = reported(small, "loss_weights.csv", "system,exports,0.1").load().numbers
    assert numbers.use_segment.tolist() == [0, 1, 2, 2]
    by_weight = dict(zip(numbers.weight.tolist(), numbers.use_demand.tolist(), strict=True))
    assert by_weight == pytest.approx({1.0: 100, 0.1: 25})


# --- what can be done without -------------------------------------------------------------------------------------


def substitution(small: Small, *rows: str) -> dict[tuple[int, int], tuple[float, float]]:
    """Input done without per unit of output, and its penalty, by positions of input and user."""
    part = reported(small, "criticality.csv", *rows).load().numbers.part(Substitution)
    assert part is not None
    pairs = zip(part.input.tolist(), part.user.tolist(), strict=True)
    return dict(zip(pairs, zip(part.dispensed.tolist(), part.penalty.tolist(), strict=True), strict=True))


def test_a_share_of_an_input_can_be_done_without(small: Small) -> None:
    found = substitution(small, "part,robot,dispensable,0.25", "part,robot,penalty,0.5")
    assert found == {(0, 1): pytest.approx((0.25 * 0.4, 0.5))}


@pytest.mark.slow
def test_the_row_with_most_keys_counts_then_the_one_that_names_the_input(small: Small) -> None:
    every, user, supplier = ",,dispensable,0.1", ",robot,dispensable,0.2", "part,,dispensable,0.3"
    both = "part,robot,dispensable,0.9"
    expected = [((every,), 0.1), ((every, user), 0.2), ((supplier, user, every), 0.3), ((both, supplier, user), 0.9)]
    for rows, share in expected:
        assert substitution(small, *rows)[0, 1] == pytest.approx((share * 0.4, 0.0))
    # Robots in systems are spoken of by the row of any input and user alone.
    assert substitution(small, every, user, supplier)[1, 2] == pytest.approx((0.1 * 0.5, 0.0))


def test_the_penalty_may_come_from_another_row_than_the_share(small: Small) -> None:
    found = substitution(small, "part,robot,dispensable,0.25", ",,penalty,0.7")
    assert found == {(0, 1): pytest.approx((0.1, 0.7))}


# --- effectiveness ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("grants,,raised,0.8", "grants,upstream,survival,0.5"), [0.4, 0.8, 0.8]),
        (("grants,,raised,0.8", "grants,,additional,0.5", "grants,,survival,0.9"), [0.36, 0.36, 0.36]),
        (("grants,,raised,0.8", "grants,midstream,raised,0.6"), [0.8, 0.6, 0.8]),
        (("grants,,effectiveness,0.7", "grants,downstream,effectiveness,1.2"), [0.7, 0.7, 1.2]),
        (("grants,upstream,effectiveness,0.7", "grants,,raised,0.5"), [0.7, 0.5, 0.5]),
        (("grants,,effectiveness,0.7", "grants,upstream,raised,0.5"), [0.7, 0.7, 0.7]),
        (("grants,,lag,2",), [1, 1, 1]),
    ],
)
def test_effectiveness_by_tier(small: Small, rows: tuple[str, ...], expected: list[float]) -> None:
    same(reported(small, "instruments.csv", *rows).load().numbers.effectiveness, [[one] for one in expected])


# --- levers -------------------------------------------------------------------------------------------------------


def test_stocks_have_room_up_to_their_limit_and_cost_price_and_holding(small: Small) -> None:
    reported(small, "stocks.csv", "robot,price,2", "part,held,2", "part,limit,5", "part,price,1.5", "part,holding,0.1")
    small.append("stocks.csv", "system,limit,7,,,reported,book,")
    part = small.load().numbers.part(Stocks)
    assert part is not None
    assert part.segment.tolist() == [0, 1, 2]
    same(part.held, [2, 0, 0])
    same(part.most, [3, 0, 7])
    same(part.unit_cost, [1.6, 2, 1])


def test_contracts_are_cut_as_supply_of_their_country_is_phase_by_phase(small: Small) -> None:
    reported(small, "durations.csv", "quake,outage,6", "quake,recovery,4")
    reported(small, "suppliers.csv", "part,KOR,limit,3", "part,KOR,cost,0.2", "robot,JPN,limit,4", "robot,JPN,cost,0.3")
    # A firm's country cuts too; owner and location are one. Rows of other segments and owners do not.
    small.append("disruptions.csv", "quake,part,,KOR,0.4,,,reported,book,", "quake,robot,KOR,,1,,,reported,book,")
    small.append("disruptions.csv", "embargo,part,KOR,KOR,1,,,reported,book,", "quake,part,KOR,JPN,1,,,reported,book,")
    part = small.load().numbers.part(Suppliers)
    assert part is not None
    assert (part.segment.tolist(), part.location) == ([0, 1], ("KOR", "JPN"))
    same(part.most, [3, 4])
    same(part.unit_cost, [0.2, 0.3])
    same(part.available, [[0.6, 0.5], [0.7, 0.625], [0.9, 0.875], [0, 1], [1, 1]])


def test_procurement_is_by_segment(small: Small) -> None:
    part = small.add_structure("procurement.csv").load().numbers.part(Procurement)
    assert part is not None
    assert part.segment.tolist() == [1]
    same(part.most, [8])
    same(part.unit_cost, [0.1])
    same(part.response, [0.4])


# --- none of it ---------------------------------------------------------------------------------------------------


def test_tables_that_only_say_the_defaults_change_no_number(small: Small) -> None:
    before = small.load().numbers
    reported(small, "durations.csv", "quake,outage,12", "quake,recovery,0")
    reported(small, "instruments.csv", "grants,,raised,1", "grants,upstream,lag,0")
    reported(small, "surge.csv", ",CHN,0")
    after = small.load().numbers
    for name in ("phase_length", "home", "foreign", "weight", "use_share", "effectiveness", "probability"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)


# --- supply that dwarfs the rest ----------------------------------------------------------------------------------


def test_what_is_left_beside_a_huge_supply_that_is_cut_keeps_its_digits(small: Small) -> None:
    """Japan's 1e17 parts are cut whole, and a quarter of Korea's 12; the 0.5 of the USA surge by a fifth: 9 + 0.6."""
    small.append("supply.csv", "part,KOR,KOR,12,,,reported,book,", "part,USA,USA,0.5,,,reported,book,")
    small.edit("supply.csv", "part,JPN,JPN,12", "part,JPN,JPN,1e17")
    small.edit("disruptions.csv", "quake,,JPN,,0.5", "quake,,JPN,,1")
    small.append("disruptions.csv", "quake,part,KOR,,0.25,,,reported,book,")
    small.append("surge.csv", "part,USA,0.2,,,reported,book,")
    numbers = small.load().numbers
    same(numbers.foreign[:, 0], [9 + 0.6, 1e17 + 12 + 0.6, 1e17 + 12 + 0.5])
    same(numbers.foreign[:, 1], [10, 0, 10])
    same(numbers.home, [[6, 40, 100]] * 3)
