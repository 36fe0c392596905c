"""The nearest least-risk allocation: first the least risk, then, of all that attain it, the least change.

Where several are equally near, the one with the least sum of squares (program/squares.py), so that it is one.

As one linear program over all scenarios (the deterministic equivalent) or, where there are so many that it is the
faster way, by decomposition (solving/decomposition.py). Both prove the risk they report.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from chains.numbers import Array, ChainNumbers, of_scenarios
from optimize.program.cache import compiled_first_stage
from optimize.program.compiling import Compiled
from optimize.program.decision import Decision, provided
from optimize.program.first_stage import Limit
from optimize.program.response import Chords
from optimize.program.two_stage import TwoStage, stacked
from optimize.solver.linear import Certificate, InaccurateError, NotOptimalError, Optimum, Solver, among_best
from optimize.solving.budgets import limits_of
from optimize.solving.conflict import NoSolutionError, explain_conflict
from optimize.solving.decomposition import Decomposed, decompose, pays_off
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import idle_of
from optimize.solving.least_losses import Recourse, recourse_of
from optimize.solving.options import Options
from optimize.solving.restricting import Extendable, Restriction, restricted, restricted_stage
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import SAME_RISK, TIE

__all__ = ["Least", "Method", "Nearest", "check_attained", "check_bought", "nearest_least_risk", "solve_least_risk"]


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
class Least:
    """A least risk and the certificate of its solve."""

    risk: float
    certificate: Certificate


@dataclass(frozen=True)
class Nearest:
    """The decision in the chain's money, its recourse, the least risk, and the certificate of all solves.

    `first` is the first stage, from which `idle` money x[k, i] (inner units) is left out; `again` solves for the least
    risk under one more restriction, from where this solve ended.
    """

    decision: Decision
    reached: list[Recourse]
    risk: float
    certificate: Certificate
    method: Method
    first: Compiled
    idle: Array
    again: Callable[[Restriction], Least]


def nearest_least_risk(evaluator: Evaluator, options: Options, budget: Array) -> Nearest:
    """The least-risk allocation nearest to the observed one; NoSolutionError if the options leave none."""
    idle = idle_of(evaluator, options, budget)
    found = (_by_decomposition if pays_off(evaluator.inner) else _directly)(evaluator, options, budget, idle)
    return replace(found, decision=found.decision.with_more(idle * evaluator.units.money))


def _directly(evaluator: Evaluator, options: Options, budget: Array, idle: Array) -> Nearest:
    stages, solver, least = solve_least_risk(evaluator, options, budget, idle)
    basis = Extendable(solver.basis)
    nearest_one = among_best(solver, least, TIE * OBJECTIVE, stages.distance, stages.squares(evaluator.inner, idle))
    numbers, blocks = evaluator.inner, [given.block for given in evaluator.given]
    reached = recourse_of(stages, blocks, numbers.probability, options.beta, nearest_one.values, least.duals)
    return Nearest(
        decision=stages.decision(nearest_one.values, numbers).scaled(evaluator.units.money),
        reached=reached,
        risk=max(least.objective, 0.0) / OBJECTIVE,
        certificate=least.certificate.worse(nearest_one.certificate),
        method=Method("deterministic equivalent", len(numbers.scenarios)),
        first=_first_stage(evaluator, options, budget, idle)[0],
        idle=idle,
        again=partial(_again, evaluator, stages, basis),
    )


def _again(evaluator: Evaluator, stages: TwoStage, basis: Extendable, restriction: Restriction) -> Least:
    solver = Solver(restricted(stages.program, restriction))
    solver.start_from(basis.extended(restriction))
    optimum = solver.solve()
    check_bought(stages, evaluator.inner, evaluator.curve, restriction.opened(optimum.values))
    return Least(max(optimum.objective, 0.0) / OBJECTIVE, optimum.certificate)


def check_attained(evaluated: float, claimed: float) -> None:
    """InaccurateError unless the risk of an allocation, evaluated by itself, is the least risk claimed for it.

    A solver's tolerances are absolute. Where a tiny amount of money or loss counts for much, a program may keep to them
    and yet rest on money that nobody gave.
    """
    if not abs(evaluated - claimed) <= TIE + SAME_RISK * (1.0 + claimed):
        raise InaccurateError(f"the least risk found is {claimed:.9g}, but the risk of its allocation {evaluated:.9g}")


def check_bought(stages: TwoStage, numbers: ChainNumbers, curve: Chords, values: Array) -> None:
    """InaccurateError if the supply added in a solution is more than its money buys. Inner units."""
    bought = provided(stages.decision(values, numbers), numbers, curve, stages.levers)["added"]
    free = float((values[stages.columns("added")] - bought).max(initial=0.0))
    if free > SAME_RISK * OBJECTIVE:
        raise InaccurateError(f"a share of {free / OBJECTIVE:.1e} of final demand is supplied that no money buys")


def _by_decomposition(evaluator: Evaluator, options: Options, budget: Array, idle: Array) -> Nearest:
    first, limits = _first_stage(evaluator, options, budget, idle)
    try:
        found = decompose(evaluator, first, TIE, idle)
    except NotOptimalError as error:
        calm = of_scenarios(evaluator.inner, slice(evaluator.inner.calm, None))  # only the first stage can conflict
        stages = stacked(first, evaluator.compiled, calm, options.alpha, options.beta)
        conflict = explain_conflict(stages, evaluator.inner, limits)
        raise (NoSolutionError(conflict) if conflict else error) from None
    method = Method("decomposition", found.scenarios, found.iterations, found.passes, found.gap)
    again = partial(_again_by_decomposition, first, found)
    return Nearest(found.decision, found.reached, found.risk, found.certificate, method, first, idle, again)


def _again_by_decomposition(first: Compiled, found: Decomposed, restriction: Restriction) -> Least:
    return Least(*found.again(restricted_stage(first, restriction)))


def solve_least_risk(
    evaluator: Evaluator, options: Options, budget: Array, idle: Array | float = 0.0
) -> tuple[TwoStage, Solver, Optimum]:
    """The program of least risk, its solver and the optimum reached; NoSolutionError if there is no allocation.

    `idle` is money x[k, i] (inner units) that is left out: of the observed allocation, the budget, and the answer.
    """
    first, limits = _first_stage(evaluator, options, budget, idle)
    stages = stacked(first, evaluator.compiled, evaluator.inner, options.alpha, options.beta)
    solver = Solver(stages.program)
    try:
        least = solver.solve()
    except NotOptimalError as error:
        conflict = explain_conflict(stages, evaluator.inner, limits)
        raise (NoSolutionError(conflict) if conflict else error) from None
    check_bought(stages, evaluator.inner, evaluator.curve, least.values)
    return stages, solver, least


def _first_stage(
    evaluator: Evaluator, options: Options, budget: Array, idle: Array | float
) -> tuple[Compiled, list[Limit]]:
    numbers, money = evaluator.inner, evaluator.units.money
    limits = limits_of(numbers, options, money)
    levers = evaluator.levers
    used = replace(numbers, observed=numbers.observed - idle)
    available = budget / money - np.sum(idle, axis=0)
    return compiled_first_stage(used, evaluator.curve, available, levers, limits, options.move), limits
