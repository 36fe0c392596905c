"""Plans over years against the independent, dense implementation of the model (tests/independent/plan.py)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chains import load
from optimize import Course, Plan, optimize, plan
from tests.independent import LEVERS, same
from tests.independent.plan import PlanStudy
from tests.random_packages import STRUCTURE, Tables, add_structure, draw, measured, write

CLOSE = 1e-7


def assert_agrees(folder: Path, options: dict[str, Any]) -> Plan:
    """Least discounted risk, and the risk by year of every way of spending, are those of the dense program."""
    study, chain = PlanStudy(folder, **options), load(folder)
    answer = plan(chain, **options)
    assert same(answer.risk, study.least(), CLOSE)
    _assert_allowed(study, answer)
    given = study.every_year(study.model.observed)
    _assert_years(answer.observed, study.by_year(given, {}))
    one_year = {name: options[name] for name in options if name not in ("years", "growth", "rate")}
    best = optimize(chain, **one_year).optimal
    repeated = {at: float(best.allocation.loc[at]) for at in study.model.observed}
    bought = {(lever, str(name)): money for lever, paid in best.levers.items() for name, money in paid.items()}
    _assert_years(answer.repeated, study.by_year(study.every_year(repeated), study.repeated(bought)))
    allocation, amounts = _decided(study, answer.optimal)
    found = study.by_year(allocation, amounts)
    _assert_years(answer.optimal, found)
    _assert_nearest(study, answer)
    assert answer.optimal.risk <= answer.risk + 1e-9 + 1e-12
    assert answer.optimal.risk <= answer.repeated.risk + 2e-9
    assert answer.certificate.worst <= 1e-7
    return answer


def _assert_nearest(study: PlanStudy, answer: Plan) -> None:
    """No plan of least risk is nearer to observed spending, and money that comes too late is left unspent."""
    distance, money, later = 0.0, sum(study.budget.values()) + sum(study.model.budget.values()), study.later
    for t, year in zip(study.years, answer.years, strict=True):
        for (k, i), x0 in study.model.observed.items():
            given = float(answer.optimal.allocation.loc[(k, i), year])
            if t + later.lag[k] + later.delay[k, i] <= study.years[-1]:
                distance += abs(given - x0) if "capacity" in study.levers else x0
            else:
                assert given == 0.0
    distance += sum(paid.to_numpy().sum() for paid in answer.optimal.levers.values())
    assert abs(distance - study.least_distance(answer.risk + 1e-9)) <= 1e-6 * money * len(answer.years)


def _decided(study: PlanStudy, course: Course) -> tuple[dict, dict]:
    years = dict(zip(study.years, course.allocation.columns, strict=True))
    allocation = {
        t: {at: float(course.allocation.loc[at, year]) for at in study.model.observed} for t, year in years.items()
    }
    money = {lever: {str(name): list(own) for name, own in paid.iterrows()} for lever, paid in course.levers.items()}
    return allocation, study.amounts_of(money)


def _assert_years(course: Course, expected: list[float]) -> None:
    assert len(course.by_year) == len(expected)
    for found, right in zip(course.by_year["risk"], expected, strict=True):
        assert same(found, right, CLOSE)


def _assert_allowed(study: PlanStudy, answer: Plan) -> None:
    """Every year keeps to its budget, instrument by instrument where capacity alone is bought, and to the levers."""
    total = sum(study.budget.values())
    assert (answer.optimal.spent <= total * (1 + 1e-9)).all()
    assert np.allclose(answer.not_needed + answer.optimal.spent, total, rtol=1e-9)
    for instrument, amount in study.budget.items():
        given = answer.optimal.allocation.xs(instrument, level="instrument").sum()
        assert (given <= amount + 1e-9 * total).all()
    if "capacity" not in study.levers:
        assert answer.optimal.allocation.to_numpy().sum() == 0.0
    assert set(answer.optimal.levers) <= set(study.levers)


def _options(rng: np.random.Generator, levers: tuple[str, ...], most: int = 4) -> dict[str, Any]:
    return {
        "years": int(rng.integers(1, most + 1)),
        "growth": float(rng.choice([0.0, 0.05, -0.1, rng.uniform(-0.3, 0.5)])),
        "rate": float(rng.choice([0.03, 0.0, rng.uniform(-0.2, 1.0)])),
        "alpha": float(rng.choice([0.0, 0.5, 0.9, rng.uniform(0, 1)])),
        "beta": float(rng.choice([0.0, 0.5, 1.0, rng.uniform(0, 1)])),
        "pieces": int(rng.choice([1, 2, 5, 10])),
        "levers": levers,
    }


def _package(rng: np.random.Generator, only: list[str] | None) -> tuple[Tables, str]:
    """A random package with lags and lives, of segments and of instruments by tier."""
    tables, home = draw(rng)
    add_structure(rng, tables, home, only)
    used = sorted({row["instrument"] for row in tables["subsidies"]})
    delayed = [
        measured(int(rng.integers(0, 3)), instrument=name, tier=tier, parameter="lag")
        for name in used
        for tier in ("", "upstream")
        if rng.random() < 0.4
    ]
    if delayed:
        tables["instruments"] = [*tables.get("instruments", []), *delayed]
    return tables, home


@pytest.mark.parametrize("seed", range(8))
def test_capacity_over_years_agrees_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 641])
    tables, home = _package(rng, ["response"])
    assert_agrees(write(tmp_path / "dice", tables, home), _options(rng, ("capacity",)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_every_table_and_lever_over_years_agrees_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 642])
    tables, home = _package(rng, list(STRUCTURE))
    assert_agrees(write(tmp_path / "dice", tables, home), _options(rng, LEVERS, most=3))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(16))
def test_any_tables_and_levers_over_years_agree_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 643])
    tables, home = _package(rng, None)
    levers = tuple(lever for lever in LEVERS if rng.random() < 0.6) or ("stocks",)
    options = _options(rng, levers, most=3)
    if rng.random() < 0.5:
        options["budget"] = sum(row["value"] for row in tables["subsidies"]) * float(rng.uniform(0.05, 3.0))
    assert_agrees(write(tmp_path / "dice", tables, home), options)
