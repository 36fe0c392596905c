"""The least-risk allocation of a chain with many scenarios, by decomposition.

Risk depends on the allocation only through the supply g[k] that it adds, and is convex in it. So the program

    min theta   subject to the first stage (optimize/first_stage.py) and  theta >= level_j + slope_j @ g  for planes j

has the least risk as its optimum once enough planes are in it, and a lower bound before (Benders, Partitioning
procedures for solving mixed-variables programming problems, Numerische Mathematik 4, 1962; for two stages Van Slyke
and Wets, L-shaped linear programs, SIAM Journal on Applied Mathematics 17, 1969). Each plane is taken halfway between
the program's optimum and the best point so far, so that the steps do not swing (Ben-Ameur and Neto, Acceleration of
cutting-plane and column generation algorithms: applications to network design, Networks 49, 2007).

Planes come from a pool of prices (optimize/price_pool.py): one matrix operation, no linear program. When the bounds
meet, the recourse of every scenario is solved at the best point (optimize/batches.py): either the risk there is
proven, or some scenario has prices that the pool lacks, and the search goes on.
"""

from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, ChainNumbers
from optimize.batches import Batches, merge_scenarios
from optimize.compiling import Compiled
from optimize.evaluation import Evaluator
from optimize.least_losses import Recourse
from optimize.linear import ACCURATE, Certificate, InaccurateError
from optimize.master import Master
from optimize.options import RiskOptions
from optimize.price_pool import Plane, PricePool, risk_plane, weights
from optimize.units import OBJECTIVE

__all__ = ["Decomposed", "decompose", "pays_off"]

MET = 1e-8
"""Bounds this near have met, in inner units: 1e-11 of risk, a hundredth of the tie."""
_SCENARIOS_A_SEGMENT = 12
"""Where decomposition becomes the faster: measured on the shipped packages (docs/questions/many-scenarios.md)."""


@dataclass(frozen=True)
class Decomposed:
    """The least-risk allocation nearest to the observed one, x[k, i] in the chain's money, and how it was found.

    `risk` is attained and no allocation has less than `lower` (shares of weighted final demand); `gap` is their
    distance relative to 1 + the objective in inner units. `scenarios` counts those that differ, `prices` the pool,
    `iterations` the planes, `passes` how often the recourse of every scenario was solved. `certificate` is the worst
    over every solve, with `gap` as its gap where that is larger. `reached` is every scenario's recourse there.
    """

    allocation: Array
    reached: Recourse
    risk: float
    lower: float
    gap: float
    scenarios: int
    prices: int
    iterations: int
    passes: int
    certificate: Certificate


def pays_off(numbers: ChainNumbers) -> bool:
    """Whether there are so many scenarios that decomposition is the faster way to the least risk."""
    return len(numbers.scenarios) >= _SCENARIOS_A_SEGMENT * len(numbers.segments)


def decompose(evaluator: Evaluator, first: Compiled, tie: float) -> Decomposed:
    """Least risk over the first stage `first` (inner units), and the nearest allocation with risk <= least + tie.

    Raises InfeasibleError if the first stage has no allocation, InaccurateError if the bounds do not meet to 1e-7.
    """
    merged, group = merge_scenarios(evaluator.inner)
    scenarios = _Scenarios(evaluator.compiled, merged, evaluator.options)
    master = Master(first)
    observed = evaluator.numbers.observed / evaluator.units.money
    start = evaluator.curve.added(observed @ evaluator.inner.effectiveness)
    scenarios.learn(start)
    master.add(scenarios.plane(start))
    lower, upper = _least(master, scenarios)
    gap = abs(upper - lower) / (1.0 + abs(upper))
    if gap > ACCURATE:
        raise InaccurateError(f"the bounds of the decomposition, {lower:.9g} and {upper:.9g}, do not meet")
    nearest = _nearest(master, scenarios, max(lower + tie * OBJECTIVE, upper))
    allocation = np.maximum(nearest.reshape(evaluator.inner.observed.shape), 0.0) * evaluator.units.money
    certificate = master.certificate.worse(scenarios.certificate).worse(Certificate(0.0, 0.0, 0.0, gap))
    return Decomposed(
        allocation=allocation,
        reached=Recourse(scenarios.values[group], scenarios.prices[group]),
        risk=max(upper, 0.0) / OBJECTIVE,
        lower=max(min(lower, upper), 0.0) / OBJECTIVE,
        gap=gap,
        scenarios=len(scenarios.probability),
        prices=len(scenarios.pool),
        iterations=master.planes,
        passes=scenarios.passes,
        certificate=certificate,
    )


