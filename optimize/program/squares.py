"""The rule for decisions that are equally near to the observed one: of them the one with the least sum of squares.

    sum_tki (x_tki - x0_ki)^2  +  sum over what other levers buy of money_tn^2

It is strictly convex in the decision, so that one decision has the least, and neither names nor the order of rows tell
which. What costs nothing counts by its amount.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from chains.numbers import Array, ChainNumbers
from optimize.program.levers import Lever, Purchase, purchases_of
from optimize.solver.linear import Squares

__all__ = ["squares_of"]


def squares_of(
    years: Sequence[Mapping[str, slice]], numbers: ChainNumbers, levers: Sequence[Lever], observed: Array
) -> Squares:
    """The squares over the columns of a first stage: where its groups are in every year, and x0[k, i] of each."""
    money = [sparse.csr_array(sparse.eye_array(observed.size * len(years)))]
    columns = [np.arange(groups["x"].start, groups["x"].stop) for groups in years]
    for lever in purchases_of(levers):
        money.append(_money(lever, numbers, len(years)))
        columns += [np.arange(groups[lever.decided[0]].start, groups[lever.decided[0]].stop) for groups in years]
    terms = sparse.coo_array(sparse.block_diag(money))
    places = np.concatenate(columns)
    shape = (terms.shape[0], max(max(group.stop for group in groups.values()) for groups in years))
    rows = sparse.csr_array(sparse.coo_array((terms.data, (terms.row, places[terms.col])), shape=shape))
    target = np.zeros(shape[0])
    target[: observed.size * len(years)] = np.tile(observed.ravel(), len(years))
    return Squares(rows, target)


def _money(lever: Purchase, numbers: ChainNumbers, years: int) -> sparse.csr_array:
    """Money [year and member] per unit of an amount [year and member] that serves; 1 for what costs nothing.

    No member's money depends on another's amount.
    """
    members = len(lever.most(numbers))
    money = np.zeros((years, years, members))  # [year of the money, year of the amount, member]
    for t in range(years):
        amounts = np.zeros((years, members))
        amounts[t] = 1.0
        money[:, t] = lever.money_by_year(numbers, amounts)
    free = ~money.any(axis=0)
    money[:, free] = np.eye(years)[:, np.nonzero(free)[0]]
    year, of, member = money.nonzero()
    shape = (years * members, years * members)
    entries = (money[year, of, member], (year * members + member, of * members + member))
    return sparse.csr_array(sparse.coo_array(entries, shape=shape))
