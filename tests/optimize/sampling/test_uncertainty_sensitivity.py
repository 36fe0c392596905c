"""Sensitivity: analytic indices of Ishigami's function, screens of functions known, a tornado by hand."""

from math import pi
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta

from chains import InputError
from chains.drawing.uncertain import Factor, Uncertain
from optimize import Options
from optimize.sampling.sensitivity import OTHERS, morris, morris_design, sobol, sobol_design
from optimize.sampling.tornado import tornado
from tests.small import Small

THREE = Uncertain(tuple(Factor(name, "response", n, 0.0, 0.5, 1.0, "assumed", "book") for n, name in enumerate("bac")))
A, B = 7.0, 0.1
# Ishigami and Homma (1990): variance and its parts, for angles uniform on (-pi, pi).
VARIANCE = A**2 / 8 + B * pi**4 / 5 + B**2 * pi**8 / 18 + 0.5
FIRST = {"b": 0.5 * (1 + B * pi**4 / 5) ** 2 / VARIANCE, "a": A**2 / 8 / VARIANCE, "c": 0.0}
BOTH = 8 * B**2 * pi**8 / 225 / VARIANCE
TOTAL = {"b": FIRST["b"] + BOTH, "a": FIRST["a"], "c": BOTH}


def ishigami(points: np.ndarray) -> np.ndarray:
    x, y, z = (2 * pi * points - pi).T
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def test_indices_of_ishigamis_function() -> None:
    points = sobol_design(THREE, ["a", "b", "c"], 4096, seed=1)
    assert points.shape == (4096 * 5, 3)
    found = sobol(THREE, ["a", "b", "c"], ishigami(points))
    for label, row in found.table.iterrows():
        assert abs(row["S1"] - FIRST[label]) <= row["S1_conf"] < 0.04
        assert abs(row["ST"] - TOTAL[label]) <= row["ST_conf"] < 0.05
    assert list(found.table.index) == ["b", "a", "c"]
    assert (found.points, found.dropped) == (4096, 0.0)


def test_factors_that_do_not_stand_alone_are_one_group() -> None:
    """x and z together have all but the share of y, and do not interact with it."""
    points = sobol_design(THREE, ["a"], 4096, seed=2)
    assert points.shape == (4096 * 4, 3)
    table = sobol(THREE, ["a"], ishigami(points)).table
    assert table["S1"].to_dict() == pytest.approx({"a": FIRST["a"], OTHERS: 1 - FIRST["a"]}, abs=0.02)
    assert table["ST"].to_dict() == pytest.approx({"a": FIRST["a"], OTHERS: 1 - FIRST["a"]}, abs=0.02)
    assert table.loc["a", ["status", "source"]].tolist() == ["assumed", "book"]
    assert table.loc[OTHERS, ["status", "source"]].tolist() == ["", ""]


def test_the_ends_of_every_block_do_not_turn_on_the_groups() -> None:
    one, other = (
        sobol_design(THREE, groups, 64, seed=3) for groups in (["a"], {"a": "some", "b": "others", "c": "some"})
    )
    assert np.array_equal(one.reshape(64, -1, 3)[:, [0, -1]], other.reshape(64, -1, 3)[:, [0, -1]])


def test_a_design_and_its_analysis_depend_on_their_seeds_alone() -> None:
    one, two = (sobol_design(THREE, ["a"], 64, seed=3) for _ in range(2))
    assert np.array_equal(one, two)
    assert sobol(THREE, ["a"], ishigami(one)).table.equals(sobol(THREE, ["a"], ishigami(two)).table)
    screens = [morris(THREE, p, ishigami(p)).table for p in (morris_design(THREE, 5, seed=3) for _ in range(2))]
    assert screens[0].equals(screens[1])


def test_an_outcome_that_only_a_solver_varies_has_no_indices() -> None:
    outcome = 1.0 + 1e-9 * ishigami(sobol_design(THREE, ["a"], 16, seed=3))
    assert sobol(THREE, ["a"], outcome).table[["S1", "ST"]].isna().all().all()


def test_blocks_with_a_draw_without_solution_are_dropped_and_counted() -> None:
    points = sobol_design(THREE, ["a", "b", "c"], 4096, seed=1)
    outcome = ishigami(points)
    outcome[7] = np.nan
    found = sobol(THREE, ["a", "b", "c"], outcome)
    assert (found.points, found.dropped) == (4095, 1 / 4096)
    assert found.table["ST"].to_dict() == pytest.approx(TOTAL, abs=0.01)
    with pytest.raises(InputError, match="0 of 4096 blocks"):
        sobol(THREE, ["a", "b", "c"], np.full(len(points), np.nan))


