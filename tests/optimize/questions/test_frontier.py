"""The frontier: worked by hand, against the dense program, and by the laws that any such curve obeys.

On the small package (tests/small.py) systems gain nothing from money. Chord slopes S1, S2, T2 are those of
test_worked_example: with one piece a response is S1 over the funds G ln 100; with two it is S2 over G ln 2, then T2
over G ln 50. G is 2 for parts and 4 for robots. Money raises g_part or g_robot, and

    l_q = 0.20 - 0.05 g_part  (p = 0.10)     l_e = 0.20 - 0.02 g_robot  (p = 0.05)

By default a unit of g_part lowers risk by 0.015 and one of g_robot by 0.0055 as long as l_e >= l_q, which holds on the
whole frontier below: the part's chords are taken first, and at the end l_e = 0.1208 > l_q = 0.101.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import data
from chains import Chain, InputError, load
from optimize import optimize
from optimize.questions.frontier import Frontier, frontier
from optimize.solver.parametric import Corner, LostPathError, follow
from tests.independent import Study, read, same
from tests.random_packages import draw, write
from tests.small import FILES, Small

S1 = 0.99 / log(100)
S2 = 0.50 / log(2)
T2 = 0.49 / log(50)
SOLVED = {"rel": 1e-9, "abs": 1e-11}
SHIPPED = (("robots",), ("chips",))
RANDOM = range(10)
END = 6 * log(100)
"""Money for the whole response of parts and robots: beyond it money buys nothing."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("frontier") / "small").load()


def assert_is(found: Frontier, budgets: list[float], risks: list[float]) -> None:
    """The frontier has these breakpoints and no others, with the slopes of the segments on either side."""
    table = found.breakpoints
    slopes = np.diff(risks) / np.diff(budgets)
    assert table["budget"].tolist() == pytest.approx(budgets, **SOLVED)
    assert table["risk"].tolist() == pytest.approx(risks, **SOLVED)
    assert table["slope_left"].tolist()[1:] == pytest.approx(slopes, **SOLVED)
    assert table["slope_right"].tolist()[:-1] == pytest.approx(slopes, **SOLVED)
    assert np.isnan(table["slope_left"].iloc[0])


# --- worked by hand -----------------------------------------------------------------------------------------------


def test_one_piece_has_a_segment_for_parts_and_one_for_robots(chain: Chain) -> None:
    found = frontier(chain, pieces=1)
    # Parts rise to 1.98 and robots to 3.96; without subsidies risk is (0.03 + 0.20) / 2.
    parts = 0.115 - 0.015 * 1.98
    assert_is(found, [0, 2 * log(100), END], [0.115, parts, parts - 0.0055 * 3.96])
    assert found.breakpoints["slope_right"].iloc[0] == pytest.approx(-0.015 * S1, **SOLVED)
    assert found.breakpoints["slope_right"].iloc[-1] == 0.0
    assert found.useless_beyond == pytest.approx(END, **SOLVED)
    assert found.exact
    assert found.gap is None


def test_two_pieces_take_the_best_chord_first(chain: Chain) -> None:
    # Falls in risk per unit of money: part 0.015 S2 > robot 0.0055 S2 > part 0.015 T2 > robot 0.0055 T2.
    budgets = np.cumsum([0, 2 * log(2), 4 * log(2), 2 * log(50), 4 * log(50)]).tolist()
    falls = np.cumsum([0, 0.015 * 1.0, 0.0055 * 2.0, 0.015 * 0.98, 0.0055 * 1.96])
    assert_is(frontier(chain, pieces=2), budgets, (0.115 - falls).tolist())


def test_where_the_worst_of_two_losses_counts_money_goes_to_both(chain: Chain) -> None:
    # Risk = max(l_q, l_e) at alpha 0.95, beta 1: both fall together, g_robot = 2.5 g_part, until robots end at 3.96.
    found = frontier(chain, alpha=0.95, beta=1.0, pieces=1)
    assert_is(found, [0, 5.544 / S1], [0.20, 0.20 - 0.02 * 3.96])
    # With two pieces robots change chord at 2 (parts 0.8), parts at 1 (robots 2.5); robots end at 3.96 (parts 1.584).
    budgets = np.cumsum([0, 2.8 / S2, 0.2 / S2 + 0.5 / T2, 2.044 / T2]).tolist()
    assert_is(frontier(chain, alpha=0.95, beta=1.0, pieces=2), budgets, [0.20, 0.16, 0.15, 0.1208])


