"""Where the next unit of money works best, and what moving money between tiers does.

One-sided differences of the risk itself, exact and solver-independent; duals of a linear program are one-sided
at kinks and would depend on the basis.
"""

import numpy as np
import pandas as pd

from chains.numbers import Array, ChainNumbers
from chains.tables.problems import InputError
from chains.tables.schema import TIERS
from optimize.program.decision import Decision
from optimize.program.levers import purchases_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearby import Nearby

__all__ = ["direction", "next_purchases", "next_unit", "transfers"]


def next_unit(evaluator: Evaluator, observed: Nearby, budget: Array, amount: float) -> pd.Series:
    """Fall in risk per unit of money when `amount` more (or LEAST_MONEY) goes to each segment.

    Through the largest instrument:

    (risk(x0) - risk(x0 + amount at (k, i*))) / amount, where i* has the largest budget (the first in string
    order among equals). NaN where amount is 0.
    """
    numbers = evaluator.numbers
    falls = pd.Series(np.nan, index=pd.Index(numbers.segments, name="segment"), name="next_unit")
    if amount <= 0:
        return falls
    amount = max(amount, evaluator.least_money)
    instrument = int(np.argmax(budget))
    decisions = (_more(numbers.observed, k, instrument, amount) for k in range(len(numbers.segments)))
    falls[:] = (observed.solution.risk - observed.risks(decisions)) / amount
    return falls


def _more(allocation: Array, segment: int, instrument: int, amount: float) -> Array:
    """An allocation with more given to a segment through an instrument."""
    more = allocation.copy()
    more[segment, instrument] += amount
    return more


def next_purchases(evaluator: Evaluator, observed: Nearby, amount: float) -> dict[str, pd.Series]:
    """Fall in risk per unit of money when `amount` buys more of each member of every lever other than capacity.

    By name of the lever, index the members (a contract is `segment@LOCATION`). The same difference as `next_unit`, from
    the observed allocation, which buys capacity alone; of less than `amount` where no more can be bought. NaN where
    amount is 0, nothing can be bought or it costs nothing.
    """
    numbers, falls = evaluator.numbers, {}
    least = evaluator.least_money
    for lever in purchases_of(evaluator.levers):
        most, cost = lever.most(numbers), lever.unit_cost(numbers)
        money = np.minimum(max(amount, least), most * cost)
        fall = np.full(len(most), np.nan)
        can = np.flatnonzero(money > 0.0) if amount > 0 else np.empty(0, dtype=np.intp)
        bought = (np.where(np.arange(len(most)) == n, money[n] / cost[n], 0.0) for n in can)
        decisions = (Decision(numbers.observed, {lever.name: amounts}) for amounts in bought)
        fall[can] = (observed.solution.risk - observed.risks(decisions)) / money[can]
        falls[lever.name] = pd.Series(fall, index=pd.Index(lever.labels(numbers), name="segment"), name=lever.name)
    return falls


def direction(numbers: ChainNumbers, giving: str, receiving: str) -> Array:
    """Change of x[k, i] when all that the giving tier has moves to the receiving tier.

    Within a tier and instrument funds leave and arrive pro rata to the observed allocation, or in equal parts where
    that is zero. InputError for a tier without segments or with nothing to give.
    """
    observed = numbers.observed
    members = {tier: np.array([own == tier for own in numbers.tiers]) for tier in TIERS}
    for tier in (giving, receiving):
        if tier not in members:
            raise InputError.single(f"tier '{tier}'", "is not a tier", f"choose one of {', '.join(TIERS)}")
        if not members[tier].any():
            raise InputError.single(f"tier '{tier}'", "has no segments in this chain", "choose another tier")
    if giving == receiving:
        raise InputError.single(f"tier '{giving}'", "gives and receives", "choose two tiers that differ")
    leaves = np.where(members[giving][:, None], observed, 0.0)
    if leaves.sum() <= 0:
        wrong = "has no funds to give in the observed allocation"
        raise InputError.single(f"tier '{giving}'", wrong, "choose a tier that gets money")
    share = np.where(members[receiving][:, None], observed, 0.0)
    equal = np.where(members[receiving], 1.0, 0.0)[:, None] / members[receiving].sum()
    totals = share.sum(axis=0)
    share = np.where(totals > 0, share / np.where(totals > 0, totals, 1.0), equal)
    return np.asarray(share * leaves.sum(axis=0) - leaves)


def transfers(evaluator: Evaluator, observed: Nearby, amount: float) -> pd.DataFrame:
    """Fall in risk per unit moved when `amount` (or LEAST_MONEY, or all that tier has) moves between tiers.

    Rows: giving tier; columns: receiving tier. NaN where nothing can move, or less than LEAST_MONEY.
    """
    numbers, least = evaluator.numbers, evaluator.least_money
    amount = max(amount, least) if amount > 0 else 0.0
    present = [tier for tier in TIERS if tier in numbers.tiers]
    falls = pd.DataFrame(np.nan, index=pd.Index(present, name="from"), columns=pd.Index(present, name="to"))
    has = {tier: float(numbers.observed[[own == tier for own in numbers.tiers]].sum()) for tier in present}
    moved = {tier: min(amount, has[tier]) for tier in present if min(amount, has[tier]) >= least}
    pairs = [(giving, receiving) for giving in moved for receiving in present if receiving != giving]
    changes = (direction(numbers, giving, receiving) * (moved[giving] / has[giving]) for giving, receiving in pairs)
    risks = observed.risks(np.maximum(numbers.observed + change, 0.0) for change in changes)
    for (giving, receiving), risk in zip(pairs, risks, strict=True):
        falls.loc[giving, receiving] = (observed.solution.risk - risk) / moved[giving]
    return falls
