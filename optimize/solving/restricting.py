"""The least risk where the money may do less than the options allow, from where the least risk itself was found.

A restriction adds rows over the columns of the first stage, and puts new columns in the place of some of them. Both
leave the optimal basis of the program without it dual feasible: new rows are basic, and a new column n that stands for
sum_c spread_cn v_c has the reduced cost sum_c spread_cn reduced_c >= 0. So few pivots are left.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse

from chains.numbers import Array, Positions
from optimize.program.compiling import Compiled
from optimize.solver.linear import LinearProgram

__all__ = ["Extendable", "Restriction", "restricted", "restricted_stage"]


@dataclass(frozen=True)
class Restriction:
    """Over the columns v of the first stage: rows @ v <= most, and v = spread @ n, n >= 0, in the columns `closed`."""

    rows: sparse.csr_array
    most: Array
    spread: sparse.csr_array
    closed: Positions

    def opened(self, values: Array) -> Array:
        """The values of the first stage's columns, from those of a restricted program."""
        width, new = self.spread.shape
        return np.asarray(values[:width] + self.spread @ values[len(values) - new :])


def restricted(program: LinearProgram, restriction: Restriction) -> LinearProgram:
    """A program whose first columns are those of the first stage, with its new rows below and new columns at right."""
    width, new = restriction.spread.shape
    rest = len(program.cost) - width
    spread = sparse.csr_array(sparse.vstack([restriction.spread, sparse.csr_array((rest, new))]))
    rows = sparse.csr_array(sparse.hstack([restriction.rows, sparse.csr_array((len(restriction.most), rest))]))
    upper = program.column_upper.copy()
    upper[restriction.closed] = 0.0
    whole = sparse.vstack([program.matrix, rows], format="csr") if rows.shape[0] else program.matrix
    if new:
        whole = sparse.hstack([whole, whole @ spread], format="csr")
    return LinearProgram(
        cost=np.append(program.cost, spread.T @ program.cost),
        matrix=sparse.csr_array(whole),
        row_lower=np.append(program.row_lower, np.full(len(restriction.most), -np.inf)),
        row_upper=np.append(program.row_upper, restriction.most),
        column_lower=np.append(program.column_lower, np.zeros(new)),
        column_upper=np.append(upper, np.full(new, np.inf)),
    )


def restricted_stage(first: Compiled, restriction: Restriction) -> Compiled:
    """The same of a compiled first stage; its groups stay where they are."""
    bounds = (first.row_lower, first.row_upper, first.column_lower, first.column_upper)
    program = restricted(LinearProgram(np.zeros_like(first.column_lower), first.matrix, *bounds), restriction)
    return replace(
        first,
        matrix=program.matrix,
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        column_lower=program.column_lower,
        column_upper=program.column_upper,
        row_names=(*first.row_names, *("restricted" for _ in restriction.most)),
    )


@dataclass(frozen=True)
class Extendable:
    """The basis of a program as that of restricted ones."""

    basis: highspy.HighsBasis

    @cached_property
    def _statuses(self) -> tuple[list[highspy.HighsBasisStatus], list[highspy.HighsBasisStatus]]:
        """Of columns and of rows, read once: each becomes an object, which takes as long as pivots do."""
        return self.basis.col_status, self.basis.row_status

    def extended(self, restriction: Restriction) -> highspy.HighsBasis:
        """The basis of the restricted program: new rows basic, new columns at 0."""
        status, (columns, rows) = highspy.HighsBasisStatus, self._statuses
        wider = highspy.HighsBasis()
        wider.col_status = [*columns, *[status.kLower] * restriction.spread.shape[1]]
        wider.row_status = [*rows, *[status.kBasic] * len(restriction.most)]
        wider.valid = True
        return wider
