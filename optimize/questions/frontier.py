"""The frontier: least risk against the total budget, with every breakpoint.

Least risk is convex, piecewise linear and non-increasing in the budget B, because B stands only in the right-hand
sides of a linear program: sum_k x_ki <= share_i B. The duals of these rows give a slope, sum_i share_i dual_i, and so
a tangent that lies nowhere above the function.

Every breakpoint: the optimal basis is followed from budget 0 on, from one change to the next (solver/parametric.py).
To a gap: where the tangents at two budgets meet, either the function touches them both, or a new tangent cuts in
(Eisner and Severance, Mathematical techniques for efficient record segmentation in large shared databases, Journal of
the ACM 23, 1976). The same finishes a path that is lost for want of digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Unpack

import numpy as np
import pandas as pd
from pydantic import Field

from chains import Chain
from chains.presenting import Shown
from optimize.solver.linear import Certificate
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import BudgetArguments, BudgetOptions, make_options
from optimize.solving.tangents import LeastRisk, Tangent
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import EXACT_RISK, FEASIBLE, SAME_BUDGET

__all__ = ["Frontier", "FrontierOptions", "frontier"]


class FrontierOptions(BudgetOptions):
    """And how far, in the chain's money, and how finely, in risk."""

    max_budget: Annotated[float, Field(ge=0, allow_inf_nan=False, description="where to stop")] | None = None
    gap: Annotated[float, Field(gt=0, allow_inf_nan=False, description="largest error allowed")] | None = None


@dataclass(frozen=True, repr=False)
class Frontier(Shown):
    """Least risk against the total budget, split over instruments as observed.

    breakpoints: columns budget (the chain's money), risk (share of weighted final demand), slope_left and slope_right
    (change of risk per unit of money, negative or 0; NaN left of budget 0, and right of the last budget if
    `max_budget` stopped the search). Between breakpoints the frontier is linear.
    `useless_beyond`: the least budget at which the least possible risk is reached, so more money buys nothing;
    None if `max_budget` was reached first. The table ends there or at `max_budget`, whichever is less.
    `gap`, where one was asked for: the frontier lies nowhere above the table and at most this far below it; the table
    then holds attained points, not every breakpoint. None if `exact`. `certificate` is the worst of all points found;
    `solves` counts the programs solved.
    """

    chain: Chain
    breakpoints: pd.DataFrame
    useless_beyond: float | None
    exact: bool
    gap: float | None
    options: FrontierOptions
    certificate: Certificate
    solves: int


def frontier(
    chain: Chain, *, max_budget: float | None = None, gap: float | None = None, **options: Unpack[BudgetArguments]
) -> Frontier:
    """Least risk against the total budget, from 0 to where money buys nothing or to `max_budget` if that is less.

    `gap`: stop refining where the frontier is known to this much risk; None: every breakpoint. Other options: alpha,
    beta, pieces. Raises InputError where the input is wrong (no instrument, or nothing observed to split a budget
    over several instruments by), NotOptimalError if the solver fails.
    """
    chosen = make_options(FrontierOptions, {"max_budget": max_budget, "gap": gap, **options})
    shares = budget_of(chain.numbers, 1.0)
    evaluator = Evaluator(chain, chosen, chosen.levers)
    evaluator.check_balance()
    money = evaluator.units.money
    least = LeastRisk(evaluator, shares)
    limit = np.inf if max_budget is None else max_budget / money
    points, ended = _descend(least, least.path(limit) if gap is None else [least.at(0.0)], limit)
    points, difference = _refine(least, points, max(gap or 0.0, EXACT_RISK) * OBJECTIVE)
    kept = _merge(points)
    return Frontier(
        chain=chain,
        breakpoints=_table(kept, money, ended),
        useless_beyond=kept[-1].budget * money if ended else None,
        exact=gap is None,
        gap=None if gap is None else difference / OBJECTIVE,
        options=chosen,
        certificate=least.certificate.worse(evaluator.certificate),
        solves=least.solves,
    )


def _descend(least: LeastRisk, points: list[Tangent], limit: float) -> tuple[list[Tangent], bool]:
    """Tangents from those given to the end, and whether money buys nothing beyond the end.

    Newton's method: where the tangent reaches the least possible risk, the next one is taken. The steps never pass
    the least budget of that risk, since tangents lie below the function, and reach it in finitely many.
    """
    if points[-1].slope > -FEASIBLE:
        return points, True
    floor = least.at(np.inf).risk
    while points[-1].slope <= -FEASIBLE:
        last = points[-1]
        step = (last.risk - floor) / -last.slope
        if step <= SAME_BUDGET * (1.0 + last.budget):
            break
        if last.budget + step > limit * (1.0 + SAME_BUDGET):
            return [*points, least.at(limit)] if limit > last.budget else points, False
        points.append(least.at(last.budget + step))
    return points, True


def _refine(least: LeastRisk, points: list[Tangent], allowed: float) -> tuple[list[Tangent], float]:
    """More tangents between these, until chords and tangents differ by no more than allowed; and the difference."""
    found, largest = [points[0]], 0.0
    for start, end in pairwise(points):
        left, ahead = start, [end]
        while ahead:
            meet, difference = _meet(left, ahead[-1])
            if difference > allowed and left.budget < meet < ahead[-1].budget:
                ahead.append(least.at(meet))
                continue
            largest = max(largest, difference)
            left = ahead.pop()
            found.append(left)
    return found, largest


def _meet(left: Tangent, right: Tangent) -> tuple[float, float]:
    """Where two tangents meet, and how far below the chord between their points: no more is left unknown there."""
    width = right.budget - left.budget
    chord = (right.risk - left.risk) / width
    below, above = chord - left.slope, right.slope - chord
    if below <= 0 or above <= 0:
        return left.budget, 0.0
    return left.budget + width * above / (below + above), width * below * above / (below + above)


def _merge(points: Sequence[Tangent]) -> list[Tangent]:
    """The first point, the last, and those between at which the curve bends.

    What lies between two points is dropped if the segments at either end, prolonged, come within EXACT_RISK of the
    chord: the curve is convex, so all that is dropped is as near.
    """
    kept, start = [points[0]], 0
    for end in range(2, len(points)):
        left = replace(points[start], slope=_chord(points[start], points[start + 1]))
        right = replace(points[end], slope=_chord(points[end - 1], points[end]))
        if _meet(left, right)[1] > EXACT_RISK * OBJECTIVE:
            start = end - 1
            kept.append(points[start])
    return [*kept, *points[1:][-1:]]


def _chord(left: Tangent, right: Tangent) -> float:
    """Slope between two points."""
    return (right.risk - left.risk) / (right.budget - left.budget)


def _table(points: Sequence[Tangent], money: float, ended: bool) -> pd.DataFrame:
    """The breakpoints in the chain's money, with the slopes of the segments on either side."""
    budget = np.array([point.budget for point in points]) * money
    # Where money averts every loss, the solver's rounding may leave a risk just below 0.
    risk = np.maximum([point.risk for point in points], 0.0) / OBJECTIVE
    slopes = np.diff(risk) / np.diff(budget)
    return pd.DataFrame(
        {
            "budget": budget,
            "risk": risk,
            "slope_left": np.append(np.nan, slopes),
            "slope_right": np.append(slopes, 0.0 if ended else np.nan),
        },
        index=pd.RangeIndex(len(points), name="breakpoint"),
    )
