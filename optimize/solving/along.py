"""Least losses while one factor moves what a decision provides: few factors need a solve, the others are proved.

Where every amount g(f) that a decision provides is concave in the factor f, each scenario's loss is convex in it: the
recourse is a convex function of what is provided, and never rises with it. Hence, between two factors a < f < b whose
losses are known, and with the prices of all that was solved (price_pool.py),

    base_s + slope' D_s g(f)   <=   L_s(f)   <=   ((b - f) L_s(a) + (f - a) L_s(b)) / (b - a)

Where both sides meet in every scenario the loss is proved. Else the scenarios are solved, whose prices and losses
narrow what is left.
"""

from bisect import bisect, insort
from collections.abc import Callable, Mapping

import numpy as np

from chains.numbers import Array
from optimize.program.blocks import GivenBlock
from optimize.solver.linear import Certificate
from optimize.solving.batches import Batches
from optimize.solving.evaluation import Evaluator
from optimize.solving.price_pool import PricePool
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import SAME_LOSS

__all__ = ["Along", "Recourses"]


class Recourses:
    """The recourse of every group of alike scenarios, with the prices found so far whatever is provided."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.count = len(evaluator.numbers.scenarios)
        self.parts = [(given, Batches(given), PricePool(given)) for given in evaluator.given]
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def bounds(self, provided: Mapping[str, Array]) -> Array:
        """What the known prices prove that each scenario loses at least [s], in inner units."""
        bound = np.empty(self.count)
        for given, _, pool in self.parts:
            bound[given.block.alike.scenarios] = pool.losses(given.block.linked(provided))[0]
        return bound

    def solved(self, provided: Mapping[str, Array], unproved: np.ndarray) -> Array:
        """Losses [s] in inner units: solved in groups with a scenario of `unproved` [s], the bounds in the others."""
        loss = self.bounds(provided)
        for given, batches, pool in self.parts:
            if unproved[given.block.alike.scenarios].any():
                self._solve(given, batches, pool, given.block.linked(provided), loss)
        return loss

    def _solve(self, given: GivenBlock, batches: Batches, pool: PricePool, linked: Array, loss: Array) -> None:
        for batch in batches.solve(linked):
            loss[given.block.alike.scenarios[batch.scenarios]] = batch.loss
            pool.learn(batch, linked)
            self.certificate = self.certificate.worse(batch.certificate)


class Along:
    """Losses by factor where `provided` gives what a decision provides at each (inner units), concave in the factor."""

    def __init__(self, recourses: Recourses, provided: Callable[[float], Mapping[str, Array]]) -> None:
        self._recourses, self._provided = recourses, provided
        self._factors: list[float] = []
        self._known: dict[float, Array] = {}

    def losses(self, factor: float) -> Array:
        """Least loss L[s] of every scenario at a factor, a share of weighted final demand."""
        if factor not in self._known:
            provided = self._provided(factor)
            bound = self._recourses.bounds(provided)
            unproved = self._most(factor) - bound > SAME_LOSS
            if not unproved.any():
                return np.maximum(bound, 0.0) / OBJECTIVE
            self._known[factor] = self._recourses.solved(provided, unproved)
            insort(self._factors, factor)
        return np.maximum(self._known[factor], 0.0) / OBJECTIVE

    def _most(self, factor: float) -> Array:
        """The most that each scenario may lose [s]: between two known factors, on the line through both."""
        at = bisect(self._factors, factor)
        if at in (0, len(self._factors)):
            return np.full(self._recourses.count, np.inf)
        low, high = self._factors[at - 1 : at + 1]
        share = (factor - low) / (high - low)
        return (1.0 - share) * self._known[low] + share * self._known[high]
