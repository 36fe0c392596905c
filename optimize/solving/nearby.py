"""Risk of many decisions near one whose recourse is solved: most scenarios need no second solve.

A decision moves bounds of the least-loss program of scenario s from b to b'. At the base it has the optimum v and the
prices pi of its bounds. By weak duality (the prices stay a dual solution, since W and c stay)

    L_s(b) - sum_r |pi_r (b'_r - b_r)|  <=  L_s(b')        and        L_s(b')  <=  L_s(b)   where v keeps to b'

so that the loss stays where it is, proved, wherever v keeps to the moved bounds and no bound that moves has a price.
More money for one segment moves its own bounds alone, and few scenarios have a price there. The others are solved, all
decisions' together, each from the basis of its scenario at the base (hot starts).
"""

from collections.abc import Iterable

import highspy
import numpy as np
from scipy import sparse

from chains.numbers import Array, Positions
from optimize.program.blocks import Block, GivenBlock
from optimize.program.decision import Decision
from optimize.program.two_stage import moved_to, recourse_program
from optimize.solver.linear import Solver
from optimize.solving.evaluation import Evaluator
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import FEASIBLE

__all__ = ["Nearby"]

_COLUMNS = 20_000
"""Columns of the scenarios that are solved together, at least one: measured, more take longer."""