def test_a_less_effective_instrument_stretches_the_frontier(small: Small) -> None:
    small.replace("instruments.csv", "instrument,parameter,value,low,high,status,source,note\n")
    found = frontier(small.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,").load(), pieces=1)
    assert found.breakpoints["budget"].tolist() == pytest.approx([0, 4 * log(100), 2 * END], **SOLVED)


def test_a_budget_is_split_over_instruments_as_observed(small: Small) -> None:
    # Grants 3 of 4, loans 1 of 4 at an effectiveness of 0.6: a unit of money is 0.9 of effective funds.
    small.append("subsidies.csv", "robot,loans,2022,1,,,reported,book,")
    small.append("instruments.csv", "loans,effectiveness,0.6,,,reported,book,")
    found = frontier(small.load(), pieces=1)
    assert found.breakpoints["budget"].tolist() == pytest.approx([0, 2 * log(100) / 0.9, END / 0.9], **SOLVED)


def test_an_instrument_that_nobody_used_gets_nothing(small: Small) -> None:
    small.append("subsidies.csv", "robot,loans,2021,1,,,reported,book,")
    found = frontier(small.load(), pieces=1)
    assert found.breakpoints["budget"].tolist() == pytest.approx([0, 2 * log(100), END], **SOLVED)


def test_where_nothing_responds_no_money_helps(small: Small) -> None:
    found = frontier(small.replace("response.csv", FILES["response.csv"].partition("\n")[0] + "\n").load())
    assert found.useless_beyond == 0.0
    assert_is(found, [0], [0.115])
    assert found.breakpoints["slope_right"].tolist() == [0.0]


# --- where it stops -----------------------------------------------------------------------------------------------


def test_a_largest_budget_before_the_end_stops_the_frontier_there(chain: Chain) -> None:
    found = frontier(chain, max_budget=12.0, pieces=1)
    parts = 0.115 - 0.015 * 1.98
    assert_is(found, [0, 2 * log(100), 12.0], [0.115, parts, parts - 0.0055 * S1 * (12.0 - 2 * log(100))])
    assert np.isnan(found.breakpoints["slope_right"].iloc[-1])
    assert found.useless_beyond is None


@pytest.mark.parametrize("most", [END, 40.0])
def test_a_largest_budget_at_or_beyond_the_end_changes_nothing(chain: Chain, most: float) -> None:
    whole, found = frontier(chain, pieces=1), frontier(chain, max_budget=most, pieces=1)
    pd.testing.assert_frame_equal(found.breakpoints, whole.breakpoints)
    assert (whole.useless_beyond, found.useless_beyond) == pytest.approx((END, END), **SOLVED)


def test_a_largest_budget_of_nothing_leaves_one_point(chain: Chain) -> None:
    found = frontier(chain, max_budget=0.0)
    assert found.breakpoints[["budget", "risk"]].to_numpy().tolist() == [[0.0, pytest.approx(0.115, **SOLVED)]]
    assert found.breakpoints[["slope_left", "slope_right"]].isna().all(axis=None)
    assert found.useless_beyond is None


# --- bad questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "option", [{"max_budget": -1.0}, {"max_budget": float("nan")}, {"gap": 0.0}, {"gap": -1e-3}, {"budget": 5.0}]
)
def test_a_bad_option_is_refused_by_name(chain: Chain, option: dict[str, float]) -> None:
    with pytest.raises(InputError, match=f"option {next(iter(option))}"):
        frontier(chain, **option)


def test_without_an_instrument_there_is_no_budget(small: Small) -> None:
    bare = small.replace("subsidies.csv", FILES["subsidies.csv"].partition("\n")[0] + "\n").load()
    with pytest.raises(InputError, match="instrument"):
        frontier(bare)


def test_several_instruments_that_nobody_used_cannot_split_a_budget(small: Small) -> None:
    header = FILES["subsidies.csv"].partition("\n")[0]
    rows = (f"robot,{instrument},2022,0,,,reported,book,\n" for instrument in ("grants", "loans"))
    unused = small.replace("subsidies.csv", header + "\n" + "".join(rows)).load()
    with pytest.raises(InputError, match="split"):
        frontier(unused)


# --- against the dense program ------------------------------------------------------------------------------------


def assert_convex_and_falling(found: Frontier) -> None:
    table = found.breakpoints
    assert (np.diff(table["budget"]) > 0).all()
    assert (np.diff(table["slope_right"]) > 0).all()  # strictly: no breakpoint where the curve does not bend
    assert (table["slope_right"].iloc[:-1] < 0).all()
    assert table["slope_left"].iloc[1:].tolist() == table["slope_right"].iloc[:-1].tolist()
    assert found.certificate.worst <= 1e-7


@pytest.fixture(scope="module", params=SHIPPED, ids="+".join)
def shipped(request: pytest.FixtureRequest) -> tuple[Chain, Study, Frontier]:
    chain = load(*request.param)
    return chain, Study(read(*(data.folder(name) for name in request.param))), frontier(chain)


