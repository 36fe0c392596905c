"""How long an outage can last before final demand is lost: a linear program in its length.

In an outage of length h (years), one phase without recovery, every quantity of the recourse is an amount over that
time. Supply, capacity and demand are rates times h; the stock is an amount whatever h is. So every bound of the
recourse (program/recourse.py) is a line in h, known from its values at h = 0 and at h = 1, and

    max h   subject to   own rows and columns within  bound(0) + h (bound(1) - bound(0)),
                         L <= nothing h,   0 <= h <= most

has the longest outage without loss as its optimum. `nothing` is the loss in a year of calm that a package may have and
still balance: what is less is rounding. Beyond a year the lines go on.
"""

import numpy as np
from scipy import sparse

from chains.numbers import Array
from optimize.program.blocks import Block
from optimize.solver.linear import LinearProgram

__all__ = ["longest_outage", "same_at_any_length"]


def same_at_any_length(none: Block) -> bool:
    """Whether no amount is left where the outage has length 0: then a rate that can be kept up can be for ever."""
    bounds = (none.row_lower, none.row_upper, none.column_lower, none.column_upper)
    return not any((np.isfinite(bound) & (bound != 0.0)).any() for bound in bounds)


def longest_outage(none: Block, year: Block, nothing: float, most: float) -> LinearProgram:
    """The program of one scenario, from its recourse with length 0 and with length 1; the last column is h."""
    columns = sparse.eye_array(year.own.shape[1], format="csr")
    lowest = (none.column_lower[0] == 0.0) & (year.column_lower[0] == 0.0)  # at any length: a bound, and no row
    parts = [
        _lines(year.own, none.row_lower[0], year.row_lower[0], -1.0),
        _lines(year.own, none.row_upper[0], year.row_upper[0], 1.0),
        _lines(columns, none.column_lower[0], np.where(lowest, -np.inf, year.column_lower[0]), -1.0),
        _lines(columns, none.column_upper[0], year.column_upper[0], 1.0),
    ]
    loss = sparse.csr_array(np.append(year.costs["loss"], -nothing)[None, :])
    matrix = sparse.csr_array(sparse.vstack([*(rows for rows, _ in parts), loss], format="csr"))
    upper = np.concatenate([*(bound for _, bound in parts), [0.0]])
    return LinearProgram(
        cost=np.append(np.zeros(len(lowest)), -1.0),
        matrix=matrix,
        row_lower=np.full(len(upper), -np.inf),
        row_upper=upper,
        column_lower=np.append(np.where(lowest, 0.0, -np.inf), 0.0),
        column_upper=np.append(np.full(len(lowest), np.inf), most),
    )


def _lines(matrix: sparse.csr_array, start: Array, end: Array, sign: float) -> tuple[sparse.csr_array, Array]:
    """Rows sign (matrix @ v - (end - start) h) <= sign start, of those that have a bound."""
    rows = np.flatnonzero(np.isfinite(end))
    slope = sparse.csr_array((start[rows] - end[rows])[:, None])
    return sparse.csr_array(sign * sparse.hstack([matrix[rows], slope], format="csr")), sign * start[rows]
