"""Self-sufficiency: the least budget with which a share of what is used is made at home, and what that does to risk.

Made in China 2025 asked for 70% of core components to be made at home by 2025 (data/robots, source jst_5_1). Such a
target counts output, not risk; so the risk of its cheapest plan stands beside the least risk that its money can buy.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Unpack

import numpy as np
import pandas as pd
from pydantic import Field

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.presenting import Shown
from chains.tables.problems import Problem, nearest
from chains.tables.schema import TIERS
from optimize.solver.linear import Certificate
from optimize.solving.budgets import budget_of
from optimize.solving.conflict import NoSolutionError
from optimize.solving.evaluation import Evaluator, Solution
from optimize.solving.nearest import check_attained, nearest_least_risk
from optimize.solving.options import BudgetArguments, BudgetOptions, Options, make_options
from optimize.solving.targets import Targets
from optimize.solving.unreachable import unreachable
from optimize.tolerances import EXACT_TARGET as EXACT

__all__ = [
    "CostCurve",
    "CostCurveOptions",
    "SelfSufficiency",
    "SelfSufficiencyOptions",
    "cost_curve",
    "self_sufficiency",
]

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_UPSTREAM = ("upstream",)
_GRID = tuple(step / 20 for step in range(21))


class CostCurveOptions(BudgetOptions):
    """And of which segments, or of all segments of which tiers, which shares are asked."""

    segments: Annotated[tuple[str, ...], Field(min_length=1, description="segments and tiers")] = _UPSTREAM
    targets: Annotated[tuple[_Share, ...], Field(description="shares of use")] = _GRID


class SelfSufficiencyOptions(BudgetOptions):
    """And of which segments, or of all segments of which tiers, which share is asked."""

    segments: Annotated[tuple[str, ...], Field(min_length=1, description="segments and tiers")] = _UPSTREAM
    target: Annotated[_Share, Field(description="share of use")] = 0.7


@dataclass(frozen=True, repr=False)
class SelfSufficiency(Shown):
    """The cheapest plan that reaches a target, and its risk. Money in the chain's unit, given once.

    `cost` is the least budget, `factor` the same over the observed budget (NaN if that is 0), `largest` the largest
    target that the chosen segments reach together (to 1e-6). `segments`: index segment, columns tier, chosen,
    observed and least_cost (money over instruments), added (supply per year), share_today (domestic share of use
    without subsidies) and share_reached; a share is NaN where nothing is used. `tiers`: index tier, columns observed,
    least_cost and least_risk. Solutions: `none`, `observed` (the observed budget), `planned` (this plan) and
    `least_risk` (the least-risk allocation of the plan's money, instrument by instrument). `risk` is that least risk.
    """

    chain: Chain
    target: float
    definition: str
    cost: float
    factor: float
    largest: float
    segments: pd.DataFrame
    tiers: pd.DataFrame
    none: Solution
    observed: Solution
    planned: Solution
    least_risk: Solution
    risk: float
    options: SelfSufficiencyOptions
    certificate: Certificate


@dataclass(frozen=True, repr=False)
class CostCurve(Shown):
    """The least budget of every target that can be reached: `costs`, index target, the chain's money.

    `largest` is the largest target (to 1e-6) and the last of the index; targets above it are left out.
    """

    chain: Chain
    costs: pd.Series
    largest: float
    definition: str
    options: CostCurveOptions
    certificate: Certificate


def self_sufficiency(
    chain: Chain, target: float = 0.7, segments: Sequence[str] = _UPSTREAM, **options: Unpack[BudgetArguments]
) -> SelfSufficiency:
    """The least budget with which domestic output of every chosen segment is `target` of its use, in a calm year.

    min sum_ki x_ki + spent subject to the rows of program/calm_plan.py and own_k >= target used_k. `segments` names
    segments and tiers; what is domestic is the chain's definition (`Chain.counting`); other options: alpha, beta,
    pieces. A target above the largest by no more than the 1e-6 to which that is known is planned at the largest.
    Raises InputError where the input is wrong, NoSolutionError where no money reaches the target: it names the
    segments that fall short, what each can reach and why. NotOptimalError if the solver fails.
    """
    given = {"target": target, "segments": segments, **options}
    chosen = make_options(SelfSufficiencyOptions, given)
    numbers = chain.numbers
    members = _members(numbers, chosen.segments)
    evaluator = Evaluator(chain, chosen, chosen.levers)
    evaluator.check()
    targets = Targets(chain, evaluator)
    largest, prices = targets.largest(members)
    if chosen.target > largest + EXACT:
        raise NoSolutionError(unreachable(chain, evaluator, targets, members, chosen.target, largest, prices))
    plan = targets.plan(members, min(chosen.target, largest))
    money = evaluator.units.money
    planned = evaluator.solution(plan.decision.scaled(money))
    risk_options = Options(alpha=chosen.alpha, beta=chosen.beta, pieces=chosen.pieces, levers=chosen.levers)
    best = nearest_least_risk(evaluator, risk_options, _budget(evaluator, planned))
    least_risk = evaluator.solution(best.decision)
    check_attained(least_risk.risk, best.risk)
    table = pd.DataFrame(
        {
            "tier": numbers.tiers,
            "chosen": np.isin(np.arange(len(numbers.segments)), members),
            "observed": numbers.observed.sum(axis=1),
            "least_cost": planned.by_segment.to_numpy(),
            "added": plan.added * money,
            "share_today": targets.today(),
            "share_reached": plan.shares,
        },
        index=pd.Index(numbers.segments, name="segment"),
    )
    by_tier = table[["tier", "observed", "least_cost"]].assign(least_risk=least_risk.by_segment).groupby("tier").sum()
    observed = float(numbers.observed.sum())
    return SelfSufficiency(
        chain=chain,
        target=chosen.target,
        definition=chain.definition,
        cost=plan.cost * money,
        factor=plan.cost * money / observed if observed > 0 else math.nan,
        largest=largest,
        segments=table,
        tiers=by_tier.reindex(TIERS, fill_value=0.0).rename_axis("tier"),
        none=evaluator.none,
        observed=evaluator.solution(numbers.observed),
        planned=planned,
        least_risk=least_risk,
        risk=best.risk,
        options=chosen,
        certificate=best.certificate.worse(evaluator.certificate).worse(targets.certificate),
    )


def cost_curve(
    chain: Chain,
    targets: Sequence[float] = _GRID,
    segments: Sequence[str] = _UPSTREAM,
    **options: Unpack[BudgetArguments],
) -> CostCurve:
    """The least budget of each target, up to the largest that can be reached. Options as for `self_sufficiency`.

    Raises InputError where the input is wrong, NotOptimalError if the solver fails.
    """
    chosen = make_options(CostCurveOptions, {"targets": targets, "segments": segments, **options})
    members = _members(chain.numbers, chosen.segments)
    evaluator = Evaluator(chain, chosen, chosen.levers)
    evaluator.check()
    programs = Targets(chain, evaluator)
    largest, _ = programs.largest(members)
    asked = sorted({target for target in chosen.targets if target < largest} | {largest})
    costs = [programs.least_cost(members, target) * evaluator.units.money for target in asked]
    return CostCurve(
        chain=chain,
        costs=pd.Series(costs, index=pd.Index(asked, name="target"), name="cost"),
        largest=largest,
        definition=chain.definition,
        options=chosen,
        certificate=evaluator.certificate.worse(programs.certificate),
    )


def _budget(evaluator: Evaluator, planned: Solution) -> Array:
    """The plan's money by instrument; what other levers cost is split over instruments as observed."""
    by_instrument = planned.allocation.to_numpy().sum(axis=0)
    extra = planned.spent - float(by_instrument.sum())
    if extra <= 0.0:
        return np.asarray(by_instrument)
    shares = budget_of(evaluator.numbers, 1.0)
    return np.asarray(by_instrument + extra * shares)


def _members(numbers: ChainNumbers, names: Sequence[str]) -> tuple[int, ...]:
    """Positions of the segments named, by themselves or by their tier; InputError for every unknown name."""
    known = (*numbers.segments, *TIERS)
    found: set[int] = set()
    problems = []
    for name in names:
        mine = {k for k, at in enumerate(zip(numbers.segments, numbers.tiers, strict=True)) if name in at}
        if not mine:
            wrong = f"'{name}' is neither a segment nor a tier with segments"
            problems.append(Problem("option segments", 0, "", wrong, nearest(name, known)))
        found |= mine
    if problems:
        raise InputError(problems)
    return tuple(sorted(found))
