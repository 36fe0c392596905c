"""Part 2 of the finding: which planner would have given the money as it was given?

One planner maximises visible home output, one minimises risk; in between stand mixtures of the two. The mixture
whose best allocation comes nearest to the observed one is *consistent with* the observed priorities. It cannot
prove a motive: three tiers leave too much open.
"""

from dataclasses import dataclass, replace
from typing import Unpack

import highspy
import numpy as np
import pandas as pd

from chains import Chain
from chains.numbers import Array, ChainNumbers
from chains.presenting import Shown
from chains.tables.schema import TIERS
from optimize.program.first_stage import first_stage
from optimize.program.response import Chords
from optimize.program.two_stage import TwoStage, two_stage
from optimize.solver.linear import Certificate, Optimum, Solver, among_best
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import idle_money
from optimize.solving.nearest import check_bought
from optimize.solving.options import RiskArguments, RiskOptions, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["Explanation", "explain"]

WEIGHTS = np.arange(21) / 20
"""Weights on risk reduction: 0 is the output-maximising planner, 1 the risk-minimising one."""


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """What planners between output and risk would do with the observed budget.

    mixtures: index `weight` (on risk reduction), columns upstream, midstream, downstream (money, the nearest to the
    observed among equally good allocations), `moved` (share of the budget that differs from the observed
    allocation). `nearest` are the weights whose allocation is nearest.
    """

    chain: Chain
    observed: pd.Series
    mixtures: pd.DataFrame
    nearest: tuple[float, ...]
    options: RiskOptions
    certificate: Certificate


def explain(chain: Chain, **options: Unpack[RiskArguments]) -> Explanation:
    """Profiles of planners that weigh risk reduction against visible home output.

    Visible home output is sum_k sum_j slope_kj z_kj: home supply added, in money per year, in whatever segment and
    whether or not a disruption would leave it its inputs. Both goals are scaled by their best value:
    max w (risk(0) - risk(x)) / best + (1 - w) output(x) / best. Options: alpha, beta, pieces.
    """
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    least = evaluator.none.risk
    numbers, money = evaluator.inner, evaluator.units.money
    budget = numbers.observed.sum(axis=0)
    idle = idle_money(numbers, evaluator.curve, budget)
    used = replace(numbers, observed=numbers.observed - idle)
    first = first_stage(used, evaluator.curve, budget - idle.sum(axis=0))
    stages = two_stage(first, evaluator.compiled, numbers, evaluator.options.alpha, evaluator.options.beta)
    risk, output = stages.program.cost, -stages.cost_of("added")
    planner = _Planner(stages)
    best_risk, best_output = planner.best(risk).objective, planner.best(output).objective
    fall = least - best_risk / OBJECTIVE
    rows = []
    for weight in WEIGHTS:
        cost = np.zeros_like(risk)
        if fall > TIE:
            cost += weight * risk / (fall * OBJECTIVE)
        if best_output < 0:
            cost += (1.0 - weight) * output / -best_output
        allocation = planner.nearest(cost, used, evaluator.curve) + idle
        moved = float(np.abs(allocation - numbers.observed).sum()) / 2.0 / max(float(budget.sum()), TIE)
        rows.append([*_by_tier(allocation * money, numbers.tiers), moved])
    mixtures = pd.DataFrame(rows, index=pd.Index(WEIGHTS, name="weight"), columns=[*TIERS, "moved"])
    close = mixtures.index[mixtures["moved"] <= mixtures["moved"].min() + 1e-6]
    observed = pd.Series(_by_tier(numbers.observed * money, numbers.tiers), index=list(TIERS), name="observed")
    fitting = tuple(float(weight) for weight in close)
    return Explanation(chain, observed, mixtures, fitting, evaluator.options, planner.certificate)


class _Planner:
    """What a planner does who minimises one cost after another, each from the basis of the one before."""

    def __init__(self, stages: TwoStage) -> None:
        self._stages, self._solver = stages, Solver(stages.program)
        self._basis: highspy.HighsBasis | None = None
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def best(self, cost: Array) -> Optimum:
        """The least of a cost over all allocations of the budget."""
        program = self._stages.with_cost(cost)
        self._solver.hold(program)
        found = self._solver.solve() if self._basis is None else self._solver.solve_from(program, self._basis)
        self._basis = self._solver.basis
        self.certificate = self.certificate.worse(found.certificate)
        return found

    def nearest(self, cost: Array, numbers: ChainNumbers, curve: Chords) -> Array:
        """Among the allocations of least cost, the one nearest to the observed allocation."""
        stages, best = self._stages, self.best(cost)
        self._solver.start_from(None)
        nearest = among_best(self._solver, best, TIE, stages.distance, stages.squares(numbers))
        self.certificate = self.certificate.worse(nearest.certificate)
        check_bought(stages, numbers, curve, nearest.values)
        allocation = nearest.values[stages.columns("x")].reshape(numbers.observed.shape)
        return np.asarray(np.maximum(allocation, 0.0))


def _by_tier(allocation: Array, tiers: tuple[str, ...]) -> list[float]:
    given = allocation.sum(axis=1)
    return [float(sum(given[k] for k, own in enumerate(tiers) if own == tier)) for tier in TIERS]
