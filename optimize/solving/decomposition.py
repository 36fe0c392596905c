"""The least-risk allocation of a chain with many scenarios, by decomposition.

Risk depends on what is decided only through what it provides, g (the home supply added, and what other levers buy), and
is convex in it. So the program

    min theta   subject to the first stage (program/first_stage.py) and  theta >= level_j + slope_j @ g  for planes j

has the least risk as its optimum once enough planes are in it, and a lower bound before (Benders, Partitioning
procedures for solving mixed-variables programming problems, Numerische Mathematik 4, 1962; for two stages Van Slyke
and Wets, L-shaped linear programs, SIAM Journal on Applied Mathematics 17, 1969). Each plane is taken halfway between
the program's optimum and the best point so far, so that the steps do not swing (Ben-Ameur and Neto, Acceleration of
cutting-plane and column generation algorithms: applications to network design, Networks 49, 2007).

Planes come from a pool of prices (solving/price_pool.py): one matrix operation, no linear program. When the bounds
meet, the recourse of every scenario is solved at the best point (solving/batches.py): either the risk there is
proven, or some scenario has prices that the pool lacks, and the search goes on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from chains.numbers import Array, ChainNumbers, Positions, merge_alike
from optimize.program.cache import CompiledRecourse
from optimize.program.compiling import Compiled
from optimize.program.decision import Decision
from optimize.program.first_stage import AWAY
from optimize.program.levers import Lever, purchases_of
from optimize.program.links import Alike, alike_scenarios
from optimize.program.squares import squares_of
from optimize.program.two_stage import given_blocks
from optimize.solver.linear import Certificate, InaccurateError, Squares
from optimize.solving.batches import Batches
from optimize.solving.evaluation import Evaluator
from optimize.solving.least_losses import Recourse
from optimize.solving.master import Master, Planes, Theta
from optimize.solving.options import RiskOptions
from optimize.solving.price_pool import Plane, PricePool, risk_plane, weights
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import ACCURATE, MET

__all__ = ["Decomposed", "RiskFunction", "ScenarioRisk", "attain", "come_near", "decompose", "pays_off"]

_SCENARIOS_A_SEGMENT = 12
"""Where decomposition becomes the faster: measured on the shipped packages (docs/questions/many-scenarios.md)."""


@dataclass(frozen=True)
class Decomposed:
    """The least-risk decision nearest to the observed one, in the chain's money, and how it was found.

    `risk` is attained and no allocation has less than `lower` (shares of weighted final demand); `gap` is their
    distance relative to 1 + the objective in inner units. `scenarios` counts those that differ, `prices` the pool,
    `iterations` the planes, `passes` how often the recourse of every scenario was solved. `certificate` is the worst
    over every solve, with `gap` as its gap where that is larger. `reached` is every scenario's recourse there. `again`
    gives least risk and certificate over another first stage with the same columns first, from the prices known here.
    """

    decision: Decision
    reached: list[Recourse]
    risk: float
    lower: float
    gap: float
    scenarios: int
    prices: int
    iterations: int
    passes: int
    certificate: Certificate
    again: Callable[[Compiled], tuple[float, Certificate]]


def pays_off(numbers: ChainNumbers) -> bool:
    """Whether there are so many scenarios that decomposition is the faster way to the least risk."""
    return len(numbers.scenarios) >= _SCENARIOS_A_SEGMENT * len(numbers.segments)


def decompose(evaluator: Evaluator, first: Compiled, tie: float, idle: Array | float = 0.0) -> Decomposed:
    """Least risk over the first stage `first` (inner units), and the nearest allocation with risk <= least + tie.

    Of equally near ones that of least squares, from the observed allocation less money x[k, i] that is `idle`.
    Raises InfeasibleError if the first stage has no allocation, InaccurateError if the bounds do not meet to 1e-7.
    """
    merged, group = merge_alike(evaluator.inner)
    scenarios = ScenarioRisk(evaluator.compiled, merged, evaluator.options)
    observed = evaluator.provided(evaluator.numbers.observed)
    start = scenarios.linked(observed)
    scenarios.learn(start)

    def solve(stage: Compiled) -> tuple[Master, float, float, float]:
        """The master program of a first stage with planes enough, the bounds and their gap."""
        master = Master(stage, _away(stage), [Theta(scenarios.members(stage.groups))])
        master.add(scenarios.plane(start))
        return master, *attain(master, scenarios)

    def again(stage: Compiled) -> tuple[float, Certificate]:
        master, _, upper, gap = solve(stage)
        worst = master.certificate.worse(scenarios.certificate).worse(Certificate(0.0, 0.0, 0.0, gap))
        return max(upper, 0.0) / OBJECTIVE, worst

    master, lower, upper, gap = solve(first)
    squares = squares_of([first.groups], evaluator.inner, evaluator.levers, evaluator.inner.observed - idle)
    nearest = come_near(master, scenarios, max(lower + tie * OBJECTIVE, upper), squares)
    decision = _decision(first, evaluator.levers, nearest, evaluator.inner.observed.shape).scaled(evaluator.units.money)
    certificate = master.certificate.worse(scenarios.certificate).worse(Certificate(0.0, 0.0, 0.0, gap))
    return Decomposed(
        decision=decision,
        reached=scenarios.reached(alike_scenarios(evaluator.inner), group),
        risk=max(upper, 0.0) / OBJECTIVE,
        lower=max(min(lower, upper), 0.0) / OBJECTIVE,
        gap=gap,
        scenarios=len(scenarios.probability),
        prices=sum(len(pool) for pool in scenarios.pools),
        iterations=master.planes,
        passes=scenarios.passes,
        certificate=certificate,
        again=again,
    )


def _away(first: Compiled) -> Array:
    """The distance from the observed allocation as a cost."""
    cost = np.zeros(len(first.column_lower))
    for name in AWAY:
        cost[first.groups[name]] = 1.0
    return cost


def _decision(first: Compiled, levers: Sequence[Lever], values: Array, shape: tuple[int, ...]) -> Decision:
    """What is decided at a point."""
    bought = {lever.name: np.maximum(values[first.groups[lever.decided[0]]], 0.0) for lever in purchases_of(levers)}
    return Decision(np.maximum(values[first.groups["x"]].reshape(shape), 0.0), bought)


class RiskFunction(Protocol):
    """Risk as a function of what is provided, g[link], as far as it is known."""

    def plane(self, linked: Array) -> Planes:
        """The plane below risk, as far as it is known, that touches it where g[link] is provided."""

    def learn(self, linked: Array) -> tuple[float, bool]:
        """Risk (inner units) where g[link] is provided, from every recourse; whether more is known now."""


def attain(master: Master, risk: RiskFunction) -> tuple[float, float, float]:
    """Lower and upper bound on the least risk, in inner units, and their gap relative to 1 + the upper one.

    The upper one is attained, proven by every recourse. InaccurateError if the bounds do not meet to 1e-7.
    """
    lower, upper = _least(master, risk)
    gap = abs(upper - lower) / (1.0 + abs(upper))
    if gap > ACCURATE:
        raise InaccurateError(f"the bounds of the decomposition, {lower:.9g} and {upper:.9g}, do not meet")
    return lower, upper, gap


def _least(master: Master, risk: RiskFunction) -> tuple[float, float]:
    best = master.solve().values
    while True:
        best, lower = _search(master, risk, best)
        upper, learned = risk.learn(master.links(best))
        if not learned:
            return lower, upper


def _search(master: Master, risk: RiskFunction, best: Array) -> tuple[Array, float]:
    """The best point as far as is known, from one that is allowed, and the lower bound that it meets."""
    plane = risk.plane(master.links(best))
    upper = plane.at(master.links(best))
    while True:
        master.add(plane)
        optimum = master.solve()
        if upper - optimum.objective <= MET:
            return best, optimum.objective
        point = (best + optimum.values) / 2.0
        plane = risk.plane(master.links(point))
        if plane.at(master.links(optimum.values)) <= optimum.objective + MET / 2.0:  # it would not move the optimum
            point = optimum.values
            plane = risk.plane(master.links(point))
        if plane.at(master.links(point)) < upper:
            best, upper = point, plane.at(master.links(point))


def come_near(master: Master, risk: RiskFunction, limit: float, squares: Squares) -> Array:
    """The point nearest to the observed decision whose risk is at most `limit` (inner units).

    Of several the one with the least squares: planes that only cut off other points which are as near leave the least
    distance, once it is attained, and its prices as they are.
    """
    master.seek_nearest(limit)
    near = master.solve()
    while not _allowed(master, risk, limit, near.values):
        near = master.solve()
    while True:
        point = master.least_squares(near, squares)
        if point is near.values or _allowed(master, risk, limit, point):
            return point


def _allowed(master: Master, risk: RiskFunction, limit: float, point: Array) -> bool:
    """Whether risk at a point is at most `limit`, from every recourse; else the master gets a plane that says so."""
    plane = risk.plane(master.links(point))
    if plane.at(master.links(point)) <= limit + MET:
        _, learned = risk.learn(master.links(point))
        if not learned:
            return True
        plane = risk.plane(master.links(point))
    master.add(plane)
    return False


class ScenarioRisk:
    """Risk as a function of what is provided: from the pools, or from the recourse of every scenario.

    Everything is by groups of alike scenarios, one after the other. values[s, column], prices[s, row] and loss[s] are
    those of the last time that every recourse was solved.
    """

    def __init__(self, compiled: CompiledRecourse, numbers: ChainNumbers, options: RiskOptions) -> None:
        self.probability = numbers.probability
        self._options = options
        self.given = given_blocks(compiled, numbers)
        self._batches = [Batches(given) for given in self.given]
        self.pools = [PricePool(given) for given in self.given]
        self._ends = np.cumsum([given.rows.shape[1] for given in self.given])[:-1]
        self._values = [np.zeros_like(given.block.column_upper) for given in self.given]
        self._prices = [np.zeros_like(given.block.row_upper) for given in self.given]
        self.loss = np.zeros(len(self.probability))
        self.passes = 0
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def members(self, groups: Mapping[str, slice]) -> Positions:
        """Positions of the first-stage columns that the links repeat [link]."""
        return np.concatenate([given.block.members(groups) for given in self.given])

    def linked(self, provided: Mapping[str, Array]) -> Array:
        """What the first stage provides, g[link]."""
        return np.concatenate([given.block.linked(provided) for given in self.given])

    def plane(self, linked: Array) -> Plane:
        """The plane that the pools set where g[link] is provided."""
        provided = np.split(linked, self._ends)
        known = [
            (given.block.alike.scenarios, *pool.losses(own))
            for given, pool, own in zip(self.given, self.pools, provided, strict=True)
        ]
        return risk_plane(known, provided, self.probability, self._options.alpha, self._options.beta)

    def learn(self, linked: Array) -> tuple[float, bool]:
        """Risk (inner units) where g[link] is provided, from every recourse; whether the pools lacked prices."""
        loss = np.empty(len(self.probability))
        learned = False
        provided = np.split(linked, self._ends)
        parts = zip(self.given, self._batches, self.pools, self._values, self._prices, provided, strict=True)
        for given, batches, pool, values, prices, own in parts:
            for batch in batches.solve(own):
                loss[given.block.alike.scenarios[batch.scenarios]] = batch.loss
                values[batch.scenarios], prices[batch.scenarios] = batch.values, batch.prices
                learned |= pool.learn(batch, own)
                self.certificate = self.certificate.worse(batch.certificate)
        self.passes += 1
        self.loss = loss
        risk = weights(loss, self.probability, self._options.alpha, self._options.beta) @ loss
        return float(risk), learned

    def reached(self, groups: Iterable[Alike], group: Positions) -> list[Recourse]:
        """The recourse of all scenarios before alike ones were taken as one; `group` [s] is which of them is theirs."""
        place = np.empty(len(self.probability), dtype=np.intp)
        for given in self.given:
            place[given.block.alike.scenarios] = np.arange(given.block.count)
        found = []
        for alike, values, prices in zip(groups, self._values, self._prices, strict=True):
            found.append(Recourse(values, prices, place[group[alike.scenarios]]))
        return found
