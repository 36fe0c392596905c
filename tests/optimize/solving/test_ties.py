"""Of allocations that are equally near one is reported, whatever the order of rows and whatever the names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chains import Chain, load
from optimize import NoSolutionError, Options, Solution, against, explain, least_risk, optimize, plan, robust
from optimize.sampling.uncertainty import Sampler
from optimize.solving import nearest, plans
from tests.random_packages import Tables, add_structure, draw, draw_options, write
from tests.small import Small

LEVERS = ("capacity", "stocks", "suppliers", "procurement")
NAMES = ("segment", "input", "user")


def doubled(tables: Tables, name: str, twin: str) -> Tables:
    """The tables with a second segment that is the half of one: each has half of all amounts of money, and the same
    coefficients, so that nothing tells one from the other."""
    halves = {"demand", "supply", "subsidies"}
    new: Tables = {}
    for table, rows in tables.items():
        new[table] = []
        for row in rows:
            mine = [column for column in NAMES if row.get(column) == name]
            share = table in halves or (table == "response" and row["parameter"] == "ceiling") or "input" in mine
            half = dict(row) | ({"value": row["value"] / 2.0} if mine and share else {})
            new[table].append(half)
            if mine:
                new[table].append(half | dict.fromkeys(mine, twin))
    return new


def relabelled(rng: np.random.Generator, tables: Tables) -> tuple[Tables, dict[str, str]]:
    """The same package with other names of segments and every table in another order; the new name of each."""
    names = [row["segment"] for row in tables["segments"]]
    new = dict(zip(names, (f"s{n}" for n in rng.permutation(len(names))), strict=True))
    renamed = {
        table: [row | {column: new.get(row[column], row[column]) for column in NAMES if column in row} for row in rows]
        for table, rows in tables.items()
    }
    return {table: [rows[n] for n in rng.permutation(len(rows))] for table, rows in renamed.items()}, new


def money(solution: Solution, names: dict[str, str] | None = None) -> pd.Series:
    """Money by lever, segment and instrument, or contract, with segments under their new names."""
    said = {}
    for (segment, instrument), amount in solution.allocation.stack().items():
        said["capacity", (names or {}).get(segment, segment), instrument] = amount
    for lever, paid in solution.levers.items():
        for label, amount in paid.items():
            segment, _, at = str(label).partition("@")
            said[lever, (names or {}).get(segment, segment), at] = amount
    return pd.Series(said).sort_index()


def assert_same_money(one: Solution, names: dict[str, str], other: Solution) -> None:
    before, after = money(one, names), money(other)
    assert list(before.index) == list(after.index)
    assert np.abs(before - after).max() <= 1e-7 * max(before.sum(), after.sum())


def case(seed: int, folder: Path) -> tuple[Chain, dict[str, str], Chain, dict[str, Any]]:
    """A random package, every second with a doubled segment; the same one relabelled; options that let much tie."""
    rng = np.random.default_rng([seed, 41])
    tables, home = draw(rng)
    options: dict[str, Any] = {"budget": draw_options(rng, tables).get("budget"), "move": [None, 0.1, 0.3][seed % 3]}
    if seed % 2:
        name = str(rng.choice([row["segment"] for row in tables["segments"]]))
        tables = doubled(tables, name, f"{name}twin")
    if seed % 4 < 2:
        add_structure(rng, tables, home)
        options["levers"] = LEVERS
    other, names = relabelled(rng, tables)
    return load(write(folder / "one", tables, home)), names, load(write(folder / "other", other, home)), options


def asked(chain: Chain, options: dict[str, Any]) -> Solution | None:
    """The least-risk allocation; None where the options leave none."""
    try:
        return least_risk(chain, **options)
    except NoSolutionError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(32))
def test_neither_names_nor_the_order_of_rows_change_the_allocation(seed: int, tmp_path: Path) -> None:
    one, names, other, options = case(seed, tmp_path)
    before, after = asked(one, options), asked(other, options)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert_same_money(before, names, after)
        assert before.risk == pytest.approx(after.risk, rel=1e-9, abs=1e-12)


@pytest.fixture
def sated(small: Small) -> Chain:
    """The hand-worked chain with little to gain, and two more segments, `spare` and `other`, that no disruption meets.

    Parts can use 0.2 ln 100 = 0.921034 and robots 0.4 ln 100 = 1.842068 of funds. Observed are 0.5 and 2. So parts get
    0.421034 more, from the 0.157932 that robots cannot use, the 0.5 of systems, and the 0.4 and 1 of the two others:
    whoever gives, the distance is the same. In equal parts each gives 0.105259.
    """
    small.edit("response.csv", "part,ceiling,2,1,4,assumed,talk,a guess", "part,ceiling,0.2,,,reported,book,")
    small.edit("response.csv", "robot,ceiling,4,2,8,assumed,talk,a guess", "robot,ceiling,0.4,,,reported,book,")
    small.edit("response.csv", "part,slope,1,0.5,2,assumed,talk,a guess", "part,slope,1,,,reported,book,")
    small.edit("response.csv", "robot,slope,1,0.5,2,assumed,talk,a guess", "robot,slope,1,,,reported,book,")
    small.edit("inputs.csv", "0.4,0.3,0.5,assumed,talk,an engineer's guess", "0.4,,,reported,book,")
    for name, given in (("spare", 0.4), ("other", 1.0)):
        small.append("segments.csv", f"{name},small,downstream,Another")
        small.append("demand.csv", f"{name},cars,1,,,reported,book,")
        small.append("supply.csv", f"{name},CHN,CHN,1,,,reported,book,")
        small.append("subsidies.csv", f"{name},grants,2022,{given},,,reported,book,")
    return small.load()


IN_EQUAL_PARTS = {"part": 0.921034, "robot": 1.894741, "system": 0.394741, "spare": 0.294741, "other": 0.894741}


def _of_year(chain: Chain, year: int) -> pd.Series:
    return plan(chain, years=2).optimal.allocation[year].groupby("segment").sum()


ASKED: dict[str, Callable[[Chain], list[pd.Series]]] = {
    "optimize": lambda chain: [optimize(chain).optimal.by_segment],
    "least risk": lambda chain: [least_risk(chain).by_segment],
    "with levers": lambda chain: [least_risk(chain, levers=LEVERS).by_segment],
    "robust": lambda chain: [robust(chain, ambiguity=0.01).robust.by_segment],
    "against": lambda chain: [against(chain, 1).optimal.by_segment],
    "plan": lambda chain: [_of_year(chain, 2023)],  # what it adds stands in the year after
}


@pytest.mark.parametrize("question", ASKED)
def test_those_that_are_equally_near_give_in_equal_parts(question: str, sated: Chain) -> None:
    for given in ASKED[question](sated):
        assert dict(given) == pytest.approx(IN_EQUAL_PARTS, abs=1e-5)


def test_a_plan_gives_as_observed_where_nothing_more_is_needed(sated: Chain) -> None:
    given = _of_year(sated, 2024)
    assert dict(given) == pytest.approx({"part": 0.5, "robot": 2.0, "system": 0.5, "spare": 0.4, "other": 1.0})


@pytest.mark.parametrize("question", ["least risk", "plan"])
def test_by_decomposition_too(question: str, sated: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "pays_off", lambda numbers: True)
    monkeypatch.setattr(plans, "_SCENARIOS_A_SEGMENT", 0)
    for given in ASKED[question](sated):
        assert dict(given) == pytest.approx(IN_EQUAL_PARTS, abs=1e-5)


def test_the_shares_of_every_draw_are_those_of_that_allocation(sated: Chain) -> None:
    """What is uncertain is how systems respond, which nobody needs, and how likely the disruptions are."""
    sampler = Sampler(sated, Options())
    drawn = sampler.outcomes(np.random.default_rng(1).random((3, len(sampler.uncertain.labels))))
    assert list(drawn["problem"]) == [""] * 3
    for tier, money in (("upstream", 0.921034), ("midstream", 1.894741), ("downstream", 1.584223)):
        assert list(drawn[f"share_{tier}"]) == pytest.approx([money / 4.4] * 3, abs=1e-5)


def test_the_mixture_of_motives_that_minimises_risk_has_that_allocation(sated: Chain) -> None:
    found = explain(sated).mixtures.loc[1.0]
    assert found["upstream"] == pytest.approx(0.921034, abs=1e-5)
    assert found["midstream"] == pytest.approx(1.894741, abs=1e-5)
    assert found["downstream"] == pytest.approx(1.584223, abs=1e-5)
