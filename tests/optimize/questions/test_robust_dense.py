"""The robust answer against formulations that share nothing with it.

The worst distribution against a linear program over q and the dual of CVaR, solved by scipy; the robust allocation
against one dense program over every set of low slopes, built from tests/independent, with the ball of distributions
dualised constraint by constraint.
"""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from chains import load
from optimize import robust
from optimize.program.ambiguity import worst_distribution
from optimize.program.risk import risk_of
from tests.independent import SIZE, Choice, Name, Program, Study, Terms, read, same
from tests.random_packages import Tables, draw, draw_options, write

MOST_SETS = 10
"""Sets of low slopes up to which the dense program is small."""


# ------------------------------------------------------------------------------------ the worst distribution alone


def largest_risk(loss: np.ndarray, p: np.ndarray, rho: float, alpha: float, beta: float) -> float:
    """max over q, t, d of (1 - beta) q'L + beta t'L: t is the tail of CVaR, 0 <= t <= q / (1 - alpha), sum t = 1;
    d >= |q - p|, sum d <= 2 rho.
    """
    n = len(p)
    eye, zero = np.eye(n), np.zeros((n, n))
    above = np.block([[-eye / (1.0 - alpha), eye, zero], [eye, zero, -eye], [-eye, zero, -eye]])
    radius = np.concatenate([np.zeros(2 * n), np.ones(n)])
    ones, none = np.ones(n), np.zeros(n)
    answer = linprog(
        -np.concatenate([(1.0 - beta) * loss, beta * loss, none]),
        A_ub=np.vstack([above, radius]),
        b_ub=np.concatenate([none, p, -p, [2.0 * rho]]),
        A_eq=np.array([np.concatenate([ones, none, none]), np.concatenate([none, ones, none])]),
        b_eq=[1.0, 1.0],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert answer.status == 0
    return -float(answer.fun)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    rho=st.one_of(st.sampled_from([0.0, 0.1, 1.0]), st.floats(0, 1)),
    alpha=st.one_of(st.sampled_from([0.0, 0.5, 0.9]), st.floats(0, 0.99)),
    beta=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)),
)
def test_the_worst_distribution_is_in_the_ball_and_none_there_is_worse(seed, rho, alpha, beta) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 8))
    p = rng.dirichlet(np.ones(n))
    p[rng.random(n) < 0.2] = 0.0
    p = p / p.sum() if p.sum() > 0 else np.full(n, 1.0 / n)
    loss = rng.choice([0.0, 0.3, rng.random()], n)  # ties too
    q = worst_distribution(loss, p, rho)
    assert q.min() >= 0.0
    assert same(q.sum(), 1.0)
    assert np.abs(q - p).sum() / 2 <= rho + 1e-12
    assert same(risk_of(loss, q, alpha, beta).risk, largest_risk(loss, p, rho, alpha, beta), absolute=1e-9)


def test_probability_leaves_calm_first_even_where_another_scenario_loses_nothing() -> None:
    loss, p = np.array([0.0, 0.4, 0.1, 0.0]), np.array([0.1, 0.1, 0.1, 0.7])
    assert worst_distribution(loss, p, 0.2) == pytest.approx([0.1, 0.3, 0.1, 0.5])
    assert worst_distribution(loss, p, 0.85) == pytest.approx([0.0, 0.95, 0.05, 0.0])
    assert worst_distribution(loss, p, 1.0) == pytest.approx([0.0, 1.0, 0.0, 0.0])


# ------------------------------------------------------------------------------------------- the robust allocation


