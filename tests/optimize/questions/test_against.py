"""The best allocation against the worst cuts: by hand, against one dense program over all sets of cuts, and as laws.

By hand, on a package in which there is a choice. Parts come from Japan (12 of 18) and robots from Germany (10 of 50),
and cutting either costs (tests/small.py, with money e_part, e_robot at slope 1 below the ceilings):

    cut JPN   home parts 6 + g_part make 2.5 robots each; with 10 German robots: 2 (15 + 2.5 g_part + 10) systems
              loss 0.50 - 0.05 g_part
    cut DEU   40 robots and g_robot, 16 of 18 parts for 40: 2 (40 + g_robot): loss 0.20 - 0.02 g_robot
    cut both  2 (15 + 2.5 g_part): loss 0.70 - 0.05 g_part

so one cut is Japan whatever is done, and all money goes to parts; 0.50 - 0.05 g_part with the chord of one piece,
g_part = 0.99 * 2 * min(e / (2 ln 100), 1).
"""

import csv
import shutil
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import InputError
from optimize import NoSolutionError, against, worst_cuts
from tests.independent import LEVERS, Study, read
from tests.optimize.questions.test_structure_questions import Package, package
from tests.small import Small

KEYS = ("segment", "location", "owner")
AGREE = 1e-7
"""Of a worst loss: solved to the tie, twice."""
S1 = 0.99 / log(100)
"""Supply added per unit of money on the only chord, up to 0.99 of the ceiling."""


# --- by hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "loss"), [(1, 0.50), (2, 0.70)])
def test_money_goes_where_the_worst_cut_hurts(small: Small, n: int, loss: float) -> None:
    found = against(small.load(), n, pieces=1)
    assert found.worst_loss["observed"] == pytest.approx(loss - 0.05 * 0.5 * S1, abs=AGREE)
    assert found.worst_loss["optimal"] == pytest.approx(loss - 0.05 * 3.0 * S1, abs=AGREE)
    assert found.lower_bound == pytest.approx(loss - 0.05 * 3.0 * S1, abs=AGREE)
    assert {cut.country for cut in found.cuts} == ({"JPN"} if n == 1 else {"JPN", "DEU"})
    assert found.optimal.allocation["grants"]["part"] == pytest.approx(3.0, abs=1e-5)


def test_money_is_split_where_two_cuts_are_equally_bad(small: Small) -> None:
    """Parts: 11.5 at home, 6.5 from Japan. Cut JPN: 2 (2.5 (11.5 + g_part) + 10) systems, loss 0.225 - 0.05 g_part.

    0.225 - 0.05 S1 e = 0.20 - 0.02 S1 (3 - e) at e = (0.025 + 0.06 S1) / (0.07 S1) = 2.52: both cuts are as bad.
    """
    small.edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,11.5,")
    small.edit("supply.csv", "part,JPN,JPN,12,", "part,JPN,JPN,6.5,")
    found = against(small.load(), 1, pieces=1)
    part = (0.025 + 0.06 * S1) / (0.07 * S1)
    allocation = {"part": part, "robot": 3.0 - part, "system": 0.0}
    assert found.optimal.allocation["grants"].to_dict() == pytest.approx(allocation, abs=1e-5)
    assert found.worst_loss["optimal"] == pytest.approx(0.225 - 0.05 * S1 * part, abs=AGREE)
    at = {cuts[0].country: loss for cuts, loss in found.sets}
    assert at == pytest.approx({"JPN": found.worst_loss["optimal"], "DEU": found.worst_loss["optimal"]}, abs=AGREE)
    assert found.worst_loss["least_risk"] > found.worst_loss["optimal"] + 1e-4
    assert found.protection == pytest.approx(found.worst_loss["least_risk"] - found.worst_loss["optimal"])
    assert found.premium == pytest.approx(found.optimal.risk - found.least_risk.risk)
    assert found.premium > 1e-5


def test_without_cuts_nothing_is_lost_and_insurance_is_free(small: Small) -> None:
    found = against(small.load(), 0)
    assert found.worst_loss.tolist() == [0.0, 0.0, 0.0]
    assert (found.lower_bound, found.upper_bound, found.gap, found.cuts, found.sets) == (0.0, 0.0, 0.0, (), ())
    assert found.premium == pytest.approx(0.0, abs=2e-9)


def test_where_no_money_helps_the_insured_allocation_is_the_one_of_least_risk(small: Small) -> None:
    """No response anywhere adds anything to what a cut of Japan takes: systems respond alone."""
    rows = small.text("response.csv").splitlines()
    small.replace("response.csv", "\n".join([rows[0], *(row for row in rows[1:] if row.startswith("system")), ""]))
    found = against(small.load(), 1)
    assert found.worst_loss.tolist() == pytest.approx([0.5, 0.5, 0.5], abs=AGREE)
    assert found.premium == pytest.approx(0.0, abs=2e-9)
    pd.testing.assert_frame_equal(found.optimal.allocation, found.least_risk.allocation, atol=1e-6)


