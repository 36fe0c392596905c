"""A basis of a linear program: factorised once, then changed column by column."""

from typing import Any

import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array

__all__ = ["Basis"]

MOST = 24
"""Columns that are replaced before the basis is factorised again: to carry more would cost more than that."""


class Basis:
    """The basic columns B of a matrix, in the order of `columns`, ready to solve with.

    B = F E_1 E_2 ...: F is factorised, and each E is an identity matrix but for one column, that of the position where
    a column has been replaced since (the product form of the inverse; Dantzig and Orchard-Hays, Mathematical Tables and
    Other Aids to Computation 8, 1954).
    """

    def __init__(self, matrix: sparse.csc_array, columns: np.ndarray) -> None:
        self._matrix = matrix
        self.columns = columns
        self._factorise()

    def _factorise(self) -> None:
        from scipy.sparse.linalg import splu  # here: it takes long to import, and few questions need it

        # Basic columns hold two or three entries: no supernodes to be had, and looking for them takes twice as long.
        # Any: scipy-stubs leaves out that a factorisation solves the transpose too.
        self._factors: Any = splu(self._matrix[:, self.columns], relax=1, panel_size=1)
        self._etas: list[tuple[int, Array]] = []

    def solve(self, right: Array) -> Array:
        """B^-1 right."""
        solved: Array = self._factors.solve(right)
        for position, eta in self._etas:
            solved -= solved[position] * eta
        return np.asarray(solved)

    def price(self, cost: Array) -> Array:
        """Row prices, cost B^-1, of costs of the basic columns."""
        cost = cost.copy()
        for position, eta in reversed(self._etas):
            cost[position] -= cost @ eta
        return np.asarray(self._factors.solve(cost, "T"))

    def in_terms(self, column: int) -> Array:
        """A column k of the matrix in terms of the basis, B^-1 k."""
        start, end = self._matrix.indptr[column : column + 2]
        right = np.zeros(len(self.columns))
        right[self._matrix.indices[start:end]] = self._matrix.data[start:end]
        return self.solve(right)

    def replace(self, position: int, column: int, in_terms: Array) -> None:
        """Put a column, given also in terms of the basis, at a position."""
        self.columns[position] = column
        if len(self._etas) == MOST:
            self._factorise()
        else:
            eta = in_terms / in_terms[position]
            eta[position] -= 1.0 / in_terms[position]
            self._etas.append((position, eta))
