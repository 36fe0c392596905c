"""The point of least squares on a face of many dimensions: pieces of the squares, made ever narrower.

The search by corners (solver/least_squares.py) needs as many corners as the point has dimensions. Here each square is
replaced by chords over pieces of its term (secants of t^2 / 2), which leaves a linear program (Meyer, Two-segment
separable programming, Management Science 25, 1979). Its solution tells which bounds hold: along the basis that it ends
with, the least of the squares themselves follows from one system of equations. That is where the pieces are laid next,
narrower inside and as wide as ever outside, so that few programs are needed. The end is where the conditions of an
optimum hold for the squares, checked against the matrix.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import highspy
import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array, dot
from optimize.solver.certificate import Certificate, certify
from optimize.solver.failures import InaccurateError
from optimize.solver.least_squares import Squares
from optimize.solver.linear_program import LinearProgram
from optimize.tolerances import FEASIBLE

__all__ = ["Pieces", "nearest_by_pieces"]

_SIDE = 2
"""Pieces on either side of where a term is thought to be."""
_FIRST, _NEXT = 1.0 / 64.0, 16.0
"""How wide the innermost pieces are at first, relative to the length of all terms; how many of the next make one."""
_NARROWEST, _ROUNDS = 6, 12
"""How often the inner pieces are made narrower: then rounding would decide; how many programs are solved at most."""

_ANEW = 200_000
"""Columns of a face from which on a program is solved anew: presolving leaves little of it, and pivots from a basis
take the longer the larger it is (405,022 columns: 5 s instead of 4 to 14, in as many rounds)."""
_WRITTEN = 64
"""Terms that follow others, or are followed, up to which G is written out."""
_STEPS, _CONVERGED = 200, 1e-14
"""Conjugate gradients: steps at most, and how small what is left is at the end, relatively."""

_BASIC, _LOWER, _UPPER = (
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kUpper,
)


class Reached(Protocol):
    """An optimal solution."""

    @property
    def values(self) -> Array:
        """Values of the columns."""


class Holder(Protocol):
    """A solver that holds a program of pieces; what it tells of its factors is None where it has none at hand."""

    def solve_from(self, program: LinearProgram, basis: highspy.HighsBasis) -> Reached:
        """An optimal solution, from a basis that has a feasible one."""

    def solve_anew(self, program: LinearProgram) -> Reached:
        """An optimal solution, from no basis."""

    @property
    def basis(self) -> highspy.HighsBasis:
        """The basis of the optimum."""

    def basic(self) -> np.ndarray | None:
        """The basic columns in the order of the factors; negative for rows."""

    def solved(self, right: Array) -> Array | None:
        """The solution x of B x = right."""

    def solved_across(self, right: Array) -> Array | None:
        """The solution y of B' y = right."""


class Pieces:
    """The program of a face whose squares are pieces: columns of the face, then 2 * _SIDE + 1 for every term."""

    def __init__(self, face: LinearProgram, squares: Squares) -> None:
        self.face, self.squares = face.folded() if face.dense_rows else face, squares
        self.rows, self.width = self.face.matrix.shape
        self.count, self.each = len(squares.target), 2 * _SIDE + 1
        links = sparse.csr_array(
            (squares.rows.data, squares.rows.indices, squares.rows.indptr), (self.count, self.width)
        )
        pieces = sparse.csr_array(sparse.kron(sparse.eye_array(self.count), -np.ones((1, self.each))))
        self._matrix = sparse.csr_array(sparse.block_array([[self.face.matrix, None], [links, pieces]], format="csr"))

    def program(self, ends: Array) -> LinearProgram:
        """The linear program where the pieces of every term end here, ends[term, piece and one more], rising."""
        middle = (ends[:, 1:] + ends[:, :-1]).ravel() / 2.0
        none, start = np.zeros(self.width), self.squares.target + ends[:, 0]
        return LinearProgram(
            cost=np.concatenate([none, middle / (float(np.abs(middle).max()) or 1.0)]),
            matrix=self._matrix,
            row_lower=np.concatenate([self.face.row_lower, start]),
            row_upper=np.concatenate([self.face.row_upper, start]),
            column_lower=np.concatenate([self.face.column_lower, np.zeros(middle.size)]),
            column_upper=np.concatenate([self.face.column_upper, np.diff(ends, axis=1).ravel()]),
        )

    def basis(self, of_face: highspy.HighsBasis, ends: Array, terms: Array) -> highspy.HighsBasis:
        """The basis of the program at a vertex of the face that has these terms: of each, one piece is basic."""
        inside = np.clip((ends <= terms[:, None]).sum(axis=1) - 1, 0, self.each - 1)
        return self._around(of_face.col_status, of_face.row_status, inside, np.ones(self.count, dtype=bool))

    def again(self, reached: highspy.HighsBasis, ends: Array, terms: Array) -> highspy.HighsBasis:
        """The basis at the same point, where the terms are, once pieces are laid anew: what was basic stays so."""
        columns = reached.col_status  # read once: every status becomes an object
        status = np.array([one == _BASIC for one in columns[self.width :]]).reshape(self.count, self.each)
        inside = np.clip((ends <= terms[:, None]).sum(axis=1) - 1, 0, self.each - 1)
        basic = np.asarray([own.any() for own in status], dtype=bool)
        return self._around(columns[: self.width], reached.row_status[: self.rows], inside, basic)

    def _around(
        self,
        columns: Sequence[highspy.HighsBasisStatus],
        rows: Sequence[highspy.HighsBasisStatus],
        inside: np.ndarray,
        basic: np.ndarray,
    ) -> highspy.HighsBasis:
        """Pieces below `inside` are full, those above are empty; `inside` itself is basic or empty."""
        made = highspy.HighsBasis()
        pieces = [
            _UPPER if n < at else _BASIC if n == at and free else _LOWER
            for at, free in zip(inside, basic, strict=True)
            for n in range(self.each)
        ]
        made.col_status = [*columns, *pieces]
        made.row_status = [*rows, *([_LOWER] * self.count)]
        made.valid = True
        return made


