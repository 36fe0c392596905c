"""The least-risk allocation when probabilities and response slopes are in doubt, beside the nominal answer."""

from dataclasses import dataclass, replace
from typing import Annotated, Unpack, cast

import numpy as np
import pandas as pd
from pydantic import Field

from chains import Chain, InputError
from chains.presenting import Shown
from optimize.program.ambiguity import with_levels, worst_distribution
from optimize.program.cache import compile_recourse
from optimize.program.decision import Decision
from optimize.program.first_stage import first_stage
from optimize.program.futures import largest_of
from optimize.program.two_stage import TwoStage, two_stage
from optimize.questions.least_risk import Result, optimize
from optimize.solver.linear import Certificate, Solver, among_best
from optimize.solving.evaluation import Evaluator, Solution, decision_of
from optimize.solving.idle import idle_money
from optimize.solving.nearest import check_attained
from optimize.solving.options import Arguments, Options, make_options
from optimize.solving.slopes import Adversary, Low, WorstSlopes, low_slopes
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["Robust", "RobustOptions", "robust"]

_REACHED = 2 * TIE
"""The worst case of the allocation may be this far above the bound: the tie, and as much again for the solves."""


class RobustOptions(Options):
    """And what is in doubt."""

    ambiguity: Annotated[float, Field(ge=0, le=1, description="probability rho that may be elsewhere")] = 0.0
    slope_budget: Annotated[int, Field(ge=0, description="number Gamma of segments whose slope may be low")] = 0

    def nominal(self) -> Arguments:
        """The options of the nominal question."""
        return cast(Arguments, {name: getattr(self, name) for name in Options.model_fields})


@dataclass(frozen=True, repr=False)
class Robust(Shown):
    """The nominal answer and, beside it, the allocation whose worst case is least.

    `risks`: index observed, optimal (the nominal least-risk allocation) and robust; columns nominal and worst_case,
    shares of weighted final demand. `robust` is the solution at the robust allocation with nominal slopes. The worst
    case there: `distribution` (index scenario; columns nominal p, worst_case q, and loss with the worst slopes) and
    `low_slopes`, the segments whose slope is then low. `risk` is the proven least worst-case risk; the allocation
    attains it to `gap`, and the answer is `exact` where that is 2e-9 or less. `iterations` counts the programs over
    the slope sets found so far; `certificate` is the worst over every solve.
    """

    options: RobustOptions
    nominal: Result
    robust: Solution
    risk: float
    risks: pd.DataFrame
    distribution: pd.DataFrame
    low_slopes: tuple[str, ...]
    iterations: int
    gap: float
    certificate: Certificate

    @property
    def exact(self) -> bool:
        """Whether every worst case is proven, and the robust allocation's is the least."""
        return self.gap <= _REACHED

    @property
    def allocation(self) -> pd.Series:
        """Money by segment in the robust allocation, summed over instruments."""
        return self.robust.allocation.sum(axis=1).rename("allocation")

    @property
    def price(self) -> float:
        """Price of robustness: by how much the nominal risk of the robust allocation is above the least."""
        risk = self.risks["nominal"]
        return float(risk["robust"] - risk["optimal"])

    @property
    def protection(self) -> float:
        """What the price buys: by how much the worst case is below that of the nominal least-risk allocation."""
        risk = self.risks["worst_case"]
        return float(risk["optimal"] - risk["robust"])


def robust(chain: Chain, ambiguity: float = 0.0, slope_budget: int = 0, **options: Unpack[Arguments]) -> Robust:
    """Least worst-case risk: min over x of max over D and q of (1 - beta) E_q[L(x; D)] + beta CVaR_alpha,q[L(x; D)].

    q is any distribution that moves at most a probability of `ambiguity` (total variation, program/ambiguity.py); D
    any set of at most `slope_budget` segments whose slope is at `low` (solving/slopes.py). The other options are
    those of `optimize`; ties go to the allocation nearest to the observed one. With neither it is `optimize`.

    Column-and-constraint generation (program/futures.py) alternates between the best allocation against the sets
    found so far, whose risk is a lower bound, and the worst set at that allocation, an upper bound, until they meet.

    Raises InputError where the input is wrong (a slope budget where no slope has a low), NoSolutionError and
    NotOptimalError as `optimize` does.
    """
    given = {"ambiguity": ambiguity, "slope_budget": slope_budget, **options}
    chosen = make_options(RobustOptions, given)
    _check_slopes(chain, chosen.slope_budget)
    nominal = optimize(chain, **chosen.nominal())
    evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers)
    adversary = Adversary(evaluator, chosen.slope_budget, chosen.ambiguity)
    at = {"observed": nominal.observed, "optimal": nominal.optimal}
    worst = {name: adversary.worst(decision_of(solution)) for name, solution in at.items()}
    master = _Master(adversary, chosen, worst["optimal"].low)
    decision, least, worst["robust"] = master.solve()
    at["robust"] = evaluator.solution(decision)
    check_attained(min(worst["robust"].risk, least), least)
    unproven = max(found.bound - found.risk for found in worst.values())
    return Robust(
        options=chosen,
        nominal=nominal,
        robust=at["robust"],
        risk=least,
        risks=pd.DataFrame(
            {
                "nominal": {name: solution.risk for name, solution in at.items()},
                "worst_case": {name: found.risk for name, found in worst.items()},
            }
        ),
        distribution=_distribution(adversary, decision, worst["robust"]),
        low_slopes=tuple(chain.numbers.segments[k] for k in adversary.needed(decision, worst["robust"])),
        iterations=master.iterations,
        gap=max(unproven, worst["robust"].bound - least, 0.0),
        certificate=nominal.certificate.worse(evaluator.certificate).worse(master.certificate),
    )