def test_the_screen_of_a_linear_function_has_its_slopes() -> None:
    """From the 5% to the 95% quantile is 0.9 of the cube; a line has the same effect everywhere."""
    points = morris_design(THREE, 6, seed=4)
    assert points.shape == (6 * 4, 3)
    assert points.min() == pytest.approx(0.05)
    assert points.max() == pytest.approx(0.95)
    found = morris(THREE, points, points @ [3.0, -5.0, 0.0])
    assert list(found.table.index) == ["a", "b", "c"]
    assert found.table["mu_star"].to_dict() == pytest.approx({"b": 2.7, "a": 4.5, "c": 0.0}, abs=1e-12)
    assert found.table["mu"].to_dict() == pytest.approx({"b": 2.7, "a": -4.5, "c": 0.0}, abs=1e-12)
    assert found.table["sigma"].to_dict() == pytest.approx(dict.fromkeys("bac", 0.0), abs=1e-12)
    assert found.trajectories == 6


def test_an_interaction_shows_as_sigma() -> None:
    points = morris_design(THREE, 20, seed=4)
    table = morris(THREE, points, points[:, 0] * points[:, 1]).table
    assert table.loc["a", "sigma"] > 0.1
    assert table.loc["c", "sigma"] == pytest.approx(0.0, abs=1e-12)


def test_a_trajectory_with_a_draw_without_solution_is_dropped_and_counted() -> None:
    points = morris_design(THREE, 6, seed=4)
    outcome = points @ [3.0, -5.0, 0.0]
    outcome[5] = np.nan
    found = morris(THREE, points, outcome)
    assert (found.trajectories, found.dropped) == (5, pytest.approx(1 / 6))
    assert found.table["mu_star"].to_dict() == pytest.approx({"b": 2.7, "a": 4.5, "c": 0.0}, abs=1e-12)


def test_designs_that_cannot_be_analysed_are_errors() -> None:
    with pytest.raises(InputError, match="power of 2"):
        sobol_design(THREE, ["a"], 100, seed=1)
    with pytest.raises(InputError, match="there is no 'd'"):
        sobol_design(THREE, ["d"], 64, seed=1)
    with pytest.raises(InputError, match="no confidence"):
        morris_design(THREE, 1, seed=1)


@pytest.mark.slow
def test_a_tornado_by_hand(tmp_path: Path) -> None:
    """Without subsidies risk = 0.1 (p_quake + p_embargo) + 0.1, if both reach 0.1; responses do not matter."""
    chain = Small(tmp_path / "small").load()
    labels = ["response: part slope", "probabilities: embargo", "probabilities: quake"]
    found = tornado(chain, Options(), labels, "risk_none")
    assert found.base == pytest.approx(0.115, abs=1e-9)
    assert list(found.table.index) == ["probabilities: quake", "probabilities: embargo", "response: part slope"]
    quake = beta(1 + 4 / 3, 1 + 8 / 3, 0.05, 0.15).ppf([0.05, 0.95])  # 0.05, 0.1, 0.2
    embargo = beta(1 + 16 / 9, 1 + 20 / 9, 0.01, 0.09).ppf([0.05, 0.95])  # 0.01, 0.05, 0.1
    expected = {"probabilities: quake": quake + 0.05, "probabilities: embargo": embargo + 0.1}
    for label, p in expected.items():
        assert found.table.loc[label, ["at_low", "at_high"]].tolist() == pytest.approx(0.1 * p + 0.1, abs=1e-9)
    assert found.table.loc["probabilities: quake", ["low", "high"]].tolist() == pytest.approx(quake)
    assert found.table.loc["response: part slope", "swing"] == pytest.approx(0.0, abs=1e-9)
    assert found.problems == {}


def test_a_tornado_of_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    chain = Small(tmp_path / "small").load()
    with pytest.raises(InputError, match="did you mean 'probabilities: quake'"):
        tornado(chain, Options(), ["probabilities: quakes"])
    with pytest.raises(InputError, match="did you mean 'regret'"):
        tornado(chain, Options(), outcome="regrets")
