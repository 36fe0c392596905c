"""The point of least squares on a face whose squares are of a few columns, which most of the others only follow.

In a program of two stages the squares are of the first, and once that is decided the recourse only has to exist. So the
least squares are looked for over the first columns alone, with cuts in place of what follows (Benders, Partitioning
procedures for solving mixed-variables programming problems, Numerische Mathematik 4, 1962). Where the rest cannot
follow, the least sum v(u) of what its rows are violated by has slopes d at u, and v is convex: all points of the face
keep to

    v_b(u') + d_b @ (u - u') <= 0    for every block b of rows that no free column joins to others.

The end is proved on the whole face: what a cut costs is a price on the rows that it is made of.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array, dot
from optimize.solver.certificate import Certificate, certify
from optimize.solver.failures import InaccurateError
from optimize.solver.least_squares import Squares
from optimize.solver.linear_program import LinearProgram
from optimize.solver.pieces import Holder, Pieces, Point, point_by_pieces
from optimize.tolerances import FEASIBLE

__all__ = ["nearest_by_cuts"]

_ROUNDS = 60
"""Rounds of cuts at most; where that is not enough much of what follows counts, and the whole is as well looked at."""


@dataclass(frozen=True)
class Cut:
    """row @ u <= upper over the first columns, and the rows of the face, with their factors, that it is the sum of."""

    row: Array
    upper: float
    rows: np.ndarray
    factors: Array


def nearest_by_cuts(
    face: LinearProgram, squares: Squares, basis: highspy.HighsBasis, hold: Callable[[LinearProgram], Holder]
) -> tuple[Array, Certificate]:
    """Values of the columns at the point of a face with the least sum of squares, and the proof of it.

    `basis` is that of any vertex of the face. InaccurateError where too many cuts are needed, or rounding leaves no
    proof.
    """
    joined = np.logical_or.reduce([row != 0.0 for row in face.dense_rows], initial=False)
    split = _Split(face.folded() if face.dense_rows else face, squares, np.broadcast_to(joined, face.cost.shape))
    rest, cuts = _Rest(split, basis, hold), list[Cut]()
    proof: Certificate | None = None
    point: Point | None = None
    for _ in range(_ROUNDS):
        point = split.nearest(cuts, point, hold)
        values, new = rest.follow(point.values)
        proof = certify(split.aimed(values), values, split.prices(point.prices, cuts))
        if proof.worst <= FEASIBLE:
            return values, proof
        if not new:
            break
        cuts += new
    raise InaccurateError(f"the one with the least squares of several that are equally near: {proof}")


@dataclass(frozen=True)
class _Split:
    """A face, its first columns and those that follow them; `own` are its rows in which none of these is free.

    First are the columns of the squares, and those that are `joined`, so that what follows falls into blocks.
    """

    face: LinearProgram
    squares: Squares
    joined: np.ndarray

    @cached_property
    def first(self) -> np.ndarray:
        width = self.squares.rows.shape[1]
        return np.append(np.arange(width), width + np.flatnonzero((self._moves & self.joined)[width:]))

    @cached_property
    def free(self) -> np.ndarray:
        """The columns that follow, as far as they may move."""
        follows = self._moves.copy()
        follows[self.first] = False
        return np.flatnonzero(follows)

    @cached_property
    def _moves(self) -> np.ndarray:
        return self.face.column_lower < self.face.column_upper

    @cached_property
    def following(self) -> np.ndarray:
        """Rows that have a free column which follows."""
        return np.flatnonzero(np.diff(self._of_free.indptr) > 0)

    @cached_property
    def own(self) -> np.ndarray:
        return np.flatnonzero(np.diff(self._of_free.indptr) == 0)

    @cached_property
    def _of_free(self) -> sparse.csr_array:
        return sparse.csr_array(self.face.matrix[:, self.free])

    @cached_property
    def blocks(self) -> np.ndarray:
        """The block of every following row."""
        from scipy.sparse import csgraph

        joined = self._of_free[self.following]
        _, found = csgraph.connected_components(sparse.block_array([[None, joined], [joined.T, None]], format="csr"))
        return np.asarray(found[: len(self.following)])

    @cached_property
    def fixed(self) -> Array:
        """The levels that columns which follow, and do not move, give every row."""
        values = self.face.column_lower.copy()
        values[self.first] = values[self.free] = 0.0
        return np.asarray(self.face.matrix @ values)

    @cached_property
    def links(self) -> sparse.csr_array:
        """The first columns in the following rows."""
        return sparse.csr_array(self.face.matrix[self.following][:, self.first])

    @cached_property
    def rest(self) -> sparse.csr_array:
        """The free columns that follow in the following rows."""
        return sparse.csr_array(self._of_free[self.following])

    @cached_property
    def _first(self) -> sparse.csr_array:
        return sparse.csr_array(self.face.matrix[self.own][:, self.first])

    def nearest(
        self, cuts: Sequence[Cut], near: Point | None, hold: Callable[[LinearProgram], Holder]
    ) -> Point:
        """The least squares over the first columns with cuts; `near` is that without the last of them."""
        rows = sparse.csr_array(np.array([cut.row for cut in cuts]).reshape(len(cuts), len(self.first)))
        program = LinearProgram(
            cost=np.zeros(len(self.first)),
            matrix=sparse.csr_array(sparse.vstack([self._first, rows], format="csr")),
            row_lower=np.append((self.face.row_lower - self.fixed)[self.own], np.full(len(cuts), -np.inf)),
            row_upper=np.append((self.face.row_upper - self.fixed)[self.own], [cut.upper for cut in cuts]),
            column_lower=self.face.column_lower[self.first],
            column_upper=self.face.column_upper[self.first],
        )
        if near is not None:
            return point_by_pieces(Pieces(program, self.squares), near.values, near.basis, hold, near)
        holder = hold(program)
        start = holder.solve().values
        return point_by_pieces(Pieces(program, self.squares), start, holder.basis, hold)

    def prices(self, prices: Array, cuts: Sequence[Cut]) -> Array:
        """Prices of all rows of the face, from those of its own rows and of cuts."""
        every = np.zeros(len(self.face.row_upper))
        every[self.own] = prices[: len(self.own)]
        for cut, price in zip(cuts, prices[len(self.own) :], strict=True):
            every[cut.rows] += price * cut.factors
        return every

    def aimed(self, values: Array) -> LinearProgram:
        """The face with the slope of the squares at a point as its cost."""
        return replace(self.face, cost=self.squares.cost(self.squares.terms(values), len(values)))


class _Rest:
    """What follows the first columns: the following rows, each with room for what it is violated by, at a cost."""

    def __init__(self, split: _Split, basis: highspy.HighsBasis, hold: Callable[[LinearProgram], Holder]) -> None:
        self._split, face = split, split.face
        rows, free = split.following, split.free
        below, above = (np.isfinite(bound[rows]) for bound in (face.row_lower, face.row_upper))
        room = sparse.eye_array(len(rows), format="csr")
        count = int(below.sum() + above.sum())
        self._program = LinearProgram(
            cost=np.append(np.zeros(len(free)), np.ones(count)),
            matrix=sparse.csr_array(sparse.hstack([split.rest, room[:, below], -room[:, above]], format="csr")),
            row_lower=face.row_lower[rows] - split.fixed[rows],
            row_upper=face.row_upper[rows] - split.fixed[rows],
            column_lower=np.append(face.column_lower[free], np.zeros(count)),
            column_upper=np.append(face.column_upper[free], np.full(count, np.inf)),
        )
        self._holder = hold(self._program)
        start, columns, others = highspy.HighsBasis(), basis.col_status, basis.row_status
        start.col_status = [*(columns[at] for at in free), *([highspy.HighsBasisStatus.kLower] * count)]
        start.row_status = [others[at] for at in rows]
        start.valid = True
        self._start: highspy.HighsBasis | None = start

    def follow(self, first: Array) -> tuple[Array, list[Cut]]:
        """All columns of the face where the first have these values, and cuts where the others cannot follow."""
        split, given = self._split, self._split.links @ first
        moved = replace(
            self._program, row_lower=self._program.row_lower - given, row_upper=self._program.row_upper - given
        )
        self._holder.turn_into(moved)
        if self._start is not None:
            self._holder.start_from(self._start)
            self._start = None
        reached = self._holder.solve()
        values = split.face.column_lower.copy()
        values[split.first] = first
        values[split.free] = reached.values[: len(split.free)]
        return values, self._cuts(first, reached.values[len(split.free) :], reached.duals)

    def _cuts(self, first: Array, violated: Array, duals: Array) -> list[Cut]:
        """One for every block that is violated by more than the tolerance."""
        split = self._split
        room = self._program.matrix[:, len(split.free) :]
        by_block = np.bincount(split.blocks, abs(room) @ violated)
        found = []
        for block in np.flatnonzero(by_block > FEASIBLE):
            rows = np.flatnonzero(split.blocks == block)
            slope = -np.asarray(split.links[rows].T @ duals[rows])
            size = float(np.abs(slope).max(initial=0.0))
            if size == 0.0:
                raise InaccurateError("what follows cannot, whatever is decided first")
            upper = dot(slope, first) - float(by_block[block])
            found.append(Cut(slope / size, upper / size, split.following[rows], -duals[rows] / size))
        return found