@pytest.mark.slow
def test_every_breakpoint_of_a_shipped_chain_has_the_least_risk(shipped: tuple[Chain, Study, Frontier]) -> None:
    _, study, found = shipped
    assert_convex_and_falling(found)
    for row in found.breakpoints.itertuples():
        assert same(row.risk, study.least_risk(study.choice(budget=row.budget)))


@pytest.mark.slow
def test_between_breakpoints_of_a_shipped_chain_the_frontier_is_straight(
    shipped: tuple[Chain, Study, Frontier],
) -> None:
    _, study, found = shipped
    budget, risk = found.breakpoints["budget"].to_numpy(), found.breakpoints["risk"].to_numpy()
    for middle, chord in zip((budget[1:] + budget[:-1]) / 2, (risk[1:] + risk[:-1]) / 2, strict=True):
        assert same(study.least_risk(study.choice(budget=middle)), chord)


@pytest.mark.slow
def test_money_beyond_the_end_buys_nothing_and_before_it_something(shipped: tuple[Chain, Study, Frontier]) -> None:
    _, study, found = shipped
    floor = found.breakpoints["risk"].iloc[-1]
    assert found.useless_beyond == found.breakpoints["budget"].iloc[-1]
    for factor in (1.001, 2.0, 100.0):
        assert same(study.least_risk(study.choice(budget=found.useless_beyond * factor)), floor)
    before = study.least_risk(study.choice(budget=found.useless_beyond * (1 - 1e-4)))
    last = found.breakpoints["slope_left"].iloc[-1]
    assert before - floor == pytest.approx(-last * found.useless_beyond * 1e-4, rel=1e-3)


def test_the_least_risk_of_the_observed_budget_lies_on_the_frontier(shipped: tuple[Chain, Study, Frontier]) -> None:
    chain, _, found = shipped
    best = optimize(chain)
    on = np.interp(best.budget.sum(), found.breakpoints["budget"], found.breakpoints["risk"])
    assert same(best.risk, on)


@pytest.mark.parametrize("gap", [1e-2, 1e-3, 1e-5])
def test_a_gap_is_honoured_and_certified(shipped: tuple[Chain, Study, Frontier], gap: float) -> None:
    chain, _, exact = shipped
    found = frontier(chain, gap=gap)
    assert not found.exact
    assert 0 < found.gap <= gap
    if gap >= 1e-3:  # so coarse a table is less work than one point for each breakpoint
        assert found.solves < len(exact.breakpoints)
    assert found.useless_beyond == pytest.approx(exact.useless_beyond, **SOLVED)
    table = found.breakpoints
    # The largest distance between two curves of straight pieces is at a breakpoint of one of them.
    for at in (exact.breakpoints["budget"], table["budget"]):
        above = np.interp(at, table["budget"], table["risk"])
        true = np.interp(at, exact.breakpoints["budget"], exact.breakpoints["risk"])
        assert (above >= true - 1e-11).all()
        assert (above <= true + found.gap + 1e-11).all()


def _lost(*args: object) -> Iterator[Corner]:
    """The path, lost after some corners."""
    yield from islice(follow(*args), 40)
    raise LostPathError


def _inaccurate(*args: object) -> Iterator[Corner]:
    """The path with wrong output in its later corners."""
    for n, corner in enumerate(follow(*args)):
        yield corner if n < 66 else corner._replace(values=corner.values * 1.001)


@pytest.mark.parametrize("path", [_lost, _inaccurate])
def test_a_path_that_is_lost_or_inaccurate_changes_no_breakpoint(
    path: Callable[..., Iterator[Corner]], shipped: tuple[Chain, Study, Frontier], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, _, found = shipped
    monkeypatch.setattr("optimize.solving.tangents.follow", path)
    again = frontier(chain)
    assert_convex_and_falling(again)
    pd.testing.assert_frame_equal(again.breakpoints, found.breakpoints, rtol=1e-6, atol=1e-9)
    assert again.useless_beyond == pytest.approx(found.useless_beyond, **SOLVED)


@pytest.mark.parametrize("seed", RANDOM)
def test_the_frontier_of_a_random_chain_is_the_dense_programs(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 9])
    tables, home = draw(rng)
    folder = write(tmp_path / "dice", tables, home)
    options = {"alpha": float(rng.choice([0.0, 0.9])), "beta": float(rng.uniform(0, 1)), "pieces": 4}
    found, study = frontier(load(folder), **options), Study(read(folder), **options)
    assert_convex_and_falling(found)
    budget, risk = found.breakpoints["budget"].to_numpy(), found.breakpoints["risk"].to_numpy()
    middles = (budget[1:] + budget[:-1]) / 2
    for at in (*budget, *middles, 1.5 * found.useless_beyond, 1.0):
        assert same(study.least_risk(study.choice(budget=float(at))), np.interp(at, budget, risk))
