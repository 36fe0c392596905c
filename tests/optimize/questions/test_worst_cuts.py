"""The worst cuts: by hand on the small package, against enumeration with the independent model, and as laws.

By hand (test_choke_points.py beside this): JPN alone 0.50 - 0.025 S1, DEU alone 0.20 - 0.04 S1; both leave the
15 + 1.25 S1 robots of home parts, 30 + 2.5 S1 systems: 0.70 - 0.025 S1.
"""

from itertools import chain as joined
from itertools import combinations
from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from chains import Chain, InputError, load
from optimize import choke_points, worst_cuts
from optimize.program.price_bounds import Attack, deliverable, price_bounds, smallest
from optimize.questions.choke_points import CutRecourse, possible_cuts
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskOptions
from tests.optimize.questions.test_choke_points import ALL_AT_HOME, JPN, SOLVED, Key, dense_losses
from tests.random_packages import Tables, draw, measured, write
from tests.small import FILES, Small

S1 = 0.99 / log(100)
BOTH = 0.70 - 0.025 * S1
AGREE = 1e-9
"""The program is solved to 1e-9 of final demand."""


def _supply(small: Small, *rows: str) -> Small:
    """The small package with this supply, rows of segment,location,value, each owned where it stands."""
    split = [row.split(",") for row in rows]
    body = "".join(f"{segment},{place},{place},{value},,,reported,book,\n" for segment, place, value in split)
    return small.replace("supply.csv", FILES["supply.csv"].partition("\n")[0] + "\n" + body)


# --- by hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "over", "countries", "loss"),
    [
        (1, "countries", ["JPN"], JPN),
        (2, "countries", ["DEU", "JPN"], BOTH),
        (5, "countries", ["DEU", "JPN"], BOTH),
        (1, "links", ["JPN"], JPN),
        (2, "links", ["DEU", "JPN"], BOTH),
    ],
)
def test_the_worst_cuts_of_the_small_package(
    small: Small, n: int, over: str, countries: list[str], loss: float
) -> None:
    found = worst_cuts(small.load(), n, over, pieces=1)
    assert sorted(cut.country for cut in found.cuts) == countries
    assert found.loss == pytest.approx(loss, **SOLVED)
    assert found.bound == pytest.approx(loss, abs=AGREE)
    assert found.exact
    assert found.unique
    assert (found.n, found.over) == (n, over)
    assert found.certificate.worst <= 1e-7


def test_a_supply_worth_next_to_nothing_may_be_the_worst_cut(small: Small) -> None:
    """A home robot takes a screw of 0.001 from Taiwan: 0.04 of 100 of final demand; without it there are 10 robots."""
    small.append("segments.csv", "screw,small,upstream,Screws").append(
        "inputs.csv", "screw,robot,0.001,,,reported,book,"
    )
    found = worst_cuts(small.append("supply.csv", "screw,TWN,TWN,0.05,,,reported,book,").load(), 1, pieces=1)
    assert [cut.country for cut in found.cuts] == ["TWN"]
    assert found.loss == pytest.approx(0.8, **SOLVED)
    assert found.exact


def test_what_can_be_done_without_is_counted_by_the_attacker(small: Small) -> None:
    """A home robot can do with 0.3 parts: of 6 + 0.5 S1 come 20 + S1 / 0.6, with Germany's 60 + S1 / 0.3 systems."""
    chain = small.append("criticality.csv", "part,robot,dispensable,0.25,,,reported,book,").load()
    found = worst_cuts(chain, 1, pieces=1)
    assert [cut.country for cut in found.cuts] == ["JPN"]
    assert found.loss == pytest.approx(0.4 - S1 / 30, **SOLVED)
    assert found.bound == pytest.approx(0.4 - S1 / 30, abs=AGREE)
    assert found.exact