@pytest.mark.slow
def test_a_country_that_would_supply_under_a_contract_can_be_cut(small: Small) -> None:
    """Korea contracts 3 parts. With Japan cut they make 15 more systems; cutting Korea and Japan takes both."""
    small.add_structure("suppliers.csv")
    chain = small.load()
    one, two = (against(chain, n, pieces=1, levers="suppliers") for n in (1, 2))
    # 6 + 3 parts: 22.5 robots and 10 German ones: 65 systems. Korea costs 0.6 of the money.
    assert one.worst_loss["optimal"] == pytest.approx(0.35, abs=AGREE)
    assert one.possible == 3
    # Two cuts: DEU and JPN leave (6 + 3) parts, 22.5 robots, 45 systems; JPN and KOR leave 15 + 10 robots, 50 systems.
    assert two.worst_loss["optimal"] == pytest.approx(0.55, abs=AGREE)
    assert {cut.country for cut in two.cuts} == {"DEU", "JPN"}
    three = against(chain, 3, pieces=1, levers="suppliers")
    assert three.worst_loss["optimal"] == pytest.approx(0.70, abs=AGREE)


# --- against enumeration ------------------------------------------------------------------------------------------


@dataclass
class Enumerated:
    """The dense model of a package with a scenario of probability 0 for every set of cuts, by their number."""

    study: Study
    sizes: dict[str, int]

    def sets(self, n: int) -> list[str]:
        return [name for name, size in self.sizes.items() if size <= n]


def _enumerated(case: Package, over: str, most: int) -> Enumerated:
    """Every set of at most `most` cuts of supply, and of contracts where the money may buy them."""
    rows = [row for row in case.tables["supply"] if row["location"] != case.home]
    if "suppliers" in case.options["levers"]:
        rows += case.tables.get("suppliers", [])
    keys = sorted({("" if over == "countries" else row["segment"], row["location"], "") for row in rows})
    sets = [members for size in range(1, most + 1) for members in combinations(keys, size)]
    names = [f"cuts{n}" for n in range(len(sets))]
    copy = case.folder.parent / f"cuts_{over}"
    shutil.copytree(case.folder, copy)
    cuts = [(name, *key, 1.0) for name, members in zip(names, sets, strict=True) for key in members]
    given = [(row["scenario"], *(row.get(key, "") for key in KEYS), row["value"]) for row in case.tables["disruptions"]]
    odds = [(row["scenario"], row["value"]) for row in case.tables["probabilities"]] + [(name, 0.0) for name in names]
    for table, header, content in (
        ("disruptions", ("scenario", *KEYS, "value"), [*given, *cuts]),
        ("probabilities", ("scenario", "value"), odds),
    ):
        with (copy / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *content])
    sizes = dict(zip(names, map(len, sets), strict=True))
    return Enumerated(case.study_of(copy), sizes)


@pytest.mark.slow
@pytest.mark.parametrize("over", ["countries", "links"])
@pytest.mark.parametrize("seed", range(8))
def test_the_worst_loss_is_that_of_one_dense_program_over_every_set(seed: int, over: str, tmp_path: Path) -> None:
    """With structure and every lever, limits and a share that moves in some: sets of at most 2 cuts."""
    rng = np.random.default_rng([seed, 46])
    levers = LEVERS if seed % 2 else ("capacity",)
    case = package(seed, 9, tmp_path, levers)
    if seed % 3 == 0:
        case.options["move"] = float(rng.uniform(0.1, 0.5))
    if seed % 3 == 1:
        case.options["budget"] = float(rng.uniform(0.5, 3.0)) * sum(case.study.model.budget.values())
    dense = _enumerated(case, over, 2)
    choice = case.choice
    for n in (1, 2):
        found = against(case.chain, n, over, **case.options)
        least = dense.study.least_worst(choice, dense.sets(n))
        assert found.worst_loss["optimal"] == pytest.approx(least, abs=AGREE), n
        assert found.lower_bound == pytest.approx(least, abs=AGREE)
        assert found.lower_bound <= found.upper_bound + AGREE
        # The losses of what was decided, by the dense model: no set costs more, and the worst named costs as much.
        for which in ("observed", "least_risk", "optimal"):
            solution = getattr(found, which)
            allocation = {at: float(solution.allocation.loc[at]) for at in dense.study.model.observed}
            bought = {(lever, str(at)): float(m) for lever, paid in solution.levers.items() for at, m in paid.items()}
            losses = dense.study.evaluate(allocation, bought).loss
            assert found.worst_loss[which] == pytest.approx(max(losses[s] for s in dense.sets(n)), abs=AGREE), which
        # No other allocation with this worst loss has less risk.
        risk = dense.study.least_risk_losing_at_most(choice, dense.sets(n), found.worst_loss["optimal"] + AGREE)
        assert found.optimal.risk >= risk - AGREE
        assert found.optimal.risk <= dense.study.least_risk_losing_at_most(choice, dense.sets(n), least + 1e-9) + 1e-6
        assert found.certificate.worst <= 1e-7


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2])
def test_the_small_package_with_every_table_is_the_dense_program(small: Small, tmp_path: Path, n: int) -> None:
    small.add_structure()
    dense = tmp_path / "dense" / "small"
    shutil.copytree(small.folder, dense)
    keys = ["DEU", "JPN", "KOR"]
    sets = [members for size in range(1, n + 1) for members in combinations(keys, size)]
    lines = [f"cuts{at},,{place},,1" for at, members in enumerate(sets) for place in members]
    for file, more in (
        ("disruptions.csv", [line.replace(",1", ",1,,,reported,book,") for line in lines]),
        ("probabilities.csv", [f"cuts{at},0,,,reported,book," for at in range(len(sets))]),
    ):
        (dense / file).write_text((dense / file).read_text(encoding="utf-8") + "\n".join([*more, ""]), encoding="utf-8")
    study = Study(read(dense), pieces=5, levers=LEVERS)
    found = against(small.load(), n, pieces=5, levers=LEVERS)
    names = [f"cuts{at}" for at in range(len(sets))]
    assert found.worst_loss["optimal"] == pytest.approx(study.least_worst(study.choice(), names), abs=AGREE)
    losses = study.evaluate(study.model.observed).loss
    assert found.worst_loss["observed"] == pytest.approx(max(losses[s] for s in names), abs=AGREE)


