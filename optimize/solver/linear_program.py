"""A linear program as arrays."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array, within
from optimize.tolerances import FEASIBLE

__all__ = ["LinearProgram"]


@dataclass(frozen=True)
class LinearProgram:
    """min cost @ v  subject to  row_lower <= [matrix; dense_rows] @ v <= row_upper,  column_lower <= v <= column_upper.

    `dense_rows` stand below those of the matrix, which so need not be copied where one is added.
    """

    cost: Array
    matrix: sparse.csr_array
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array
    dense_rows: tuple[Array, ...] = ()

    def with_row(self, row: Array, upper: float, cost: Array) -> "LinearProgram":
        """This program with one more row, row @ v <= upper, and another cost."""
        return replace(
            self,
            cost=cost,
            dense_rows=(*self.dense_rows, row),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, upper),
        )

    def folded(self) -> "LinearProgram":
        """The same program with its dense rows as rows of the matrix."""
        dense = [sparse.csr_array(row[None, :]) for row in self.dense_rows]
        return replace(self, matrix=sparse.csr_array(sparse.vstack([self.matrix, *dense], format="csr")), dense_rows=())

    def columns(self, which: np.ndarray, matrix: sparse.csr_array | None = None) -> "LinearProgram":
        """This program with some columns alone; `matrix` is that of such a program at hand."""
        return replace(
            self,
            cost=self.cost[which],
            matrix=sparse.csr_array(self.matrix[:, which]) if matrix is None else matrix,
            column_lower=self.column_lower[which],
            column_upper=self.column_upper[which],
            dense_rows=tuple(row[which] for row in self.dense_rows),
        )

    def levels(self, values: Array) -> Array:
        """Levels of the rows, [matrix; dense_rows] @ v, of one solution or of many [solution, column]."""
        level: Array = (self.matrix @ values.T).T
        dense = [(values * row).sum(axis=-1, keepdims=True) for row in self.dense_rows]
        return np.concatenate([level, *dense], axis=-1) if dense else level

    def holds(self, values: Array) -> bool:
        """Whether a solution keeps to all bounds, within the tolerance of the solver."""
        return within(self.row_lower, self.levels(values), self.row_upper, FEASIBLE) and within(
            self.column_lower, values, self.column_upper, FEASIBLE
        )

    def reduced_costs(self, duals: Array, cost: Array | None = None) -> Array:
        """Reduced costs, cost - [matrix; dense_rows]' @ duals, of one solution or of many [solution, row].

        Of the cost of the program, or of another, or others [solution, column].
        """
        rows = self.matrix.shape[0]
        reduced: Array = (self.cost if cost is None else cost) - (self.transposed @ duals[..., :rows].T).T
        for n, row in enumerate(self.dense_rows, rows):
            reduced -= duals[..., n, None] * row
        return reduced

    @cached_property
    def transposed(self) -> sparse.csc_array:
        """The matrix transposed; it shares the matrix's entries."""
        return self.matrix.T

    def share(self, other: "LinearProgram") -> None:
        """Take the transpose that another program of the same matrix has worked out."""
        if self.matrix is other.matrix and "transposed" in vars(other):
            vars(self)["transposed"] = other.transposed