@pytest.mark.slow
def test_two_small_suppliers_together_may_be_worse_than_the_largest(small: Small) -> None:
    """Parts 6 at home and 12 abroad in three countries; with n = 2 the two larger ones, not Germany's robots."""
    _supply(
        small, "part,CHN,6", "part,JPN,5", "part,USA,4", "part,KOR,3", "robot,CHN,40", "robot,DEU,10", "system,CHN,100"
    )
    found = worst_cuts(small.load(), 2, pieces=1)
    # 6 + 3 + 0.5 S1 parts, 22.5 + 1.25 S1 robots at home and 10 from Germany: 65 + 2.5 S1 systems lose 0.35. Japan and
    # Germany leave 13 parts, 32.5 + 1.25 S1 robots, 65 + 2.5 S1 systems as well: two sets are equally bad.
    assert found.loss == pytest.approx(0.35 - 0.025 * S1, **SOLVED)
    assert not found.unique
    # Three cuts: Germany, Japan and the USA leave 22.5 + 1.25 S1 robots.
    three = worst_cuts(small.load(), 3, pieces=1)
    assert sorted(cut.country for cut in three.cuts) == ["DEU", "JPN", "USA"]
    assert three.loss == pytest.approx(0.55 - 0.025 * S1, **SOLVED)
    assert three.unique


def test_cuts_that_add_nothing_are_left_out(small: Small) -> None:
    """A third cut is allowed, but Korea delivers nothing."""
    small.append("supply.csv", "system,KOR,KOR,0,,,reported,book,")
    found = worst_cuts(small.load(), 3, pieces=1)
    assert sorted(cut.country for cut in found.cuts) == ["DEU", "JPN"]


def test_a_chain_whose_only_source_is_cut_loses_all_that_needs_it(small: Small) -> None:
    """No parts at home and no subsidies: without Japan only the 10 German robots are left, 20 systems."""
    _supply(small, "part,JPN,18", "robot,CHN,40", "robot,DEU,10", "system,CHN,100")
    for row in (2, 3, 4):
        small.cell("subsidies.csv", row, "value", "0")
    chain = small.load()
    assert worst_cuts(chain, 1).loss == pytest.approx(0.80, **SOLVED)
    assert worst_cuts(chain, 2).loss == pytest.approx(1.00, **SOLVED)


def test_a_chain_that_imports_nothing_has_no_worst_cuts(small: Small) -> None:
    _supply(small, *(f"{segment},CHN,{value}" for segment, value in ALL_AT_HOME.items()))
    for over in ("countries", "links"):
        found = worst_cuts(small.load(), 2, over)
        assert (found.cuts, found.loss, found.bound, found.unique) == ((), 0.0, 0.0, True)


def test_imports_that_nobody_needs_are_no_worst_cut(small: Small) -> None:
    _supply(small, *(f"{segment},CHN,{value}" for segment, value in ALL_AT_HOME.items()), "part,JPN,1")
    found = worst_cuts(small.load(), 1)
    assert (found.cuts, found.loss) == ((), 0.0)


# --- price bounds by hand -----------------------------------------------------------------------------------------


def _attack(chain: Chain, n: int, kind: str = "country", pieces: int = 1) -> Attack:
    evaluator = Evaluator(chain, RiskOptions(pieces=pieces))
    recourse = CutRecourse(evaluator)
    every = np.ones(len(recourse.rows.value), dtype=bool)
    return Attack(
        numbers=evaluator.inner,
        stock=np.zeros(len(evaluator.inner.segments)),
        home=recourse.home(every) + evaluator.provided(chain.numbers.observed)["added"],
        foreign=np.array([recourse.foreign(recourse.taken(c)) for c in possible_cuts(recourse, chain.home, kind)]),
        most=n,
    )


def test_what_can_be_delivered_of_each_segment_whichever_cut_is_made(small: Small) -> None:
    """One cut: no imports of the one supplier. Inner units: demand is 1000, so all is tenfold."""
    attack = _attack(small.load(), 1)
    parts = 60 + 5 * S1
    assert deliverable(attack).tolist() == pytest.approx([parts, parts / 0.4, parts / 0.2], abs=2e-6)
    # Alone: parts from home; robots from Germany (100), less than from parts at home; systems from those robots.
    assert smallest(attack)[0].tolist() == pytest.approx([parts, 100, 200], rel=1e-12)


def test_prices_are_bounded_by_what_a_unit_makes(small: Small) -> None:
    """A part makes 5 systems, a robot 2, each worth 1; a part is worth less than 1000 / 60 in any case."""
    attack = _attack(small.load(), 1)
    assert price_bounds(attack, deliverable(attack)).tolist() == pytest.approx([5, 2, 1], rel=1e-9)


