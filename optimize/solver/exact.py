"""The optimum of a linear program in exact rational arithmetic, from the basis at which floating point ended.

Every number of a program in floating point is a fraction of whole numbers; taken so, its optimum is a fraction too. At
a basis the values of columns and the prices of rows follow from systems of equations, which are solved without rounding
(solver/factors.py). Where some value then lies outside its bounds, or some price has the wrong sign, since floating
point stops within a tolerance, the simplex method goes on: the dual one with costs that are shifted until no price has
the wrong sign, then the primal one with those of the program, by Bland's rule, which ends (Bland, New finite pivoting
rules for the simplex method, Mathematics of Operations Research 2(2), 1977).
"""

from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array
from optimize.solver.factors import Entries, Factors
from optimize.solver.failures import InaccurateError, InfeasibleError
from optimize.solver.linear_program import LinearProgram

__all__ = ["MOST_ROWS", "ExactOptimum", "solve_exactly"]

MOST_ROWS = 5_000
"""Rows of a program up to which it is solved so: that takes some seconds."""
_ZERO, _ONE = Fraction(0), Fraction(1)
MOST_PIVOTS = 1_000
"""Changes of basis after which the search for a proof is given up; seen so far: 24."""
Bound = Fraction | None


@dataclass(frozen=True)
class ExactOptimum:
    """The least objective, proved: `values` [column] keep to all bounds, `duals` [row] prove that none is less.

    `pivots` counts the changes of basis from the one that was given.
    """

    objective: Fraction
    values: list[Fraction]
    duals: list[Fraction]
    pivots: int


def solve_exactly(program: LinearProgram, basis: highspy.HighsBasis, most: int = MOST_PIVOTS) -> ExactOptimum:
    """The optimum of a program, from a basis of it that is about optimal.

    InfeasibleError where exactly nothing keeps to all rows and bounds, InaccurateError where no proof is found within
    `most` changes of basis.
    """
    simplex = _Simplex(program, basis, most)
    simplex.shift_costs()
    while simplex.pivot_dual():
        pass
    simplex.restore_costs()
    while simplex.pivot_primal():
        pass
    return simplex.proved()


