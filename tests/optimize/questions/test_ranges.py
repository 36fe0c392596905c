"""Ranges: worked by hand, against the dense program, and around the allocation that `optimize` reports.

On the small package with one piece (tests/small.py, and test_frontier for the rates) the best use of a budget of 3 is
parts. A unit of money for parts lowers risk by 0.015 S1, one for robots by 0.0055 S1, one for systems by nothing.
"""

from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import data
from chains import Chain, InputError, load
from optimize import NoSolutionError, optimize
from optimize.questions.ranges import Ranges, ranges
from tests.independent import Choice, Study, read, same
from tests.random_packages import draw, draw_options, write
from tests.small import FILES, Small

S1 = 0.99 / log(100)
TIE = 1e-9
PLACED = {"abs": 1e-6}
"""The tie of 1e-9 of risk, at 0.001 of risk or more a unit of money, is 1e-6 of money."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("ranges") / "small").load()


def _amounts(found: Ranges) -> dict[str, tuple[float, float]]:
    return {row.Index: (row.least, row.most) for row in found.amounts.itertuples()}


def _expected(**ends: tuple[float, float]) -> dict[str, object]:
    return {segment: pytest.approx(pair, **PLACED) for segment, pair in ends.items()}


# --- worked by hand -----------------------------------------------------------------------------------------------


def test_a_chain_without_a_tie_has_one_allocation(chain: Chain) -> None:
    found = ranges(chain, pieces=1)
    assert _amounts(found) == _expected(part=(3, 3), robot=(0, 0), system=(0, 0))
    assert found.unique
    assert found.risk == pytest.approx(0.115 - 0.015 * S1 * 3, rel=1e-9)
    assert found.amounts.index.name == "segment"


def test_the_ends_are_as_wide_as_the_tie_allows(chain: Chain) -> None:
    # Money moved from parts to robots costs (0.015 - 0.0055) S1 of risk a unit, to systems 0.015 S1.
    found = ranges(chain, pieces=1).amounts
    precise = {"rel": 1e-3, "abs": 0.0}
    assert 3 - found.loc["part", "least"] == pytest.approx(TIE / (0.0095 * S1), **precise)
    assert found.loc["robot", "most"] == pytest.approx(TIE / (0.0095 * S1), **precise)
    assert found.loc["system", "most"] == pytest.approx(TIE / (0.015 * S1), **precise)


def test_an_allocation_on_which_little_depends_is_still_unique(small: Small) -> None:
    # Expected loss alone, a quake in 10,000 years: 1e-4 x 0.05 S1 a unit for parts, so the tie allows about 0.001.
    small.edit("probabilities.csv", "quake,0.1,0.05,0.2", "quake,0.0001,0.0001,0.2")
    small.edit("probabilities.csv", "embargo,0.05,0.01,0.1", "embargo,0,0,0.1")
    found = ranges(small.load(), beta=0.0, pieces=1)
    assert 3 - found.amounts.loc["part", "least"] == pytest.approx(TIE / (1e-4 * 0.05 * S1), rel=1e-3)
    assert found.unique


def test_two_segments_that_lower_risk_alike_share_in_any_way(small: Small) -> None:
    # Expected loss alone: parts 0.10 x 0.05 and, with an embargo in every fourth year, robots 0.25 x 0.02.
    small.edit("probabilities.csv", "embargo,0.05,0.01,0.1", "embargo,0.25,0.01,0.3")
    found = ranges(small.load(), beta=0.0, pieces=1)
    assert _amounts(found) == _expected(part=(0, 3), robot=(0, 3), system=(0, 0))
    assert not found.unique


def test_money_that_buys_nothing_may_lie_anywhere(chain: Chain) -> None:
    found = ranges(chain, budget=6 * log(100) + 1, pieces=1)
    ends = {"part": 2 * log(100), "robot": 4 * log(100), "system": 0.0}
    assert _amounts(found) == _expected(**{segment: (need, need + 1) for segment, need in ends.items()})
    assert not found.unique


def test_amounts_are_summed_over_instruments(small: Small) -> None:
    # Grants 3 and loans 1 do the same: all four for parts, however they mix.
    found = ranges(small.append("subsidies.csv", "robot,loans,2022,1,,,reported,book,").load(), pieces=1)
    assert _amounts(found) == _expected(part=(4, 4), robot=(0, 0), system=(0, 0))
    assert found.unique


def test_floors_and_ceilings_hold_in_every_allocation(chain: Chain) -> None:
    found = ranges(chain, minimum={"system": 1.0}, maximum={"part": 1.5}, pieces=1)
    assert _amounts(found) == _expected(part=(1.5, 1.5), robot=(0.5, 0.5), system=(1, 1))


def test_what_may_move_is_limited(chain: Chain) -> None:
    # Observed 0.5, 2, 0.5; a third of 3 moves: to parts, first from systems.
    found = ranges(chain, move=1 / 3, pieces=1)
    assert _amounts(found) == _expected(part=(1.5, 1.5), robot=(1.5, 1.5), system=(0, 0))


def test_no_money_goes_one_way_only(chain: Chain) -> None:
    found = ranges(chain, budget=0.0)
    assert _amounts(found) == dict.fromkeys(("part", "robot", "system"), (0.0, 0.0))
    assert found.unique


def test_without_an_instrument_nobody_gets_anything(small: Small) -> None:
    bare = small.replace("subsidies.csv", FILES["subsidies.csv"].partition("\n")[0] + "\n").load()
    assert _amounts(ranges(bare)) == dict.fromkeys(("part", "robot", "system"), (0.0, 0.0))


# --- bad questions ------------------------------------------------------------------------------------------------


def test_an_unknown_option_is_refused(chain: Chain) -> None:
    with pytest.raises(InputError, match="option gap"):
        ranges(chain, gap=0.1)


def test_floors_above_the_budget_are_named(chain: Chain) -> None:
    with pytest.raises(NoSolutionError, match="minimum of part: 5"):
        ranges(chain, minimum={"part": 5.0})


# --- against the dense program ------------------------------------------------------------------------------------


def dense_ranges(study: Study, choice: Choice) -> pd.DataFrame:
    """Each segment's least and most by one dense program an end."""
    program = study._choosing(choice)
    least, _ = program.minimise(study._risk())
    program.at_most(study._risk(), least + TIE * 1000.0)
    rows = {}
    for k in study.model.segments:
        ends = []
        for sign in (1.0, -1.0):
            cost, _ = program.minimise({("x", k, i): sign for i in study.model.instruments})
            ends.append(sign * cost * study.unit)
        rows[k] = ends
    return pd.DataFrame.from_dict(rows, orient="index", columns=["least", "most"])


