"""Ranges: the least and the most that each segment gets in any least-risk allocation.

The least-risk allocation is often not unique. `optimize` reports the one nearest to the observed allocation; the
ranges say how much that choice decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from chains import Chain
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.schema import TIERS
from optimize.solver.linear import Certificate, Solver, dot
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import usable
from optimize.solving.nearest import check_bought, solve_least_risk
from optimize.solving.options import Arguments, Options, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE, UNIQUE

__all__ = ["Ranges", "ranges"]


@dataclass(frozen=True, repr=False)
class Ranges(Shown):
    """What each segment gets, over all allocations whose risk is within 1e-9 of the least.

    `amounts`: index segment, columns least and most, the chain's money summed over instruments;
    `tiers`: the same for each tier's total, index tier; `budget`: the money there is.
    `unique`: the allocation of exactly the least risk is proven to be one, to 1e-6 of the budget in every segment.
    `risk` is the least risk. `certificate` is the worst over every solve.
    """

    chain: Chain
    amounts: pd.DataFrame
    tiers: pd.DataFrame
    budget: float
    unique: bool
    risk: float
    options: Options
    certificate: Certificate


def ranges(chain: Chain, **options: Unpack[Arguments]) -> Ranges:
    """The least and the most money of each segment over the decisions with risk <= least risk + 1e-9.

    The money is sum_i x_ki, and what other levers cost.

    Options as for `optimize`. The tie of 1e-9 alone lets money shift by 1e-9 over the loss of risk per unit shifted,
    which can be more than 1e-6 of the budget where risk hardly depends on who gets the money. So `unique` does not
    look at these ends but at bounds on them without the tie. An end is a concave function (the most; the least is
    convex) of the tie tau, so its tangent at tau, whose slope is the dual of the risk row, bounds it at 0:

        most(0) <= most(tau) - tau d most/d tau        least(0) >= least(tau) - tau d least/d tau

    Raises InputError, NoSolutionError and NotOptimalError as `optimize` does.
    """
    chosen = make_options(Options, options)
    evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers)
    evaluator.check()
    budget = budget_of(chain.numbers, chosen.budget)
    within = budget if chosen.move is not None else usable(evaluator, chosen, budget)
    stages, solver, least = solve_least_risk(evaluator, chosen, within)
    solver.next_goal(stages.program.cost, least.objective + TIE * OBJECTIVE, np.zeros_like(stages.program.cost))
    by_segment = stages.money(evaluator.inner)
    tiers = np.array(chain.numbers.tiers)
    sums = [*by_segment, *(by_segment[tiers == tier].sum(axis=0) for tier in TIERS)]
    beyond = np.zeros(len(stages.program.row_lower) + 1)
    beyond[stages.rows("budgets")] = (budget - within) / evaluator.units.money

    def check(values: Array) -> None:
        check_bought(stages, evaluator.inner, evaluator.curve, values)

    ends, without_tie, certificate = _ends(solver, sums, len(stages.program.row_lower), beyond, check)
    count = len(by_segment)
    width = (without_tie[:, 1] - without_tie[:, 0])[:count]
    amounts = np.maximum(ends, 0.0) * evaluator.units.money
    return Ranges(
        chain=chain,
        amounts=pd.DataFrame(
            amounts[:count],
            index=pd.Index(chain.numbers.segments, name="segment"),
            columns=["least", "most"],
        ),
        tiers=pd.DataFrame(amounts[count:], index=pd.Index(TIERS, name="tier"), columns=["least", "most"]),
        budget=float(budget.sum()),
        unique=bool((width * evaluator.units.money <= UNIQUE * budget.sum()).all()),
        risk=max(least.objective, 0.0) / OBJECTIVE,
        options=chosen,
        certificate=certificate.worse(least.certificate).worse(evaluator.certificate),
    )


def _ends(
    solver: Solver, sums: Sequence[Array], risk_row: int, beyond: Array, check: Callable[[Array], None]
) -> tuple[Array, Array, Certificate]:
    """Least and most [n, 2] of the sums with coefficients sums[n][column], the same without the tie, certificate.

    `beyond` is money, by row, that the program leaves out since nobody can use it: to an end it adds all or nothing.
    """
    ends, without_tie = np.zeros((len(sums), 2)), np.zeros((len(sums), 2))
    certificate = Certificate(0.0, 0.0, 0.0, 0.0)
    for k, money in enumerate(sums):
        for end, sign in enumerate((1.0, -1.0)):
            solver.change_cost(sign * money)
            optimum = solver.solve()
            check(optimum.values)
            certificate = certificate.worse(optimum.certificate)
            reached = optimum.objective + dot(np.rint(optimum.duals), beyond) if beyond.any() else optimum.objective
            ends[k, end] = sign * reached
            without_tie[k, end] = sign * (reached - TIE * OBJECTIVE * optimum.duals[risk_row])
    return ends, without_tie, certificate
