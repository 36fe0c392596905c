"""How long a cut lasts without loss: by hand on the small package, and by the dense model on both sides of that length.

Japan cut off, 6 parts are left at home for robots that need 0.4 each and 10 robots come from Germany. 50 robots for 100
systems take 40 made at home, 16 parts: 10 a year are lacking. So a stock of S parts lasts S / 10 years. With money a
unit adds S1 = 0.99 / ln 100 parts a year (one piece).
"""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import load
from optimize import choke_points, cut_loss, evaluate
from optimize.questions.choke_points import ChokePoints
from tests.independent import Study, read
from tests.random_packages import STRUCTURE, add_structure, draw, write
from tests.small import STRUCTURE as FILES
from tests.small import Small

S1 = 0.99 / math.log(100)
SOLVED = {"rel": 1e-8}
STOCKS, WEIGHTS = (FILES[file].partition("\n")[0] + "\n" for file in ("stocks.csv", "loss_weights.csv"))


def months(found: ChokePoints, column: str = "survives_observed") -> dict[str, float]:
    """By country or owner or COUNTRY-SEGMENT."""
    rows = found.single.to_dict(orient="records")
    return {"-".join(filter(None, (r["country"], r["owner"], r["segment"]))): r[column] for r in rows}


def test_without_stock_a_cut_costs_at_once_or_never(small: Small) -> None:
    small.edit("supply.csv", "robot,DEU,DEU,10,,,reported,book,", "robot,DEU,DEU,5,,,reported,book,")
    small.append("supply.csv", "robot,KOR,KOR,10,,,reported,book,")
    small.append("surge.csv", "robot,KOR,0.1,,,reported,book,")
    found = months(choke_points(small.load(), pieces=1))
    assert found["JPN"] == found["KOR"] == 0.0
    assert found["DEU"] == 24.0  # Korea has 11


def test_a_stock_lasts_as_long_as_what_is_lacking_allows(small: Small) -> None:
    chain = small.append("stocks.csv", "part,held,2,,,reported,book,").load()
    found = choke_points(chain, pieces=1)
    lacking = 10 - 0.5 * S1
    assert months(found)["JPN"] == pytest.approx(12 * 2 / lacking, **SOLVED)
    assert months(found)["JPN-part"] == pytest.approx(12 * 2 / lacking, **SOLVED)
    assert months(found)["DEU"] == 0.0
    # the least risk gives all 3 to parts, but for the tie of 1e-9 of risk
    assert months(found, "survives_least_risk")["JPN"] == pytest.approx(12 * 2 / (10 - 3 * S1), rel=1e-5)


def test_more_than_a_year_is_the_same_line_continued_up_to_two(small: Small) -> None:
    lacking = 10 - 0.5 * S1
    for stock, lasts in ((15, 12 * 15 / lacking), (30, 24.0)):
        small.replace("stocks.csv", STOCKS + f"part,held,{stock},,,reported,book,\n")
        assert cut_loss(small.load(), country="JPN", pieces=1).survives == pytest.approx(lasts, **SOLVED)


def test_stock_that_the_money_buys_counts_at_least_risk(small: Small) -> None:
    small.append("stocks.csv", "part,held,2,,,reported,book,", "part,limit,3,,,reported,book,")
    found = choke_points(small.load(), pieces=1, levers="stocks", beta=0.0)
    assert months(found, "survives_least_risk")["JPN"] == pytest.approx(12 * 3 / 10, rel=1e-6)


@pytest.mark.parametrize(("penalty", "lasts"), [("", 24.0), ("part,robot,penalty,0.5,,,reported,book,", 0.0)])
def test_what_can_be_done_without_costs_nothing_unless_it_has_a_penalty(
    small: Small, penalty: str, lasts: float
) -> None:
    # 0.7 of 16 parts: 4.8 are needed
    small.append("criticality.csv", "part,robot,dispensable,0.7,,,reported,book,", *filter(None, [penalty]))
    assert cut_loss(small.load(), country="JPN", pieces=1).survives == lasts


