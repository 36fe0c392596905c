"""The adversary of the slopes: which segments' response turns out as weak as it credibly can.

At most Gamma segments have their slope at `low` at once, all others at `value` (a budget of uncertainty in the spirit
of Bertsimas and Sim, The price of robustness, Operations Research 52(1), 2004). The adversary moves after the
allocation x is fixed and before the recourse:

    max over D, |D| <= Gamma, of  risk(x; r_k = low_k for k in D, else value_k)

A lower slope adds less supply for the same funds, so risk never falls as D grows. Hence a branch of the search tree,
where some segments are low, others are not and the rest are open, is bounded by the risk with all the open ones low.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from chains import Chain
from chains.numbers import Array
from optimize.program.ambiguity import worst_distribution
from optimize.program.decision import Decision
from optimize.program.response import Chords, chords
from optimize.program.risk import risk_of
from optimize.solving.evaluation import Evaluator
from optimize.tolerances import SAME_BRANCH

__all__ = ["Adversary", "Low", "WorstSlopes", "low_slopes"]

MOST_EVALUATIONS = 4000
"""Evaluations after which a search ends with the bound it has proven."""

Low = tuple[int, ...]
"""Positions of the segments whose slope is low, in order."""


def low_slopes(chain: Chain) -> Array:
    """The low slope of every segment [k]: column `low` of response.csv, or the slope itself where that is missing."""
    low = chain.numbers.slope.copy()
    rows = chain.table("response")
    rows = rows[(rows["parameter"] == "slope") & rows["low"].notna()]
    position = {segment: k for k, segment in enumerate(chain.numbers.segments)}
    low[[position[segment] for segment in rows["segment"]]] = rows["low"]
    return low


@dataclass(frozen=True)
class WorstSlopes:
    """A worst set of low slopes (positions of segments), the risk with it, and the proven bound of any set's risk."""

    low: Low
    risk: float
    bound: float


class Adversary:
    """Finds the worst set of at most `most` low slopes at any allocation, under the worst distribution.

    Risks are those of the worst distribution within `ambiguity` of the probabilities, at the evaluator's alpha, beta.
    """

    def __init__(self, evaluator: Evaluator, most: int, ambiguity: float) -> None:
        self.evaluator = evaluator
        self.most = most
        self.ambiguity = ambiguity
        self._low = low_slopes(evaluator.chain)

    def curve(self, low: Low) -> Chords:
        """The response with the slopes of these segments at `low` (inner units)."""
        numbers = self.evaluator.inner
        slope = numbers.slope.copy()
        slope[list(low)] = self._low[list(low)]
        return chords(slope, numbers.ceiling, self.evaluator.options.pieces)

    def risk(self, decision: Decision, low: Low) -> float:
        """Risk of a decision in the chain's money with these slopes low."""
        loss = self.evaluator.losses(decision, self.curve(low))
        worst = worst_distribution(loss, self.evaluator.numbers.probability, self.ambiguity)
        return risk_of(loss, worst, self.evaluator.options.alpha, self.evaluator.options.beta).risk

    def worst(self, decision: Decision) -> WorstSlopes:
        """The worst set at a decision: exact (risk = bound) unless the search grows too long."""
        hurt = self._that_matter(decision)
        if self.most == 0 or len(hurt) <= self.most:
            low = hurt if self.most else ()
            risk = self.risk(decision, low)
            return WorstSlopes(low, risk, risk)
        return _Search(self, decision, hurt).run()

    def needed(self, decision: Decision, worst: WorstSlopes) -> Low:
        """The members of a worst set without which the risk would be less (by 1e-9), the least harmful tried first."""
        kept = worst.low
        for k in sorted(worst.low, key=lambda k: self.risk(decision, (k,))):
            others = tuple(other for other in kept if other != k)
            if self.risk(decision, others) >= worst.risk - 1e-9:
                kept = others
        return kept

    def _that_matter(self, decision: Decision) -> Low:
        """Segments that add less supply with their slope at `low` than they would otherwise."""
        funds = self.evaluator.inner.funds(decision.allocation / self.evaluator.units.money)
        everywhere = tuple(range(len(funds)))
        less = self.evaluator.curve.added(funds) - self.curve(everywhere).added(funds)
        return tuple(int(k) for k in np.flatnonzero(less > 0))


class _Search:
    """Branch and bound over the sets of exactly `most` of the segments that matter, the highest bound first."""

    def __init__(self, adversary: Adversary, decision: Decision, hurt: Low) -> None:
        self.adversary = adversary
        self.decision = decision
        self._known: dict[Low, float] = {}
        self.order = tuple(sorted(hurt, key=lambda k: -self._risk((k,))))

    def run(self) -> WorstSlopes:
        """The worst set found, and the bound of what was not searched."""
        most = self.adversary.most
        best = self.order[:most]
        branches: list[tuple[float, Low, Low]] = [(-self._risk(self.order), (), self.order)]
        while branches and -branches[0][0] > self._risk(best) + SAME_BRANCH and len(self._known) < MOST_EVALUATIONS:
            _, low, undecided = heapq.heappop(branches)
            first, rest = undecided[0], undecided[1:]
            taken = (*low, first)
            for fixed, left in ((taken, rest if len(taken) < most else ()), (low, rest)):
                risk = self._risk((*fixed, *left))
                if len(fixed) + len(left) > most:
                    heapq.heappush(branches, (-risk, fixed, left))
                elif risk > self._risk(best):
                    best = (*fixed, *left)
        risk = self._risk(best)
        highest = -branches[0][0] if branches else risk
        return WorstSlopes(tuple(sorted(best)), risk, highest if highest > risk + SAME_BRANCH else risk)

    def _risk(self, low: Low) -> float:
        low = tuple(sorted(low))
        if low not in self._known:
            self._known[low] = self.adversary.risk(self.decision, low)
        return self._known[low]
