"""The answer over draws: each draw as `optimize` would have it, bit for bit whatever was solved before; distributions.

By hand, on the small package with one chord: c = 0.99 / ln 100 is its slope, for every segment, and no chord is filled
by less than 9. So with money x_part, x_robot the losses are, as shares,

    quake   0.20 - 0.05 c x_part        embargo 0.20 - 0.02 c x_robot

Three are given: 0.5, 2 and 0.5. With P(quake) = 0.2, P(embargo) = 0.05 and all to parts, quake is the milder: the worst
tenth is the embargo and a quarter of the quakes, half and half.
"""

import subprocess
import sys
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import Chain, InputError, load
from chains.drawing.draws import drawn
from chains.drawing.uncertain import uncertain
from optimize import NoSolutionError, Options, optimize
from optimize.sampling.distribution import design, distribution
from optimize.sampling.uncertainty import OUTSIDE, QUANTITIES, Sampler
from tests.chains.drawing.test_uncertain import SHIPPED, at_mode_but, ranged
from tests.random_packages import draw, draw_options, write
from tests.small import Small

AGREE = 1e-9
CHORD = 0.99 / log(100)
RISKS = ["risk_none", "risk_observed", "risk_least"]
SHARES = ["share_upstream", "share_midstream", "share_downstream"]


def points_of(chain: Chain, count: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).random((count, len(uncertain(chain).factors)))


def test_a_draw_worked_by_hand(small: Small) -> None:
    chain = small.load()
    row = Sampler(chain, Options(pieces=1)).outcomes(at_mode_but(chain, quake=1.0)[1]).iloc[0]
    quake, embargo = 0.2 - 0.05 * CHORD * 0.5, 0.2 - 0.02 * CHORD * 2
    observed = (0.2 * quake + 0.05 * embargo + quake) / 2
    quake, embargo = 0.2 - 0.05 * CHORD * 3, 0.2
    least = (0.2 * quake + 0.05 * embargo + (quake + embargo) / 2) / 2
    assert row["risk_none"] == pytest.approx(0.125, abs=AGREE)
    assert row["risk_observed"] == pytest.approx(observed, abs=AGREE)
    assert row["risk_least"] == pytest.approx(least, abs=AGREE)
    assert row["regret"] == pytest.approx(observed - least, abs=AGREE)
    assert row["reduction"] == pytest.approx(1 - least / observed, abs=AGREE)
    assert row[SHARES].tolist() == pytest.approx([1, 0, 0], abs=1e-6)
    assert (row["first"], row["problem"]) == ("upstream", "")
    assert row["certificate"] < 1e-9


def test_a_draw_of_three_instruments_keeps_what_each_has_and_the_share_that_moves(small: Small) -> None:
    """Grants of 0.5 go to parts, loans of 2 to robots, rebates of 0.5 to systems; of these 3 a quarter may move.

    A part is worth 5 robots, and systems nothing: the rebates and 0.25 of the loans go to parts.
    """
    small.edit("subsidies.csv", "robot,grants", "robot,loans").edit("subsidies.csv", "system,grants", "system,rebates")
    chain = small.load()
    row = Sampler(chain, Options(pieces=1, beta=0.0, move=0.25)).outcomes(uncertain(chain).at_modes).iloc[0]
    assert row["risk_least"] == pytest.approx(0.03 - (0.005 * 1.25 + 0.001 * 1.75) * CHORD, abs=AGREE)