class Nearby:
    """Risks of decisions near a base; `solution` is what follows from the base itself."""

    def __init__(self, evaluator: Evaluator, base: Decision | Array) -> None:
        self._evaluator = evaluator
        self.solution, optimum, basis = evaluator.reached(base)
        provided = evaluator.provided(base)
        of_columns, of_rows = basis.col_status, basis.row_status
        self._parts: list[_Part] = []
        column = row = 0
        for given in evaluator.given:
            block = given.at(provided)
            columns, rows = slice(column, column + block.column_lower.size), slice(row, row + block.row_lower.size)
            column, row = columns.stop, rows.stop
            values = optimum.values[columns].reshape(block.column_lower.shape)
            prices = optimum.duals[rows].reshape(block.row_lower.shape)
            statuses = of_columns[columns], of_rows[rows]
            self._parts.append(_Part(given, block, block.linked(provided), values, prices, statuses))

    def risks(self, decisions: Iterable[Decision | Array]) -> Array:
        """Risk of each decision [decision], each scenario's loss the least."""
        provided = [self._evaluator.provided(decision) for decision in decisions]
        loss = np.tile(self.solution.loss.to_numpy(), (len(provided), 1))
        for part in self._parts:
            values = np.empty((len(provided), len(part.linked)))
            for n, each in enumerate(provided):
                values[n] = part.block.linked(each)
            which = part.moved(values)
            found = self._solved(part, which, values)
            loss[which[:, 0], part.block.alike.scenarios[which[:, 1]]] = found
        return np.array([self._evaluator.risk_of_losses(each) for each in loss])

    def _solved(self, part: "_Part", pairs: Positions, values: Array) -> Array:
        """Least losses of pairs (decision, scenario of the part), where the decisions provide `values`."""
        size = max(min(_COLUMNS // part.block.column_lower.shape[1], len(pairs)), 1)
        found = np.empty(len(pairs))
        solver: Solver | None = None
        for start in range(0, len(pairs), size):
            some = pairs[start : start + size]
            filled = some[np.minimum(np.arange(size), len(some) - 1)]  # programs of one shape
            block = part.given.of(filled[:, 1]).moved_by(values[filled[:, 0]])
            if solver is None:
                solver = Solver(recourse_program([block]))
            solver.turn_into(moved_to(solver.program, [block]))
            solver.start_from(part.basis(filled[:, 1]))
            optimum = solver.solve()
            self._evaluator.certificate = self._evaluator.certificate.worse(optimum.certificate)
            least = np.maximum(optimum.values, 0.0).reshape(size, -1) @ block.costs["loss"] / OBJECTIVE
            found[start : start + len(some)] = least[: len(some)]
        return found


class _Part:
    """Alike scenarios at the base: the block, what links have there, values, prices and the basis, by scenario."""

    def __init__(
        self,
        given: GivenBlock,
        block: Block,
        linked: Array,
        values: Array,
        prices: Array,
        statuses: tuple[list[highspy.HighsBasisStatus], list[highspy.HighsBasisStatus]],
    ) -> None:
        self.given, self.block = given, block
        self.linked, self._values, self._prices, self._statuses = linked, values, prices, statuses
        self._levels = np.asarray((block.own @ values.T).T)
        self._reduced = block.costs["loss"] - prices @ block.own
        self._rows, self._bounds = sparse.csc_array(given.rows), sparse.csc_array(given.bounds)
        self._moved = given.moved_at(linked)

    def moved(self, linked: Array) -> Positions:
        """Pairs [pair, (decision, scenario)] whose loss may be another where the links have values [decision, link]."""
        decision, link = np.nonzero(linked != self.linked)
        change = linked[decision, link] - self.linked[link]
        factors = self.block.factors
        change = (
            np.broadcast_to(change, (self.block.count, len(change))) if factors is None else factors[:, link] * change
        )
        outside, gap = np.zeros((2, len(linked), self.block.count))
        at, rows, shift = _shifted(self._rows, decision, link, change)
        level, price = self._levels[:, rows], self._prices[:, rows]
        lower, upper = self.block.row_lower[:, rows] - shift, self.block.row_upper[:, rows] - shift
        np.maximum.at(outside, at, np.maximum(lower - level, level - upper).T)
        np.add.at(gap, at, np.abs(price * shift).T)
        at, bounds, shift = _shifted(self._bounds, decision, link, change)
        columns, lower, upper = self.given.bounds_at(bounds, self._moved[:, bounds] + shift)
        level, price = self._values[:, columns], self._reduced[:, columns]
        np.maximum.at(outside, at, np.maximum(lower - level, level - upper).T)
        before = np.where(price > 0.0, self.block.column_lower[:, columns], self.block.column_upper[:, columns])
        after = np.where(price > 0.0, lower, upper)
        move = np.subtract(after, before, out=np.zeros_like(after), where=after != before)
        np.add.at(gap, at, np.abs(np.multiply(price, move, out=np.zeros_like(move), where=price != 0.0)).T)
        return np.argwhere(~((outside <= FEASIBLE) & (gap <= FEASIBLE)))

    def basis(self, scenarios: Positions) -> highspy.HighsBasis:
        """The basis at the base of some scenarios, one after another."""
        basis = highspy.HighsBasis()
        columns, rows = self._values.shape[1], self._prices.shape[1]
        of_columns, of_rows = self._statuses
        basis.col_status = [status for s in scenarios for status in of_columns[s * columns : (s + 1) * columns]]
        basis.row_status = [status for s in scenarios for status in of_rows[s * rows : (s + 1) * rows]]
        basis.valid = True
        return basis


def _shifted(
    matrix: sparse.csc_array, decision: Positions, column: Positions, values: Array
) -> tuple[Positions, Positions, Array]:
    """Where columns of a decision have `values` [scenario, n]: decisions and rows [m], and sums [scenario, m] there."""
    starts, ends = matrix.indptr[column], matrix.indptr[column + 1]
    count = ends - starts
    entries = np.repeat(starts - (np.cumsum(count) - count), count) + np.arange(count.sum())
    pairs = np.repeat(decision, count) * matrix.shape[0] + matrix.indices[entries]
    pairs, place = np.unique(pairs, return_inverse=True)
    shift = np.zeros((len(pairs), len(values)))
    np.add.at(shift, place, (matrix.data[entries] * np.repeat(values, count, axis=1)).T)
    return pairs // matrix.shape[0], pairs % matrix.shape[0], shift.T