# --- random chains ------------------------------------------------------------------------------------------------


def _hard(rng: np.random.Generator, tables: Tables, home: str) -> Tables:
    """The package with inputs that run back, tiny suppliers, and segments without home production.

    Final demand is halved, so that calm still balances in most; a test leaves the others out.
    """
    names = [row["segment"] for row in tables["segments"]]
    have = {(row["input"], row["user"]) for row in tables["inputs"]}
    for _ in range(3):
        pair = (str(rng.choice(names)), str(rng.choice(names)))
        if pair not in have:
            have.add(pair)
            tables["inputs"].append(measured(rng.choice([1e-4, 1e-3, 0.03]), input=pair[0], user=pair[1]))
    for row in tables["supply"]:
        if rng.random() < 0.2:
            row["value"] *= 0.0 if row["location"] == home else 1e-4
    for row in tables["demand"]:
        row["value"] *= 0.5
    return tables


def _balances(chain: Chain) -> bool:
    try:
        Evaluator(chain, RiskOptions()).check()
    except InputError:
        return False
    return True


def _keys(tables: Tables, home: str, over: str) -> list[Key]:
    abroad = [row for row in tables["supply"] if row["location"] != home]
    if over == "countries":
        return sorted({("country", row["location"], "", "") for row in abroad})
    return sorted({("link", row["location"], "", row["segment"]) for row in abroad})


def _enumerated(folder: Path, copies: Path, keys: list[Key], n: int) -> list[float]:
    """Largest loss of at most 1, ..., n cuts over every set of them, by the independent model, 40 sets at a time."""
    best = [0.0] * n
    sets = list(joined.from_iterable(combinations(keys, size) for size in range(1, n + 1)))
    for start in range(0, len(sets), 40):
        some = sets[start : start + 40]
        for members, loss in zip(some, dense_losses([folder], copies / str(start), some), strict=True):
            for most in range(len(members), n + 1):
                best[most - 1] = max(best[most - 1], loss)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("over", ["countries", "links"])
@pytest.mark.parametrize("hard", [False, True], ids=["plain", "hard"])
def test_the_worst_cuts_are_the_worst_of_all_sets(tmp_path: Path, over: str, hard: bool) -> None:
    asked, seed = 0, 0
    while asked < 14:
        seed += 1
        rng = np.random.default_rng([seed, 44])
        tables, home = draw(rng)
        if hard:
            tables = _hard(rng, tables, home)
        keys = _keys(tables, home, over)
        n = 3 if len(keys) <= 8 else 2
        if len(keys) > 14:
            continue
        folder = write(tmp_path / str(seed) / "dice", tables, home)
        chain = load(folder)
        if not _balances(chain):
            continue
        expected = _enumerated(folder, tmp_path / f"copies_{seed}", keys, n)
        for most, loss in enumerate(expected, start=1):
            assert worst_cuts(chain, most, over).loss == pytest.approx(loss, abs=AGREE), (seed, most)
            asked += 1


def _dead(attack: Attack, cut: list[int]) -> set[int]:
    """Segments that no supply reaches: imports cut, and no home production or one that lacks an input."""
    inputs = attack.numbers.inputs.toarray()
    left = np.delete(attack.foreign, cut, axis=0).sum(axis=0)
    dead: set[int] = set()
    while True:
        more = {
            k
            for k in range(len(left))
            if left[k] == 0 and (attack.home[k] == 0 or any(inputs[i, k] > 0 for i in dead if i != k))
        }
        if more == dead:
            return dead
        dead = more