# --- laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("over", ["countries", "links"])
@pytest.mark.parametrize("seed", range(3))
def test_laws_of_cuts_and_of_money(seed: int, over: str, tmp_path: Path) -> None:
    """More cuts never lose less, more money never more; insurance never lowers risk, nor raises the worst loss."""
    case = package(seed, 10, tmp_path, ("capacity",))
    budget = sum(case.study.model.budget.values())
    found = [against(case.chain, n, over, **case.options) for n in (0, 1, 2)]
    losses = [answer.worst_loss["optimal"] for answer in found]
    assert losses == sorted(losses)
    for answer in found:
        assert answer.worst_loss["optimal"] <= answer.worst_loss["least_risk"] + AGREE
        assert answer.worst_loss["optimal"] <= answer.worst_loss["observed"] + AGREE
        assert answer.optimal.risk >= answer.least_risk.risk - 2e-9
        assert len(answer.cuts) <= answer.n
    richer = [against(case.chain, 1, over, **case.options, budget=factor * budget) for factor in (0.5, 1.0, 2.0)]
    falling = [answer.worst_loss["optimal"] for answer in richer]
    assert all(more <= less + AGREE for less, more in pairwise(falling))
    assert falling[1] == pytest.approx(losses[1], abs=AGREE)
    held = worst_cuts(case.chain, 2, over, **{name: case.options[name] for name in ("alpha", "beta", "pieces")})
    assert found[2].worst_loss["observed"] == pytest.approx(held.loss, abs=AGREE)


@pytest.mark.slow
def test_countries_are_worse_than_links_for_whoever_defends(tmp_path: Path) -> None:
    for seed in range(3):
        case = package(seed, 11, tmp_path / str(seed), ("capacity",))
        one = [against(case.chain, 1, over, **case.options).worst_loss["optimal"] for over in ("links", "countries")]
        assert one[0] <= one[1] + AGREE


@pytest.mark.slow
def test_a_coarse_gap_is_told_and_its_bounds_hold(tmp_path: Path) -> None:
    case = package(3, 9, tmp_path)
    exact = against(case.chain, 2, "links", **case.options)
    coarse = against(case.chain, 2, "links", gap=0.2, **case.options)
    assert coarse.lower_bound <= exact.worst_loss["optimal"] + AGREE
    assert coarse.worst_loss["optimal"] >= exact.worst_loss["optimal"] - AGREE
    assert coarse.gap <= 0.2 + 1e-6
    assert coarse.worst_loss["optimal"] <= coarse.upper_bound + 1e-12


# --- bad questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [-1, 1.5, True, "2", None])
def test_a_number_of_cuts_is_a_whole_number_of_zero_or_more(small: Small, n: object) -> None:
    with pytest.raises(InputError, match=r"option cuts: .* is not a number of cuts; give a whole number of 0 or more"):
        against(small.load(), n)


def test_more_cuts_than_there_are_is_refused_with_how_many_there_are(small: Small) -> None:
    with pytest.raises(InputError, match=r"3 countries cannot be cut.*give a whole number from 0 to 2"):
        against(small.load(), 3)


def test_only_countries_and_links_can_be_cut(small: Small) -> None:
    with pytest.raises(InputError, match="did you mean 'countries'"):
        against(small.load(), 1, "country")


@pytest.mark.parametrize("options", [{"gap": -1.0}, {"gap": 1.0}, {"gap": float("nan")}, {"budget": -1.0}])
def test_options_out_of_range_are_refused(small: Small, options: dict) -> None:
    with pytest.raises(InputError, match=f"option {next(iter(options))}"):
        against(small.load(), 1, **options)


def test_options_that_leave_no_allocation_are_told_in_words(small: Small) -> None:
    with pytest.raises(NoSolutionError, match="minimum of part"):
        against(small.load(), 1, minimum={"part": 4.0})


def test_a_chain_that_does_not_balance_is_refused(small: Small) -> None:
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,30,")
    with pytest.raises(InputError, match="calm does not balance"):
        against(small.load(), 1)
