"""The least-risk allocation: minimise risk over who gets the budget, and among ties stay near the observed one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.problems import Problem, nearest
from chains.schema import TIERS
from data import __version__
from optimize.conflict import NoSolutionError, explain_conflict
from optimize.evaluation import Evaluator, Solution
from optimize.first_stage import Limit, first_stage
from optimize.least_losses import Recourse, recourse_of
from optimize.linear import Certificate, NotOptimalError, Optimum, Solver
from optimize.marginal import next_unit, transfers
from optimize.options import Options, RiskOptions, make_options
from optimize.program import TwoStage, two_stage
from optimize.units import OBJECTIVE

__all__ = ["TIE", "Result", "budget_of", "least_risk", "limits_of", "optimize", "provenance", "solve_least_risk"]

TIE = 1e-9
"""How far above the least risk the reported allocation may be, so as to be near the observed one."""


@dataclass(frozen=True)
class Result:
    """The answer: no subsidy, the observed allocation and the least-risk one, and what moves risk from there.

    `risk` is the least risk; `optimal` attains it to 1e-9 and is the nearest such allocation to the observed one.
    next_unit[segment]: fall in risk per unit of money; transfer[from, to]: fall in risk per unit moved (NaN where
    the giving tier has nothing to give). `certificate` is the worst over every solve behind the answer.
    """

    chain: Chain
    options: Options
    budget: pd.Series
    none: Solution
    observed: Solution
    optimal: Solution
    risk: float
    next_unit: pd.Series
    transfer: pd.DataFrame
    certificate: Certificate

    @property
    def allocation(self) -> pd.Series:
        """Money by segment in the least-risk allocation, summed over instruments."""
        return self.optimal.allocation.sum(axis=1).rename("allocation")

    def tiers(self, solution: Solution) -> pd.Series:
        """Money by tier, in order upstream, midstream, downstream."""
        by_segment = solution.allocation.sum(axis=1)
        tier = self.chain.segments["tier"]
        return by_segment.groupby(tier.to_numpy()).sum().reindex(TIERS, fill_value=0.0).rename_axis("tier")


def optimize(chain: Chain, **options: object) -> Result:
    """Least-risk allocation of the budget. Options as in `optimize.options`.

    Raises InputError where the input is wrong (a chain that does not balance in calm included), NoSolutionError
    where the options leave no allocation, NotOptimalError if the solver does not prove optimality.
    """
    chosen = make_options(Options, options)
    evaluator = Evaluator(chain, chosen.risk_options())
    none = evaluator.none
    observed = evaluator.solution(chain.numbers.observed)
    budget = budget_of(chain.numbers, chosen.budget)
    optimal, risk, certificate = nearest_solution(evaluator, chosen, budget)
    moved = float(budget.sum()) * 0.01
    return Result(
        chain=chain,
        options=chosen,
        budget=pd.Series(budget, index=pd.Index(chain.numbers.instruments, name="instrument"), name="budget"),
        none=none,
        observed=observed,
        optimal=optimal,
        risk=risk,
        next_unit=next_unit(evaluator, observed, budget, moved),
        transfer=transfers(evaluator, observed, moved),
        certificate=certificate.worse(evaluator.certificate),
    )


def budget_of(numbers: ChainNumbers, total: float | None) -> Array:
    """Budget by instrument: as observed, or a given total split as observed.

    InputError where a total is given for several instruments and nothing was observed to split it by.
    """
    observed = numbers.observed.sum(axis=0)
    if total is None:
        return np.asarray(observed)
    if len(observed) == 0:
        wrong = "a budget needs an instrument to be given through"
        raise InputError.single("subsidies.csv", wrong, "add a row that names one")
    if len(observed) == 1:
        return np.array([total])
    if observed.sum() <= 0:
        wrong = "the budget cannot be split over instruments: none was observed to get money"
        raise InputError.single("subsidies.csv", wrong, "give the observed allocation")
    return np.asarray(total * observed / observed.sum())


def least_risk(chain: Chain, **options: object) -> Solution:
    """The least-risk allocation of the budget alone, with what follows from it; options and errors as for `optimize`.

    `optimize` answers more (the observed allocation, next unit, transfers) and takes several times as long. Its
    `certificate` is the worst of all solves.
    """
    chosen = make_options(Options, options)
    evaluator = Evaluator(chain, chosen.risk_options())
    evaluator.check_balance()
    solution, _, certificate = nearest_solution(evaluator, chosen, budget_of(chain.numbers, chosen.budget))
    return replace(solution, certificate=certificate.worse(solution.certificate))


def nearest_least_risk(evaluator: Evaluator, options: Options, budget: Array) -> tuple[Array, float, Certificate]:
    """The nearest least-risk allocation x[k, i], the least risk, and the certificate of both solves."""
    allocation, _, risk, certificate = _nearest(evaluator, options, budget)
    return allocation, risk, certificate


def nearest_solution(evaluator: Evaluator, options: Options, budget: Array) -> tuple[Solution, float, Certificate]:
    """The solution at the nearest least-risk allocation, the least risk, and the certificate of both solves."""
    allocation, reached, risk, certificate = _nearest(evaluator, options, budget)
    return evaluator.solution_near(allocation, reached), risk, certificate


def _nearest(evaluator: Evaluator, options: Options, budget: Array) -> tuple[Array, Recourse, float, Certificate]:
    """The nearest least-risk allocation with its recourse, priced as at the optimum, where all are least-risk."""
    stages, solver, least = solve_least_risk(evaluator, options, budget)
    cost = stages.program.cost
    solver.next_goal(cost, least.objective + TIE * OBJECTIVE, stages.cost_of("distance"))
    nearest_one = solver.solve()
    numbers = evaluator.inner
    allocation = nearest_one.values[stages.columns("x")].reshape(numbers.observed.shape)
    reached = recourse_of(stages, evaluator.compiled, numbers, options.beta, nearest_one.values, least.duals)
    certificate = least.certificate.worse(nearest_one.certificate)
    risk = max(least.objective, 0.0) / OBJECTIVE
    return np.maximum(allocation, 0.0) * evaluator.units.money, reached, risk, certificate


def solve_least_risk(evaluator: Evaluator, options: Options, budget: Array) -> tuple[TwoStage, Solver, Optimum]:
    """The program of least risk, its solver and the optimum reached; NoSolutionError if there is no allocation."""
    numbers, money = evaluator.inner, evaluator.units.money
    limits = limits_of(numbers, options, money)
    first = first_stage(numbers, evaluator.curve, budget / money, limits=limits, move=options.move)
    stages = two_stage(first, evaluator.compiled, numbers, options.alpha, options.beta)
    solver = Solver(stages.program)
    try:
        return stages, solver, solver.solve()
    except NotOptimalError as error:
        conflict = explain_conflict(stages, numbers, limits)
        raise (NoSolutionError(conflict) if conflict else error) from None


def limits_of(numbers: ChainNumbers, options: Options, money: float) -> list[Limit]:
    """Bounds on segments and tiers from the options, in inner units."""
    problems, limits = [], []
    bounds: tuple[tuple[str, Mapping[str, float]], ...] = (("min", options.minimum), ("max", options.maximum))
    for kind, given in bounds:
        for name, amount in given.items():
            members = _members(numbers, name)
            if not members:
                wrong = f"'{name}' is neither a segment nor a tier with segments"
                right = nearest(name, (*numbers.segments, *TIERS))
                problems.append(Problem(f"option {kind}", 0, "", wrong, right))
            label = f"--{kind} {name}={amount:g}"
            lower, upper = (amount / money, None) if kind == "min" else (None, amount / money)
            limits.append(Limit(label, members, lower, upper))
    if problems:
        raise InputError(problems)
    return limits


def _members(numbers: ChainNumbers, name: str) -> tuple[int, ...]:
    if name in numbers.segments:
        return (numbers.segments.index(name),)
    return tuple(k for k, tier in enumerate(numbers.tiers) if tier == name)


def provenance(chain: Chain, options: RiskOptions) -> dict[str, object]:
    """Where an answer came from: hashes of packages, changes made, options, versions."""
    tools = ("pyomo", "highspy", "numpy", "scipy", "pandas")
    return {
        "package": chain.sha256,
        "packages": {origin.name: origin.sha256 for origin in chain.origins},
        "changes": list(chain.changes),
        "options": options.model_dump(),
        "versions": {"tierwise": __version__} | {tool: version(tool) for tool in tools},
    }