def test_demand_without_weight_is_given_up_without_loss(small: Small) -> None:
    small.replace("loss_weights.csv", WEIGHTS + "system,electronics,0,,,reported,book,\n")
    small.append("stocks.csv", "part,held,2,,,reported,book,")
    # 60 systems take 30 robots, 20 of them made at home: 8 parts, 2 less than at home and funded
    asked = cut_loss(small.load(), country="JPN", pieces=1)
    assert asked.survives == pytest.approx(12 * 2 / (2 - 0.5 * S1), **SOLVED)


def test_an_allocation_may_be_asked_for(small: Small) -> None:
    chain = small.append("stocks.csv", "part,held,2,,,reported,book,").load()
    asked = cut_loss(chain, country="JPN", pieces=1, allocation=pd.Series({"part": 3.0}))
    assert asked.survives == pytest.approx(12 * 2 / (10 - 3 * S1), **SOLVED)
    assert asked.loss == pytest.approx(0.50 - 0.15 * S1 - 0.10, rel=1e-9)  # 2 parts in stock make 10 systems


@pytest.mark.slow
def test_recovery_is_of_the_longest_scenario_that_cuts_all_of_it(small: Small) -> None:
    small.append("durations.csv", "quake,outage,6,,,reported,book,", "quake,recovery,4,,,reported,book,")
    small.append("durations.csv", "embargo,recovery,3,,,reported,book,")
    found = months(choke_points(small.load(), pieces=1), "recovers")
    assert found["JPN"] == found["JPN-part"] == 10.0
    assert found["DEU"] == 15.0  # the outage is not said: the whole year
    small.edit("disruptions.csv", "quake,,JPN", "quake,robot,JPN")
    assert math.isnan(months(choke_points(small.load(), pieces=1), "recovers")["JPN"])


@pytest.mark.slow
def test_an_outage_that_long_costs_nothing_by_evaluate_and_a_longer_one_does(small: Small) -> None:
    chain = small.append("stocks.csv", "part,held,2,,,reported,book,").load()
    lasts = cut_loss(chain, country="JPN", pieces=1).survives
    cut = chain.with_value("disruptions", 1.0, scenario="quake")
    for length, loses in ((lasts * (1 - 1e-7), False), (lasts * (1 + 1e-4), True)):
        asked = evaluate(cut.with_row("durations", length, scenario="quake", parameter="outage"), pieces=1)
        assert (asked.loss["quake"] > 1e-8) == loses


def with_cuts(folder: Path, copy: Path, found: ChokePoints, factor: float) -> Study:
    """The package in the independent model, every cut a scenario that lasts so many times what it survives."""
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    cuts, lengths, odds = ["scenario,segment,location,owner,value"], ["scenario,parameter,value"], ["scenario,value"]
    for n, row in enumerate(found.single.to_dict(orient="records")):
        cuts.append(f"cut_{n},{row['segment']},{row['country']},{row['owner']},1")
        lengths.append(f"cut_{n},outage,{min(12.0, max(row['survives_observed'] * factor, 0.01))!r}")
        odds.append(f"cut_{n},{0.5 / len(found.single)!r}")
    for file, lines in (("disruptions", cuts), ("durations", lengths), ("probabilities", odds)):
        (copy / f"{file}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return Study(read(copy))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_random_packages_lose_nothing_until_then_and_something_after(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 6])
    tables, home = draw(rng)
    add_structure(rng, tables, home, STRUCTURE)
    folder = write(tmp_path / "package", tables, home)
    found = choke_points(load(folder))
    until, after = (with_cuts(folder, tmp_path / name, found, f) for name, f in (("until", 1 - 1e-6), ("after", 1.01)))
    before, then = (study.evaluate(study.model.observed).loss for study in (until, after))
    for n, lasts in enumerate(found.single["survives_observed"]):
        assert lasts == 0.0 or before[f"cut_{n}"] <= 1e-8
        assert lasts * 1.01 > 12.0 or then[f"cut_{n}"] > 1e-9
