"""The small package solved by hand (its numbers and the two loss formulas stand in tests/small.py).

    quake   p = 0.10   l_q = 0.20 - 0.05 g_part
    embargo p = 0.05   l_e = 0.20 - 0.02 g_robot
    calm    p = 0.85   0

Response. Slopes are 1. The chord between the fractions a and b of a ceiling G runs over the funds
G (ln 1/(1-a) - ln 1/(1-b)) and rises by G (b - a). So the slope of chords is free of G:

    one piece   0 to 0.99:    0.99 / ln 100                 = S1 = 0.2149758, up to funds G ln 100
    two pieces  0 to 0.50:    0.50 / ln 2                   = S2 = 0.7213475, up to funds G ln 2
                0.50 to 0.99: 0.49 / (ln 100 - ln 2) = 0.49 / ln 50 = T2 = 0.1252551, up to funds G ln 100

Risk = (E + CVaR) / 2 at alpha = 0.9. The worst tenth of all years is
    the quake alone (p = 0.10)                       if l_q >= l_e:  CVaR = l_q
    the embargo (0.05) and half of the quake (0.05)  if l_e >= l_q:  CVaR = (l_q + l_e) / 2
so a unit more of g_part or g_robot lowers risk by
    l_q >= l_e:  (0.10 x 0.05 + 0.05) / 2       = 0.0275   and (0.05 x 0.02) / 2                = 0.0005
    l_e >= l_q:  (0.10 x 0.05 + 0.05 / 2) / 2   = 0.015    and (0.05 x 0.02 + 0.02 / 2) / 2     = 0.0055
"""

from collections.abc import Callable
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import Chain, InputError
from optimize import evaluate, gain_curve, optimize
from tests.small import FILES, Small

S1 = 0.99 / log(100)
S2 = 0.50 / log(2)
T2 = 0.49 / log(50)

SOLVED = {"rel": 1e-9, "abs": 1e-11}
"""What a linear program solved to 1e-9 leaves of a share of demand."""

