"""The rule for decisions that are equally near to the observed one: of them the one with the least sum of squares.

    sum_tki (x_tki - x0_ki)^2  +  sum over what other levers buy of money_tn^2

It is strictly convex in the decision, so that one decision has the least, and neither names nor the order of rows tell
which. What costs nothing counts by its amount.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from chains.numbers import Array, ChainNumbers, Positions
from optimize.program.levers import Lever, Purchase, purchases_of
from optimize.solver.linear import Squares

__all__ = ["squares_of"]


def squares_of(
    years: Sequence[Mapping[str, slice]], numbers: ChainNumbers, levers: Sequence[Lever], observed: Array
) -> Squares:
    """The squares over the columns of a first stage: where its groups are in every year, and x0[k, i] of each."""
    count = observed.size * len(years)
    data, term = [np.ones(count)], [np.arange(count)]
    columns = [np.arange(groups["x"].start, groups["x"].stop) for groups in years]
    for lever in purchases_of(levers):
        own = np.concatenate(
            [np.arange(groups[lever.decided[0]].start, groups[lever.decided[0]].stop) for groups in years]
        )
        money, row, amount = _money(lever, numbers, len(years))
        data.append(money)
        term.append(count + row)
        columns.append(own[amount])
        count += len(own)
    shape = (count, max(max(group.stop for group in groups.values()) for groups in years))
    entries = (np.concatenate(data), (np.concatenate(term), np.concatenate(columns)))
    target = np.zeros(count)
    target[: observed.size * len(years)] = np.tile(observed.ravel(), len(years))
    return Squares(sparse.csr_array(entries, shape=shape), target)


def _money(lever: Purchase, numbers: ChainNumbers, years: int) -> tuple[Array, Positions, Positions]:
    """Money of a year and member, per unit of the amount of a year and member that serves; 1 for what costs nothing.

    The money, and the positions of either, [year and member].

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
    return money[year, of, member], year * members + member, of * members + member