def _least(master: Master, scenarios: "_Scenarios") -> tuple[float, float]:
    """Lower and upper bound on the least risk, in inner units; the upper one is attained, proven by every recourse."""
    best = master.solve().values
    while True:
        best, lower = _search(master, scenarios, best)
        upper, learned = scenarios.learn(best[master.added])
        if not learned:
            return lower, upper


def _search(master: Master, scenarios: "_Scenarios", best: Array) -> tuple[Array, float]:
    """The best point as far as the pool knows, from one that is allowed, and the lower bound that it meets."""
    plane = scenarios.plane(best[master.added])
    upper = plane.at(best[master.added])
    while True:
        master.add(plane)
        optimum = master.solve()
        if upper - optimum.objective <= MET:
            return best, optimum.objective
        point = (best + optimum.values) / 2.0
        plane = scenarios.plane(point[master.added])
        if plane.at(optimum.values[master.added]) <= optimum.objective + MET / 2.0:  # it would not move the optimum
            point = optimum.values
            plane = scenarios.plane(point[master.added])
        if plane.at(point[master.added]) < upper:
            best, upper = point, plane.at(point[master.added])


def _nearest(master: Master, scenarios: "_Scenarios", limit: float) -> Array:
    """Columns x of the point nearest to the observed allocation whose risk is at most `limit` (inner units)."""
    master.seek_nearest(limit)
    while True:
        point = master.solve().values
        plane = scenarios.plane(point[master.added])
        if plane.at(point[master.added]) <= limit + MET:
            _, learned = scenarios.learn(point[master.added])
            if not learned:
                return np.asarray(point[master.given])
            plane = scenarios.plane(point[master.added])
        master.add(plane)


class _Scenarios:
    """Risk as a function of the supply added: from the pool, or from the recourse of every scenario.

    values[s, column] and prices[s, row] are those of the last time that every recourse was solved.
    """

    def __init__(self, compiled: Compiled, numbers: ChainNumbers, options: RiskOptions) -> None:
        self.probability = numbers.probability
        self._batches = Batches(compiled, numbers)
        self._options = options
        self.pool = PricePool(self._batches.block)
        self.values: Array = np.zeros_like(self._batches.block.column_upper)
        self.prices: Array = np.zeros_like(self._batches.block.row_upper)
        self.passes = 0
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def plane(self, added: Array) -> Plane:
        """The plane that the pool sets at supply added g[k]."""
        return risk_plane(self.pool, added, self.probability, self._options.alpha, self._options.beta)

    def learn(self, added: Array) -> tuple[float, bool]:
        """Risk (inner units) at supply added g[k] from every scenario's recourse; whether the pool lacked prices."""
        loss = np.empty(len(self.probability))
        before = len(self.pool)
        for batch in self._batches.solve(added):
            loss[batch.scenarios] = batch.loss
            self.values[batch.scenarios], self.prices[batch.scenarios] = batch.values, batch.prices
            self.pool.learn(batch, added)
            self.certificate = self.certificate.worse(batch.certificate)
        self.passes += 1
        risk = weights(loss, self.probability, self._options.alpha, self._options.beta) @ loss
        return float(risk), len(self.pool) > before