class _Simplex:
    """A basis on its way. Its variables are the columns v and the levels w of the rows: A v - w = 0.

    `at` has the value of every variable that is not basic: one of its bounds, or 0 where it has none.
    """

    def __init__(self, program: LinearProgram, basis: highspy.HighsBasis, most: int) -> None:
        whole = program.folded() if program.dense_rows else program
        self._rows, self._columns = whole.matrix.shape
        matrix = sparse.csc_array(whole.matrix)
        matrix.sum_duplicates()
        columns = [slice(*matrix.indptr[n : n + 2]) for n in range(self._columns)]
        self._entries = [
            [(int(row), Fraction(float(entry))) for row, entry in zip(matrix.indices[at], matrix.data[at], strict=True)]
            for at in columns
        ] + [[(row, -_ONE)] for row in range(self._rows)]
        self._true_cost = [*(Fraction(float(cost)) for cost in whole.cost), *[_ZERO] * self._rows]
        self._cost = self._true_cost
        self._lower = _bounds(np.concatenate([whole.column_lower, whole.row_lower]))
        self._upper = _bounds(np.concatenate([whole.column_upper, whole.row_upper]))
        self._pivots, self._most = 0, most
        status = [*basis.col_status, *basis.row_status]
        self._basic = [n for n, own in enumerate(status) if own == highspy.HighsBasisStatus.kBasic]
        if len(self._basic) != self._rows:
            raise InaccurateError("the basis has not one variable for every row")
        above = highspy.HighsBasisStatus.kUpper
        held = set(range(len(status))) - set(self._basic)
        self._at = {n: self._start(n, upper=status[n] == above) for n in sorted(held)}
        self._factorise()

    def _start(self, n: int, *, upper: bool) -> Fraction:
        ends = (self._upper[n], self._lower[n]) if upper else (self._lower[n], self._upper[n])
        return next((end for end in ends if end is not None), _ZERO)

    def _factorise(self) -> None:
        rows: list[Entries] = [{} for _ in range(self._rows)]
        for position, n in enumerate(self._basic):
            for row, entry in self._entries[n]:
                rows[row][position] = entry
        try:
            self._factors = Factors(rows)
        except ArithmeticError as error:
            raise InaccurateError(str(error)) from None

    def _values(self) -> list[Fraction]:
        """Values of the basic variables."""
        right = [_ZERO] * self._rows
        for n, value in self._at.items():
            if value:
                for row, entry in self._entries[n]:
                    right[row] -= entry * value
        return self._factors.solve(right)

    def _prices(self) -> list[Fraction]:
        """Row prices at which no basic variable has a reduced cost."""
        return self._factors.solve_transposed([self._cost[n] for n in self._basic])

    def _reduced(self, n: int, prices: list[Fraction]) -> Fraction:
        return self._cost[n] - self._priced(n, prices)

    def _priced(self, n: int, prices: list[Fraction]) -> Fraction:
        return sum((entry * prices[row] for row, entry in self._entries[n] if prices[row]), _ZERO)

    def _moves(self, n: int) -> tuple[bool, bool]:
        """Whether a variable that is not basic may grow, and whether it may fall."""
        lower, upper, at = self._lower[n], self._upper[n], self._at[n]
        return upper is None or at < upper, lower is None or at > lower

    def shift_costs(self) -> None:
        """Change costs so that no price has the wrong sign."""
        prices = self._prices()
        self._cost = list(self._true_cost)
        for n in self._at:
            reduced = self._reduced(n, prices)
            grows, falls = self._moves(n)
            if (reduced < 0 and grows) or (reduced > 0 and falls):
                self._cost[n] -= reduced

    def restore_costs(self) -> None:
        """Go on with the costs of the program."""
        self._cost = self._true_cost

    def pivot_dual(self) -> bool:
        """Bring a variable to the bound that it lies beyond, while no price has the wrong sign; False if none does."""
        values = self._values()
        outside = [
            (n, position, end)
            for position, n in enumerate(self._basic)
            if (end := _beyond(values[position], self._lower[n], self._upper[n])) is not None
        ]
        if not outside:
            return False
        leaving, position, end = min(outside)
        unit = [_ZERO] * self._rows
        unit[position] = _ONE
        row, prices = self._factors.solve_transposed(unit), self._prices()
        rises = end > values[position]
        best: tuple[Fraction, int] | None = None
        for n in self._at:
            pivot = self._priced(n, row)
            grows, falls = self._moves(n)
            if (pivot < 0 and (grows if rises else falls)) or (pivot > 0 and (falls if rises else grows)):
                ratio = (abs(self._reduced(n, prices) / pivot), n)
                best = ratio if best is None else min(best, ratio)
        if best is None:
            raise InfeasibleError("Infeasible in exact arithmetic")
        self._exchange(position, leaving, end, best[1])
        return True

    def pivot_primal(self) -> bool:
        """Let the first variable that has a price of the wrong sign move as far as it can; False if none has."""
        prices = self._prices()
        for n in sorted(self._at):
            reduced = self._reduced(n, prices)
            grows, falls = self._moves(n)
            if (reduced < 0 and grows) or (reduced > 0 and falls):
                self._move(n, _ONE if reduced < 0 else -_ONE)
                return True
        return False

    def _move(self, entering: int, sign: Fraction) -> None:
        """Move a variable until it, or the first of the basic ones, meets a bound."""
        right = [_ZERO] * self._rows
        for row, entry in self._entries[entering]:
            right[row] = -sign * entry
        rates, values = self._factors.solve(right), self._values()
        own = self._upper[entering] if sign > 0 else self._lower[entering]
        steps = [] if own is None else [(abs(own - self._at[entering]), entering, -1, own)]
        for position, n in enumerate(self._basic):
            end = self._upper[n] if rates[position] > 0 else self._lower[n]
            if rates[position] and end is not None:
                steps.append(((end - values[position]) / rates[position], n, position, end))
        if not steps:
            raise InaccurateError("the program has no least objective in exact arithmetic")
        _, leaving, position, end = min(steps)
        if position < 0:
            self._at[entering] = end
            self._count()
        else:
            self._exchange(position, leaving, end, entering)

    def _exchange(self, position: int, leaving: int, end: Fraction, entering: int) -> None:
        del self._at[entering]
        self._at[leaving] = end
        self._basic[position] = entering
        self._count()
        self._factorise()

    def _count(self) -> None:
        self._pivots += 1
        if self._pivots > self._most:
            raise InaccurateError(f"no exact proof after {self._most} changes of basis")

    def proved(self) -> ExactOptimum:
        """The optimum, after its proof is read once more: bounds kept, signs of prices right, no gap."""
        found = dict(self._at) | dict(zip(self._basic, self._values(), strict=True))
        values, prices = [found[n] for n in range(self._columns)], self._prices()
        level, bound = [_ZERO] * self._rows, _ZERO
        for n, value in enumerate(values):
            for row, entry in self._entries[n]:
                level[row] += entry * value
        for n, value in enumerate([*values, *level]):
            reduced = self._reduced(n, prices)
            end = self._lower[n] if reduced > 0 else self._upper[n]
            if _beyond(value, self._lower[n], self._upper[n]) is not None or (reduced and end is None):
                raise InaccurateError("the exact proof does not hold")
            bound += reduced * end if reduced and end is not None else _ZERO
        objective = sum((cost * value for cost, value in zip(self._cost, values, strict=False) if value), _ZERO)
        if objective != bound:
            raise InaccurateError("the exact proof does not hold")
        return ExactOptimum(objective, values, prices, self._pivots)


def _bounds(ends: Array) -> list[Bound]:
    return [Fraction(float(end)) if np.isfinite(end) else None for end in ends]


def _beyond(value: Fraction, lower: Bound, upper: Bound) -> Bound:
    """The bound that a value lies beyond, if any."""
    if lower is not None and value < lower:
        return lower
    return upper if upper is not None and value > upper else None