class Robustly:
    """min theta, theta >= sup_q risk_q(x; D) for every set D, as one dense program.

    For each D: h_s = (1 - beta) L_s + beta excess_s / (1 - alpha), and by linear programming duality of
    max h'q, sum q = 1, |q_s - p_s| <= d_s, sum d <= 2 rho, q >= 0:

        theta >= beta eta + lambda + sum_s p_s (a_s - b_s) + 2 rho tau,  lambda + a_s - b_s >= h_s,  a_s + b_s <= tau
    """

    def __init__(self, study: Study, choice: Choice, sets: list[dict[str, float]], rho: float) -> None:
        self.joint = Program()
        self.joint.variable("theta", low=None)
        for n, slopes in enumerate(sets):
            slope = {**study.model.slope, **slopes}
            future = Study(replace(study.model, slope=slope), study.alpha, study.beta, study.pieces)
            self._add(n, future, future._choosing(choice), rho)

    def least(self) -> float:
        return self.joint.minimise({("theta",): 1.0})[0] / SIZE

    def _add(self, n: int, study: Study, program: Program, rho: float) -> None:
        def renamed(name: Name) -> Name:
            return name if name[0] == "x" else ("future", n, *name)

        def terms(given: Terms) -> Terms:
            return {renamed(name): factor for name, factor in given.items()}

        for name, at in program.at.items():
            if renamed(name) not in self.joint.at:
                low, high = program.bounds[at]
                self.joint.variable(*renamed(name), low=low, high=high)
        for row, bound in program.rows:
            self.joint.at_most(terms(row), bound)
        level = self.joint.variable("future", n, "lambda", low=None)
        tau = self.joint.variable("future", n, "tau")
        worst: Terms = {("theta",): -1.0, renamed(("eta",)): study.beta, level: 1.0, tau: 2.0 * rho}
        for s, p in study.model.probability.items():
            a, b = self.joint.variable("future", n, "a", s), self.joint.variable("future", n, "b", s)
            h = terms({name: (1.0 - study.beta) * w for name, w in study._loss(s).items()})
            h[renamed(("excess", s))] = study.beta / (1.0 - study.alpha)
            self.joint.at_most({**h, level: -1.0, a: -1.0, b: 1.0}, 0.0)
            self.joint.at_most({a: 1.0, b: 1.0, tau: -1.0}, 0.0)
            worst |= {a: p, b: -p}
        self.joint.at_most(worst, 0.0)


def with_lows(rng: np.random.Generator, tables: Tables) -> dict[str, float]:
    """Give most slopes a low; the lows, by segment."""
    lows = {}
    for row in tables["response"]:
        if row["parameter"] == "slope" and rng.random() < 0.8:
            row["low"] = lows[row["segment"]] = float(row["value"] * rng.choice([0.0, 0.2, 0.5, 0.9]))
            row["high"] = row["value"]
    return {segment: low for segment, low in lows.items() if low < _slope(tables, segment)}


def _slope(tables: Tables, segment: str) -> float:
    return next(r["value"] for r in tables["response"] if r["parameter"] == "slope" and r["segment"] == segment)


@pytest.mark.parametrize("seed", range(24))
def test_the_robust_allocation_is_that_of_the_dense_program(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng([seed, 5])
    tables, home = draw(rng)
    options = draw_options(rng, tables) | {"pieces": int(rng.choice([1, 2, 4]))}
    lows = with_lows(rng, tables)
    rho = float(rng.choice([0.0, 0.05, 1.0, rng.uniform(0, 1)]))
    gamma = int(rng.integers(0, len(lows) + 1))
    sets = [{k: lows[k] for k in chosen} for chosen in combinations(lows, gamma)]
    while len(sets) > MOST_SETS:
        gamma -= 1
        sets = [{k: lows[k] for k in chosen} for chosen in combinations(lows, gamma)]
    folder = write(tmp_path / "dice", tables, home)
    study = Study(read(folder), options["alpha"], options["beta"], options["pieces"])
    choice = study.choice(**{k: v for k, v in options.items() if k not in ("alpha", "beta", "pieces")})
    found = robust(load(folder), ambiguity=rho, slope_budget=gamma, **options)
    assert found.exact
    assert found.certificate.worst <= 1e-7
    assert same(found.risk, Robustly(study, choice, sets, rho).least(), absolute=2e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_case_of_an_allocation_is_the_largest_over_every_set(tmp_path: Path, seed: int) -> None:
    """The observed allocation, every set of low slopes evaluated one by one by the dense program."""
    rng = np.random.default_rng([seed, 6])
    tables, home = draw(rng)
    lows = with_lows(rng, tables)
    rho, gamma = float(rng.uniform(0, 0.5)), min(2, len(lows))
    folder = write(tmp_path / "dice", tables, home)
    model = read(folder)
    largest = 0.0
    for chosen in combinations(lows, gamma):
        study = Study(replace(model, slope={**model.slope, **{k: lows[k] for k in chosen}}))
        loss = study.evaluate(model.observed).loss
        p = np.array([model.probability[s] for s in loss])
        largest = max(largest, largest_risk(np.array(list(loss.values())), p, rho, 0.9, 0.5))
    found = robust(load(folder), ambiguity=rho, slope_budget=gamma)
    assert same(found.risks.loc["observed", "worst_case"], largest, absolute=1e-9)
