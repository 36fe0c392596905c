"""The least-risk allocation: minimise risk over who gets the budget, and among ties stay near the observed one."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import Unpack

import pandas as pd

from chains import Chain
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.schema import TIERS
from data import __version__
from optimize.questions.first_tenth import first_tenth
from optimize.questions.marginal import next_purchases, next_unit, transfers
from optimize.questions.parts import parts_of
from optimize.solver.linear import Certificate
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator, Solution
from optimize.solving.nearby import Nearby
from optimize.solving.nearest import Method, check_attained, nearest_least_risk
from optimize.solving.options import Arguments, Options, RiskOptions, make_options

__all__ = ["Advice", "Result", "advised", "least_risk", "optimize", "provenance"]


@dataclass(frozen=True)
class Advice:
    """No subsidy, the observed allocation and the least-risk one: what is said first. `Result` says this and more.

    `risk` is the least risk, `optimal` the nearest allocation to the observed one that attains it; `certificate` is the
    worst over every solve behind both.
    """

    chain: Chain
    options: Options
    budget: pd.Series
    none: Solution
    observed: Solution
    optimal: Solution
    risk: float
    certificate: Certificate

    @property
    def not_needed(self) -> float:
        """Money of the budget that the least-risk decision leaves unspent."""
        return max(float(self.budget.sum()) - self.optimal.spent, 0.0)


@dataclass(frozen=True, repr=False)
class Result(Shown, Advice):
    """The advice, and what moves risk from the observed allocation; `optimal` attains the least risk to 1e-9.

    next_unit[segment]: fall in risk per unit of money; transfer[from, to]: fall in risk per unit moved (NaN where
    the giving tier has nothing to give); `next_purchases[lever][member]`: as next_unit, through every other lever that
    the money may buy. parts[within, across, all]: falls in risk from the observed allocation where money moves within
    tiers alone, across tiers alone, and freely (questions/parts.py); `first_tenth`: the fall where at most a tenth of
    the observed budget moves (questions/first_tenth.py; NaN with another budget). `certificate` is the worst over every
    solve behind the answer.
    """

    method: Method
    next_unit: pd.Series
    transfer: pd.DataFrame
    next_purchases: dict[str, pd.Series]
    parts: pd.Series
    first_tenth: float

    @property
    def allocation(self) -> pd.Series:
        """Subsidies for capacity by segment in the least-risk decision, summed over instruments."""
        return self.optimal.allocation.sum(axis=1).rename("allocation")

    def tiers(self, solution: Solution) -> pd.Series:
        """Money of every lever by tier, in order upstream, midstream, downstream."""
        by_segment = solution.by_segment
        tier = self.chain.segments["tier"]
        return by_segment.groupby(tier.to_numpy()).sum().reindex(TIERS, fill_value=0.0).rename_axis("tier")


def optimize(chain: Chain, **options: Unpack[Arguments]) -> Result:
    """Least-risk allocation of the budget. Options as in `optimize.solving.options`.

    Raises InputError where the input is wrong (a chain that does not balance in calm included), NoSolutionError
    where the options leave no allocation, NotOptimalError if the solver does not prove optimality.
    """
    chosen = make_options(Options, options)
    evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers)
    evaluator.check()
    nearby = Nearby(evaluator, chain.numbers.observed)
    observed = nearby.solution
    budget = budget_of(chain.numbers, chosen.budget)
    found = nearest_least_risk(evaluator, chosen, budget)
    optimal = evaluator.solution_near(found.decision, found.reached)
    check_attained(optimal.risk, found.risk)
    moved = float(budget.sum()) * 0.01
    parts, solved = parts_of(evaluator, budget, observed.risk, found)
    tenth, moving = first_tenth(evaluator, budget, observed.risk, found)
    return Result(
        chain=chain,
        options=chosen,
        budget=_by_instrument(chain, budget),
        none=evaluator.none,
        observed=observed,
        optimal=optimal,
        risk=found.risk,
        method=found.method,
        next_unit=next_unit(evaluator, nearby, budget, moved),
        transfer=transfers(evaluator, nearby, moved),
        next_purchases=next_purchases(evaluator, nearby, moved),
        parts=parts,
        first_tenth=tenth,
        certificate=found.certificate.worse(evaluator.certificate).worse(solved).worse(moving),
    )


def least_risk(chain: Chain, **options: Unpack[Arguments]) -> Solution:
    """The least-risk allocation of the budget alone, with what follows from it; options and errors as for `optimize`.

    `optimize` answers more (the observed allocation, next unit, transfers) and takes several times as long. Its
    `certificate` is the worst of all solves.
    """
    chosen = make_options(Options, options)
    evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers)
    evaluator.check_balance()
    found = nearest_least_risk(evaluator, chosen, budget_of(chain.numbers, chosen.budget))
    solution = evaluator.solution_near(found.decision, found.reached)
    check_attained(solution.risk, found.risk)
    return replace(solution, certificate=found.certificate.worse(solution.certificate))


def advised(evaluator: Evaluator, chosen: Options) -> Advice:
    """What `optimize` finds, without what moves risk from there; errors as for `optimize`."""
    evaluator.check()
    chain, budget = evaluator.chain, budget_of(evaluator.numbers, chosen.budget)
    observed = evaluator.solution(evaluator.numbers.observed)
    found = nearest_least_risk(evaluator, chosen, budget)
    optimal = evaluator.solution_near(found.decision, found.reached)
    check_attained(optimal.risk, found.risk)
    proved = found.certificate.worse(evaluator.certificate)
    given = _by_instrument(chain, budget)
    return Advice(chain, chosen, given, evaluator.none, observed, optimal, found.risk, proved)


def _by_instrument(chain: Chain, budget: Array) -> pd.Series:
    return pd.Series(budget, index=pd.Index(chain.numbers.instruments, name="instrument"), name="budget")


def provenance(chain: Chain, options: RiskOptions) -> dict[str, object]:
    """Where an answer came from: hashes of packages, periods of their subsidies, changes made, options, versions."""
    return {
        "package": chain.sha256,
        "packages": {origin.name: origin.sha256 for origin in chain.origins},
        "periods": chain.periods,
        "changes": list(chain.changes),
        "options": options.model_dump(),
        "versions": {"tierwise": __version__, **_versions()},
    }


@cache
def _versions() -> dict[str, str]:
    """Versions of the tools behind every answer, read once."""
    return {tool: version(tool) for tool in ("pyomo", "highspy", "numpy", "scipy", "pandas")}
