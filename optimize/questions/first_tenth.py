"""How much of the fall in risk the first tenth of the budget brings that moves.

    least risk over the decisions with  sum_ki |x_ki - x0_ki| + spent <= 2 theta B,  theta = 0.1

which is what the option `move` allows (optimize/program/first_stage.py), but that money which changes its instrument
inside a segment counts as moved. It is asked where the budget is the observed one alone: else money is added or taken
away, and none of it moves.
"""

import numpy as np
from scipy import sparse

from chains.numbers import Array
from optimize.program.first_stage import AWAY
from optimize.solver.linear import Certificate, InfeasibleError
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import Nearest
from optimize.solving.restricting import Restriction

__all__ = ["FIRST", "first_tenth"]

FIRST = 0.1
"""theta, the share of the budget that moves."""
_SAME = 1e-9
"""Budgets whose difference is a smaller share of them are the same."""


def first_tenth(evaluator: Evaluator, budget: Array, observed: float, found: Nearest) -> tuple[float, Certificate]:
    """Fall from the risk `observed` where at most a tenth of the budget moves, and the certificate of its solve.

    `found` is the least risk of the `budget` [i], in the chain's money. NaN where the budget is another than the
    observed one, and where limits leave no such decision.
    """
    certificate = Certificate(0.0, 0.0, 0.0, 0.0)
    numbers, total = evaluator.inner, float(budget.sum()) / evaluator.units.money
    if not np.allclose(budget / evaluator.units.money, numbers.observed.sum(axis=0), rtol=_SAME, atol=_SAME * total):
        return np.nan, certificate
    try:
        least = found.again(_moves(found, 2.0 * FIRST * total))
    except InfeasibleError:  # the limits leave no such decision
        return np.nan, certificate
    return observed - least.risk, least.certificate


def _moves(found: Nearest, most: float) -> Restriction:
    """At most so much (inner units) is given otherwise than observed, what is taken away and what is given together."""
    width, groups = len(found.first.column_lower), found.first.groups
    away = np.concatenate([np.arange(width)[groups[name]] for name in AWAY if name in groups])
    row = sparse.csr_array((np.ones(len(away)), (np.zeros(len(away), dtype=np.intp), away)), shape=(1, width))
    return Restriction(
        rows=row, most=np.array([most]), spread=sparse.csr_array((width, 0)), closed=np.empty(0, dtype=np.intp)
    )