PLACED = {"abs": 1e-6}
"""The reported allocation may cost 1e-9 of risk; at 0.001 of risk or more a unit of money that is 1e-6 of money."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("worked") / "small").load()


def _give(**money: float) -> pd.DataFrame:
    """An allocation of grants."""
    return pd.DataFrame({"grants": money})


def _subsidies(small: Small, *rows: str) -> Small:
    """The small package with this observed allocation, rows of segment,instrument,money."""
    header = FILES["subsidies.csv"].partition("\n")[0]
    given = [row.rsplit(",", 1) for row in rows]
    body = "".join(f"{key},2022,{money},,,reported,book,\n" for key, money in given)
    return small.replace("subsidies.csv", f"{header}\n{body}")


def _without_embargo(small: Small) -> Small:
    """The small package with the quake alone: CVaR = l_q, and a unit more of g_part lowers risk by 0.0275."""
    small.replace("probabilities.csv", "\n".join(small.text("probabilities.csv").splitlines()[:2]))
    return small.replace("disruptions.csv", "\n".join(small.text("disruptions.csv").splitlines()[:2]))


# --- no subsidy ---------------------------------------------------------------------------------------------------


def test_without_subsidies(chain: Chain) -> None:
    none = optimize(chain).none
    assert dict(none.loss) == pytest.approx({"quake": 0.20, "embargo": 0.20, "calm": 0.0}, **SOLVED)
    assert none.expected_loss == pytest.approx(0.15 * 0.20, **SOLVED)
    # Calm is 0.85 of years, less than 0.9, so the value at risk is 0.20, and so is all of the worst tenth.
    assert none.var == pytest.approx(0.20, **SOLVED)
    assert none.cvar == pytest.approx(0.20, **SOLVED)
    assert none.risk == pytest.approx((0.03 + 0.20) / 2, **SOLVED)
    assert none.allocation.to_numpy().sum() == 0


def test_losses_fall_on_the_segment_that_goes_short(chain: Chain) -> None:
    unmet = optimize(chain).none.unmet
    assert list(unmet.index) == ["quake", "embargo", "calm"]
    assert list(unmet.columns) == ["part", "robot", "system"]
    # Only systems are in final demand.
    assert unmet.loc["quake"].tolist() == pytest.approx([0, 0, 0.20], **SOLVED)


# --- a given allocation: chords -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("pieces", "slope"), [(1, S1), (2, S2)])
def test_the_observed_allocation_on_the_first_chord(chain: Chain, pieces: int, slope: float) -> None:
    # Part 0.5 (chord ends at 2 ln 2 = 1.386 or later), robot 2 (at 4 ln 2 = 2.77 or later):
    # g_part = 0.5 slope, g_robot = 2 slope; 0.05 x 0.5 = 0.025 < 0.02 x 2 = 0.04, so l_q > l_e.
    quake, embargo = 0.20 - 0.025 * slope, 0.20 - 0.04 * slope
    observed = evaluate(chain, pieces=pieces)
    assert dict(observed.loss) == pytest.approx({"quake": quake, "embargo": embargo, "calm": 0.0}, **SOLVED)
    assert observed.expected_loss == pytest.approx(0.10 * quake + 0.05 * embargo, **SOLVED)
    # Calm and embargo are 0.85 + 0.05 = 0.9 of years: the value at risk is the embargo's loss.
    assert observed.var == pytest.approx(embargo, **SOLVED)
    assert observed.cvar == pytest.approx(quake, **SOLVED)
    # (0.03 - 0.0045 slope + 0.20 - 0.025 slope) / 2
    assert observed.risk == pytest.approx(0.115 - 0.01475 * slope, **SOLVED)
    assert observed.allocation["grants"].tolist() == [0.5, 2.0, 0.5]


def test_funds_beyond_the_first_chord_follow_the_second(chain: Chain) -> None:
    # Part 2 is 2 - 2 ln 2 beyond the end of the first chord, where half the ceiling of 2 is reached: 1.
    added = 1 + (2 - 2 * log(2)) * T2
    assert evaluate(chain, _give(part=2.0), pieces=2).loss["quake"] == pytest.approx(0.20 - 0.05 * added, **SOLVED)


@pytest.mark.parametrize("pieces", [1, 2, 10, 99])
def test_funds_beyond_the_last_chord_add_nothing(chain: Chain, pieces: int) -> None:
    # All chords end at 0.99 of the ceiling of 2, at funds 2 ln 100 = 9.21: 1.98 parts, and no more at 1000.
    quake = 0.20 - 0.05 * 1.98
    for money in (2 * log(100), 10.0, 1000.0):
        assert evaluate(chain, _give(part=money), pieces=pieces).loss["quake"] == pytest.approx(quake, **SOLVED)


@pytest.mark.parametrize("tenths", [1, 3, 9])
def test_by_default_the_curve_is_met_at_every_tenth_of_the_ceiling(chain: Chain, tenths: int) -> None:
    # Ten pieces are the default: at funds -2 ln(1 - phi) a share phi of the ceiling of 2 is reached exactly.
    share = tenths / 10
    loss = evaluate(chain, _give(part=-2 * log(1 - share))).loss
    assert loss["quake"] == pytest.approx(0.20 - 0.05 * 2 * share, **SOLVED)


def test_slope_and_ceiling_stretch_the_curve(chain: Chain) -> None:
    # Slope 3 and ceiling 5: half the ceiling, 2.5 parts, at funds 5/3 ln 2; a third of the funds gives a third.
    changed = chain.with_value("response", 3.0, segment="part", parameter="slope")
    changed = changed.with_value("response", 5.0, segment="part", parameter="ceiling")
    money = 5 / 3 * log(2)
    assert evaluate(changed, _give(part=money), pieces=2).loss["quake"] == pytest.approx(0.20 - 0.125, **SOLVED)
    third = evaluate(changed, _give(part=money / 3), pieces=2).loss["quake"]
    assert third == pytest.approx(0.20 - 0.05 * 2.5 / 3, **SOLVED)


def test_a_segment_without_a_response_gains_nothing(small: Small) -> None:
    lines = small.text("response.csv").splitlines()
    small.replace("response.csv", "\n".join(line for line in lines if not line.startswith("part")))
    assert evaluate(small.load(), _give(part=5.0)).loss["quake"] == pytest.approx(0.20, **SOLVED)


@pytest.mark.parametrize("parameter", ["slope", "ceiling"])
def test_a_slope_or_a_ceiling_of_zero_gains_nothing(chain: Chain, parameter: str) -> None:
    dead = chain.with_value("response", 0.0, segment="part", parameter=parameter)
    assert evaluate(dead, _give(part=5.0)).loss["quake"] == pytest.approx(0.20, **SOLVED)


# --- a given allocation: risk -------------------------------------------------------------------------------------

_QUAKE, _EMBARGO = 0.20 - 0.025 * S1, 0.20 - 0.04 * S1  # losses of the observed allocation with one piece


@pytest.mark.parametrize(
    ("alpha", "cvar", "var"),
    [
        # The worst 5 % of years are quakes; 0.90 of years lose at most the embargo's loss, which is too few.
        (0.95, _QUAKE, _QUAKE),
        # The worst 13 %: 10 % quake and 3 % embargo.
        (0.87, (0.10 * _QUAKE + 0.03 * _EMBARGO) / 0.13, _EMBARGO),
        # The worst 15 %: all disruptions; calm alone is 0.85 of years.
        (0.85, (0.10 * _QUAKE + 0.05 * _EMBARGO) / 0.15, 0.0),
        # The worst fifth: 10 % quake, 5 % embargo, 5 % calm.
        (0.80, (0.10 * _QUAKE + 0.05 * _EMBARGO) / 0.20, 0.0),
        # All years: the expected loss.
        (0.0, 0.10 * _QUAKE + 0.05 * _EMBARGO, 0.0),
    ],
)
def test_cvar_is_the_mean_loss_of_the_worst_years(chain: Chain, alpha: float, cvar: float, var: float) -> None:
    observed = evaluate(chain, alpha=alpha, pieces=1)
    assert observed.cvar == pytest.approx(cvar, **SOLVED)
    assert observed.var == pytest.approx(var, **SOLVED)
    assert observed.risk == pytest.approx((0.10 * _QUAKE + 0.05 * _EMBARGO + cvar) / 2, **SOLVED)


def test_cvar_takes_half_of_a_scenario_where_the_worst_years_end_inside_it(chain: Chain) -> None:
    # All money for parts: the embargo is worst (0.05 of years) and the quake fills the tenth (0.05 of its 0.10).
    solution = evaluate(chain, _give(part=1.0), pieces=1)
    quake = 0.20 - 0.05 * S1
    assert solution.cvar == pytest.approx((0.05 * 0.20 + 0.05 * quake) / 0.10, **SOLVED)
    assert solution.var == pytest.approx(quake, **SOLVED)


@pytest.mark.parametrize(("beta", "risk"), [(0.0, 0.10 * _QUAKE + 0.05 * _EMBARGO), (1.0, _QUAKE)])
def test_beta_weighs_cvar_against_expected_loss(chain: Chain, beta: float, risk: float) -> None:
    assert evaluate(chain, beta=beta, pieces=1).risk == pytest.approx(risk, **SOLVED)


def test_a_scenario_that_never_happens_does_not_count(small: Small) -> None:
    small.append("probabilities.csv", "war,0,,,reported,book,").append("disruptions.csv", "war,,,,1,,,reported,book,")
    solution = evaluate(small.load(), pieces=1)
    # All supply is cut; what subsidies added, 0.5 S1 systems (and robots and parts enough for them), is not.
    assert solution.loss["war"] == pytest.approx(1 - 0.5 * S1 / 100, **SOLVED)
    assert solution.risk == pytest.approx(0.115 - 0.01475 * S1, **SOLVED)


# --- a given allocation: how it may be given ----------------------------------------------------------------------


def test_an_allocation_may_be_a_series_by_segment_and_instrument(chain: Chain) -> None:
    series = pd.Series({("part", "grants"): 0.5, ("robot", "grants"): 2.0})
    assert evaluate(chain, series, pieces=1).risk == pytest.approx(0.115 - 0.01475 * S1, **SOLVED)


def test_what_an_allocation_leaves_out_gets_nothing(chain: Chain) -> None:
    assert evaluate(chain, _give(system=3.0)).allocation["grants"].tolist() == [0, 0, 3.0]
    assert evaluate(chain, _give(robot=1.0), pieces=1).loss["quake"] == pytest.approx(0.20, **SOLVED)


def test_the_allocation_of_an_answer_can_be_evaluated(chain: Chain) -> None:
    best = optimize(chain)
    assert evaluate(chain, best.optimal.allocation).risk == pytest.approx(best.optimal.risk, **SOLVED)


@pytest.mark.parametrize(
    ("allocation", "words"),
    [
        (pd.DataFrame({"grants": {"robt": 1.0}}), ["segment", "robt", "robot"]),
        (pd.DataFrame({"loans": {"robot": 1.0}}), ["instrument", "loans", "grants"]),
        (pd.Series({("robt", "grants"): 1.0}), ["segment", "robt", "robot"]),
        (pd.DataFrame({"grants": {"robot": -1.0}}), ["0"]),
        (pd.DataFrame({"grants": {"robot": np.inf}}), ["finite"]),
        (pd.DataFrame({"grants": [1.0, 2.0]}, index=["robot", "robot"]), ["robot"]),
        (pd.DataFrame({"grants": ["much"]}, index=["robot"]), ["much"]),
    ],
    ids=[
        "unknown segment",
        "unknown instrument",
        "unknown segment in a series",
        "negative",
        "infinite",
        "segment twice",
        "text",
    ],
)
def test_a_wrong_allocation_is_refused(chain: Chain, allocation: pd.DataFrame | pd.Series, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        evaluate(chain, allocation)
    assert all(word in str(caught.value) for word in words)


def test_by_segment_alone_is_enough_where_there_is_one_instrument(chain: Chain) -> None:
    best = optimize(chain)
    assert evaluate(chain, best.allocation).risk == pytest.approx(best.optimal.risk, **SOLVED)


def test_by_segment_alone_is_refused_where_there_are_several_instruments(tmp_path: Path) -> None:
    two = Small(tmp_path / "two").append("subsidies.csv", "robot,loans,2022,1,,,reported,book,").load()
    with pytest.raises(InputError, match="segment, instrument"):
        evaluate(two, pd.Series({"robot": 1.0}))


# --- the least-risk allocation ------------------------------------------------------------------------------------


def test_with_one_piece_all_money_goes_to_parts(chain: Chain) -> None:
    # A unit of money for parts brings 0.0275 S1 or 0.015 S1, for robots 0.0005 S1 or 0.0055 S1, for systems 0:
    # parts are better in either region, and 3 S1 = 0.645 is below the ceiling.
    best = optimize(chain, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 3.0, "robot": 0.0, "system": 0.0}, **PLACED)
    # l_q = 0.20 - 0.15 S1, l_e = 0.20: E = 0.03 - 0.015 S1, CVaR = 0.20 - 0.075 S1.
    assert best.risk == pytest.approx((0.23 - 0.09 * S1) / 2, **SOLVED)
    assert best.optimal.risk == pytest.approx(best.risk, abs=1.001e-9)
    assert best.none.risk == pytest.approx(0.115, **SOLVED)
    assert best.observed.risk == pytest.approx(0.115 - 0.01475 * S1, **SOLVED)


def test_with_two_pieces_parts_get_their_first_chord_and_robots_the_rest(chain: Chain) -> None:
    # Parts first (0.0275 S2, then 0.015 S2 = 0.0108), to the end of their first chord at 2 ln 2. There
    # l_q = 0.15 < l_e, and the next chord brings 0.015 T2 = 0.0019, robots 0.0055 S2 = 0.0040: robots get the rest,
    # 3 - 2 ln 2 = 1.61, within their first chord (4 ln 2 = 2.77).
    best = optimize(chain, pieces=2)
    robots = 3 - 2 * log(2)
    assert dict(best.allocation) == pytest.approx({"part": 2 * log(2), "robot": robots, "system": 0.0}, **PLACED)
    quake, embargo = 0.15, 0.20 - 0.02 * S2 * robots
    expected, cvar = 0.10 * quake + 0.05 * embargo, (quake + embargo) / 2
    assert best.risk == pytest.approx((expected + cvar) / 2, **SOLVED)
    assert best.optimal.loss["embargo"] == pytest.approx(embargo, abs=1e-7)


def test_money_by_tier(chain: Chain) -> None:
    best = optimize(chain, pieces=2)
    assert dict(best.tiers(best.observed)) == {"upstream": 0.5, "midstream": 2.0, "downstream": 0.5}
    tiers = best.tiers(best.optimal)
    assert list(tiers.index) == ["upstream", "midstream", "downstream"]
    assert tiers.tolist() == pytest.approx([2 * log(2), 3 - 2 * log(2), 0], **PLACED)


def test_of_least_risk_allocations_the_nearest_to_the_observed_one_is_reported(small: Small) -> None:
    # Only the quake: robots are idle. Parts with slope 10 are full, at 0.99 of 2, with funds 2/10 ln 100 = 0.921.
    # Observed: part 0.5, robot 2.5. Nearest: part rises to 0.921, robot gives just that.
    _without_embargo(_subsidies(small, "part,grants,0.5", "robot,grants,2.5"))
    chain = small.load().with_value("response", 10.0, segment="part", parameter="slope")
    best = optimize(chain, pieces=1)
    full = 0.2 * log(100)
    assert dict(best.allocation) == pytest.approx({"part": full, "robot": 3 - full, "system": 0.0}, **PLACED)
    # l_q = 0.20 - 0.05 x 1.98 = 0.101: risk (0.10 + 1) / 2 x 0.101.
    assert best.risk == pytest.approx(0.55 * 0.101, **SOLVED)


def test_an_observed_allocation_of_least_risk_is_kept(small: Small) -> None:
    # As above, but parts have had enough from the start.
    _without_embargo(_subsidies(small, "part,grants,1", "robot,grants,1.5", "system,grants,0.5"))
    chain = small.load().with_value("response", 10.0, segment="part", parameter="slope")
    best = optimize(chain, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 1.0, "robot": 1.5, "system": 0.5}, **PLACED)


def test_a_given_budget_takes_the_place_of_the_observed_one(chain: Chain) -> None:
    best = optimize(chain, budget=1.0, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 1.0, "robot": 0.0, "system": 0.0}, **PLACED)
    # l_q = 0.20 - 0.05 S1, l_e = 0.20.
    assert best.risk == pytest.approx((0.23 - 0.03 * S1) / 2, **SOLVED)
    # The observed allocation is what it was.
    assert best.observed.risk == pytest.approx(0.115 - 0.01475 * S1, **SOLVED)


def test_no_budget_is_no_subsidy(chain: Chain) -> None:
    best = optimize(chain, budget=0.0)
    assert best.risk == pytest.approx(0.115, **SOLVED)
    assert best.allocation.sum() == pytest.approx(0, abs=1e-9)


def test_a_package_without_any_instrument_is_evaluated(small: Small) -> None:
    best = optimize(_subsidies(small).load())
    assert best.risk == pytest.approx(0.115, **SOLVED)
    assert best.observed.risk == pytest.approx(0.115, **SOLVED)
    assert list(best.allocation) == [0, 0, 0]


def test_a_budget_without_any_instrument_is_refused(small: Small) -> None:
    with pytest.raises(InputError) as caught:
        optimize(_subsidies(small).load(), budget=3.0)
    assert "subsidies.csv" in str(caught.value)
    assert "instrument" in str(caught.value)


# --- instruments --------------------------------------------------------------------------------------------------


def test_effectiveness_discounts_money(small: Small) -> None:
    # Half of the money works: g_part = 0.25 S1, g_robot = S1.
    small.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    best = optimize(small.load(), pieces=1)
    assert best.observed.loss["quake"] == pytest.approx(0.20 - 0.0125 * S1, **SOLVED)
    assert best.observed.loss["embargo"] == pytest.approx(0.20 - 0.02 * S1, **SOLVED)
    # All for parts: 1.5 effective, l_q = 0.20 - 0.075 S1; E = 0.03 - 0.0075 S1, CVaR = 0.20 - 0.0375 S1.
    assert best.allocation["part"] == pytest.approx(3.0, **PLACED)
    assert best.risk == pytest.approx((0.23 - 0.045 * S1) / 2, **SOLVED)


@pytest.fixture
def two(small: Small) -> Chain:
    """Grants as in the small package, 3 in all, and credit of 1 for robots, of which half works."""
    small.append("subsidies.csv", "robot,credit,2022,1,,,reported,book,")
    small.append("instruments.csv", "credit,effectiveness,0.5,,,reported,book,")
    return small.load()


def test_money_of_two_instruments_works_together(two: Chain) -> None:
    # Robots have 2 + 0.5 x 1 = 2.5 effective: l_e = 0.20 - 0.02 x 2.5 S1.
    assert evaluate(two, pieces=1).loss["embargo"] == pytest.approx(0.20 - 0.05 * S1, **SOLVED)


def test_each_instrument_has_its_own_budget(two: Chain) -> None:
    # All for parts: 3 + 0.5 = 3.5 effective, l_q = 0.20 - 0.175 S1; E = 0.03 - 0.0175 S1, CVaR = 0.20 - 0.0875 S1.
    best = optimize(two, pieces=1)
    assert dict(best.budget) == {"credit": 1.0, "grants": 3.0}
    assert best.optimal.allocation.sum().to_dict() == pytest.approx({"credit": 1.0, "grants": 3.0}, **PLACED)
    assert best.risk == pytest.approx((0.23 - 0.105 * S1) / 2, **SOLVED)


def test_a_given_budget_is_split_over_instruments_as_observed(two: Chain) -> None:
    # 8 as 3 to 1: grants 6, credit 2, effective 7; all for parts: 7 S1 = 1.505 is below 1.98.
    best = optimize(two, budget=8.0, pieces=1)
    assert dict(best.budget) == pytest.approx({"credit": 2.0, "grants": 6.0}, rel=1e-12)
    assert best.allocation["part"] == pytest.approx(8.0, **PLACED)
    # l_q = 0.20 - 0.35 S1; E = 0.03 - 0.035 S1, CVaR = 0.20 - 0.175 S1.
    assert best.risk == pytest.approx((0.23 - 0.21 * S1) / 2, **SOLVED)


def test_a_budget_for_two_instruments_that_gave_nothing_cannot_be_split(small: Small) -> None:
    _subsidies(small, "part,grants,0", "robot,credit,0")
    with pytest.raises(InputError) as caught:
        optimize(small.load(), budget=3.0)
    assert "subsidies.csv" in str(caught.value)
    assert "split" in str(caught.value)


def test_the_next_unit_goes_through_the_largest_instrument(two: Chain) -> None:
    # Grants, of which all works: 0.0005 S1 for robots, not 0.0005 S1 / 2. l_q = 0.1946 > l_e = 0.1893.
    assert optimize(two, pieces=1).next_unit["robot"] == pytest.approx(0.0005 * S1, rel=1e-7)


# --- what moves risk from the observed allocation -----------------------------------------------------------------


@pytest.mark.parametrize(("pieces", "slope"), [(1, S1), (2, S2)])
def test_the_next_unit_by_segment(chain: Chain, pieces: int, slope: float) -> None:
    # 1 % of 3 is 0.03: part 0.53 or robot 2.03 stay on their chords and in the region l_q > l_e.
    falls = optimize(chain, pieces=pieces).next_unit
    expected = {"part": 0.0275 * slope, "robot": 0.0005 * slope, "system": 0.0}
    assert dict(falls) == pytest.approx(expected, rel=1e-7, abs=1e-10)


def test_the_next_unit_is_one_per_cent_of_the_budget_wide(chain: Chain) -> None:
    # Of a budget of 100 the next 1 % is 1: part from 0.5 to 1.5 crosses the end of its chord at 2 ln 2 = 1.386, and
    # before it the kink l_q = l_e at part 0.8 (0.05 x 0.8 = 0.02 x 2). The difference averages over all three.
    fall = optimize(chain, budget=100.0, pieces=2).next_unit["part"]
    kink, end = 0.8, 2 * log(2)
    assert fall == pytest.approx(
        0.0275 * S2 * (kink - 0.5) + 0.015 * S2 * (end - kink) + 0.015 * T2 * (1.5 - end), rel=1e-8
    )


def test_the_next_unit_of_no_budget_is_not_a_number(chain: Chain) -> None:
    assert optimize(chain, budget=0.0).next_unit.isna().all()


def test_transfers_between_tiers(chain: Chain) -> None:
    # A tier is one segment here. 0.03 of money stays on all chords and in the region l_q > l_e: a unit is worth
    # 0.0275 S1 upstream, 0.0005 S1 midstream, nothing downstream; a transfer brings the difference.
    worth = {"upstream": 0.0275 * S1, "midstream": 0.0005 * S1, "downstream": 0.0}
    transfer = optimize(chain, pieces=1).transfer
    assert list(transfer.index) == list(transfer.columns) == list(worth)
    for giving, lost in worth.items():
        for receiving, won in worth.items():
            if giving == receiving:
                assert np.isnan(transfer.loc[giving, receiving])
            else:
                assert transfer.loc[giving, receiving] == pytest.approx(won - lost, rel=1e-7, abs=1e-10)


def test_a_tier_with_less_than_one_per_cent_gives_all_it_has(small: Small) -> None:
    # Upstream has 0.01 of 3.01; with 0.01 for parts and 2 for robots l_q > l_e. All of the 0.01 moves, no more:
    # per unit moved the loss is 0.0275 S1 - 0.0005 S1.
    _subsidies(small, "part,grants,0.01", "robot,grants,2", "system,grants,1")
    transfer = optimize(small.load(), pieces=1).transfer
    assert transfer.loc["upstream", "midstream"] == pytest.approx(-0.027 * S1, rel=1e-7)


def test_a_tier_without_money_transfers_nothing(small: Small) -> None:
    _subsidies(small, "part,grants,0.5", "robot,grants,2")
    transfer = optimize(small.load(), pieces=1).transfer
    assert transfer.loc["downstream"].isna().all()
    assert transfer.loc["midstream", "upstream"] == pytest.approx(0.027 * S1, rel=1e-7)


@pytest.mark.parametrize(
    ("part", "glue", "worth"),
    [
        # Upstream 2: a quarter of what it gives comes from parts.
        ("0.5", "1.5", 0.25),
        # Upstream 1.5: a third.
        ("0.5", "1", 1 / 3),
    ],
)
def test_within_a_tier_funds_leave_and_arrive_pro_rata(small: Small, part: str, glue: str, worth: float) -> None:
    # Glue is upstream, but nobody needs it: only what parts give or get counts.
    small.append("segments.csv", "glue,small,upstream,Glue")
    _subsidies(small, f"part,grants,{part}", f"glue,grants,{glue}", "robot,grants,2", "system,grants,0.5")
    transfer = optimize(small.load(), pieces=1).transfer
    assert transfer.loc["upstream", "downstream"] == pytest.approx(-worth * 0.0275 * S1, rel=1e-7)
    assert transfer.loc["downstream", "upstream"] == pytest.approx(worth * 0.0275 * S1, rel=1e-7)


def test_funds_arrive_in_equal_parts_where_a_tier_had_none(small: Small) -> None:
    small.append("segments.csv", "glue,small,upstream,Glue")
    _subsidies(small, "robot,grants,2", "system,grants,0.5")
    transfer = optimize(small.load(), pieces=1).transfer
    assert transfer.loc["downstream", "upstream"] == pytest.approx(0.5 * 0.0275 * S1, rel=1e-7)


# --- the reallocation curve ---------------------------------------------------------------------------------------

# From midstream to upstream a share t moves 2 t of money: part 0.5 + 2 t, robot 2 - 2 t.
_KINK = 3 / 28  # l_q = l_e: 0.05 (0.5 + 2 t) = 0.02 (2 - 2 t)


def _gain_before(share: float, slope: float) -> float:
    """Fall in risk where both are on chords of this slope: 0.0275 - 0.0005, after the kink 0.015 - 0.0055."""
    return 2 * slope * (0.027 * min(share, _KINK) + 0.0095 * max(share - _KINK, 0.0))


def test_the_gain_curve_with_one_piece_rises_to_its_end(chain: Chain) -> None:
    gain = gain_curve(chain, "midstream", "upstream", pieces=1)
    assert gain.funds == pytest.approx(2.0, rel=1e-12)
    assert list(gain.curve.index) == pytest.approx([n / 10 for n in range(11)])
    assert gain.curve.tolist() == pytest.approx([_gain_before(n / 10, S1) for n in range(11)], rel=1e-8, abs=1e-11)
    assert gain.peak_share == pytest.approx(1.0, abs=1e-6)
    assert gain.peak_gain == pytest.approx(_gain_before(1.0, S1), rel=1e-8)


def test_the_gain_curve_with_two_pieces_peaks_where_parts_end_their_first_chord(chain: Chain) -> None:
    # Part 0.5 + 2 t = 2 ln 2 at t = ln 2 - 0.25 = 0.443. From there a share brings 2 (0.015 T2 - 0.0055 S2) < 0.
    peak = log(2) - 0.25
    gain = gain_curve(chain, "midstream", "upstream", pieces=2)
    assert gain.peak_share == pytest.approx(peak, abs=1e-6)
    assert gain.peak_gain == pytest.approx(_gain_before(peak, S2), rel=1e-8)
    after = 2 * (0.015 * T2 - 0.0055 * S2)
    assert after < 0
    expected = [_gain_before(min(t, peak), S2) + after * max(t - peak, 0.0) for t in np.arange(11) / 10]
    assert gain.curve.tolist() == pytest.approx(expected, rel=1e-8, abs=1e-11)


def test_where_every_move_is_a_loss_the_peak_is_to_move_nothing(chain: Chain) -> None:
    # From upstream to midstream each unit loses 0.0275 S1 and brings 0.0005 S1; 0.5 moves in all.
    gain = gain_curve(chain, "upstream", "midstream", pieces=1)
    assert gain.funds == pytest.approx(0.5, rel=1e-12)
    assert gain.peak_share == pytest.approx(0, abs=1e-6)
    assert gain.peak_gain == pytest.approx(0, abs=1e-11)
    assert gain.curve[1.0] == pytest.approx(-0.5 * 0.027 * S1, rel=1e-8)


def test_the_peak_of_a_plateau_is_its_first_share(small: Small) -> None:
    # Only the quake; parts with slope 10 start at 0 and are full at funds 0.2 ln 100 = 0.921, of 2 that may move.
    _without_embargo(_subsidies(small, "robot,grants,2"))
    chain = small.load().with_value("response", 10.0, segment="part", parameter="slope")
    gain = gain_curve(chain, "midstream", "upstream", pieces=1)
    assert gain.peak_share == pytest.approx(0.1 * log(100), abs=1e-6)
    # 1.98 parts, 0.0275 each.
    assert gain.peak_gain == pytest.approx(0.0275 * 1.98, rel=1e-8)
    assert gain.curve[1.0] == pytest.approx(gain.peak_gain, rel=1e-8)


@pytest.mark.parametrize(
    ("giving", "receiving", "word"),
    [("middle", "upstream", "'middle'"), ("midstream", "up", "'up'"), ("midstream", "midstream", "midstream")],
)
def test_tiers_that_are_no_pair_of_tiers_are_refused(chain: Chain, giving: str, receiving: str, word: str) -> None:
    with pytest.raises(InputError) as caught:
        gain_curve(chain, giving, receiving)
    assert word in str(caught.value)


def test_a_tier_with_nothing_to_give_is_refused(small: Small) -> None:
    _subsidies(small, "part,grants,0.5", "robot,grants,2")
    with pytest.raises(InputError) as caught:
        gain_curve(small.load(), "downstream", "upstream")
    assert "'downstream'" in str(caught.value)


# --- loss weights and surge ---------------------------------------------------------------------------------------


@pytest.fixture
def robots_too(small: Small) -> Small:
    """Final demand for 10 robots, met in calm by 10 more from Germany: 60 robots needed, 40 home, 20 German.

    In a quake 12 parts make 30 robots, 50 in all: 10 short. In an embargo 40 are left: 20 short.
    """
    small.append("demand.csv", "robot,labs,10,,,reported,book,")
    return small.cell("supply.csv", 5, "value", "20")


def test_with_equal_weights_the_least_costly_demand_is_given_up_first(robots_too: Small) -> None:
    # A robot less costs labs 1 and system users 2: labs give up their 10 first. Demand is 110.
    # Quake: 10 robots of the labs. Embargo: those and 10 more, which are 20 systems.
    none = optimize(robots_too.load()).none
    assert none.loss["quake"] == pytest.approx(10 / 110, **SOLVED)
    assert none.loss["embargo"] == pytest.approx(30 / 110, **SOLVED)
    assert none.unmet.loc["embargo"].tolist() == pytest.approx([0, 10 / 110, 20 / 110], **SOLVED)


def test_loss_weights_change_who_goes_short(robots_too: Small) -> None:
    # A lab's robot now weighs 3, two systems 2: systems are given up. Weighted demand 3 x 10 + 100 = 130.
    # Quake: 10 robots, 20 systems. Embargo: 20 robots, 40 systems.
    robots_too.append("loss_weights.csv", "robot,3,,,reported,book,")
    none = optimize(robots_too.load()).none
    assert none.loss["quake"] == pytest.approx(20 / 130, **SOLVED)
    assert none.loss["embargo"] == pytest.approx(40 / 130, **SOLVED)
    assert none.unmet.loc["embargo"].tolist() == pytest.approx([0, 0, 40 / 130], **SOLVED)
    assert none.expected_loss == pytest.approx((0.10 * 20 + 0.05 * 40) / 130, **SOLVED)


def test_unmet_demand_counts_by_its_weight(robots_too: Small) -> None:
    # Weights 0.5 and 1: labs give up first, at 0.5 each. Weighted demand 5 + 100 = 105.
    robots_too.append("loss_weights.csv", "robot,0.5,,,reported,book,")
    none = optimize(robots_too.load()).none
    assert none.unmet.loc["embargo"].tolist() == pytest.approx([0, 5 / 105, 20 / 105], **SOLVED)


def test_loss_weights_of_zero_everywhere_leave_no_risk_to_speak_of(small: Small) -> None:
    small.append("loss_weights.csv", "system,0,,,reported,book,")
    with pytest.raises(InputError) as caught:
        evaluate(small.load())
    assert "loss_weights.csv" in str(caught.value)


def test_surge_softens_a_disruption(small: Small) -> None:
    # Quake: 30 robots at home and 12.5 from Germany make 85 systems. Embargo: more parts do not help: 80.
    none = optimize(small.append("surge.csv", ",,0.25,,,reported,book,").load()).none
    assert none.loss["quake"] == pytest.approx(0.15, **SOLVED)
    assert none.loss["embargo"] == pytest.approx(0.20, **SOLVED)


# --- calm must balance --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [evaluate, optimize, lambda chain: gain_curve(chain, "midstream", "upstream")])
def test_a_package_that_does_not_balance_in_calm_is_refused_with_segment_and_amount(
    small: Small, ask: Callable[[Chain], object]
) -> None:
    # 40 robots need 16 parts; 6 and 7.25 are there: 2.75 short.
    chain = small.cell("supply.csv", 3, "value", "7.25").load()
    with pytest.raises(InputError) as caught:
        ask(chain)
    (problem,) = caught.value.problems
    assert "'part'" in problem.wrong
    assert "2.75 RMB billion per year" in problem.wrong
    assert "calm" in problem.wrong
    assert "supply" in problem.file


def test_every_segment_that_is_short_in_calm_is_named(small: Small) -> None:
    # 2.75 parts as above, and 3 of the 10 robots from Germany.
    chain = small.cell("supply.csv", 3, "value", "7.25").cell("supply.csv", 5, "value", "7").load()
    with pytest.raises(InputError) as caught:
        evaluate(chain)
    said = sorted(problem.wrong for problem in caught.value.problems)
    assert len(said) == 2
    assert "'part'" in said[0]
    assert "2.75 " in said[0]
    assert "'robot'" in said[1]
    assert " 3 " in said[1]


def test_a_package_that_balances_exactly_is_solved(small: Small) -> None:
    # 6 and 10 parts for 40 robots that take 16.
    chain = small.cell("supply.csv", 3, "value", "10").load()
    assert evaluate(chain).loss["calm"] == pytest.approx(0, abs=1e-12)


def test_subsidies_do_not_make_a_package_balance(small: Small) -> None:
    # 0.05 parts short in calm; the observed 0.5 would add 0.107. Calm is a matter of the base year's supply.
    chain = small.cell("supply.csv", 3, "value", "9.95").load()
    with pytest.raises(InputError, match=r"'part' is short of 0\.05 "):
        evaluate(chain, pieces=1)


@pytest.mark.parametrize("factor", [1e-6, 1e9])
def test_the_amount_missing_is_told_in_the_money_of_the_package(small: Small, factor: float) -> None:
    chain = small.cell("supply.csv", 3, "value", "7.25").load()
    for table in ("demand", "supply"):
        chain = chain.scaled(table, factor)
    with pytest.raises(InputError) as caught:
        evaluate(chain)
    (problem,) = caught.value.problems
    assert f"{2.75 * factor:.6g} RMB" in problem.wrong
