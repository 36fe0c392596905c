"""Of the optimal solutions of a linear program the one of least squares: it is one, in whatever order things stand.

The optimal solutions are a face of the program: for any optimal prices, what is feasible and lies at each bound that
has a price. On the face, the point nearest to a target is found by linear programs alone, so that each step and the end
are certified against the matrix (Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11, 1976):
take the nearest point in the hull of the corners that are known; look for the corner that lies furthest towards the
target from there; end where none lies nearer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array, dot
from optimize.solver.linear_program import LinearProgram
from optimize.tolerances import FEASIBLE, PRICE_ROUNDING, SAME_POINT

__all__ = ["Corner", "Squares", "face_of", "nearest_point"]


@dataclass(frozen=True)
class Squares:
    """sum_t (rows_t @ v - target_t)^2 over the columns v of a program, the first of which rows[term, column] has."""

    rows: sparse.csr_array
    target: Array

    def terms(self, values: Array) -> Array:
        """rows_t @ v - target_t."""
        return np.asarray(self.rows @ values[: self.rows.shape[1]] - self.target)

    def cost(self, terms: Array, columns: int) -> Array:
        """The slope of the sum where its terms are these, over so many columns, as a cost whose largest entry is 1."""
        cost = np.zeros(columns)
        cost[: self.rows.shape[1]] = self.rows.T @ terms
        return cost / (float(np.abs(cost).max(initial=0.0)) or 1.0)


class Corner(NamedTuple):
    """A corner of a face: the value of every column, and the terms of the squares there."""

    values: Array
    terms: Array


def face_of(program: LinearProgram, values: Array, duals: Array) -> LinearProgram:
    """The optimal solutions of a program, from one of them with its prices: what has a price stays where it is.

    A price that rounding alone can make is none. A solution keeps to bounds within a tolerance: bounds give way to it,
    so that it is one of the face.
    """
    sizes = np.abs(duals)
    columns = abs(program.matrix).T @ sizes[: program.matrix.shape[0]] + np.abs(program.cost)
    for size, row in zip(sizes[program.matrix.shape[0] :], program.dense_rows, strict=True):
        columns = columns + size * np.abs(row)
    reduced, free = program.reduced_costs(duals), np.maximum(FEASIBLE, PRICE_ROUNDING * columns)
    column_lower, column_upper = _held(program.column_lower, program.column_upper, values, np.abs(reduced) > free)
    level = program.levels(values)
    row_lower, row_upper = _held(program.row_lower, program.row_upper, level, sizes > FEASIBLE)
    return replace(
        program, column_lower=column_lower, column_upper=column_upper, row_lower=row_lower, row_upper=row_upper
    )


def _held(lower: Array, upper: Array, level: Array, priced: np.ndarray) -> tuple[Array, Array]:
    """Both bounds where the level is, if one has a price or they are equal."""
    held = priced | (lower == upper)
    return np.where(held, level, np.minimum(lower, level)), np.where(held, level, np.maximum(upper, level))


def nearest_point(first: Corner, corner_towards: Callable[[Array], Corner], most: int) -> Corner | None:
    """The point of a face with the least sum of squares of its terms, from one corner of it.

    `corner_towards` gives the corner of the face at which `terms @` those of the corner is least. None where it takes
    more than `most` of them: the point may need one more than it has dimensions.
    """
    corners, weight, point = [first], np.ones(1), first.terms
    for _ in range(most):
        found = corner_towards(point)
        longest = max(dot(corner.terms, corner.terms) for corner in (*corners, found))
        known = any(np.abs(found.terms - corner.terms).max() <= FEASIBLE for corner in corners)
        if known or dot(point, point - found.terms) <= SAME_POINT * longest:
            values = np.sum([share * corner.values for share, corner in zip(weight, corners, strict=True)], axis=0)
            return Corner(values, point)
        corners.append(found)
        corners, weight = _nearest_in_hull(corners, np.append(weight, 0.0))
        point = np.sum([share * corner.terms for share, corner in zip(weight, corners, strict=True)], axis=0)
    return None


def _nearest_in_hull(corners: list[Corner], weight: Array) -> tuple[list[Corner], Array]:
    """The corners whose hull has the nearest point of that of all, and their weights; from weights of a point in it."""
    while True:
        aim = _nearest_in_span(np.array([corner.terms for corner in corners]))
        if (aim >= 0.0).all():
            return corners, aim
        leaving = aim < 0.0
        step = float((weight[leaving] / (weight[leaving] - aim[leaving])).min())
        weight = (1.0 - step) * weight + step * aim
        stays = weight > SAME_POINT
        stays[np.flatnonzero(leaving)[weight[leaving].argmin()]] = False
        corners = [corner for corner, own in zip(corners, stays, strict=True) if own]
        weight = weight[stays] / weight[stays].sum()


def _nearest_in_span(terms: Array) -> Array:
    """Weights, of sum 1, of the points terms[n] for which |sum_n weight_n terms_n| is least.

    By modified Gram-Schmidt on the differences from the first point, without BLAS, whose threads decide last digits.
    """
    left, rest = terms[1:] - terms[0], -terms[0]
    count = len(left)
    upper, right = np.zeros((count, count)), np.zeros(count)
    left = left.copy()
    for n in range(count):
        size = np.sqrt(dot(left[n], left[n]))
        direction = left[n] / size
        upper[n, n] = size
        upper[n, n + 1 :] = (left[n + 1 :] * direction).sum(axis=1)
        left[n + 1 :] -= upper[n, n + 1 :, None] * direction
        right[n] = dot(rest, direction)
        rest = rest - right[n] * direction
    weight = np.zeros(count)
    for n in reversed(range(count)):
        weight[n] = (right[n] - dot(upper[n, n + 1 :], weight[n + 1 :])) / upper[n, n]
    return np.append(1.0 - weight.sum(), weight)
