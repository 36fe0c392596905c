"""What other costs are at least over the solutions near an optimum, proved at the basis of the optimum."""

import numpy as np

from optimize.solver.arrays import Array
from optimize.solver.certificate import least_reached
from optimize.solver.linear_program import LinearProgram
from optimize.tolerances import FEASIBLE

__all__ = ["Beside"]


class Beside:
    """An optimum and its prices, beside which other costs are looked at."""

    def __init__(self, program: LinearProgram, values: Array, duals: Array) -> None:
        self.program = program
        level = np.concatenate([values, program.levels(values)])
        self._lower = np.concatenate([program.column_lower, program.row_lower])
        self._upper = np.concatenate([program.column_upper, program.row_upper])
        side = np.where(np.abs(level - self._lower) <= np.abs(level - self._upper), 1.0, -1.0)
        self._side = np.where(self._lower < self._upper, side, 0.0)
        self._worth = np.concatenate([program.reduced_costs(duals), duals])

    def least(self, costs: Array, prices: Array, most: float) -> list[float]:
        """Lower bounds of costs[n] @ v over the solutions v whose objective is `most` at most; -inf: none proved.

        `prices` [n, row] are those of the costs at the basis of the optimum. With enough weight t of the objective that
        basis is optimal for cost + t * objective as well, so that cost @ v >= least of that sum - t * most, proved by
        the prices of both (weak duality). There is such a t unless a column or row can lower the cost and leave the
        objective as it is.
        """
        reduced = self.program.reduced_costs(prices, costs)
        return [self._least(gain, most) for gain in np.concatenate([reduced, prices], axis=1)]

    def _least(self, gain: Array, most: float) -> float:
        """The bound of one cost, from its reduced costs and prices."""
        asking = self._side * gain < -FEASIBLE
        if (self._side * self._worth)[asking].min(initial=np.inf) <= FEASIBLE:
            return -np.inf
        weight = float((-gain[asking] / self._worth[asking]).max(initial=0.0))
        return least_reached(gain + weight * self._worth, self._lower, self._upper) - weight * most
