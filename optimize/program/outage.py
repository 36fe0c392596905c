"""How long an outage can last before final demand is lost: a linear program in its length.

In an outage of length h (years), one phase without recovery, every quantity of the recourse is an amount over that
time. Supply, capacity and demand are rates times h; the stock is an amount whatever h is. So every bound of the
recourse (program/recourse.py) is a line in h, known from its values at h = 0 and at h = 1, and

    max h   subject to   own rows and columns within  bound(0) + h (bound(1) - bound(0)),
                         L <= nothing h,   0 <= h <= most

has the longest outage without loss as its optimum. `nothing` is the loss in a year of calm that a package may have and
still balance: what is less is rounding. Beyond a year the lines go on.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from chains.numbers import Array, Positions
from optimize.program.blocks import Block
from optimize.solver.linear import LinearProgram

__all__ = ["Outages", "same_at_any_length"]


def same_at_any_length(none: Block) -> bool:
    """Whether no amount is left where the outage has length 0: then a rate that can be kept up can be for ever."""
    bounds = (none.row_lower, none.row_upper, none.column_lower, none.column_upper)
    return not any((np.isfinite(bound) & (bound != 0.0)).any() for bound in bounds)


class _Lines(NamedTuple):
    """Rows sign (v - (end - start) h) <= sign start, for the positions `at` of rows or columns that have a bound."""

    at: Positions
    sign: float

    def slope(self, start: Array, end: Array) -> Array:
        return np.asarray(self.sign * (start[self.at] - end[self.at]))

    def bound(self, start: Array) -> Array:
        return np.asarray(self.sign * start[self.at])


class Outages:
    """Programs of outages of one scenario whose recourse differs in bounds alone.

    `nothing`: the loss in a year that is none; `most`: the longest that is looked for, in years. What bounds there are
    makes the pattern of a program's matrix, which those with the same ones share.
    """

    def __init__(self, nothing: float, most: float) -> None:
        self._nothing, self._most = nothing, most
        self._patterns: dict[bytes, sparse.csr_array] = {}

    def longest(self, none: Block, year: Block) -> LinearProgram:
        """The program of one outage, from its recourse with length 0 and with length 1; the last column is h."""
        lowest = (none.column_lower[0] == 0.0) & (year.column_lower[0] == 0.0)  # at any length: a bound, and no row
        starts = none.row_lower[0], none.row_upper[0], none.column_lower[0], none.column_upper[0]
        lower = np.where(lowest, -np.inf, year.column_lower[0])
        ends = year.row_lower[0], year.row_upper[0], lower, year.column_upper[0]
        lines = [
            _Lines(np.flatnonzero(np.isfinite(end)), sign) for end, sign in zip(ends, (-1.0, 1.0) * 2, strict=True)
        ]
        slope = np.concatenate([own.slope(*pair) for own, *pair in zip(lines, starts, ends, strict=True)])
        upper = [own.bound(start) for own, start in zip(lines, starts, strict=True)]
        count = len(slope)
        return LinearProgram(
            cost=np.append(np.zeros(len(lowest)), -1.0),
            matrix=self._filled(year, lines, slope),
            row_lower=np.full(count + 1, -np.inf),
            row_upper=np.concatenate([*upper, [0.0]]),
            column_lower=np.append(np.where(lowest, 0.0, -np.inf), 0.0),
            column_upper=np.append(np.full(len(lowest), np.inf), self._most),
        )

    def _filled(self, year: Block, lines: list[_Lines], slope: Array) -> sparse.csr_array:
        """The matrix where the last entry of the lines is their slope."""
        key = b"|".join(own.at.tobytes() for own in lines)
        if key not in self._patterns:
            self._patterns[key] = self._pattern(year, lines)
        matrix = self._patterns[key].copy()
        matrix.data[matrix.indptr[1 : len(slope) + 1] - 1] = slope
        matrix.eliminate_zeros()
        return matrix

    def _pattern(self, year: Block, lines: list[_Lines]) -> sparse.csr_array:
        """The matrix with slopes of 1: rows with a lower and with an upper bound, columns likewise, and the loss."""
        columns = sparse.eye_array(year.own.shape[1], format="csr")
        parts = [
            sparse.hstack([own.sign * matrix[own.at], sparse.csr_array(np.ones((len(own.at), 1)))], format="csr")
            for own, matrix in zip(lines, (year.own, year.own, columns, columns), strict=True)
        ]
        loss = sparse.csr_array(np.append(year.costs["loss"], -self._nothing)[None, :])
        return sparse.csr_array(sparse.vstack([*parts, loss], format="csr"))