def nearest_by_pieces(
    pieces: Pieces,
    values: Array,
    basis: highspy.HighsBasis,
    hold: Callable[[LinearProgram], Holder],
    anew: bool | None = None,
) -> tuple[Array, Certificate]:
    """Values of the columns at the point of a face with the least sum of squares, and the proof of it.

    `values` and `basis` are those of any vertex of the face. `anew`: each program is solved from no basis; None: those
    of large faces. InaccurateError where rounding leaves no proof.
    """
    anew = pieces.width >= _ANEW if anew is None else anew
    terms = pieces.squares.terms(values)
    longest = float(np.sqrt(dot(terms, terms)))
    ends = _ends(np.zeros(pieces.count), longest, 0, terms)
    program = pieces.program(ends)
    holder, start = hold(program), None if anew else pieces.basis(basis, ends, terms)
    proof: Certificate | None = None
    for narrowed in range(1, _ROUNDS + 1):
        reached = (holder.solve_anew(program) if start is None else holder.solve_from(program, start)).values
        middle = terms = pieces.squares.terms(reached[: pieces.width])
        found = _along_basis(pieces, holder, reached)
        if found is not None:
            values, proof = found
            if proof.worst <= FEASIBLE:
                return values, proof
            middle = pieces.squares.terms(values)
        ends = _ends(middle, longest, narrowed, terms)
        program = pieces.program(ends)
        start = None if anew else pieces.again(holder.basis, ends, terms)
    raise InaccurateError(f"the one with the least squares of several that are equally near: {proof}")


def _ends(middle: Array, longest: float, narrowed: int, terms: Array) -> Array:
    """Ends of pieces around where terms are thought to be, the inner ones ever narrower, the outer ones never.

    Where the terms are now is an end as well, so that the basis reached stays a vertex.
    """
    inner = _FIRST / _NEXT ** min(narrowed, _NARROWEST)
    side = longest * inner ** np.linspace(1.0, 0.0, _SIDE)
    every = np.concatenate([-side[::-1], [0.0], side])
    return np.sort(np.column_stack([middle[:, None] + every, terms]), axis=1)


def _along_basis(pieces: Pieces, holder: Holder, reached: Array) -> tuple[Array, Certificate] | None:
    """The least squares where the bounds hold that hold in a solution, and how far that is from the optimum of all.

    Terms s without a basic piece move freely, z_S; those with one, z_U, and the columns of the face follow them along
    the basis, z_U = z_U0 + G (z_S - z_S0). The least of |z_S|^2 + |z_U|^2 has
    z_S = -G' (1 + G G')^-1 (z_U0 - G z_S0).
    """
    width, rows = pieces.width, pieces.rows
    basic, values = holder.basic(), reached[:width].copy()
    if basic is None:
        return None
    terms = pieces.squares.terms(values)
    places = np.flatnonzero(basic >= width)
    follows = (basic[places] - width) // pieces.each
    moves = np.setdiff1d(np.arange(pieces.count), follows)
    if len(moves):
        if min(len(moves), len(places)) > _WRITTEN:
            aim = _least_along(_Along(holder, rows + moves, places, len(basic)), terms[moves], terms[follows])
        else:
            gain = _gain(holder, rows + moves, places, len(basic))
            aim = None if gain is None else _least(gain, terms[follows] - (gain * terms[moves]).sum(axis=1))
        if aim is None:
            return None
        right = np.zeros(len(basic))
        right[rows + moves] = aim - terms[moves]
        change = holder.solved(right)
        if change is None:
            return None
        own = (basic >= 0) & (basic < width)
        values[basic[own]] += change[own]
        terms = pieces.squares.terms(values)
        terms[moves] = aim
    cost = np.zeros(len(basic))
    cost[places] = terms[follows]
    size = float(np.abs(pieces.squares.rows.T @ terms).max(initial=0.0)) or 1.0
    prices = holder.solved_across(cost)
    aimed = replace(pieces.face, cost=pieces.squares.cost(terms, width))
    return None if prices is None else (values, certify(aimed, values, prices[:rows] / size))


