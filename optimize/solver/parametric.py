"""The optimal solutions of a linear program while some right-hand sides grow: the parametric dual simplex method.

At an optimal basis the basic variables move along lines as the right-hand sides grow, and the row duals stay. Where the
first of them meets a bound it leaves the basis, the variable whose reduced cost is the first to reach zero enters, and
the next lines begin (Lemke, The dual method of solving the linear programming problem, Naval Research Logistics
Quarterly 1, 1954).
"""

from collections.abc import Iterator
from typing import NamedTuple

import highspy
import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array
from optimize.solver.basis import Basis
from optimize.solver.linear_program import LinearProgram
from optimize.tolerances import ACCURATE, FEASIBLE, PATH_ROUNDING

__all__ = ["Corner", "LostPathError", "follow"]

IDLE = 1_000
"""So many changes of basis in a row without any growth are taken for a circle."""


class LostPathError(Exception):
    """The path cannot be followed further: for want of digits, or because it goes in circles."""


class Corner(NamedTuple):
    """Where the objective, a line until there, becomes another.

    How far the right-hand sides have grown until there, the value of every column there, and the duals of the rows from
    there on.
    """

    grown: float
    values: Array
    duals: Array


def follow(program: LinearProgram, basis: highspy.HighsBasis, growth: Array, most: float) -> Iterator[Corner]:
    """Every corner of the objective while the upper bounds of the rows grow at the rates `growth` [row].

    From an optimal basis on. The first corner is the start; the last is where growth lowers the objective no more, or
    where it comes to `most`. LostPathError where the path cannot be followed; the corners before it are right.
    """
    path = _Path(program, basis, growth)
    idle, before = 0, -np.inf
    while path.slope < -FEASIBLE and path.grown < most:
        leaving, step = path.first_met(most - path.grown)
        if step > PATH_ROUNDING * (1.0 + path.grown):
            if path.slope > before * (1.0 - PATH_ROUNDING):
                yield path.corner()
                before = path.slope
            idle = 0
        path.grow(step)
        idle += 1
        if idle > IDLE:
            raise LostPathError
        if leaving is not None:
            path.pivot(leaving)
    yield path.corner()