def assert_agrees(folder: Path, options: dict) -> None:
    measure = {name: options[name] for name in ("alpha", "beta", "pieces") if name in options}
    study = Study(read(folder), **measure)
    choice = study.choice(**{name: value for name, value in options.items() if name not in measure})
    chain = load(folder)
    found, best = ranges(chain, **options), optimize(chain, **options)
    size = float(best.budget.sum())
    expected = dense_ranges(study, choice)
    assert found.amounts.index.tolist() == study.model.segments
    assert (found.amounts - expected).abs().to_numpy().max() <= 1e-6 * size
    assert same(found.risk, best.risk)
    assert found.certificate.worst <= 1e-7
    assert (best.allocation >= found.amounts["least"] - 1e-9 * size).all()
    assert (best.allocation <= found.amounts["most"] + 1e-9 * size).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["robots", "chips"])
def test_the_ranges_of_a_shipped_chain_are_the_dense_programs(name: str) -> None:
    assert_agrees(data.folder(name), {})


@pytest.mark.parametrize("seed", range(8))
def test_the_ranges_of_a_random_chain_are_the_dense_programs(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 10])
    tables, home = draw(rng)
    assert_agrees(write(tmp_path / "dice", tables, home), draw_options(rng, tables))


@pytest.mark.slow
def test_the_shipped_chains_have_one_least_risk_allocation_each_and_together_many() -> None:
    assert ranges(load("robots")).unique
    assert ranges(load("chips")).unique
    assert not ranges(load("robots", "chips", "coupled")).unique
