"""The nearest least-risk allocation: first the least risk, then, among all that attain it, the least change.

As one linear program over all scenarios (the deterministic equivalent) or, where there are so many that it is the
faster way, by decomposition (solving/decomposition.py). Both prove the risk they report.
"""

from dataclasses import dataclass

from chains.numbers import Array, of_scenarios
from optimize.program.cache import compiled_first_stage
from optimize.program.compiling import Compiled
from optimize.program.decision import Decision
from optimize.program.first_stage import Limit
from optimize.program.two_stage import TwoStage, stacked
from optimize.solver.linear import Certificate, NotOptimalError, Optimum, Solver
from optimize.solving.budgets import limits_of
from optimize.solving.conflict import NoSolutionError, explain_conflict
from optimize.solving.decomposition import decompose, pays_off
from optimize.solving.evaluation import Evaluator
from optimize.solving.least_losses import Recourse, recourse_of
from optimize.solving.options import Options
from optimize.solving.units import OBJECTIVE

__all__ = ["TIE", "Method", "Nearest", "nearest_least_risk", "solve_least_risk"]

TIE = 1e-9
"""How far above the least risk the reported allocation may be, so as to be near the observed one."""


@dataclass(frozen=True)
class Method:
    """How the least risk was found: `name` is `deterministic equivalent` or `decomposition`.

    `scenarios` counts those that differ. Of decomposition: planes of the master program (`iterations`), how often
    every scenario was solved (`passes`), and the distance of its bounds relative to 1 + the objective (`gap`).
    """

    name: str
    scenarios: int
    iterations: int = 0
    passes: int = 0
    gap: float = 0.0


@dataclass(frozen=True)
class Nearest:
    """The decision in the chain's money, its recourse, the least risk, and the certificate of all solves."""

    decision: Decision
    reached: list[Recourse]
    risk: float
    certificate: Certificate
    method: Method


def nearest_least_risk(evaluator: Evaluator, options: Options, budget: Array) -> Nearest:
    """The least-risk allocation nearest to the observed one; NoSolutionError if the options leave none."""
    if pays_off(evaluator.inner):
        return _by_decomposition(evaluator, options, budget)
    stages, solver, least = solve_least_risk(evaluator, options, budget)
    solver.next_goal(stages.program.cost, least.objective + TIE * OBJECTIVE, stages.distance)
    nearest_one = solver.solve()
    numbers, blocks = evaluator.inner, [given.block for given in evaluator.given]
    reached = recourse_of(stages, blocks, numbers.probability, options.beta, nearest_one.values, least.duals)
    return Nearest(
        decision=stages.decision(nearest_one.values, numbers).scaled(evaluator.units.money),
        reached=reached,
        risk=max(least.objective, 0.0) / OBJECTIVE,
        certificate=least.certificate.worse(nearest_one.certificate),
        method=Method("deterministic equivalent", len(numbers.scenarios)),
    )


def _by_decomposition(evaluator: Evaluator, options: Options, budget: Array) -> Nearest:
    first, limits = _first_stage(evaluator, options, budget)
    try:
        found = decompose(evaluator, first, TIE)
    except NotOptimalError as error:
        calm = of_scenarios(evaluator.inner, slice(evaluator.inner.calm, None))  # only the first stage can conflict
        stages = stacked(first, evaluator.compiled, calm, options.alpha, options.beta)
        conflict = explain_conflict(stages, evaluator.inner, limits)
        raise (NoSolutionError(conflict) if conflict else error) from None
    method = Method("decomposition", found.scenarios, found.iterations, found.passes, found.gap)
    return Nearest(found.decision, found.reached, found.risk, found.certificate, method)


def solve_least_risk(evaluator: Evaluator, options: Options, budget: Array) -> tuple[TwoStage, Solver, Optimum]:
    """The program of least risk, its solver and the optimum reached; NoSolutionError if there is no allocation."""
    first, limits = _first_stage(evaluator, options, budget)
    stages = stacked(first, evaluator.compiled, evaluator.inner, options.alpha, options.beta)
    solver = Solver(stages.program)
    try:
        return stages, solver, solver.solve()
    except NotOptimalError as error:
        conflict = explain_conflict(stages, evaluator.inner, limits)
        raise (NoSolutionError(conflict) if conflict else error) from None


def _first_stage(evaluator: Evaluator, options: Options, budget: Array) -> tuple[Compiled, list[Limit]]:
    numbers, money = evaluator.inner, evaluator.units.money
    limits = limits_of(numbers, options, money)
    levers = evaluator.levers
    return compiled_first_stage(numbers, evaluator.curve, budget / money, levers, limits, options.move), limits
