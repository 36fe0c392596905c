"""Laws that every answer obeys whatever the package: properties over random packages (tests/random_packages.py)."""

import copy
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chains import Chain, InputError, load
from optimize import evaluate, gain_curve, optimize
from tests.independent import CALM, same
from tests.properties import examples
from tests.random_packages import Row, Tables, draw, measured, observed_by_segment, write

pytestmark = pytest.mark.slow

ROUNDING = 1e-10
"""Two solves of the same risk agree this well."""

COUNTRIES = ("CHN", "BRA", "IND", "JPN", "DEU", "USA", "KOR", "TWN", "NLD", "FRA", "GBR", "MEX", "ZAF")
TIERS = ("upstream", "midstream", "downstream")

packages = given(seed=st.integers(0, 2**32 - 1))
modest = examples(8)


@pytest.fixture(scope="module")
def write_load(tmp_path_factory: pytest.TempPathFactory):
    """Write tables as a package in a folder of its own and load it."""

    def write_and_load(tables: Tables, home: str) -> Chain:
        return load(write(tmp_path_factory.mktemp("package") / "dice", tables, home))

    return write_and_load


def drawn(seed: int) -> tuple[Tables, str, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return *draw(rng), rng


# ------------------------------------------------------------------------------------------- what may be chosen


@modest
@packages
def test_more_budget_never_raises_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    chain, observed = write_load(tables, home), sum(observed_by_segment(tables).values())
    risks = [optimize(chain, budget=observed * factor).risk for factor in (0.0, 0.3, 1.0, 1.1, 5.0, 1000.0)]
    for less, more in pairwise(risks):
        assert more <= less + ROUNDING


@modest
@packages
@example(seed=1160)  # subsidies can avert every loss here
def test_the_best_use_of_the_budget_is_no_worse_than_the_observed_one_and_that_no_worse_than_none(
    write_load, seed: int
) -> None:
    tables, home, _ = drawn(seed)
    result = optimize(write_load(tables, home))
    assert result.risk <= result.observed.risk + ROUNDING
    assert result.observed.risk <= result.none.risk + ROUNDING
    assert result.risk >= 0.0
    assert result.none.risk <= 1.0 + ROUNDING


@modest
@packages
def test_no_budget_leaves_the_risk_of_no_subsidy(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    result = optimize(write_load(tables, home), budget=0.0)
    assert same(result.risk, result.none.risk)
    assert result.allocation.max() <= 1e-12 * sum(observed_by_segment(tables).values())
    assert result.next_unit.isna().all()  # 1% of nothing says nothing


@modest
@packages
def test_moving_nothing_keeps_the_observed_risk_and_moving_anything_is_no_limit(write_load, seed: int) -> None:
    """With instruments that work alike: where they differ, the same money by segment may be mixed better."""
    tables, home, _ = drawn(seed)
    tables.pop("instruments", None)
    chain = write_load(tables, home)
    free = optimize(chain)
    risks = [optimize(chain, move=theta).risk for theta in (0.0, 0.2, 0.6, 1.0)]
    assert same(risks[0], free.observed.risk, relative=1e-9)
    assert same(risks[-1], free.risk, relative=1e-9)
    for less, more in pairwise(risks):
        assert more <= less + ROUNDING


# --------------------------------------------------------------------------------------------- how it is written


def in_other_money(tables: Tables, factor: float) -> Tables:
    """Every amount of money times a factor; fractions, coefficients, slopes and probabilities stay."""
    scaled = copy.deepcopy(tables)
    ceilings = [row for row in scaled["response"] if row["parameter"] == "ceiling"]
    for row in (*scaled["demand"], *scaled["supply"], *scaled["subsidies"], *ceilings):
        row["value"] *= factor
    return scaled


@modest
@packages
@pytest.mark.parametrize("factor", [1000.0, 1e-3])
def test_the_unit_of_money_changes_no_risk_and_scales_the_allocation(write_load, factor: float, seed: int) -> None:
    tables, home, _ = drawn(seed)
    result = optimize(write_load(tables, home))
    scaled = optimize(write_load(in_other_money(tables, factor), home))
    for own, other in ((result.none, scaled.none), (result.observed, scaled.observed)):
        assert same(own.risk, other.risk, relative=1e-9)
        assert same(own.cvar, other.cvar, relative=1e-9)
    assert same(result.risk, scaled.risk, relative=1e-9)
    rounding = 1e-6 * result.budget.sum()
    assert scaled.allocation.to_numpy() / factor == pytest.approx(result.allocation.to_numpy(), rel=0, abs=rounding)
    amount = 0.01 * result.budget.sum()
    for segment, fall in result.next_unit.items():
        assert same(scaled.next_unit[segment] * factor * amount, fall * amount, absolute=1e-11)


def relabelled(tables: Tables, home: str, rng: np.random.Generator) -> tuple[Tables, str, dict[str, str]]:
    """The same package with other names of segments, scenarios and countries, its rows in another order."""
    countries = dict(zip(COUNTRIES, map(str, rng.permutation(COUNTRIES)), strict=True))
    segments = [row["segment"] for row in tables["segments"]]
    names = {name: f"part {n}" for name, n in zip(segments, rng.permutation(len(segments)), strict=True)}
    names |= {row["scenario"]: f"day {row['scenario'][::-1]}" for row in tables["probabilities"]}
    names |= countries

    def renamed(row: Row) -> Row:
        own = {key: names.get(row[key], row[key]) for key in ("segment", "input", "user", "scenario") if key in row}
        own |= {key: countries.get(row[key], row[key]) for key in ("location", "owner") if key in row}
        return {**row, **own}

    other = {table: [renamed(rows[n]) for n in rng.permutation(len(rows))] for table, rows in tables.items()}
    return other, countries[home], names


@modest
@packages
def test_names_and_the_order_of_rows_change_no_risk(write_load, seed: int) -> None:
    tables, home, rng = drawn(seed)
    other, other_home, names = relabelled(tables, home, rng)
    result, again = optimize(write_load(tables, home)), optimize(write_load(other, other_home))
    assert same(result.risk, again.risk, relative=1e-9)
    for own, same_again in ((result.none, again.none), (result.observed, again.observed)):
        assert same(own.risk, same_again.risk, relative=1e-9)
        for scenario, loss in own.loss.items():
            assert same(loss, same_again.loss[names.get(scenario, scenario)], relative=1e-9)
    amount = 0.01 * result.budget.sum()
    for segment, fall in result.next_unit.items():
        assert same(again.next_unit[names[segment]] * amount, fall * amount, absolute=1e-11)


@modest
@packages
def test_an_extra_supplier_never_raises_risk(write_load, seed: int) -> None:
    tables, home, rng = drawn(seed)
    before = optimize(write_load(tables, home))
    segment = str(rng.choice([row["segment"] for row in tables["segments"]]))
    location = home if rng.random() < 0.5 else "FRA"
    amount = float(rng.uniform(0, 2)) * max(row["value"] for row in tables["demand"])
    extra = measured(amount, segment=segment, location=location, owner="FRA")  # no supply is French-owned yet
    after = optimize(write_load({**tables, "supply": [*tables["supply"], extra]}, home))
    assert after.none.risk <= before.none.risk + ROUNDING
    assert after.observed.risk <= before.observed.risk + ROUNDING
    assert after.risk <= before.risk + ROUNDING


# ----------------------------------------------------------------------------------------------- how it is asked


@modest
@packages
def test_the_gain_curve_starts_at_nothing_is_concave_and_nowhere_above_its_peak(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    chain, had = write_load(tables, home), observed_by_segment(tables)
    tiers = {row["segment"]: row["tier"] for row in tables["segments"]}
    givers = {tiers[name] for name, amount in had.items() if amount > 0}
    for giving, receiving in ((a, b) for a in givers for b in set(tiers.values()) if a != b):
        found = gain_curve(chain, giving, receiving)
        gain = found.curve.to_numpy()
        assert abs(gain[0]) <= 1e-15  # moving nothing gains nothing
        assert (np.diff(gain, 2) <= ROUNDING).all()
        assert (gain <= found.peak_gain + ROUNDING).all()
        assert found.peak_gain >= -1e-15
        assert 0.0 <= found.peak_share <= 1.0
        # a concave curve rises up to its peak and falls after it
        rising, falling = gain[found.curve.index <= found.peak_share], gain[found.curve.index >= found.peak_share]
        assert (np.diff(rising) >= -ROUNDING).all()
        assert (np.diff(falling) <= ROUNDING).all()


@modest
@packages
def test_cvar_at_level_zero_is_the_expected_loss(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    result = optimize(write_load(tables, home), alpha=0.0, beta=0.7)
    for solution in (result.none, result.observed, result.optimal):
        assert same(solution.cvar, solution.expected_loss, relative=1e-12)
        assert same(solution.risk, solution.expected_loss, relative=1e-12)


@modest
@packages
def test_beta_weighs_expected_loss_against_cvar(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    chain = write_load(tables, home)
    mean, mixed, tail = (evaluate(chain, beta=beta) for beta in (0.0, 0.25, 1.0))
    assert mean.risk == mean.expected_loss
    assert tail.risk == tail.cvar
    assert same(mixed.risk, 0.75 * mean.expected_loss + 0.25 * tail.cvar, relative=1e-12)
    # each least risk is least for its own measure, and measures the other no lower than that one's least
    least_mean, least_tail = (optimize(chain, beta=beta) for beta in (0.0, 1.0))
    assert least_mean.risk <= least_tail.optimal.expected_loss + ROUNDING
    assert least_tail.risk <= least_mean.optimal.cvar + ROUNDING


@modest
@packages
def test_a_higher_level_of_cvar_never_lowers_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    chain = write_load(tables, home)
    risks = [evaluate(chain, alpha=alpha).risk for alpha in (0.0, 0.3, 0.8, 0.9, 0.99)]
    for lower, higher in pairwise(risks):
        assert higher >= lower - ROUNDING


@modest
@packages
@pytest.mark.parametrize("pieces", [1, 4, 49])
def test_cutting_every_chord_in_two_never_raises_risk(write_load, pieces: int, seed: int) -> None:
    """The points 0, 1/J, ..., (J-1)/J, 0.99 are among those of 2J (while 1 - 1/2J < 0.99, so up to J = 49).

    Chords of a concave curve lie below it, and finer chords above coarser ones: no supply is lost at any funds.
    """
    tables, home, _ = drawn(seed)
    chain = write_load(tables, home)
    coarse, fine = (optimize(chain, pieces=count) for count in (pieces, 2 * pieces))
    assert fine.observed.risk <= coarse.observed.risk + ROUNDING
    assert fine.risk <= coarse.risk + ROUNDING


@modest
@packages
def test_a_package_short_in_calm_is_refused_though_its_suppliers_could_surge(write_load, seed: int) -> None:
    """Surge is for disruptions. Supply has at most 5% to spare, so nine tenths of it leave the last segment short."""
    tables, home, _ = drawn(seed)
    tables["surge"] = [measured(1.0, segment="", location="")]
    optimize(write_load(tables, home))  # balances as it is
    for row in tables["supply"]:
        row["value"] *= 0.9
    last = tables["segments"][-1]["segment"]
    with pytest.raises(InputError, match=rf"calm does not balance: segment '{last}' is short of"):
        optimize(write_load(tables, home))


# ------------------------------------------------------------------------------------------------ what is reported


@modest
@packages
def test_losses_weighed_by_probability_are_the_expected_loss(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    solution = evaluate(write_load(tables, home))
    probability = {row["scenario"]: row["value"] for row in tables["probabilities"]}
    probability[CALM] = max(0.0, 1.0 - math.fsum(probability.values()))
    assert set(solution.loss.index) == set(probability)
    assert same(sum(p * solution.loss[s] for s, p in probability.items()), solution.expected_loss, relative=1e-12)
    assert solution.loss[CALM] <= 1e-9
    assert (solution.unmet.to_numpy() >= 0).all()
    assert (solution.loss <= 1.0 + ROUNDING).all()


@modest
@packages
def test_value_at_risk_is_the_least_loss_that_is_not_exceeded_with_the_level_of_confidence(
    write_load, seed: int
) -> None:
    tables, home, rng = drawn(seed)
    alpha = float(rng.uniform(0.05, 0.95))
    solution = evaluate(write_load(tables, home), alpha=alpha)
    probability = {row["scenario"]: row["value"] for row in tables["probabilities"]}
    probability[CALM] = max(0.0, 1.0 - math.fsum(probability.values()))

    def not_exceeded(level: float) -> float:
        return math.fsum(p for s, p in probability.items() if solution.loss[s] <= level)

    assert solution.var == min(loss for loss in solution.loss if not_exceeded(loss) >= alpha)
    assert solution.cvar >= solution.var - ROUNDING
    assert solution.cvar >= solution.expected_loss - ROUNDING


def test_value_at_risk_at_a_level_that_a_probability_just_reaches(write_load) -> None:
    """Calm has 1 - 0.02 - 0.05 = 0.93 (0.9299999999999999 in floating point): at level 0.93 it is the value at risk.

    The tail of 0.07 is then both disruptions: CVaR = (0.02 L_half + 0.05 L_all) / 0.07.
    """
    tables, home = draw(np.random.default_rng(0), money=1.0)
    tables["probabilities"] = [measured(0.02, scenario="half"), measured(0.05, scenario="all")]
    keys = {"segment": "", "location": "", "owner": ""}
    tables["disruptions"] = [measured(0.5, scenario="half", **keys), measured(1.0, scenario="all", **keys)]
    tables["response"] = []
    chain = write_load(tables, home)
    level = evaluate(chain, alpha=0.93)
    assert level.var == level.loss[CALM]
    assert level.loss["all"] == pytest.approx(1.0, abs=1e-12)  # nothing at all is supplied
    assert 0.4 < level.loss["half"] < 0.999
    assert same(level.cvar, (0.02 * level.loss["half"] + 0.05) / 0.07, relative=1e-9)
    assert evaluate(chain, alpha=0.9300001).var == level.loss["half"]
