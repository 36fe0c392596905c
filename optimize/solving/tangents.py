"""Least risk at a budget with its slope: one budget at a time, or wherever the optimal basis changes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np

from chains.numbers import Array
from optimize.program.first_stage import first_stage
from optimize.program.two_stage import two_stage
from optimize.solver.linear import Certificate, Solver, certify
from optimize.solver.parametric import Corner, LostPathError, follow
from optimize.solving.evaluation import Evaluator
from optimize.tolerances import ACCURATE

__all__ = ["LeastRisk", "Tangent"]

TOGETHER = 64
"""Corners whose certificates are recomputed at once."""


@dataclass(frozen=True)
class Tangent:
    """Least risk at a budget and a slope of it there, one of many at a kink. Inner units."""

    budget: float
    risk: float
    slope: float


class LeastRisk:
    """Least risk at any budget: one program, of which only the budgets change (hot starts). Inner units."""

    def __init__(self, evaluator: Evaluator, shares: Array) -> None:
        options = evaluator.options
        first = first_stage(evaluator.inner, evaluator.curve, shares, levers=evaluator.levers)
        stages = two_stage(first, evaluator.compiled, evaluator.inner, options.alpha, options.beta)
        self._solver = Solver(stages.program)
        self._rows = stages.rows("budgets")
        self._shares = shares
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)
        self.solves = 0

    def at(self, budget: float) -> Tangent:
        """The tangent at a budget; infinity is a budget too."""
        given = np.multiply(self._shares, budget, out=np.zeros_like(self._shares), where=self._shares > 0)
        self._solver.limit_rows(self._rows, given)
        optimum = self._solver.solve()
        self.certificate = self.certificate.worse(optimum.certificate)
        self.solves += 1
        return Tangent(budget, optimum.objective, float(self._shares @ optimum.duals[self._rows]))

    def path(self, limit: float) -> list[Tangent]:
        """The tangents wherever the optimal basis changes, from budget 0 on: as far as it can be followed."""
        start = self.at(0.0)
        growth = np.zeros(len(self._solver.program.row_upper))
        growth[self._rows] = self._shares
        points: list[Tangent] = []
        corners = _until_lost(follow(self._solver.program, self._solver.basis, growth, limit))
        while some := list(islice(corners, TOGETHER)):
            found = self._certified(some)
            points += found
            if len(found) < len(some):
                break
        return points or [start]

    def _certified(self, corners: list[Corner]) -> list[Tangent]:
        """Tangents at corners; none of them if their certificate is bad."""
        program = self._solver.program
        budget, values, duals = (np.array(part) for part in zip(*corners, strict=True))
        upper = np.tile(program.row_upper, (len(budget), 1))
        upper[:, self._rows] = np.outer(budget, self._shares)
        certificate = certify(program, values, duals, row_upper=upper)
        if certificate.worst > ACCURATE:
            return []
        self.certificate = self.certificate.worse(certificate)
        risk, slope = (values * program.cost).sum(axis=1), duals[:, self._rows] @ self._shares
        return [Tangent(*point) for point in zip(budget.tolist(), risk.tolist(), slope.tolist(), strict=True)]


def _until_lost(corners: Iterator[Corner]) -> Iterator[Corner]:
    """The corners before the path is lost."""
    with suppress(LostPathError):
        yield from corners