def _check_slopes(chain: Chain, slope_budget: int) -> None:
    """InputError where the budget exceeds the segments, or nothing can vary."""
    segments = len(chain.segments)
    if slope_budget > segments:
        wrong = f"{slope_budget} slopes cannot be low: the chain has {segments} segments"
        raise InputError.single("option slope_budget", wrong, f"give a whole number from 0 to {segments}")
    if slope_budget and not (low_slopes(chain) < chain.numbers.slope).any():
        wrong = "no slope has a low below its value, so none can vary"
        raise InputError.single("response.csv", wrong, "give low, or a slope budget of 0")


class _Master:
    """The program over the slope sets found so far, and how it grows."""

    def __init__(self, adversary: Adversary, options: RobustOptions, start: Low) -> None:
        self.adversary = adversary
        self.options = options
        evaluator = adversary.evaluator
        self._compiled = compile_recourse(evaluator.inner, evaluator.levers, ambiguity=options.ambiguity > 0)
        self._budget = evaluator.budget(options.budget)
        self._limits = evaluator.limits(options)
        self._idle = np.zeros_like(evaluator.inner.observed)
        if options.move is None and not self._limits:
            everywhere = adversary.curve(tuple(range(len(evaluator.inner.segments))))
            self._idle = idle_money(evaluator.inner, everywhere, self._budget, evaluator.levers)
        self._futures: dict[Low, TwoStage] = {start: self._future(start)}
        self.iterations = 0
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def solve(self) -> tuple[Decision, float, WorstSlopes]:
        """The decision in the chain's money, the proven least worst-case risk, and the worst set there."""
        while True:
            self.iterations += 1
            decision, least = self._best()
            worst = self.adversary.worst(decision)
            if worst.bound <= least + _REACHED or worst.low in self._futures:
                return decision, least, worst
            self._futures[worst.low] = self._future(worst.low)

    def _best(self) -> tuple[Decision, float]:
        """The decision with the least largest risk over the sets found, nearest to the observed; that risk."""
        stages = largest_of(list(self._futures.values()))
        solver = Solver(stages.program)
        least = solver.solve()
        evaluator = self.adversary.evaluator
        squares = stages.squares(evaluator.inner, self._idle)
        nearest = among_best(solver, least, TIE * OBJECTIVE, stages.distance, squares)
        self.certificate = self.certificate.worse(least.certificate).worse(nearest.certificate)
        decision = stages.decision(nearest.values, evaluator.inner).with_more(self._idle).scaled(evaluator.units.money)
        return decision, max(least.objective, 0.0) / OBJECTIVE

    def _future(self, low: Low) -> TwoStage:
        """The two-stage program in which these slopes are low."""
        numbers, options = self.adversary.evaluator.inner, self.options
        used = replace(numbers, observed=numbers.observed - self._idle)
        budget = self._budget - self._idle.sum(axis=0)
        curve, levers = self.adversary.curve(low), self.adversary.evaluator.levers
        first = first_stage(used, curve, budget, levers=levers, limits=self._limits, move=options.move)
        if options.ambiguity > 0:
            first = with_levels(first)
        return two_stage(first, self._compiled, numbers, options.alpha, options.beta, options.ambiguity)


def _distribution(adversary: Adversary, decision: Decision, worst: WorstSlopes) -> pd.DataFrame:
    """The nominal and the worst distribution at a decision, and the losses there."""
    numbers = adversary.evaluator.numbers
    loss = adversary.evaluator.losses(decision, adversary.curve(worst.low))
    return pd.DataFrame(
        {
            "nominal": numbers.probability,
            "worst_case": worst_distribution(loss, numbers.probability, adversary.ambiguity),
            "loss": loss,
        },
        index=pd.Index(numbers.scenarios, name="scenario"),
    )
