"""Every question with structure and levers against the dense model (tests/independent) or plain enumeration."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from chains import Chain, load
from chains.drawing.draws import drawn
from chains.drawing.uncertain import uncertain
from optimize import (
    NoSolutionError,
    Options,
    Result,
    WhatIfs,
    break_even,
    choke_points,
    frontier,
    gain_curve,
    optimize,
    ranges,
    robust,
    self_sufficiency,
    worst_cuts,
)
from optimize.questions.self_sufficiency import cost_curve
from optimize.sampling.uncertainty import Sampler
from optimize.solving import nearest
from tests.independent import LEVERS, Choice, InfeasibleError, Study, read, same
from tests.optimize.questions.test_self_sufficiency import dense_plan
from tests.random_packages import STRUCTURE, Row, Tables, add_structure, draw, draw_options, write

AGREE = 1e-8
"""Of a loss or risk, a share of final demand."""
MEASURE = ("alpha", "beta", "pieces", "levers")


@dataclass
class Package:
    """A random package with structure, its options, and what both implementations make of it."""

    tables: Tables
    home: str
    folder: Path
    options: dict

    @cached_property
    def chain(self) -> Chain:
        return load(self.folder)

    @cached_property
    def study(self) -> Study:
        return self.study_of(self.folder)

    @cached_property
    def best(self) -> Result:
        return optimize(self.chain, **self.options)

    @cached_property
    def choice(self) -> Choice:
        return self.study.choice(**{name: value for name, value in self.options.items() if name not in MEASURE})

    @property
    def money(self) -> float:
        return max(sum(self.choice.budget.values()), sum(self.study.model.budget.values()))

    def study_of(self, folder: Path) -> Study:
        return Study(read(folder), **{name: self.options[name] for name in MEASURE if name in self.options})

    def changed(self, tables: Tables, name: str) -> Path:
        return write(self.folder.parent / name, tables, self.home)


def package(seed: int, question: int, folder: Path, levers: Sequence[str] = LEVERS, **options: object) -> Package:
    """Tables: all of structure for even seeds, about half of them for odd ones."""
    rng = np.random.default_rng([seed, question, 18])
    tables, home = draw(rng)
    add_structure(rng, tables, home, None if seed % 2 else list(STRUCTURE))
    measure = {"alpha": float(rng.choice([0.5, 0.9])), "beta": float(rng.uniform(0, 1)), "pieces": 5}
    chosen = {**measure, "levers": tuple(levers), **options}
    return Package(tables, home, write(folder / "dice", tables, home), chosen)


# --- what-ifs -----------------------------------------------------------------------------------------------------

CHANGES = (
    ("durations", "outage", 0.5),
    ("durations", "recovery", 1.7),
    ("criticality", "dispensable", 0.6),
    ("criticality", "penalty", 2.0),
    ("stocks", "held", 0.4),
    ("stocks", "limit", 1.5),
    ("stocks", "price", 1.3),
    ("stocks", "holding", 3.0),
    ("suppliers", "limit", 0.7),
    ("suppliers", "cost", 1.4),
    ("procurement", "limit", 0.5),
    ("procurement", "premium", 1.6),
    ("procurement", "response", 0.8),
    ("instruments", "raised", 0.7),
    ("instruments", "survival", 0.6),
    ("loss_weights", None, 0.5),
    ("surge", None, 0.3),
)


def _rows(tables: Tables, table: str, parameter: str | None) -> list[Row]:
    return [row for row in tables.get(table, []) if parameter in (None, row.get("parameter"))]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_what_ifs_of_every_table_are_the_dense_programs(seed: int, tmp_path: Path) -> None:
    case = package(seed, 1, tmp_path)
    asked = WhatIfs(case.chain, **case.options)
    assert same(asked.risk(), case.study.least_risk(case.choice))
    possible = [change for change in CHANGES if _rows(case.tables, *change[:2])]
    for n in np.random.default_rng(seed).permutation(len(possible))[:6]:
        table, parameter, factor = possible[n]
        tables = deepcopy(case.tables)
        for row in _rows(tables, table, parameter):
            row["value"] *= factor
        where = {} if parameter is None else {"parameter": parameter}
        changed = case.chain.scaled(table, factor, **where)
        study = case.study_of(case.changed(tables, f"{table}_{parameter}"))
        assert same(asked.risk(changed), study.least_risk(case.choice)), (table, parameter)
    assert same(asked.risk(budget=2.5 * case.money), case.study.least_risk(case.study.choice(budget=2.5 * case.money)))
    assert asked.certificate.worst <= 1e-7


# --- decomposition ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
def test_decomposition_finds_the_dense_programs_least_risk(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng([seed, 19])
    levers = LEVERS if seed % 3 else tuple(lever for lever in LEVERS if rng.random() < 0.5) or ("stocks",)
    case = package(seed, 2, tmp_path, levers)
    case.options = draw_options(rng, case.tables) | {"levers": levers}
    monkeypatch.setattr(nearest, "pays_off", lambda numbers: True)
    try:
        least = case.study.least_risk(case.choice)
    except InfeasibleError:
        with pytest.raises(NoSolutionError):
            optimize(case.chain, **case.options)
        return
    assert case.best.method.name == "decomposition"
    assert case.best.risk == pytest.approx(least, rel=AGREE, abs=1e-10)
    assert case.best.certificate.worst <= 1e-7
    given = case.best.optimal.allocation
    distance = sum(abs(float(given.loc[at]) - x0) for at, x0 in case.study.model.observed.items())
    distance += sum(float(money.sum()) for money in case.best.optimal.levers.values())
    assert abs(distance - case.study.least_distance(case.choice, least + 1e-9)) <= 1e-6 * case.money


# --- choke points and worst cuts ----------------------------------------------------------------------------------

Key = tuple[str, str, str]
"""Segment, location, owner; blank for any."""


def _under_cuts(case: Package, cuts: Sequence[Sequence[Key]]) -> Study:
    """The dense model of a year under each set of cuts, which are the only scenarios: c0, c1, ..."""
    copy = case.folder.parent / f"cuts_{len(list(case.folder.parent.iterdir()))}"
    shutil.copytree(case.folder, copy)
    rows = [(f"c{n}", *key, 1.0) for n, members in enumerate(cuts) for key in members]
    odds = [(f"c{n}", 0.5 / len(cuts)) for n in range(len(cuts))]
    for table, header, content in (
        ("disruptions", ("scenario", "segment", "location", "owner", "value"), rows),
        ("probabilities", ("scenario", "value"), odds),
    ):
        with (copy / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *content])
    return case.study_of(copy)


def _bought(result: Result) -> Mapping[tuple[str, str], float]:
    paid = result.optimal.levers
    return {(lever, str(name)): float(money) for lever in paid for name, money in paid[lever].items()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_every_single_cut_loses_what_the_dense_model_loses_under_it(seed: int, tmp_path: Path) -> None:
    case = package(seed, 3, tmp_path)
    table = choke_points(case.chain, **case.options).single
    study = _under_cuts(case, [[(row.segment, row.country, row.owner)] for row in table.itertuples()])
    observed = study.evaluate(study.model.observed).loss
    best = case.best.optimal.allocation
    least = study.evaluate({at: float(best.loc[at]) for at in study.model.observed}, _bought(case.best)).loss
    for n, row in enumerate(table.itertuples()):
        assert row.loss_observed == pytest.approx(observed[f"c{n}"], abs=AGREE), row
        assert row.loss_least_risk == pytest.approx(least[f"c{n}"], abs=AGREE), row


@pytest.mark.slow
@pytest.mark.parametrize("over", ["countries", "links"])
@pytest.mark.parametrize("seed", range(20))
def test_the_worst_cuts_with_structure_are_the_worst_of_all_sets(seed: int, over: str, tmp_path: Path) -> None:
    case = package(seed, 4, tmp_path)
    abroad = [row for row in case.tables["supply"] if row["location"] != case.home]
    keys = sorted({("" if over == "countries" else row["segment"], row["location"], "") for row in abroad})
    sets = [[*members] for size in (1, 2) for members in combinations(keys, size)]
    loss = _under_cuts(case, sets).evaluate(case.study.model.observed).loss
    worst = [max(loss[f"c{n}"] for n, members in enumerate(sets) if len(members) <= most) for most in (1, 2)]
    measure = {name: case.options[name] for name in ("alpha", "beta", "pieces")}
    for most, expected in zip((1, 2), worst, strict=True):
        found = worst_cuts(case.chain, most, over, **measure)
        assert found.loss == pytest.approx(expected, abs=AGREE)
        assert found.bound == pytest.approx(expected, abs=AGREE)


# --- frontier and ranges ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_frontier_with_levers_is_the_dense_programs(seed: int, tmp_path: Path) -> None:
    case = package(seed, 5, tmp_path)
    found = frontier(case.chain, **case.options)
    budget, risk = found.breakpoints["budget"].to_numpy(), found.breakpoints["risk"].to_numpy()
    assert (np.diff(found.breakpoints["slope_right"]) > 0).all()
    some = np.random.default_rng(seed).permutation(len(budget) - 1)[:6]
    middles = (budget[some] + budget[some + 1]) / 2
    for at in (*budget[some], *middles, budget[-1], 1.5 * found.useless_beyond + 1e-6 * case.money):
        least = case.study.least_risk(case.study.choice(budget=float(at)))
        assert same(least, np.interp(at, budget, risk)), at


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_ranges_with_levers_are_the_dense_programs(seed: int, tmp_path: Path) -> None:
    """Of all money of a segment; what is reported as nearest lies within."""
    case = package(seed, 6, tmp_path)
    found = ranges(case.chain, **case.options)
    least = case.study.least_risk(case.choice)
    assert same(found.risk, least)
    for segment in case.study.model.segments:
        ends = case.study.range_of(case.choice, least + 1e-9, segment)
        assert found.amounts.loc[segment].tolist() == pytest.approx(ends, abs=1e-6 * case.money), segment
        assert ends[0] - 1e-6 * case.money <= case.best.optimal.by_segment[segment] <= ends[1] + 1e-6 * case.money


# --- differences at the observed allocation -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
def test_next_unit_and_transfer_with_structure_are_dense_differences(seed: int, tmp_path: Path) -> None:
    case = package(seed, 7, tmp_path)
    study, amount = case.study, 0.01 * sum(case.choice.budget.values())
    before = study.evaluate(study.model.observed).risk
    for segment, fall in study.next_unit(case.choice.budget).items():
        assert case.best.next_unit[segment] * amount == pytest.approx(fall * amount, abs=AGREE * before)
    for lever, falls in case.best.next_purchases.items():
        for name, fall in falls.items():
            money = min(amount, study.most_money(lever, str(name)))
            if money > 0:
                expected = before - study.evaluate(study.model.observed, {(lever, str(name)): money}).risk
                assert fall * money == pytest.approx(expected, abs=AGREE * before), (lever, name)
            else:
                assert np.isnan(fall)
    expected_transfers = study.transfer(case.choice.budget)
    for (giving, receiving), fall in expected_transfers.items():
        moved = min(amount, study.funds(giving))
        assert case.best.transfer.loc[giving, receiving] * moved == pytest.approx(fall * moved, abs=AGREE * before)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_gain_curve_with_structure_is_the_dense_programs(seed: int, tmp_path: Path) -> None:
    case = package(seed, 8, tmp_path, ("capacity",))
    measure = {name: case.options[name] for name in ("alpha", "beta", "pieces")}
    study = case.study
    before = study.evaluate(study.model.observed).risk
    tiers = [tier for tier in ("upstream", "midstream", "downstream") if study.model.members(tier)]
    for giving in tiers:
        for receiving in tiers:
            if giving != receiving and study.funds(giving) > 0:
                found = gain_curve(case.chain, giving, receiving, **measure)
                expected = study.gain(giving, receiving, found.curve.index)
                assert found.curve.tolist() == pytest.approx(expected, abs=1e-7 * before + 1e-12)
                assert found.peak_gain == pytest.approx(
                    study.largest_gain(giving, receiving), abs=1e-7 * before + 1e-12
                )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 8])  # chains of more than one tier
def test_break_even_with_structure_has_the_dense_programs_signs(seed: int, tmp_path: Path) -> None:
    """At factors well within and without the interval: the fall in risk has the sign that break-even says."""
    case = package(seed, 9, tmp_path, ("capacity",))
    model = case.study.model
    funded = [tier for tier in ("upstream", "midstream", "downstream") if case.study.funds(tier) > 0]
    present = [tier for tier in ("upstream", "midstream", "downstream") if model.members(tier)]
    giving = funded[0]
    receiving = next(tier for tier in present if tier != giving)
    measure = {name: case.options[name] for name in ("alpha", "beta", "pieces")}
    found = break_even(case.chain, giving, receiving, **measure)
    for factor in (0.001, 0.1, 0.7, 1.0, 3.0, 100.0):
        slope = {k: r * (factor if model.tier[k] == receiving else 1.0) for k, r in model.slope.items()}
        study = Study(replace(model, slope=slope), **measure)
        shifted = study.shifted(giving, receiving, found.moved / study.funds(giving))
        fall = study.evaluate(model.observed).risk - study.evaluate(shifted).risk
        low, high = found.interval or (None, 0.0)
        inside = (low is None or factor > low) and (high is None or factor < high)
        assert (fall > 1e-11) == inside or abs(fall) <= 1e-9, f"{factor}: {fall}, {found.interval}"


# --- robust, draws, self-sufficiency ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_robust_decision_without_doubt_is_the_least_risk_one(seed: int, tmp_path: Path) -> None:
    case = package(seed, 10, tmp_path)
    found = robust(case.chain, ambiguity=0.0, slope_budget=0, **case.options)
    assert same(found.risk, case.study.least_risk(case.choice), absolute=2e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_draws_of_structure_are_those_of_optimize(seed: int, tmp_path: Path) -> None:
    """At the values themselves as the dense program has it; at random points as `optimize` has the drawn chain."""
    case = package(seed, 11, tmp_path)
    rng = np.random.default_rng([seed, 20])
    for table in STRUCTURE:
        for row in case.tables.get(table, []):
            if row.get("parameter") not in ("limit", "lag", "life") and rng.random() < 0.7:
                row |= {"low": 0.6 * row["value"], "high": row["value"]}
    chain = load(case.changed(case.tables, "ranged"))
    whole = uncertain(chain)
    points = np.vstack([whole.at_modes, rng.random((2, len(whole.factors)))])
    found = Sampler(chain, Options(**case.options)).outcomes(points)
    assert found["risk_least"].iloc[0] == pytest.approx(case.study.least_risk(case.choice), abs=AGREE)
    for n in (1, 2):
        result = optimize(drawn(chain, whole, points[n]), **case.options)
        assert found["risk_observed"].iloc[n] == pytest.approx(result.observed.risk, abs=AGREE)
        assert found["risk_least"].iloc[n] == pytest.approx(result.risk, abs=AGREE)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_cost_of_self_sufficiency_with_procurement_is_the_dense_programs(seed: int, tmp_path: Path) -> None:
    """In calm nothing is drawn or done without, and a preference makes capacity as money does."""
    levers = ("capacity", "procurement")
    case = package(seed, 12, tmp_path, levers)
    chosen = case.study.model.segments[:2]
    size = sum(case.study.model.demand.values())
    largest = cost_curve(case.chain, [], segments=chosen, levers=levers, pieces=5).largest
    for share in (0.4, 0.8, 0.97):
        found = self_sufficiency(case.chain, share * largest, segments=chosen, levers=levers, pieces=5)
        expected = dense_plan(case.folder, chosen, share * largest, 5, None, levers)
        assert found.cost == pytest.approx(expected, rel=1e-6, abs=1e-8 * size), share
