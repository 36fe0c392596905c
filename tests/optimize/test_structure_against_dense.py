"""Structure and levers against the independent, dense implementation of the model (tests/independent).

Two hundred random packages over all combinations of tables, levers and options, random pairs joined by a link
package, and the shipped packages with tables added.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import data
from chains import load
from optimize import NoSolutionError, Result, Solution, optimize
from tests.independent import LEVERS, Allocation, Choice, InfeasibleError, Study, read, rows_of, same
from tests.random_packages import (
    COLUMNS,
    STRUCTURE,
    Tables,
    add_structure,
    draw,
    draw_options,
    draw_pair,
    measured,
    write,
)

ALONE, TOGETHER, MIXED, PAIRS = 6, 30, 116, 8
SHIPPED = (("robots",), ("chips",), ("robots", "chips", "coupled"), ("japan",))
ADDED = ("criticality", "stocks", "suppliers", "procurement", "surge")
"""Tables added to shipped packages, with lengths of outages."""
MEASURE = ("alpha", "beta", "pieces", "levers")
ROUNDING = 1e-9
"""Relative to all money; limits are kept this closely."""


@dataclass
class Case:
    """One chain and its options, asked of both implementations."""

    study: Study
    choice: Choice
    least: float
    result: Result

    @property
    def money(self) -> float:
        """All money there is, and all that was spent: what amounts of money are compared to."""
        return max(sum(self.choice.budget.values()), sum(self.study.model.budget.values()))

    @property
    def bought(self) -> dict[tuple[str, str], float]:
        levers = self.result.optimal.levers
        return {(lever, str(name)): float(money) for lever, paid in levers.items() for name, money in paid.items()}

    def allocation(self, solution: Solution) -> Allocation:
        return {at: float(solution.allocation.loc[at]) for at in self.study.model.observed}


def assert_agrees(folders: list[Path], options: dict) -> None:
    """Everything that `optimize` says, or that it says that nothing is possible."""
    measure = {name: options[name] for name in MEASURE if name in options}
    study = Study(read(*folders), **measure)
    choice = study.choice(**{name: value for name, value in options.items() if name not in measure})
    chain = load(*folders)
    try:
        least = study.least_risk(choice)
    except InfeasibleError:
        with pytest.raises(NoSolutionError):
            optimize(chain, **options)
        return
    case = Case(study, choice, least, optimize(chain, **options))
    assert same(case.result.risk, least)
    _assert_losses(case)
    _assert_attained(case)
    _assert_allowed(case)
    _assert_nearest(case)
    solutions = (case.result.none, case.result.observed, case.result.optimal)
    assert max(case.result.certificate.worst, *(s.certificate.worst for s in solutions)) <= 1e-7


def _assert_losses(case: Case) -> None:
    """Of no subsidy and of the observed allocation, which buys capacity alone."""
    for solution, allocation in (
        (case.result.none, case.study.none),
        (case.result.observed, case.study.model.observed),
    ):
        expected = case.study.evaluate(allocation)
        assert same(solution.risk, expected.risk)
        assert same(solution.expected_loss, expected.expected_loss)
        assert same(solution.cvar, expected.cvar)
        assert set(solution.loss.index) == set(expected.loss)
        for scenario, loss in expected.loss.items():
            assert same(solution.loss[scenario], loss), scenario
            assert solution.unmet.loc[scenario].sum() <= loss * (1 + 1e-9) + 1e-12
        assert sum(money.sum() for money in solution.levers.values()) == 0.0


def _assert_attained(case: Case) -> None:
    """The decision reported has the risk and the losses that are said of it, and the risk is least."""
    optimal = case.result.optimal
    reported = case.study.evaluate(case.allocation(optimal), case.bought)
    assert reported.risk <= case.least + 2e-9
    assert same(optimal.risk, reported.risk)
    assert optimal.risk <= case.result.risk + 1e-9 + 1e-12
    for scenario, loss in reported.loss.items():
        assert same(optimal.loss[scenario], loss), scenario


def _by_segment(case: Case, lever: str) -> dict[str, float]:
    """Money of one lever by segment."""
    if lever == "capacity":
        return {k: float(case.result.optimal.allocation.loc[k].sum()) for k in case.study.model.segments}
    paid = dict.fromkeys(case.study.model.segments, 0.0)
    for (which, name), money in case.bought.items():
        paid[name.partition("@")[0]] += money if which == lever else 0.0
    return paid


def _limits(case: Case) -> Iterator[tuple[float, float, float]]:
    """What is given to each segment, tier or LEVER:SEGMENT that has a limit, with its least and its most."""
    for name in (*case.choice.minimum, *case.choice.maximum):
        lever, _, rest = name.rpartition(":")
        paid = [_by_segment(case, each) for each in ([lever] if lever else LEVERS)]
        given = sum(money[k] for money in paid for k in case.study.model.members(rest))
        yield case.choice.minimum.get(name, 0.0), given, case.choice.maximum.get(name, np.inf)


def _assert_allowed(case: Case) -> None:
    """Only levers asked for, budgets, limits, and what may move."""
    model, choice, rounding = case.study.model, case.choice, ROUNDING * case.money
    given = case.result.optimal.allocation
    assert (given.to_numpy() >= 0).all()
    assert all(money >= 0 for money in case.bought.values())
    for lever in LEVERS:
        assert lever in case.study.levers or sum(_by_segment(case, lever).values()) == 0.0
    spent = sum(case.bought.values())
    assert given.to_numpy().sum() + spent <= sum(choice.budget.values()) + rounding
    for instrument, amount in choice.budget.items():
        assert given[instrument].sum() <= amount + rounding
    for least, amount, most in _limits(case):
        assert least - rounding <= amount <= most + rounding
    if choice.move is not None:
        had = {k: sum(model.observed[k, i] for i in model.instruments) for k in model.segments}
        moved = sum(abs(given.loc[k].sum() - had[k]) for k in model.segments) + spent
        assert moved <= 2 * choice.move * sum(choice.budget.values()) + rounding


def _assert_nearest(case: Case) -> None:
    """No decision of least risk is nearer to the observed one, money of every lever counted."""
    given = case.allocation(case.result.optimal)
    distance = sum(abs(given[at] - x0) for at, x0 in case.study.model.observed.items()) + sum(case.bought.values())
    assert abs(distance - case.study.least_distance(case.choice, case.least + 1e-9)) <= 1e-6 * case.money
    short = case.study.short_of_least_squares(case.choice, case.least + 1e-9, given, case.bought)
    assert short <= 1e-4 * case.money


# --- random packages ----------------------------------------------------------------------------------------------


def _levers(rng: np.random.Generator) -> tuple[str, ...]:
    """Any levers, capacity mostly among them."""
    chosen = [lever for lever in LEVERS if rng.random() < (0.8 if lever == "capacity" else 0.5)]
    return tuple(chosen) or ("stocks",)


def _options(rng: np.random.Generator, tables: Tables, levers: tuple[str, ...]) -> dict:
    """Random options; now and then with a limit on the money of one lever."""
    options = draw_options(rng, tables) | {"levers": levers}
    others = [lever for lever in levers if lever != "capacity" and lever in tables]
    if others and rng.random() < 0.4:
        lever = str(rng.choice(others))
        budget = sum(row["value"] for row in tables["subsidies"])
        name = f"{lever}:{rng.choice(tables[lever])['segment']}"
        which = str(rng.choice(["minimum", "maximum"]))
        amount = float(rng.uniform(0, 0.05)) * budget
        options[which] = options.get(which, {}) | {name: amount}
    return options


def _random(seed: list[int], folder: Path, only: list[str] | None, levers: tuple[str, ...] | None) -> None:
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    add_structure(rng, tables, home, only)
    options = _options(rng, tables, _levers(rng) if levers is None else levers)
    assert_agrees([write(folder / "dice", tables, home)], options)


@pytest.mark.parametrize("seed", range(ALONE))
@pytest.mark.parametrize("table", STRUCTURE)
def test_each_table_alone_agrees_with_the_dense_program(table: str, seed: int, tmp_path: Path) -> None:
    levers = ("capacity", table) if table in LEVERS and seed % 2 else ("capacity",)
    if table in LEVERS and seed % 3 == 2:
        levers = (table,)
    _random([seed, 13, list(STRUCTURE).index(table)], tmp_path, [table], levers)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(TOGETHER))
def test_all_tables_and_levers_together_agree_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    _random([seed, 14], tmp_path, list(STRUCTURE), LEVERS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(MIXED))
def test_any_tables_and_levers_agree_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    _random([seed, 15], tmp_path, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PAIRS))
def test_composed_packages_with_structure_agree_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    """Scenarios are shared, so what one package says of their length the other says too."""
    rng = np.random.default_rng([seed, 16])
    one, two, link, home = draw_pair(rng)
    apart = [name for name in STRUCTURE if name not in ("durations", "instruments", "loss_weights")]
    add_structure(rng, one, home, ["durations", *apart] if seed % 2 else apart)
    add_structure(rng, two, home, apart)
    known = {row["scenario"] for row in two["probabilities"]}
    if "durations" in one:
        two["durations"] = [row for row in one["durations"] if row["scenario"] in known]
    parts = (("one", one, home), ("two", two, home), ("link", link, ""))
    folders = [write(tmp_path / name, tables, country) for name, tables, country in parts]
    options = {"alpha": float(rng.choice([0.5, 0.9])), "beta": float(rng.uniform(0, 1)), "levers": LEVERS}
    assert_agrees(folders, options)


# --- the shipped packages with tables added -----------------------------------------------------------------------


def _with_structure(name: str, folder: Path, rng: np.random.Generator) -> Path:
    """A copy of a shipped package with tables of structure added, and with lengths that depend on names alone."""
    copy = folder / name
    shutil.copytree(data.folder(name), copy)
    tables: Tables = {path.stem: rows_of(copy, path.stem) for path in copy.glob("*.csv")}
    for rows in tables.values():
        for row in rows:
            row |= {"value": float(row["value"])} if row.get("value") else {}
    sources = tables["sources"][0]["source"]
    home = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))["tierwise"]["home"]
    add_structure(rng, tables, home, ADDED)
    tables["durations"] = [
        measured(months, scenario=row["scenario"], parameter=parameter)
        for row in tables["probabilities"]
        for parameter, months in (("outage", 1 + len(row["scenario"]) % 12), ("recovery", len(row["scenario"]) % 7))
    ]
    for table in ("durations", *ADDED):
        rows = [row | {"source": row["source"].replace("dice", sources)} for row in tables[table]]
        with (copy / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("levers", [("capacity",), LEVERS], ids=["capacity", "every lever"])
@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_shipped_packages_with_structure_agree_with_the_dense_program(
    names: tuple[str, ...], levers: tuple[str, ...], tmp_path: Path
) -> None:
    rng = np.random.default_rng([len(names), 17])
    full = [name for name in names if name != "coupled"]
    folders = [_with_structure(name, tmp_path, rng) for name in full]
    links = [data.folder(name) for name in names if name == "coupled"]
    assert_agrees([*folders, *links], {"levers": levers})
