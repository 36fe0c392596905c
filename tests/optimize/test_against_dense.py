"""The program against an independent, dense implementation of the model (tests/independent).

Two hundred random packages with random options, random pairs joined by a link package, and the shipped packages.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import data
from chains import Chain, load
from optimize import NoSolutionError, Result, gain_curve, optimize
from optimize.solver.linear import InaccurateError
from tests.independent import Allocation, Choice, InfeasibleError, Study, read, same
from tests.random_packages import draw, draw_apart, draw_options, draw_pair, observed_by_segment, write

PAY_MIDSTREAM = (("robots",), ("chips",), ("robots", "chips", "coupled"))
SHIPPED = (*PAY_MIDSTREAM, ("japan",))
RANDOM, PAIRS = range(200), range(8)


@dataclass
class Case:
    """One chain and its options, asked of both implementations."""

    study: Study
    choice: Choice
    least: float
    result: Result


def ask(folders: list[Path], options: dict) -> Case:
    study, choice = independent(folders, options)
    return Case(study, choice, study.least_risk(choice), optimize(load(*folders), **options))


def independent(folders: list[Path], options: dict) -> tuple[Study, Choice]:
    measure = {name: options[name] for name in ("alpha", "beta", "pieces") if name in options}
    study = Study(read(*folders), **measure)
    return study, study.choice(**{name: value for name, value in options.items() if name not in measure})


def random_case(seed: int, folder: Path) -> Case:
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    return ask([write(folder / "dice", tables, home)], draw_options(rng, tables))


def pair_case(seed: int, folder: Path) -> Case:
    rng = np.random.default_rng([seed, 2])
    one, two, link, home = draw_pair(rng)
    parts = (("one", one, home), ("two", two, home), ("link", link, ""))
    folders = [write(folder / name, tables, country) for name, tables, country in parts]
    return ask(folders, {"alpha": float(rng.choice([0.5, 0.9])), "beta": float(rng.uniform(0, 1))})


CASES = (
    *(pytest.param((random_case, seed), id=f"random{seed}") for seed in RANDOM),
    *(pytest.param((pair_case, seed), id=f"pair{seed}") for seed in PAIRS),
    *(pytest.param((None, names), id="+".join(names)) for names in SHIPPED),
)


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    make, what = request.param
    if make is None:
        return ask([data.folder(name) for name in what], {})
    return make(what, tmp_path_factory.mktemp("package"))


def allocation_of(case: Case, frame: pd.DataFrame) -> Allocation:
    return {(k, i): float(frame.loc[k, i]) for k in case.study.model.segments for i in case.study.model.instruments}


def test_least_risk_is_that_of_the_dense_program(case: Case) -> None:
    assert same(case.result.risk, case.least)


def test_no_subsidy_and_the_observed_allocation_have_the_dense_programs_losses(case: Case) -> None:
    study = case.study
    for solution, allocation in (
        (case.result.none, study.none),
        (case.result.observed, study.model.observed),
    ):
        expected = study.evaluate(allocation)
        assert same(solution.risk, expected.risk)
        assert same(solution.expected_loss, expected.expected_loss)
        assert same(solution.cvar, expected.cvar)
        assert set(solution.loss.index) == set(expected.loss)
        for scenario, loss in expected.loss.items():
            assert same(solution.loss[scenario], loss)
            unmet = solution.unmet.loc[scenario].sum()
            if any(study.model.penalty.values()):  # what is done without is lost too
                assert unmet <= loss * (1 + 1e-9) + 1e-12
            else:
                assert same(unmet, loss)


def test_the_observed_allocation_and_the_budget_are_those_of_the_package(case: Case) -> None:
    assert allocation_of(case, case.result.observed.allocation) == case.study.model.observed
    for instrument, amount in case.choice.budget.items():
        assert same(case.result.budget[instrument], amount)


def test_the_reported_allocation_attains_the_least_risk(case: Case) -> None:
    reported = case.study.evaluate(allocation_of(case, case.result.optimal.allocation))
    assert reported.risk <= case.least + 2e-9
    assert same(case.result.optimal.risk, reported.risk)
    for scenario, loss in reported.loss.items():
        assert same(case.result.optimal.loss[scenario], loss)


def test_the_reported_allocation_respects_budgets_limits_and_moves(case: Case) -> None:
    model, choice, given = case.study.model, case.choice, case.result.optimal.allocation
    total = sum(choice.budget.values())
    rounding = 1e-9 * (total + sum(model.budget.values()))
    assert (given.to_numpy() >= 0).all()
    for instrument, amount in choice.budget.items():
        assert given[instrument].sum() <= amount + rounding
    for name, amount in choice.minimum.items():
        assert given.loc[model.members(name)].to_numpy().sum() >= amount - rounding
    for name, amount in choice.maximum.items():
        assert given.loc[model.members(name)].to_numpy().sum() <= amount + rounding
    if choice.move is not None:
        moved = sum(abs(given.loc[k].sum() - sum(model.observed[k, i] for i in model.instruments)) for k in given.index)
        assert moved <= 2 * choice.move * total + rounding


def test_no_allocation_of_least_risk_is_nearer_to_the_observed_one(case: Case) -> None:
    given, model = allocation_of(case, case.result.optimal.allocation), case.study.model
    distance = sum(abs(given[at] - x0) for at, x0 in model.observed.items())
    nearest = case.study.least_distance(case.choice, case.least + 1e-9)
    assert abs(distance - nearest) <= 1e-6 * max(sum(case.choice.budget.values()), sum(model.budget.values()))


def test_of_equally_near_allocations_it_is_the_one_with_the_least_squares(case: Case) -> None:
    given = allocation_of(case, case.result.optimal.allocation)
    short = case.study.short_of_least_squares(case.choice, case.least + 1e-9, given, {})
    assert short <= 1e-4 * max(sum(case.choice.budget.values()), sum(case.study.model.budget.values()))


def test_next_unit_is_the_dense_programs_difference(case: Case) -> None:
    expected = case.study.next_unit(case.choice.budget)
    amount = 0.01 * sum(case.choice.budget.values())
    assert set(case.result.next_unit.index) == set(expected)
    for segment, fall in expected.items():  # differences of risks, so compared as risks
        assert same(case.result.next_unit[segment] * amount, fall * amount)


def test_transfer_is_the_dense_programs_difference(case: Case) -> None:
    expected = case.study.transfer(case.choice.budget)
    table = case.result.transfer
    told = {(a, b) for a in table.index for b in table.columns if np.isfinite(table.loc[a, b])}
    assert told == set(expected)
    for (giving, receiving), fall in expected.items():
        moved = min(0.01 * sum(case.choice.budget.values()), case.study.funds(giving))
        assert same(table.loc[giving, receiving] * moved, fall * moved)


def test_every_certificate_is_tight(case: Case) -> None:
    result = case.result
    for certificate in (
        result.certificate,
        *(s.certificate for s in (result.none, result.observed, result.optimal)),
    ):
        assert certificate.worst <= 1e-7


@pytest.mark.parametrize("seed", range(12))
def test_options_are_refused_exactly_where_the_dense_program_finds_no_allocation(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 4])
    tables, home = draw(rng)
    had = observed_by_segment(tables)
    least, most = (str(name) for name in rng.choice([*had, tables["segments"][0]["tier"]], 2))
    options = {
        "minimum": {least: float(rng.uniform(0, 1.5)) * sum(had.values())},
        "maximum": {most: float(rng.uniform(0, 1)) * sum(had.values())},
        "move": float(rng.uniform(0, 1)),
    }
    folder = write(tmp_path / "dice", tables, home)
    study, choice = independent([folder], options)
    try:
        expected = study.least_risk(choice)
    except InfeasibleError:
        with pytest.raises(NoSolutionError):
            optimize(load(folder), **options)
    else:
        assert same(optimize(load(folder), **options).risk, expected)


REFUSED = {("input", 30), ("probabilities", 1)}
"""Of those below: certificates of 2e-7 and more, whichever way HiGHS is asked."""


@pytest.mark.parametrize(
    ("what", "seed"),
    [
        *(("input", seed) for seed in (4, 30, 40, 66)),
        *(("weights", seed) for seed in (0, 1, 81)),
        *(("probabilities", seed) for seed in (0, 1, 32, 65)),
        *(("level", seed) for seed in (0, 1, 83)),
    ],
)
def test_the_least_risk_allocation_is_found_where_amounts_lie_far_apart(what: str, seed: int, tmp_path: Path) -> None:
    """Right, or refused: what cannot be proven to the tolerance of certificates is no result."""
    rng = np.random.default_rng([seed, 77])
    tables, home, options = draw_apart(rng, what)
    try:
        case = ask([write(tmp_path / "dice", tables, home)], options)
    except InaccurateError:
        assert (what, seed) in REFUSED
        return
    assert same(case.result.risk, case.least)
    reported = case.study.evaluate(allocation_of(case, case.result.optimal.allocation))
    assert reported.risk <= case.least + 2e-9


@pytest.mark.slow
@pytest.mark.parametrize("names", PAY_MIDSTREAM, ids="+".join)
@pytest.mark.parametrize("receiving", ["upstream", "downstream"])
def test_the_gain_curve_of_a_shipped_chain_is_the_dense_programs(names: tuple[str, ...], receiving: str) -> None:
    study = Study(read(*(data.folder(name) for name in names)))
    assert_gain_agrees(load(*names), study, "midstream", receiving, {})


@pytest.mark.parametrize("seed", range(12))
def test_the_gain_curve_of_a_random_chain_is_the_dense_programs(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 3])
    tables, home = draw(rng)
    folder = write(tmp_path / "dice", tables, home)
    options = {"alpha": 0.8, "beta": 0.7, "pieces": 6}
    chain, study = load(folder), Study(read(folder), **options)
    tiers = [t for t in ("upstream", "midstream", "downstream") if study.model.members(t)]
    for giving in tiers:
        for receiving in tiers:
            if giving != receiving and study.funds(giving) > 0:
                assert_gain_agrees(chain, study, giving, receiving, options)


def assert_gain_agrees(chain: Chain, study: Study, giving: str, receiving: str, options: dict) -> None:
    found = gain_curve(chain, giving, receiving, **options)
    before = study.evaluate(study.model.observed).risk

    def near(a: float, b: float) -> bool:  # both are differences from `before`, so compared to its size
        return abs(a - b) <= 1e-7 * before + 1e-12

    assert found.curve.index.tolist() == pytest.approx([n / 10 for n in range(11)], abs=1e-15)
    for fall, expected in zip(found.curve, study.gain(giving, receiving, found.curve.index), strict=True):
        assert near(fall, expected)
    assert same(found.funds, study.funds(giving))
    assert near(found.peak_gain, study.largest_gain(giving, receiving))
    assert near(study.gain(giving, receiving, [found.peak_share])[0], found.peak_gain)
