"""Draws of uncertain numbers: what is drawn, by which distribution, and what must still hold afterwards."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data
from chains import Chain, InputError, load
from chains.drawing.draws import Draws, drawn
from chains.drawing.pert import pert
from chains.drawing.uncertain import Uncertain, uncertain
from chains.numbers import ChainNumbers
from tests.independent import rows_of
from tests.random_packages import EVIDENCE, Tables, draw, write
from tests.shipped import FEEDING
from tests.small import Small

SHIPPED = (("robots",), ("chips",), ("robots", "chips", "coupled"))
LABELS = (
    "inputs: part robot",
    *(f"response: {segment} {name}" for segment in ("part", "robot", "system") for name in ("slope", "ceiling")),
    "probabilities: quake",
    "probabilities: embargo",
)


def at_mode_but(chain: Chain, **quantiles: float) -> tuple[Uncertain, np.ndarray]:
    """All factors at their values, but those whose label ends so (`_` for a blank) at these quantiles."""
    whole = uncertain(chain)
    point = whole.at_modes.copy()
    for end, quantile in quantiles.items():
        hit = [n for n, label in enumerate(whole.labels) if label.endswith(end.replace("_", " "))]
        assert len(hit) == 1, (end, whole.labels)
        point[hit[0]] = quantile
    return whole, point


def drawn_but(chain: Chain, **quantiles: float) -> Chain:
    return drawn(chain, *at_mode_but(chain, **quantiles))


def values(chain: Chain, table: str) -> list[float]:
    return chain.table(table)["value"].to_list()


def ranged(rng: np.random.Generator, tables: Tables) -> Tables:
    """The tables with a range for most numbers, within what the table allows."""
    for name, rows in tables.items():
        top = 1.0 if name in ("disruptions", "probabilities") else np.inf
        for row in rows:
            if EVIDENCE[0] in row and rng.random() < 0.7:
                row["low"] = row["value"] * float(rng.uniform(0.2, 1.0))
                row["high"] = min(top, row["value"] * float(rng.uniform(1.0, 2.0)))
    return tables


@pytest.mark.slow
@pytest.mark.parametrize(("low", "mode", "high"), [(0.0, 0.3, 1.0), (2.0, 2.0, 5.0), (-1.0, 4.0, 4.0), (1.0, 2.0, 9.0)])
def test_pert_has_the_mean_and_variance_of_the_textbook(low: float, mode: float, high: float) -> None:
    """Mean (low + 4 mode + high) / 6, variance (mean - low) (high - mean) / 7; both by the midpoint rule."""
    middle = (np.arange(200_000) + 0.5) / 200_000
    drawn_values = pert(middle, np.float64(low), np.float64(mode), np.float64(high))
    mean = (low + 4 * mode + high) / 6
    assert drawn_values.mean() == pytest.approx(mean, abs=1e-5)
    assert drawn_values.var() == pytest.approx((mean - low) * (high - mean) / 7, rel=1e-3)


def test_pert_with_its_mode_at_the_low_end_has_a_closed_form() -> None:
    """Beta(1, 5): P(X <= x) = 1 - (1 - x)^5."""
    quantile = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
    found = pert(quantile, np.float64(0.0), np.float64(0.0), np.float64(1.0))
    assert found == pytest.approx(1 - (1 - quantile) ** (1 / 5), abs=1e-12)


def test_every_number_with_a_range_that_feeds_the_program_is_uncertain(small: Small) -> None:
    whole = uncertain(small.add_optional().load())
    assert whole.labels == LABELS  # tiers.csv has a range too, but feeds no program
    assert whole.factors[0].status == "assumed"
    assert (whole.factors[0].low, whole.factors[0].mode, whole.factors[0].high) == (0.3, 0.4, 0.5)


def test_of_subsidies_only_the_latest_period_is_uncertain(small: Small) -> None:
    small.append("subsidies.csv", "part,grants,2021,1,0.5,2,reported,book,", "part,loans,2022,1,0.5,2,reported,book,")
    labels = [label for label in uncertain(small.load()).labels if label.startswith("subsidies")]
    assert labels == ["subsidies: part loans 2022"]


def test_blank_keys_are_told_apart_by_their_column(small: Small) -> None:
    small.append("disruptions.csv", "embargo,,,JPN,0.5,0.2,1,assumed,talk,x")
    small.append("disruptions.csv", "embargo,,JPN,,0.5,0.2,1,assumed,talk,x")
    small.append("surge.csv", ",,0.1,0,0.2,assumed,talk,x")
    labels = uncertain(small.load()).labels
    assert {"disruptions: embargo owner JPN", "disruptions: embargo location JPN", "surge: any"} <= set(labels)


@pytest.mark.parametrize("package", ["robots", "chips"])
def test_as_many_numbers_are_uncertain_as_the_files_give_ranges(package: str) -> None:
    count = 0
    for table in FEEDING:
        rows = rows_of(data.folder(package), table)
        latest = max((row["period"] for row in rows), default="") if table == "subsidies" else ""
        count += sum(
            bool(row["low"]) and bool(row["high"]) and float(row["low"]) < float(row["high"])
            for row in rows
            if row.get("period", "") == latest and row.get("parameter") not in ("lag", "life")  # for plans alone
        )
    assert len(uncertain(load(package)).factors) == count


@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_labels_of_the_shipped_packages_are_unique(names: tuple[str, ...]) -> None:
    labels = uncertain(load(*names)).labels
    assert len(set(labels)) == len(labels)


def test_a_draw_at_every_mode_is_the_chain_itself(small: Small) -> None:
    chain = small.load()
    same_numbers(drawn_but(chain).numbers, chain.numbers, 1e-14)


def test_supply_of_a_part_follows_its_drawn_use(small: Small) -> None:
    """0.5 parts a robot: 40 home robots use 20, and 18 parts stood against 16: 22.5, split 6 to 12 as before."""
    assert values(drawn_but(small.load(), part_robot=1.0), "supply") == pytest.approx([7.5, 15, 40, 10, 100])


def test_a_drawn_split_keeps_the_total_and_moves_what_it_uses(small: Small) -> None:
    """Robots 20 at home to 10 from Germany: 50 in all as before; 33.3 made at home use 13.3 parts, so 15 parts."""
    small.cell("supply.csv", 4, "low", "20").cell("supply.csv", 4, "high", "40")
    found = values(drawn_but(small.load(), robot_CHN_CHN=0.0), "supply")
    assert found == pytest.approx([5, 10, 100 / 3, 50 / 3, 100])


def test_drawn_demand_carries_all_supply_with_it(small: Small) -> None:
    """Demand of 160 for 100: everything scales by 1.6."""
    small.cell("demand.csv", 2, "low", "60").cell("demand.csv", 2, "high", "120")
    found = values(drawn_but(small.load(), use_cars=1.0), "supply")
    assert found == pytest.approx([9.6, 19.2, 64, 16, 160])


def test_a_reserve_of_supply_stays_one(small: Small) -> None:
    """Plants for 120 systems where 100 are wanted, and robots for just those 100: 160 wanted need 80 robots."""
    small.cell("supply.csv", 6, "value", "120")
    small.cell("demand.csv", 2, "low", "60").cell("demand.csv", 2, "high", "120")
    found = values(drawn_but(small.load(), use_cars=1.0), "supply")
    assert found == pytest.approx([9.6, 19.2, 64, 16, 192])


def test_a_segment_that_nothing_uses_stays_as_drawn(small: Small) -> None:
    small.append("segments.csv", "spare,small,upstream,Spare").append(
        "supply.csv", "spare,JPN,JPN,2,1,5,reported,book,"
    )
    assert values(drawn_but(small.load(), spare_JPN_JPN=1.0), "supply")[-1] == 5


def test_the_budget_by_instrument_is_given_and_its_split_drawn(small: Small) -> None:
    """Parts 3.5 for 0.5: 3.5 to 2 to 0.5 of the 3 there are."""
    small.cell("subsidies.csv", 2, "low", "0.5").cell("subsidies.csv", 2, "high", "3.5")
    small.append("subsidies.csv", "part,loans,2022,7,,,reported,book,")
    found = values(drawn_but(small.load(), part_grants_2022=1.0), "subsidies")
    assert found == pytest.approx([1.75, 1.0, 0.25, 7.0])


def test_probabilities_above_one_are_scaled_to_one(small: Small) -> None:
    small.cell("probabilities.csv", 2, "high", "0.9").cell("probabilities.csv", 3, "high", "0.6")
    chain = drawn_but(small.load(), quake=1.0, embargo=1.0)
    assert chain.numbers.probability == pytest.approx([0.6, 0.4, 0.0])


def test_a_draw_says_which_it_is_and_has_no_ranges_left(small: Small) -> None:
    chain = small.load()
    one, other = drawn_but(chain, part_robot=0.3), drawn_but(chain, part_robot=0.4)
    assert one.sha256 == drawn_but(chain, part_robot=0.3).sha256
    assert len({chain.sha256, one.sha256, other.sha256}) == 3
    assert one.changes[-1].startswith("draw ")
    assert uncertain(one).factors == ()
    assert chain.changes == ()


def test_coefficients_that_are_not_productive_are_an_error_that_names_the_draw(small: Small) -> None:
    """A home robot that takes 2 robots, 4 of 5 made at home, takes 1.6 home robots."""
    chain = small.append("inputs.csv", "robot,robot,0.1,0.05,2,assumed,talk,x").load()
    whole, point = at_mode_but(chain, robot_robot=1.0)
    with pytest.raises(InputError, match=r"draw [0-9a-f]{16}: home plants would use up more than they make"):
        drawn(chain, whole, point)


def test_a_used_segment_with_nothing_drawn_is_an_error_that_names_it(small: Small) -> None:
    for row in (2, 3):
        small.cell("supply.csv", row, "low", "0").cell("supply.csv", row, "high", "20")
    with pytest.raises(
        InputError, match=r"draw [0-9a-f]{16}: 'part' is used, but every supply row of it is drawn as 0"
    ):
        drawn_but(small.load(), part_CHN_CHN=0.0, part_JPN_JPN=0.0)


def test_a_budget_with_nothing_drawn_is_an_error(small: Small) -> None:
    for row in (2, 3, 4):
        small.cell("subsidies.csv", row, "low", "0").cell("subsidies.csv", row, "high", "4")
    chain = small.load()
    with pytest.raises(InputError, match="every subsidy of one budget is drawn as 0"):
        drawn_but(chain, part_grants_2022=0.0, robot_grants_2022=0.0, system_grants_2022=0.0)


@pytest.mark.parametrize(
    ("point", "said"), [([0.5], "has shape"), ([0.5] * 8 + [1.1], "not in"), ([0.5] * 8 + [np.nan], "not in")]
)
def test_a_point_outside_the_unit_cube_is_an_error(small: Small, point: list[float], said: str) -> None:
    chain = small.load()
    with pytest.raises(InputError, match=said):
        drawn(chain, uncertain(chain), point)


def test_factors_of_another_chain_are_an_error(small: Small) -> None:
    chain = small.load()
    with pytest.raises(InputError, match="is not what"):
        Draws(chain.scaled("response", 2.0), uncertain(chain))


def test_some_factors_alone(small: Small) -> None:
    chain = small.load()
    alone = uncertain(chain).only(["probabilities: quake"])
    assert drawn(chain, alone, [1.0]).numbers.probability == pytest.approx([0.2, 0.05, 0.75])
    with pytest.raises(InputError, match="did you mean 'probabilities: quake'"):
        uncertain(chain).only(["probability: quake"])


def same_numbers(one: ChainNumbers, other: ChainNumbers, tolerance: float = 0.0) -> None:
    assert one.inputs.toarray() == pytest.approx(other.inputs.toarray(), rel=tolerance, abs=0.0)
    for name in ("demand", "weight", "probability", "slope", "ceiling", "effectiveness", "observed"):
        found, expected = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=name)
    for name in ("phase_length", "home", "foreign"):  # a recovery drawn as 0 leaves phases of no length
        found, expected = (getattr(numbers, name)[numbers.phase_length > 0] for numbers in (one, other))
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=name)


def assert_balances(numbers: ChainNumbers) -> None:
    """Calm meets final demand when home plants and imports share each need as they share supply (dense algebra)."""
    home, foreign = numbers.home[numbers.calm_phase], numbers.foreign[numbers.calm_phase]
    total = home + foreign
    share = np.divide(home, total, out=np.zeros_like(total), where=total > 0)
    need = np.linalg.solve(np.eye(len(total)) - numbers.inputs.toarray() * share, numbers.demand)
    assert (need >= 0).all()
    assert (total >= need * (1 - 1e-9)).all()


def assert_in_order(chain: Chain, point: np.ndarray) -> None:
    """What must hold after any draw of a chain that balances."""
    draws = Draws(chain, uncertain(chain))
    after = draws.chain(point)
    numbers, before = after.numbers, chain.numbers
    assert_balances(numbers)
    assert numbers.observed.sum(axis=0) == pytest.approx(before.observed.sum(axis=0), rel=1e-12)
    assert numbers.probability.sum() == pytest.approx(1.0, abs=1e-12)
    same_numbers(draws.numbers(point), numbers)
    for table in ("disruptions", "probabilities"):
        assert after.table(table)["value"].between(0.0, 1.0 + 1e-12).all()
    assert (numbers.home >= 0).all()
    assert (numbers.foreign >= 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
@pytest.mark.parametrize("spread", [lambda rng, size: rng.random(size), lambda rng, size: rng.integers(0, 2, size)])
def test_draws_of_the_shipped_packages_are_in_order(
    names: tuple[str, ...], spread: Callable[[np.random.Generator, int], np.ndarray]
) -> None:
    chain, rng = load(*names), np.random.default_rng(11)
    for _ in range(3):
        assert_in_order(chain, spread(rng, len(uncertain(chain).factors)))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_draws_of_random_packages_are_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    with tempfile.TemporaryDirectory() as folder:
        chain = load(write(Path(folder) / "dice", ranged(rng, tables), home))
    assert_in_order(chain, rng.random(len(uncertain(chain).factors)))