class _Along:
    """How terms follow others along a basis: G[follows, moves], which is not written out."""

    def __init__(self, holder: Holder, links: np.ndarray, places: np.ndarray, size: int) -> None:
        self._holder, self._links, self._places, self._size = holder, links, places, size

    def forth(self, moves: Array) -> Array | None:
        """G @ moves."""
        right = np.zeros(self._size)
        right[self._links] = moves
        found = self._holder.solved(right)
        return None if found is None else found[self._places]

    def back(self, follows: Array) -> Array | None:
        """G' @ follows."""
        right = np.zeros(self._size)
        right[self._places] = follows
        found = self._holder.solved_across(right)
        return None if found is None else found[self._links]


def _least_along(along: _Along, moves: Array, follows: Array) -> Array | None:
    """The z_S of least |z_S|^2 + |z_U|^2, by conjugate gradients on (1 + G G') p = z_U0 - G z_S0.

    Most terms follow few others, so that few of the eigenvalues differ and as many steps are taken (Hestenes and
    Stiefel, Methods of conjugate gradients for solving linear systems, Journal of Research of the National Bureau of
    Standards 49, 1952). None where HiGHS has no factors, or rounding ends it.
    """
    moved = along.forth(moves)
    if moved is None:
        return None
    rest = follows - moved
    price, direction, size = np.zeros_like(rest), rest, dot(rest, rest)
    goal = size * _CONVERGED**2
    for _ in range(_STEPS):
        if size <= goal:
            found = along.back(price)
            return None if found is None else -found
        back = along.back(direction)
        forth = None if back is None else along.forth(back)
        if forth is None:
            return None
        image = direction + forth
        step = size / dot(direction, image)
        price, rest = price + step * direction, rest - step * image
        before, size = size, dot(rest, rest)
        direction = rest + size / before * direction
    return None


def _gain(holder: Holder, links: np.ndarray, places: np.ndarray, size: int) -> Array | None:
    """G[follows, moves], by rows or by columns of the inverse of the basis, whichever are fewer."""
    across = len(places) <= len(links)
    solve, units, picked = (holder.solved_across, places, links) if across else (holder.solved, links, places)
    found = [None if (one := solve(_unit(at, size))) is None else one[picked] for at in units]
    if any(one is None for one in found):
        return None
    gain = np.array(found, dtype=np.float64).reshape(len(units), len(picked))
    return gain if across else gain.T


def _unit(place: int, size: int) -> Array:
    unit = np.zeros(size)
    unit[place] = 1.0
    return unit


def _least(gain: Array, rest: Array) -> Array:
    """The z that has the least |z|^2 + |rest + gain @ z|^2, from the smaller of its two systems of equations."""
    if gain.shape[0] <= gain.shape[1]:
        price = _solved(_products(gain), rest)
        return -np.asarray((gain * price[:, None]).sum(axis=0))
    return -_solved(_products(gain.T), (gain * rest[:, None]).sum(axis=0))


def _products(rows: Array) -> Array:
    """1 + rows @ rows', without BLAS, whose threads decide last digits."""
    return np.array([(rows * row).sum(axis=1) for row in rows]).reshape(len(rows), len(rows)) + np.eye(len(rows))


def _solved(matrix: Array, right: Array) -> Array:
    """The solution of a system with a symmetric positive definite matrix, by elimination without BLAS."""
    left, found = matrix.copy(), right.copy()
    for n in range(len(left)):
        factor = left[n + 1 :, n] / left[n, n]
        left[n + 1 :, n:] -= factor[:, None] * left[n, n:]
        found[n + 1 :] -= factor * found[n]
    for n in reversed(range(len(left))):
        found[n] = (found[n] - dot(left[n, n + 1 :], found[n + 1 :])) / left[n, n]
    return found
