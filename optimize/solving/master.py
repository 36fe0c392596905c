"""The program of the first stage with risks as columns, bounded from below by planes as they are found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy import sparse

from chains.numbers import Array, Positions
from optimize.program.compiling import Compiled
from optimize.solver.linear import Certificate, InaccurateError, LinearProgram, Optimum, Solver, Squares, among_nearest
from optimize.solving.price_pool import Plane

__all__ = ["Master", "Planes", "Theta"]

_MOST = 10_000
"""Rounds of planes after which the bounds will not meet; seen so far: 500."""
_DENSE = 100
"""Planes that stand beside the matrix before they become rows of it."""


class Planes(Protocol):
    """A plane below every risk of a master, found at one point."""

    @property
    def each(self) -> Sequence[Plane]:
        """One plane for each risk."""

    def at(self, provided: Array) -> float:
        """The bound on the weighted sum of the risks where g[link] is provided."""


@dataclass(frozen=True)
class Theta:
    """A risk: the columns that the links of its recourse repeat, times `scale`, and its weight in the objective."""

    members: Positions
    weight: float = 1.0
    scale: float = 1.0


class Master:
    """The first stage with the risks theta as its last columns, and the planes that bound them from below.

    `away` is the distance from the observed decision as a cost of the columns of the first stage.
    """

    def __init__(self, stage: Compiled, away: Array, risks: Sequence[Theta]) -> None:
        rows, self._width = stage.matrix.shape
        self._away, self._risks = away, risks
        self._members = np.concatenate([risk.members for risk in risks])
        self._scale = np.concatenate([np.full(len(risk.members), risk.scale) for risk in risks])
        self._cost = np.append(np.zeros(self._width), [risk.weight for risk in risks])
        count = len(risks)
        self._solver = Solver(
            LinearProgram(
                cost=self._cost,
                matrix=sparse.csr_array(sparse.hstack([stage.matrix, sparse.csr_array((rows, count))])),
                row_lower=stage.row_lower,
                row_upper=stage.row_upper,
                column_lower=np.append(stage.column_lower, np.zeros(count)),
                column_upper=np.append(stage.column_upper, np.full(count, np.inf)),
            )
        )
        self.planes = 0
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def solve(self) -> Optimum:
        """The optimum with the planes so far."""
        optimum = self._solver.solve()
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum

    def least_squares(self, near: Optimum, squares: Squares) -> Array:
        """Of the points that are as near as `near`, the one with the least squares; its own values where it is that.

        `near` was the optimum of the program before planes were added that it keeps to.
        """
        more = len(self._solver.program.row_upper) - len(near.duals)
        optimum = among_nearest(self._solver, replace(near, duals=np.append(near.duals, np.zeros(more))), squares)
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum.values

    def links(self, values: Array) -> Array:
        """What a point provides, g[link], risk after risk."""
        return np.asarray(values[self._members] * self._scale)

    def add(self, planes: Planes) -> None:
        """One more row for every risk: theta >= level + slope @ g. InaccurateError where there are too many."""
        if self.planes == _MOST:
            raise InaccurateError(f"the bounds of the decomposition do not meet after {_MOST} planes")
        for n, (plane, risk) in enumerate(zip(planes.each, self._risks, strict=True)):
            row = np.zeros(self._width + len(self._risks))
            row[self._width + n] = -1.0
            np.add.at(row, risk.members, plane.slope * risk.scale)
            self._solver.next_goal(row, -plane.level, self._cost)
        self.planes += 1
        if len(self._solver.program.dense_rows) > _DENSE:
            self._solver.program = self._solver.program.folded()

    def seek_nearest(self, limit: float) -> None:
        """From now on the least distance from the observed decision, subject to weighted risk <= limit."""
        at_most = self._cost
        self._cost = np.append(self._away, np.zeros(len(self._risks)))
        self._solver.next_goal(at_most, limit, self._cost)
