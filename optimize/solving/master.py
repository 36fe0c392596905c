"""The program of the first stage with risk as a column, bounded from below by planes as they are found."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from chains.numbers import Array, Positions
from optimize.program.compiling import Compiled
from optimize.program.decision import Decision
from optimize.program.first_stage import AWAY
from optimize.program.levers import Lever, purchases_of
from optimize.solver.linear import Certificate, InaccurateError, LinearProgram, Optimum, Solver
from optimize.solving.price_pool import Plane

__all__ = ["Master"]

_MOST = 10_000
"""Planes after which the bounds will not meet; seen so far: 500."""


class Master:
    """The first stage with theta, the risk, as its last column, and the planes that bound it from below."""

    def __init__(self, stage: Compiled, levers: Sequence[Lever], members: Sequence[Positions]) -> None:
        """`members`: the columns that the links of each group of alike scenarios repeat."""
        rows, self._theta = stage.matrix.shape
        self._groups = stage.groups
        self._levers = purchases_of(levers)
        self._members = np.concatenate(members)
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

    def links(self, values: Array) -> Array:
        """What a point provides, g[link]."""
        return np.asarray(values[self._members])

    def decision(self, values: Array, shape: tuple[int, ...]) -> Decision:
        """What is decided at a point."""
        bought = {lever.name: np.maximum(values[self._groups[lever.decided[0]]], 0.0) for lever in self._levers}
        return Decision(np.maximum(values[self._groups["x"]].reshape(shape), 0.0), bought)

    def add(self, plane: Plane) -> None:
        """One more row: theta >= level + slope @ g. InaccurateError where there are too many."""
        if self.planes == _MOST:
            raise InaccurateError(f"the bounds of the decomposition do not meet after {_MOST} planes")
        row = np.append(np.zeros(self._theta), -1.0)
        np.add.at(row, self._members, plane.slope)
        self._solver.next_goal(row, -plane.level, self._cost)
        self.planes += 1

    def seek_nearest(self, limit: float) -> None:
        """From now on the least distance from the observed allocation, subject to theta <= limit."""
        at_most = self._cost
        self._cost = np.zeros(self._theta + 1)
        for name in AWAY:
            self._cost[self._groups[name]] = 1.0
        self._solver.next_goal(at_most, limit, self._cost)