def _least_prices(attack: Attack, cut: list[int]) -> np.ndarray:
    """Prices of least sum among the optimal ones: a dense dual program, home production that is shut left out."""
    numbers, count = attack.numbers, len(attack.home)
    inputs, dead = numbers.inputs.toarray(), _dead(attack, cut)
    open_home = [0.0 if any(inputs[i, l] > 0 for i in dead if i != l) else attack.home[l] for l in range(count)]
    left = np.delete(attack.foreign, cut, axis=0).sum(axis=0)
    eye, zero = np.eye(count), np.zeros((count, count))
    rows = np.vstack([np.hstack([-eye, eye, zero]), np.hstack([eye - inputs.T, zero, -eye])])  # pi, valued, rent
    bounds = [(0, None)] * count + [(0, w) for w in numbers.weight] + [(0, None)] * count
    cost = np.concatenate([left, -numbers.demand, open_home])
    first = linprog(cost, A_ub=rows, b_ub=np.zeros(2 * count), bounds=bounds)
    assert first.status == 0
    rows, right = np.vstack([rows, cost]), np.append(np.zeros(2 * count), first.fun + 1e-9)
    total = np.concatenate([np.ones(count), np.zeros(2 * count)])
    second = linprog(total, A_ub=rows, b_ub=right, bounds=bounds)
    assert second.status == 0
    return second.x[:count]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_some_optimal_prices_are_within_the_bounds_whatever_is_cut(tmp_path: Path, seed: int) -> None:
    """The theorem of optimize/program/price_bounds.py, over every set of at most 2 and of any number of links."""
    rng = np.random.default_rng([seed, 45])
    tables, home = draw(rng, money=1.0)
    tables = _hard(rng, tables, home)
    chain = load(write(tmp_path / "dice", tables, home))
    for n in (1, 2, 100):
        attack = _attack(chain, n, "link", pieces=10)
        bound = price_bounds(attack, deliverable(attack))
        for _ in range(25):
            size = rng.integers(0, min(n, len(attack.foreign)) + 1)
            cut = [int(j) for j in rng.choice(len(attack.foreign), size, replace=False)]
            prices = _least_prices(attack, cut)
            assert (prices <= bound * (1 + 1e-6) + 1e-6).all(), (n, cut)


# --- laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("over", ["countries", "links"])
@pytest.mark.parametrize("package", ["robots", "chips"])
def test_more_cuts_never_lose_less_and_one_cut_is_the_worst_single_one(package: str, over: str) -> None:
    chain = load(package)
    found = [worst_cuts(chain, n, over) for n in (1, 2, 3)]
    losses = [answer.loss for answer in found]
    assert losses == sorted(losses)
    assert all(len(answer.cuts) <= answer.n for answer in found)
    single = choke_points(chain).single
    kind = {"countries": "country", "links": "link"}[over]
    assert losses[0] == pytest.approx(single.loc[single["kind"] == kind, "loss_observed"].max(), abs=AGREE)


@pytest.mark.slow
def test_links_are_finer_than_countries() -> None:
    """A country is a set of links: n countries lose at least what n links lose."""
    chain = load("robots")
    for n in (1, 2):
        assert worst_cuts(chain, n, "links").loss <= worst_cuts(chain, n).loss + AGREE


@pytest.mark.slow
def test_the_worst_cuts_do_not_depend_on_the_unit_of_money() -> None:
    chain = load("robots")
    scaled = chain
    for table in ("demand", "supply", "subsidies"):
        scaled = scaled.scaled(table, 1e6)
    scaled = scaled.scaled("response", 1e6, parameter="ceiling").scaled("stocks", 1e6, parameter=["held", "limit"])
    scaled = scaled.scaled("suppliers", 1e6, parameter="limit")
    one, other = worst_cuts(chain, 2, "links"), worst_cuts(scaled, 2, "links")
    assert one.cuts == other.cuts
    assert one.loss == pytest.approx(other.loss, abs=AGREE)


@pytest.mark.slow
def test_the_coupled_chains_are_answered_with_proof() -> None:
    found = worst_cuts(load("robots", "chips", "coupled"), 2)
    assert abs(found.bound - found.loss) <= AGREE
    assert len(found.cuts) == 2
    assert found.certificate.worst <= 1e-7


# --- bad questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "2", None])
def test_a_number_of_cuts_is_a_whole_number_of_one_or_more(small: Small, n: object) -> None:
    with pytest.raises(InputError, match="whole number of 1 or more"):
        worst_cuts(small.load(), n)


def test_only_countries_and_links_can_be_cut(small: Small) -> None:
    with pytest.raises(InputError, match="did you mean 'countries'"):
        worst_cuts(small.load(), 1, "country")


def test_a_chain_that_does_not_balance_is_refused(small: Small) -> None:
    chain = small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,30,").load()
    with pytest.raises(InputError, match="calm does not balance"):
        worst_cuts(chain, 1)
