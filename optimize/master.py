"""The program of the first stage with risk as a column, bounded from below by planes as they are found."""

import numpy as np
from scipy import sparse

from optimize.compiling import Compiled
from optimize.linear import Certificate, InaccurateError, LinearProgram, Optimum, Solver
from optimize.price_pool import Plane

__all__ = ["Master"]

_MOST = 10_000
"""Planes after which the bounds will not meet; seen so far: 500."""


class Master:
    """The first stage with theta, the risk, as its last column, and the planes that bound it from below."""

    def __init__(self, stage: Compiled) -> None:
        rows, self._theta = stage.matrix.shape
        self.given = stage.groups["x"]
        self.added = stage.groups["added"]
        self._distance = stage.groups["distance"]
        self._cost = np.append(np.zeros(self._theta), 1.0)
        self._solver = Solver(
            LinearProgram(
                cost=self._cost,
                matrix=sparse.csr_array(sparse.hstack([stage.matrix, sparse.csr_array((rows, 1))])),
                row_lower=stage.row_lower,
                row_upper=stage.row_upper,
                column_lower=np.append(stage.column_lower, 0.0),
                column_upper=np.append(stage.column_upper, np.inf),
            )
        )
        self.planes = 0
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def solve(self) -> Optimum:
        """The optimum with the planes so far."""
        optimum = self._solver.solve()
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum

    def add(self, plane: Plane) -> None:
        """One more row: theta >= level + slope @ added. InaccurateError where there are too many."""
        if self.planes == _MOST:
            raise InaccurateError(f"the bounds of the decomposition do not meet after {_MOST} planes")
        row = np.append(np.zeros(self._theta), -1.0)
        row[self.added] = plane.slope
        self._solver.next_goal(row, -plane.level, self._cost)
        self.planes += 1

    def seek_nearest(self, limit: float) -> None:
        """From now on the least distance from the observed allocation, subject to theta <= limit."""
        at_most = self._cost
        self._cost = np.zeros(self._theta + 1)
        self._cost[self._distance] = 1.0
        self._solver.next_goal(at_most, limit, self._cost)
