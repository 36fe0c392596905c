"""A second goal among the solutions that are best for the first, then, of several, the one of least squares."""

import sys
from dataclasses import replace

import numpy as np

from optimize.solver.arrays import Array
from optimize.solver.certificate import Certificate, certify
from optimize.solver.failures import InaccurateError, NotOptimalError
from optimize.solver.least_squares import Corner, Squares, face_of, nearest_point
from optimize.solver.linear_program import LinearProgram
from optimize.solver.pieces import Pieces, nearest_by_pieces
from optimize.solver.solver import Optimum, Solver
from optimize.tolerances import FEASIBLE

__all__ = ["among_best", "among_nearest"]

_CORNERS = 12
"""Corners of a face in which the point of least squares is looked for; then by pieces, which take as long as a few."""
_MANY = 10_000
"""Columns of a face from which on pieces take less time than one more corner, so that no corner is looked for."""


def among_best(solver: Solver, best: Optimum, tie: float, cost: Array, squares: Squares | None = None) -> Optimum:
    """Of the solutions within `tie` of the best, the one of least other cost (a lexicographic solve).

    `best` was the last found by the solver. Where several have the least, the one with the least squares, if these are
    given.
    """
    solver.next_goal(solver.program.cost, best.objective + tie, cost)
    near = solver.solve()
    return near if squares is None else among_nearest(solver, near, squares)


def among_nearest(solver: Solver, near: Optimum, squares: Squares) -> Optimum:
    """Of the optimal solutions, of which `near` was the last found by the solver, the one with the least squares.

    Its objective and its prices are those of `near`; its certificate is also that no solution has less. The solver's
    program stays as it is.
    """
    first = Corner(near.values, squares.terms(near.values))
    if np.abs(first.terms).max(initial=0.0) <= FEASIBLE:
        return near
    before, face = solver.program, face_of(solver.program, near.values, near.duals)
    cost = squares.cost(first.terms, len(near.values))
    prices = solver.prices(cost)
    if prices is not None and certify(replace(face, cost=cost), near.values, prices[0]).worst <= FEASIBLE:
        return near
    solver.start_from(None)
    solver.turn_into(face)
    towards = _Towards(solver, squares, near)
    try:
        values, proof = _least_squares(face, first, towards)
    finally:
        solver.turn_into(before)
    return Optimum(near.objective, values, near.duals, towards.worst.worse(proof))


class _Towards:
    """Corners of the face that a solver holds, with the last optimum and the worst certificate of all."""

    def __init__(self, solver: Solver, squares: Squares, near: Optimum) -> None:
        self.solver, self.squares = solver, squares
        self.last, self.worst = near, near.certificate

    def __call__(self, terms: Array) -> Corner:
        self.solver.change_cost(self.squares.cost(terms, len(self.last.values)))
        self.last = self.solver.solve()
        self.worst = self.worst.worse(self.last.certificate)
        return Corner(self.last.values, self.squares.terms(self.last.values))


def _least_squares(face: LinearProgram, first: Corner, towards: _Towards) -> tuple[Array, Certificate]:
    """Values of the columns at the point of least squares on a face, and its proof: by corners, or by pieces.

    InaccurateError where rounding leaves no proof.
    """
    solver, squares = towards.solver, towards.squares
    point = nearest_point(first, towards, _CORNERS) if len(first.values) < _MANY else None
    if point is None:
        try:
            with solver.set_aside() as basis:
                return nearest_by_pieces(Pieces(face, squares), towards.last.values, basis, Solver)
        except NotOptimalError:  # too narrow for rounding: by as many corners as it takes
            point = nearest_point(first, towards, sys.maxsize)
    assert point is not None
    aimed, prices = replace(face, cost=squares.cost(point.terms, len(first.values))), towards.last.duals
    proof = certify(aimed, point.values, prices)
    if proof.accurate:
        return point.values, proof
    values = _with(solver, face, squares, point.values)
    proof = certify(aimed, values, prices)
    if not proof.accurate:
        raise InaccurateError(f"the one with the least squares of several that are equally near: {proof}")
    return values, proof


def _with(solver: Solver, face: LinearProgram, squares: Squares, values: Array) -> Array:
    """A corner of the face where the columns of the squares have these values.

    A mean of corners has their rounding: too much of it in rows that are differences of huge numbers.
    """
    at = np.unique(squares.rows.indices)
    lower, upper = face.column_lower.copy(), face.column_upper.copy()
    lower[at] = upper[at] = np.clip(values[at], lower[at], upper[at])
    solver.turn_into(replace(face, cost=np.zeros_like(face.cost), column_lower=lower, column_upper=upper))
    return solver.solve().values