class _Path:
    """A basis on the way. Its variables are the columns v and the row levels w = A v: [A, -I] (v, w) = 0.

    `value`, `rate` (of change as the right-hand sides grow), `reduced` (costs) and `side` (1 at the lower bound, -1 at
    the upper one, 0 where the variable is basic, or fixed and so never enters) are arrays over all variables.
    """

    def __init__(self, program: LinearProgram, basis: highspy.HighsBasis, growth: Array) -> None:
        rows, self._columns = program.matrix.shape
        matrix = sparse.csc_array(sparse.hstack([program.matrix, -sparse.eye_array(rows)]))
        self._transposed = matrix.T
        self._lower = np.concatenate([program.column_lower, program.row_lower])
        self._upper = np.concatenate([program.column_upper, program.row_upper])
        self._growth = np.concatenate([np.zeros(self._columns), growth])
        status = np.array([int(status) for status in (*basis.col_status, *basis.row_status)])
        basic = status == int(highspy.HighsBasisStatus.kBasic)
        at_upper = status == int(highspy.HighsBasisStatus.kUpper)
        self._fixed = (self._lower == self._upper) & (self._growth == 0.0)
        self._side = np.where(basic | self._fixed, 0.0, np.where(at_upper, -1.0, 1.0))
        self._basis = Basis(matrix, np.flatnonzero(basic))
        self._position = np.full(len(status), -1)
        self._position[self._basis.columns] = np.arange(rows)
        self._value = np.where(basic, 0.0, np.where(at_upper, self._upper, self._lower))
        self._rate = np.where(at_upper, self._growth, 0.0)
        if not np.isfinite(self._value).all():
            raise LostPathError  # a free variable outside the basis is at no bound
        for array in (self._value, self._rate):
            array[self._basis.columns] = self._basis.solve(-(matrix @ array))
        cost = np.concatenate([program.cost, np.zeros(rows)])
        self._reduced = cost - self._transposed @ self._basis.price(cost[self._basis.columns])
        self._reduced[self._basis.columns] = 0.0
        self.grown = 0.0

    @property
    def slope(self) -> float:
        """Change of the objective per unit of growth; the reduced cost of a row level is the dual of the row."""
        return float((self._growth * self._reduced).sum())

    def corner(self) -> Corner:
        """The solution now."""
        return Corner(self.grown, self._value[: self._columns].copy(), self._reduced[self._columns :].copy())

    def first_met(self, most: float) -> tuple[int | None, float]:
        """The variable that is the first to meet a bound, None if none does within `most`, and the growth until then.

        Of those that come within the tolerance of theirs, the one that moves fastest (Harris's ratio test).
        """
        nearing = self._rate - self._growth
        moving = (np.abs(nearing) > FEASIBLE).nonzero()[0]
        nearing, value = nearing[moving], self._value[moving]
        room = np.where(nearing > 0.0, self._upper[moving] - value, value - self._lower[moving])
        speed = np.abs(nearing)
        latest = ((room + FEASIBLE) / speed).min(initial=np.inf)
        if latest >= most:
            return None, most
        soon = (room <= latest * speed).nonzero()[0]
        chosen = soon[speed[soon].argmax()]
        return int(moving[chosen]), max(float(room[chosen] / speed[chosen]), 0.0)

    def grow(self, step: float) -> None:
        """Let the right-hand sides grow."""
        self.grown += step
        self._value += step * self._rate
        self._upper += step * self._growth

    def pivot(self, leaving: int) -> None:
        """Take a variable that is at a bound out of the basis, and another into it."""
        position, at_upper = int(self._position[leaving]), bool(self._rate[leaving] > self._growth[leaving])
        unit = np.zeros(len(self._basis.columns))
        unit[position] = 1.0
        row = self._transposed @ self._basis.price(unit)
        entering = self._first_free(row if at_upper else -row)
        column = self._basis.in_terms(entering)
        if abs(column[position] - row[entering]) > ACCURATE * (1.0 + abs(column[position])):
            raise LostPathError
        self._basis.replace(position, entering, column)
        self._exchange(leaving, entering, column, at_upper)
        ratio = self._reduced[entering] / row[entering]
        self._reduced -= ratio * row
        self._reduced[entering], self._reduced[leaving] = 0.0, -ratio
        self._side[entering] = 0.0
        self._side[leaving] = 0.0 if self._fixed[leaving] else -1.0 if at_upper else 1.0
        self._position[entering], self._position[leaving] = position, -1

    def _first_free(self, row: Array) -> int:
        """The variable whose reduced cost is the first to reach zero: of the near ones, that with the largest pivot."""
        pivots = row * self._side
        able = (pivots > FEASIBLE).nonzero()[0]
        if not len(able):
            raise LostPathError
        pivots, distance = pivots[able], np.abs(self._reduced[able])
        latest = ((distance + FEASIBLE) / pivots).min()
        soon = (distance <= latest * pivots).nonzero()[0]
        return int(able[soon[pivots[soon].argmax()]])

    def _exchange(self, leaving: int, entering: int, column: Array, at_upper: bool) -> None:
        """Move the variables so that the leaving one is at its bound, and moves as that does."""
        position, columns = self._position[leaving], self._basis.columns.copy()
        columns[position] = leaving
        bound, growth = (self._upper[leaving], self._growth[leaving]) if at_upper else (self._lower[leaving], 0.0)
        for array, aim in (self._value, bound), (self._rate, growth):
            change = (array[leaving] - aim) / column[position]
            array[columns] -= change * column
            array[entering] += change
            array[leaving] = aim