@pytest.mark.slow
@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_draws_of_the_shipped_packages_are_those_of_optimize(names: tuple[str, ...]) -> None:
    chain = load(*names)
    points = points_of(chain, 4)
    found = Sampler(chain, Options()).outcomes(points)
    for row, point in zip(found.to_dict("records"), points, strict=True):
        result = optimize(drawn(chain, uncertain(chain), point))
        expected = [result.none.risk, result.observed.risk, result.risk]
        assert [row[risk] for risk in RISKS] == pytest.approx(expected, abs=AGREE)
        money = result.tiers(result.optimal)
        assert [row[share] for share in SHARES] == pytest.approx((money / money.sum()).tolist(), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_draws_of_random_packages_are_those_of_optimize(seed: int, tmp_path: Path) -> None:
    """With any options; where these leave no allocation of a draw, the row says so."""
    rng = np.random.default_rng([seed, 7])
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    chain = load(write(tmp_path / "dice", ranged(rng, tables), home))
    points = points_of(chain, 3, seed)
    found = Sampler(chain, Options(**options)).outcomes(points)
    for row, point in zip(found.to_dict("records"), points, strict=True):
        try:
            result = optimize(drawn(chain, uncertain(chain), point), **options)
        except NoSolutionError:
            assert row["problem"] != ""
            continue
        assert row["problem"] == ""
        expected = [result.none.risk, result.observed.risk, result.risk]
        assert [row[risk] for risk in RISKS] == pytest.approx(expected, abs=AGREE)


@pytest.mark.slow
def test_a_draw_does_not_depend_on_the_draws_before_it() -> None:
    chain = load("robots")
    points = points_of(chain, 12)
    sampler = Sampler(chain, Options())
    forward = sampler.outcomes(points)
    backward = sampler.outcomes(points[::-1])[::-1].reset_index(drop=True)
    alone = pd.concat([Sampler(chain, Options()).outcomes(point) for point in points[3:5]], ignore_index=True)
    assert forward.equals(backward)
    assert forward[3:5].reset_index(drop=True).equals(alone)


@pytest.mark.slow
def test_a_draw_does_not_depend_on_the_process() -> None:
    program = (
        "from chains import load; from optimize import Options\n"
        "from optimize.sampling.uncertainty import QUANTITIES, Sampler\n"
        "from tests.optimize.sampling.test_uncertainty import points_of\n"
        "chain = load('robots'); found = Sampler(chain, Options()).outcomes(points_of(chain, 3)[2:])\n"
        "print(*[float(x).hex() for x in found[list(QUANTITIES)].iloc[0]])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())
    chain = load("robots")
    here = Sampler(chain, Options()).outcomes(points_of(chain, 3)).iloc[2]
    assert said.stdout.split() == [float(here[name]).hex() for name in QUANTITIES]


def test_a_draw_that_has_no_supply_says_so_and_the_others_are_solved(small: Small) -> None:
    for row in (2, 3):
        small.cell("supply.csv", row, "low", "0").cell("supply.csv", row, "high", "20")
    chain = small.load()
    points = np.array([at_mode_but(chain)[1], at_mode_but(chain, part_CHN_CHN=0.0, part_JPN_JPN=0.0)[1]])
    found = Sampler(chain, Options()).outcomes(points)
    assert found["problem"].iloc[0] == ""
    assert found["problem"].iloc[1].startswith("'part' is used, but every supply row of it is drawn as 0; ")
    assert found[list(QUANTITIES)].iloc[1].isna().all()
    assert found[list(QUANTITIES)].iloc[0].notna().all()


def test_a_draw_that_does_not_balance_says_so(small: Small) -> None:
    """A lab makes nothing at home, so its 1 tool is not needed; drawn, it makes half of 10, which takes 2.5."""
    small.append("segments.csv", "tool,small,upstream,Tools", "lab,small,downstream,Labs")
    small.append("demand.csv", "lab,,10,,,reported,book,").append("inputs.csv", "tool,lab,0.5,,,reported,book,")
    small.append("supply.csv", "tool,JPN,JPN,1,,,reported,book,", "lab,CHN,CHN,0,0,10,reported,book,")
    chain = small.append("supply.csv", "lab,JPN,JPN,10,,,reported,book,").load()
    found = Sampler(chain, Options()).outcomes(at_mode_but(chain, lab_CHN_CHN=1.0)[1])
    assert "calm does not balance: segment 'tool' is short of 1.5" in found["problem"].iloc[0]


def test_a_budget_of_nothing_has_no_shares(small: Small) -> None:
    chain = small.load()
    row = Sampler(chain, Options(budget=0.0)).outcomes(uncertain(chain).at_modes).iloc[0]
    assert row["first"] == ""
    assert row[SHARES].isna().all()
    assert row["risk_least"] == pytest.approx(row["risk_none"], abs=AGREE)


@pytest.mark.slow
def test_the_mean_risk_over_draws_is_that_of_the_mean_probability(small: Small) -> None:
    """Without subsidies risk = 0.1 (p + 0.05) + 0.1 for p = P(quake); PERT on 0.05, 0.1, 0.2 has mean 0.65 / 6."""
    chain = small.load()
    only = uncertain(chain).only(["probabilities: quake"])
    sampler = Sampler(chain, Options(), only)
    found = distribution([sampler.outcomes(points) for points in design(1, 32, 4, seed=1)])
    mean = found.quantities.loc[("risk_none", "mean")]
    expected = 0.1 * (0.65 / 6 + 0.05) + 0.1
    assert mean["estimate"] == pytest.approx(expected, abs=2e-5)
    assert mean["low"] < expected < mean["high"]
    assert mean["draws"] == 128


def test_points_of_a_replicate_are_stratified_and_replicates_differ() -> None:
    """A Sobol' sequence of 2^m points has one in each interval of length 2^-m, in every coordinate."""
    points = design(9, 64, 3, seed=2)
    assert points.shape == (3, 64, 9)
    for replicate in points:
        for coordinate in replicate.T:
            assert sorted(np.floor(coordinate * 64)) == list(range(64))
    assert len({replicate.tobytes() for replicate in points}) == 3
    assert np.array_equal(points, design(9, 64, 3, seed=2))
    assert not np.array_equal(points, design(9, 64, 3, seed=3))


@pytest.mark.parametrize(("count", "replicates", "said"), [(48, 4, "power of 2"), (0, 4, "power"), (64, 1, "interval")])
def test_a_design_without_balance_or_interval_is_an_error(count: int, replicates: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        design(3, count, replicates, seed=1)


def outcomes(regret: list[float], first: list[str], problem: str = "") -> pd.DataFrame:
    """Outcomes of one replicate, made up; a problem adds a draw without a solution."""
    rows = [
        dict.fromkeys(QUANTITIES, r) | dict.fromkeys(OUTSIDE, r) | {"first": f, "problem": "", "certificate": 0.0}
        for r, f in zip(regret, first, strict=True)
    ]
    if problem:
        rows.append(
            dict.fromkeys((*QUANTITIES, *OUTSIDE), np.nan) | {"first": "", "problem": problem, "certificate": np.nan}
        )
    return pd.DataFrame(rows)


def test_what_left_its_range_is_counted_over_the_draws_with_a_solution() -> None:
    found = distribution([outcomes([0.0, 3.0], ["upstream"] * 2, "no"), outcomes([2.0, 0.0], ["upstream"] * 2)])
    assert found.outside.loc["supply"].tolist() == [1.25, 0.5]


def test_the_interval_is_students_over_replicates() -> None:
    """Means 1 and 3: 2 +- 12.7062 (Student's t, 1 degree of freedom) times 1.41421 / 1.41421."""
    found = distribution([outcomes([0.5, 1.5], ["upstream"] * 2), outcomes([2.0, 4.0], ["upstream"] * 2)])
    mean = found.quantities.loc[("regret", "mean")]
    assert mean.tolist() == pytest.approx([2.0, 2 - 12.7062047, 2 + 12.7062047, 4])
    assert found.quantities.loc[("regret", "median"), "estimate"] == pytest.approx(2.0)
    assert found.quantities.loc[("regret", "25%"), "estimate"] == pytest.approx((0.75 + 2.5) / 2)


def test_what_happens_in_every_draw_is_not_certain() -> None:
    """Clopper and Pearson: 4 of 4, so the probability is at least 0.025^(1/4); 0 of 4: at most 1 - 0.025^(1/4)."""
    found = distribution([outcomes([1.0, 2.0], ["upstream"] * 2)] * 2).first
    assert found.loc["upstream"].tolist() == pytest.approx([1.0, 0.025**0.25, 1.0, 4])
    assert found.loc["midstream"].tolist() == pytest.approx([0.0, 0.0, 1 - 0.025**0.25, 4])


def test_what_happens_in_some_draws_has_students_interval_within_0_and_1() -> None:
    half = outcomes([1.0, 2.0], ["upstream", "midstream"])
    found = distribution([half, outcomes([1.0, 2.0], ["upstream"] * 2), half]).first
    sd = np.std([0.5, 1.0, 0.5], ddof=1)
    assert found.loc["upstream"].tolist() == pytest.approx([2 / 3, max(0.0, 2 / 3 - 4.30265273 * sd / 3**0.5), 1.0, 6])


def test_draws_without_a_solution_are_counted() -> None:
    found = distribution([outcomes([1.0], ["upstream"], "no"), outcomes([2.0, 3.0], ["upstream"] * 2)])
    assert (found.draws, found.replicates) == (4, 2)
    assert found.without_solution == 0.25
    assert found.problems.to_dict() == {"no": 1}
    assert found.quantities.loc[("regret", "mean"), "draws"] == 3


def test_a_replicate_without_any_solution_is_an_error() -> None:
    with pytest.raises(InputError, match="replicate 2: no draw has a solution: no"):
        distribution([outcomes([1.0], ["upstream"]), outcomes([], [], "no")])
    with pytest.raises(InputError, match="no interval"):
        distribution([outcomes([1.0], ["upstream"])])
