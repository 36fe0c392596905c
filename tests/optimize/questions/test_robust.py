"""The robust answer on the small package (tests/small.py), worked by hand, and laws over random packages.

With one chord (pieces=1) a response is a straight line: e units of funds add c r e, c = 0.99 / ln 100, up to 0.99 of
the ceiling. So with x_p for parts and x_r for robots (systems avert nothing) the losses are

    quake    0.20 - 0.05 c r_p x_p    probability 0.10
    embargo  0.20 - 0.02 c r_r x_r    probability 0.05

With beta = 0 risk is the expected loss; the budget is 3, and without doubts all of it goes to parts.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import Chain, InputError, load
from optimize import NoSolutionError, optimize, robust
from tests.independent import same
from tests.properties import examples
from tests.random_packages import Tables, draw, draw_options, write
from tests.small import Small

LINE = {"beta": 0.0, "pieces": 1}
C = 0.99 / math.log(100.0)
TIE = 2e-9
"""An allocation reported attains its least risk to 1e-9, and as much again for rounding."""
AMOUNT = 1e-5
"""Ties are within 1e-9 of risk, and moving a unit of money here changes risk by at least 4e-4."""
ROUNDING = 1e-8
"""Two robust solves agree this well: each is exact to 2e-9 of final demand."""


# ------------------------------------------------------------------------------------------------ worked by hand


def test_where_half_of_probability_may_be_elsewhere_money_evens_out_the_two_losses(small: Small) -> None:
    """Half of probability moves from calm to the larger loss. A unit for robots then brings 0.55 * 0.02 c while the
    embargo costs more, one for parts 0.60 * 0.05 c while the quake does: so both cost the same, 0.05 x_p = 0.02 x_r.
    """
    found = robust(small.load(), ambiguity=0.5, **LINE)
    loss = 0.2 - 0.05 * C * 6 / 7
    assert found.nominal.allocation.to_numpy() == pytest.approx([3.0, 0.0, 0.0], abs=AMOUNT)
    assert found.allocation.to_numpy() == pytest.approx([6 / 7, 15 / 7, 0.0], abs=AMOUNT)
    assert found.risk == pytest.approx(0.65 * loss, abs=1e-9)
    assert found.risks.loc["robust", "nominal"] == pytest.approx(0.15 * loss, abs=1e-8)
    assert found.risks.loc["optimal", "nominal"] == pytest.approx(0.03 - 0.015 * C, abs=TIE)
    assert found.risks.loc["optimal", "worst_case"] == pytest.approx(0.13 - 0.015 * C, abs=TIE)  # 0.5 to the embargo
    assert found.price == pytest.approx(0.015 * C - 0.15 * 0.05 * C * 6 / 7, abs=1e-8)
    assert found.exact


def test_the_worst_distribution_takes_from_calm_and_gives_to_the_worst_scenario(small: Small) -> None:
    """With a floor of 2.5 for robots 0.5 is left for parts, and the quake costs more than the embargo."""
    found = robust(small.load(), ambiguity=0.3, minimum={"robot": 2.5}, **LINE)
    assert list(found.distribution["nominal"]) == pytest.approx([0.1, 0.05, 0.85])
    assert list(found.distribution["loss"]) == pytest.approx([0.2 - 0.025 * C, 0.2 - 0.05 * C, 0.0], abs=1e-7)
    assert list(found.distribution["worst_case"]) == pytest.approx([0.4, 0.05, 0.55])


def test_a_slope_that_may_be_low_moves_money_until_both_worst_cases_meet(small: Small) -> None:
    """Slopes may be 0.1 (parts) and 0.5 (robots), one of them at once. Risk falls by c times

        0.0005 x_p + 0.001 x_r   if the parts' slope is low,    0.005 x_p + 0.0005 x_r   if the robots' is,

    and the least of the two is largest where they meet: x_r = 9 x_p.
    """
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,1,0.1,2")
    found = robust(small.load(), slope_budget=1, **LINE)
    assert found.allocation.to_numpy() == pytest.approx([0.3, 2.7, 0.0], abs=AMOUNT)
    assert found.risk == pytest.approx(0.03 - 0.00285 * C, abs=1e-9)
    assert found.risks.loc["optimal", "worst_case"] == pytest.approx(0.03 - 0.0015 * C, abs=TIE)
    assert found.risks.loc["robust", "nominal"] == pytest.approx(0.03 - (0.0015 + 0.0027) * C, abs=1e-8)
    assert len(found.low_slopes) == 1
    assert set(found.low_slopes) <= {"part", "robot"}
    assert found.exact
    assert found.iterations >= 2  # one set alone would be answered by funding the other segment


def test_both_slopes_low_leave_nothing_to_choose_between_them(small: Small) -> None:
    """Both then bring 0.0005 c a unit, so the answer is the one nearest to the observed 0.5 and 2.0."""
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,1,0.1,2")
    found = robust(small.load(), slope_budget=2, **LINE)
    assert found.risk == pytest.approx(0.03 - 0.0015 * C, abs=1e-9)
    assert found.allocation["part"] >= 0.5 - 1e-4
    assert found.allocation["robot"] >= 2.0 - 1e-4
    assert found.low_slopes == ("part", "robot")


def test_both_doubts_together(small: Small) -> None:
    """Only the larger loss counts, and one of the slopes is 0.5. The quake loses 0.2 - 0.025 c x_p if it is that of
    parts, the embargo 0.2 - 0.01 c x_r if it is that of robots; both are at most this, and equal where x_p = 6/7.
    """
    found = robust(small.load(), ambiguity=1.0, slope_budget=1, **LINE)
    assert found.allocation.to_numpy() == pytest.approx([6 / 7, 15 / 7, 0.0], abs=AMOUNT)
    assert found.risk == pytest.approx(0.2 - 0.025 * C * 6 / 7, abs=1e-9)


def test_the_worst_two_slopes_need_not_be_the_two_that_hurt_most_alone(small: Small) -> None:
    """Robots take 0.4 chips, too, as scarce in a quake as parts: the smaller of what is added of both counts.

    Observed are 0.5 for parts, 0.5 for chips, 2 for robots, so c 0.5 and c 2 are added at slope 1. Low slopes cost,
    alone, 0.005 x 0.45 c (parts, 0.1), 0.005 x 0.4 c (chips, 0.2) and 0.001 x 1 c (robots, 0.5). Parts with chips cost
    no more than parts alone; parts with robots cost both.
    """
    small.append("segments.csv", "chip,small,upstream,Chips").append("inputs.csv", "chip,robot,0.4,,,reported,book,")
    small.append("supply.csv", "chip,CHN,CHN,6,,,reported,book,", "chip,JPN,JPN,12,,,reported,book,")
    small.append("response.csv", "chip,slope,1,0.2,2,assumed,talk,a guess", "chip,ceiling,2,,,reported,book,")
    small.append("subsidies.csv", "chip,grants,2022,0.5,,,reported,book,")
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,1,0.1,2")
    found = robust(small.load(), slope_budget=2, **LINE)
    assert found.risks.loc["observed", "nominal"] == pytest.approx(0.03 - (0.0025 + 0.002) * C, abs=1e-9)
    assert found.risks.loc["observed", "worst_case"] == pytest.approx(0.03 - (0.00025 + 0.001) * C, abs=1e-9)


def test_a_search_that_ends_early_says_so_and_its_gap_holds(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimize.solving.slopes.MOST_EVALUATIONS", 3)  # each slope alone and both: too few to be sure
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,1,0.1,2")
    found = robust(small.load(), slope_budget=1, **LINE)
    least = 0.03 - 0.00285 * C
    assert not found.exact
    assert found.risk <= least + 1e-9
    assert least <= found.risk + found.gap


# ------------------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ambiguity": 1.5}, "option ambiguity: 1.5 is out of range"),
        ({"ambiguity": -0.1}, "option ambiguity: -0.1 is out of range"),
        ({"ambiguity": math.nan}, "option ambiguity: nan is out of range"),
        ({"slope_budget": -1}, "option slope_budget: -1 is out of range"),
        ({"slope_budget": 1.5}, "option slope_budget: 1.5 is out of range"),
        ({"slope_budget": 4}, "4 slopes cannot be low: the chain has 3 segments"),
        ({"ambiguty": 0.1}, "did you mean 'ambiguity'?"),
    ],
)
def test_options_out_of_range_are_named(small: Small, options: dict, said: str) -> None:
    with pytest.raises(InputError) as caught:
        robust(small.load(), **options)
    assert said in str(caught.value)


def test_every_wrong_option_is_said_at_once(small: Small) -> None:
    with pytest.raises(InputError) as caught:
        robust(small.load(), ambiguity=2.0, slope_budget=-1, alpha=1.0)
    assert len(caught.value.problems) == 3


def test_a_slope_budget_needs_a_slope_with_a_low(small: Small) -> None:
    for segment in ("part", "robot", "system"):
        small.edit("response.csv", f"{segment},slope,1,0.5,2,assumed,talk", f"{segment},slope,1,,,reported,book")
    with pytest.raises(InputError, match="no slope has a low below its value"):
        robust(small.load(), slope_budget=1)


def test_a_segment_without_a_low_does_not_vary(small: Small) -> None:
    small.edit("response.csv", "part,slope,1,0.5,2,assumed,talk", "part,slope,1,,,reported,book")
    found = robust(small.load(), slope_budget=3, **LINE)
    assert found.allocation.to_numpy() == pytest.approx([3.0, 0.0, 0.0], abs=AMOUNT)
    assert found.risk == pytest.approx(0.03 - 0.015 * C, abs=1e-9)
    assert found.low_slopes == ()


def test_demands_that_conflict_are_named_as_optimize_names_them(small: Small) -> None:
    with pytest.raises(NoSolutionError, match="minimum of part: 4"):
        robust(small.load(), ambiguity=0.1, minimum={"part": 4.0})


# --------------------------------------------------------------------------------------------------------- laws

packages = given(seed=st.integers(0, 2**32 - 1))
modest = examples(3)


@pytest.fixture(scope="module")
def write_load(tmp_path_factory: pytest.TempPathFactory):
    """Write tables as a package in a folder of its own and load it."""

    def write_and_load(tables: Tables, home: str) -> Chain:
        return load(write(tmp_path_factory.mktemp("package") / "dice", tables, home))

    return write_and_load


def drawn(seed: int) -> tuple[Tables, str, dict]:
    """A random package whose slopes have lows, and options of `optimize`."""
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    for row in tables["response"]:
        if row["parameter"] == "slope":
            row["low"], row["high"] = float(row["value"] * rng.choice([0.0, 0.3, 0.8])), row["value"]
    return tables, home, draw_options(rng, tables)


def segments_that_vary(tables: Tables) -> int:
    return sum(row["parameter"] == "slope" and row["low"] < row["value"] for row in tables["response"])


@pytest.mark.slow
@modest
@packages
def test_without_doubts_it_is_the_nominal_answer(write_load, seed: int) -> None:
    tables, home, options = drawn(seed)
    chain = write_load(tables, home)
    found, nominal = robust(chain, **options), optimize(chain, **options)
    assert same(found.risk, nominal.risk, relative=1e-9)
    assert found.allocation.to_numpy() == pytest.approx(nominal.allocation.to_numpy(), abs=1e-9 * nominal.budget.sum())
    assert found.risks["nominal"].to_numpy() == pytest.approx(found.risks["worst_case"].to_numpy(), abs=1e-15)
    assert found.exact


@pytest.mark.slow
@modest
@packages
def test_more_doubt_never_lowers_the_least_worst_case(write_load, seed: int) -> None:
    tables, home, options = drawn(seed)
    chain = write_load(tables, home)
    many = segments_that_vary(tables)
    budgets = (0, min(1, many), many)
    for answers in (
        [robust(chain, ambiguity=rho, **options) for rho in (0.0, 0.1, 1.0)],
        [robust(chain, slope_budget=gamma, **options) for gamma in budgets],
        [robust(chain, ambiguity=0.2, slope_budget=gamma, **options) for gamma in budgets[:2]],
    ):
        for less, more in pairwise(answers):
            assert less.risk <= more.risk + ROUNDING
            assert less.risks.loc["observed", "worst_case"] <= more.risks.loc["observed", "worst_case"] + ROUNDING


@pytest.mark.slow
@modest
@packages
def test_guarding_against_the_worst_costs_no_less_and_brings_no_less_than_nothing(write_load, seed: int) -> None:
    tables, home, options = drawn(seed)
    found = robust(write_load(tables, home), 0.15, min(1, segments_that_vary(tables)), **options)
    assert (found.risks["worst_case"] >= found.risks["nominal"] - ROUNDING).all()
    assert found.price >= -ROUNDING
    assert found.protection >= -ROUNDING
    assert found.exact
    assert same(found.risks.loc["robust", "worst_case"], found.risk, absolute=ROUNDING)
    moved = (found.distribution["worst_case"] - found.distribution["nominal"]).to_numpy()
    assert moved.sum() == pytest.approx(0.0, abs=1e-12)
    assert np.abs(moved).sum() / 2 <= 0.15 + 1e-12
    assert found.distribution["worst_case"].min() >= 0.0


@pytest.mark.slow
@modest
@packages
def test_with_all_probability_in_doubt_only_the_largest_loss_counts(write_load, seed: int) -> None:
    tables, home, options = drawn(seed)
    found = robust(write_load(tables, home), ambiguity=1.0, **options)
    for name, solution in (("observed", found.nominal.observed), ("robust", found.robust)):
        assert same(found.risks.loc[name, "worst_case"], solution.loss.max(), relative=1e-9)


@pytest.mark.slow
@modest
@packages
def test_with_every_slope_in_doubt_all_are_low(write_load, seed: int) -> None:
    tables, home, options = drawn(seed)
    many = segments_that_vary(tables)
    found = robust(write_load(tables, home), slope_budget=many, **options)
    for row in tables["response"]:
        if row["parameter"] == "slope":
            row["value"] = row["low"]
    assert same(found.risk, optimize(write_load(tables, home), **options).risk, absolute=ROUNDING)
