"""How much of the fall in risk comes from moving money within tiers, and how much from moving it across them.

Falls in risk from the observed allocation x0, a share of weighted final demand:

    within  least risk over the decisions with  money_tier <= B x0_tier / x0  for every tier
    across  least risk over the decisions with  x_ki = share_ki given_tier(k),i,  and nothing but capacity bought
    all     least risk

money_tier counts every lever; B x0_tier / x0 is what the tier got, or where another budget B is given its observed
share of that. share_ki is x0_ki over what the tier got through instrument i, or one over its segments where that is
nothing. Both leave money unspent where it is of no use. Budget, limits and what may move hold in all three, so
neither part is larger than the whole; they need not add up to it.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from chains.numbers import Array
from chains.tables.schema import TIERS
from optimize.program.levers import NO_CAPACITY, purchases_of
from optimize.solver.linear import Certificate, InfeasibleError
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import Nearest
from optimize.solving.restricting import Restriction

__all__ = ["PARTS", "parts_of"]

PARTS = ("within", "across", "all")


def parts_of(evaluator: Evaluator, budget: Array, observed: float, found: Nearest) -> tuple[pd.Series, Certificate]:
    """Falls from the risk `observed`, index within, across, all; and the certificate of the solves.

    `found` is the least risk of the whole `budget` [i], in the chain's money. NaN where limits leave no such decision,
    where nothing was observed that a tier could keep, and of `across` where money may buy no capacity.
    """
    certificate = Certificate(0.0, 0.0, 0.0, 0.0)
    falls = {"all": observed - found.risk}
    for name, restriction in (("within", _within(evaluator, budget, found)), ("across", _across(evaluator, found))):
        falls[name] = np.nan
        if restriction is not None:
            try:
                least = found.again(restriction)
            except InfeasibleError:  # the limits leave no such decision
                continue
            falls[name] = observed - least.risk
            certificate = certificate.worse(least.certificate)
    return pd.Series(falls, name="fall").reindex(list(PARTS)).rename_axis("part"), certificate


def _members(evaluator: Evaluator) -> Array:
    """1 where segment k is of a tier [tier, k]."""
    return np.array([[float(own == tier) for own in evaluator.inner.tiers] for tier in TIERS])


def _within(evaluator: Evaluator, budget: Array, found: Nearest) -> Restriction | None:
    """Every tier keeps its observed share of the budget."""
    numbers, groups, members = evaluator.inner, found.first.groups, _members(evaluator)
    total, width = float(numbers.observed.sum()), len(found.first.column_lower)
    if total <= 0.0 and budget.sum() > 0.0:
        return None
    factor = float(budget.sum()) / evaluator.units.money / total if total > 0.0 else 0.0
    most = members @ (factor * numbers.observed - found.idle).sum(axis=1)
    segment = [np.repeat(np.arange(len(members.T)), numbers.observed.shape[1])]
    column, cost = [np.arange(width)[groups["x"]]], [np.ones(numbers.observed.size)]
    for lever in purchases_of(evaluator.levers):
        segment.append(lever.segment(numbers))
        column.append(np.arange(width)[groups[lever.decided[0]]])
        cost.append(lever.unit_cost(numbers))
    at = (np.concatenate(segment), np.concatenate(column))
    money = sparse.csr_array(sparse.coo_array((np.concatenate(cost), at), shape=(len(members.T), width)))
    return Restriction(
        rows=sparse.csr_array(sparse.csr_array(members) @ money),
        most=np.maximum(most, 0.0),
        spread=sparse.csr_array((width, 0)),
        closed=np.empty(0, dtype=np.intp),
    )


def _across(evaluator: Evaluator, found: Nearest) -> Restriction | None:
    """Inside a tier and instrument money is given as observed, and buys capacity alone, as observed."""
    numbers, groups, members = evaluator.inner, found.first.groups, _members(evaluator)
    if NO_CAPACITY in evaluator.levers or found.idle.any():
        return None
    width, instruments = len(found.first.column_lower), numbers.observed.shape[1]
    totals = members @ numbers.observed
    tier = members.argmax(axis=0)
    count = members.sum(axis=1)[tier, None]
    there = totals[tier]
    share = np.where(there > 0.0, numbers.observed / np.where(there > 0.0, there, 1.0), 1.0 / count)
    x = np.arange(width)[groups["x"]]
    new = (tier[:, None] * instruments + np.arange(instruments)).ravel()
    bought = [np.arange(width)[groups[lever.decided[0]]] for lever in purchases_of(evaluator.levers)]
    shape = (width, len(members) * instruments)
    return Restriction(
        rows=sparse.csr_array((0, width)),
        most=np.empty(0),
        spread=sparse.csr_array(sparse.coo_array((share.ravel(), (x, new)), shape=shape)),
        closed=np.concatenate([x, *bought]),
    )
