"""Priorities: which weights on which goals would make the observed allocation the best one?

Inverse optimisation of a linear program (Ahuja and Orlin, Inverse optimization, Operations Research 49, 2001; relative
gap as in Chan, Lee and Terekhov, Inverse optimization: closed-form solutions, geometry, and goodness of fit,
Management Science 65, 2019). Weights can be *consistent with* an allocation; they cannot prove a motive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Unpack

import numpy as np
import pandas as pd
from scipy import sparse

from chains import Chain, InputError
from chains.numbers import Array
from chains.presenting import Shown
from optimize.progress import counted
from optimize.solver.linear import Certificate, LinearProgram, Solver
from optimize.solving.evaluation import Evaluator
from optimize.solving.goals import RISK, Goals, outputs_of, weighing
from optimize.solving.options import RiskArguments, RiskOptions, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import CLOSED, RAISED, SAME_GAP

__all__ = ["DRAWS", "Priorities", "priorities"]

DRAWS = 1000
"""Random allocations that the observed one is compared with."""

SEED = 0


_NO_GOALS: Mapping[str, pd.Series] = MappingProxyType({})


@dataclass(frozen=True, repr=False)
class Priorities(Shown):
    """Weights of the goals with which the observed allocation is least suboptimal.

    gap: the least relative gap, a share of the best weighted sum; 0 where some weights make the observed allocation
    optimal. weights: index `goal`, columns least, most: each weight's interval over all weights (which sum to 1) whose
    gap is within SAME_GAP of the least. scaled: index `goal`, what the observed allocation reaches of each goal's best
    (0 without subsidy, 1 best). values: index `goal`, columns none, observed, best; falls in risk as shares of
    final demand, outputs and capacity in the chain's money. dropped: goals that the budget cannot raise.
    random: of each random allocation, whether its least gap is no larger than the observed allocation's (to SAME_GAP);
    as_consistent: of how many.
    """

    chain: Chain
    gap: float
    weights: pd.DataFrame
    scaled: pd.Series
    values: pd.DataFrame
    dropped: tuple[str, ...]
    random: pd.Series
    caution: str
    options: RiskOptions
    certificate: Certificate

    @property
    def as_consistent(self) -> int:
        """How many random allocations are at least as consistent with some weights as the observed one."""
        return int(self.random.sum())

    @property
    def share(self) -> float:
        """Share of the random allocations that are at least as consistent with some weights as the observed one."""
        return self.as_consistent / len(self.random)


def priorities(
    chain: Chain, *, goals: Mapping[str, pd.Series] = _NO_GOALS, draws: int = DRAWS, **options: Unpack[RiskArguments]
) -> Priorities:
    """Weights w >= 0, sum w = 1, on goals with which the observed allocation x0 is least suboptimal.

    gap(w) = 1 - w'G(x0) / max over x of w'G(x), x over the allocations of the observed budget by instrument. G_q is a
    goal, 0 without subsidy and 1 at its best. Goals: the fall in risk; home output in calm, and that of
    home-owned firms, with all final demand met; visible capacity (home supply added); and `goals`, weighted sums of
    home output in calm by segment. Random allocations are uniform over the segments (Dirichlet(1), seed 0), with the
    observed total of each instrument. Options: alpha, beta, pieces.

    InputError for a goal that is wrong, or where the budget raises no goal; NotOptimalError if the solver fails.
    """
    if draws < 1:
        raise InputError.single("option draws", f"{draws} is out of range", "draw at least one allocation")
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    planners = _Planners(evaluator, chain, goals)
    numbers = chain.numbers
    observed = planners.goals(numbers.observed)
    gap = planners.gap(observed)
    least_most = planners.intervals(observed, gap)
    rng = np.random.default_rng(SEED)
    shares = rng.dirichlet(np.ones(len(numbers.segments)), size=(draws, len(numbers.instruments)))
    totals = numbers.observed.sum(axis=0)
    fits = [planners.fits(share.T * totals, gap + SAME_GAP) for share in counted(list(shares))]
    index = pd.Index(planners.kept, name="goal")
    return Priorities(
        chain=chain,
        gap=gap,
        weights=pd.DataFrame(least_most, index=index, columns=["least", "most"]),
        scaled=pd.Series(observed, index=index, name="scaled"),
        values=planners.values(),
        dropped=planners.dropped,
        random=pd.Series(fits, index=pd.RangeIndex(draws, name="draw"), name="as_consistent"),
        caution=_caution(chain),
        options=evaluator.options,
        certificate=evaluator.certificate.worse(planners.certificate),
    )


def _caution(chain: Chain) -> str:
    numbers = chain.numbers
    return (
        f"an allocation over {len(numbers.segments)} segments in {len(set(numbers.tiers))} tiers can be consistent "
        "with a motive; it cannot prove one"
    )


class _Planners:
    """The best that planners with any weights can do, best(w) = max over x of w'G(x), from outside inwards.

    best is the upper envelope of w'G(x) over all allocations, so of the few that weights have asked for so far
    (`points`, G at each) it is a lower bound. A question is put to these; the answer's weights are checked by solving
    for best(w), and the allocation found joins them until nothing is missing. All questions share the points.

    Of random allocations it is asked only whether their gap is small enough. That is mostly clear from bounds: weights
    at which best(w) is known (`_known`) bound what an allocation reaches from below, the points from above, and prices
    of the recourse bound its fall in risk (solving/price_pool.py).
    """

    def __init__(self, evaluator: Evaluator, chain: Chain, own: Mapping[str, pd.Series]) -> None:
        outputs = outputs_of(chain, own)
        self._weighing = weighing(evaluator, evaluator.inner.observed.sum(axis=0), outputs)
        self._worth, self._money = Goals(evaluator, outputs), evaluator.units.money
        self._solver = Solver(self._weighing.program)
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)
        observed = chain.numbers.observed
        self._none, self._observed = self._worth.at(np.zeros_like(observed)), self._worth.at(observed)
        tops = np.array([self._best_worth(-reward) for reward in self._weighing.reward])
        self._best = np.diagonal(tops)
        self._keep = np.flatnonzero(self._best - self._none > RAISED)
        if len(self._keep) == 0:
            wrong = "the observed budget raises none of the goals"
            raise InputError.single("subsidies.csv, response.csv", wrong, "give money to segments that respond to it")
        self.kept = tuple(self._worth.names[q] for q in self._keep)
        self.dropped = tuple(name for name in self._worth.names if name not in self.kept)
        self._points = self._scaled(tops[self._keep])
        self._checked: set[bytes] = set()
        self._asked = Solver(_polytope(self._points, 1.0, np.zeros(len(self._keep))))
        self._known = np.eye(len(self._keep))  # the best of one goal alone is 1

    def goals(self, allocation: Array) -> Array:
        """G at an allocation x[k, i] in the chain's money: each goal kept, 0 without subsidy and 1 at its best."""
        return self._scaled(self._worth.at(allocation))

    def values(self) -> pd.DataFrame:
        """Every goal without subsidy, as observed and at its best, in the units that users read."""
        names = pd.Index(self._worth.names, name="goal")
        unit = np.where(names == RISK, 1.0 / OBJECTIVE, self._money)
        columns = {"none": self._none, "observed": self._observed, "best": self._best}
        return pd.DataFrame({name: worth * unit for name, worth in columns.items()}, index=names)

    def gap(self, reached: Array) -> float:
        """Least relative gap of an allocation that reaches these goals: 1 - max w'G(x0) subject to best(w) <= 1."""
        self._asked.change_cost(-reached)
        while True:
            for point in self._points[len(self._asked.program.row_upper) :]:
                self._asked.next_goal(point, 1.0, -reached)
            weights = self._weights(self._asked)
            if not self._missing(weights):
                return max(0.0, 1.0 - float(weights @ reached) / max(1.0, float((self._points @ weights).max())))

    def fits(self, allocation: Array, most: float) -> bool:
        """Whether the least relative gap of an allocation x[k, i] in the chain's money is at most `most`."""
        low, high = (self._scaled(worth) for worth in self._worth.between(allocation))
        if (self._known @ low).max() >= 1.0 - most:
            return True
        self._asked.change_cost(-high)
        if float(self._weights(self._asked) @ high) < 1.0 - most:
            return False
        return self.gap(self.goals(allocation)) <= most

    def intervals(self, reached: Array, gap: float) -> Array:
        """Least and most of each weight, sum w = 1, subject to (1 - gap - SAME_GAP) best(w) <= w'G(x0)."""
        floor, count = 1.0 - gap - SAME_GAP, len(self.kept)
        ends = []
        for cost in (sign * unit for unit in np.eye(count) for sign in (1.0, -1.0)):
            while True:
                below = _polytope(floor * self._points - reached, 0.0, cost).with_row(np.ones(count), 1.0, cost)
                weights = self._weights(Solver(replace(below, row_lower=np.append(below.row_lower[:-1], 1.0))))
                if not self._missing(weights):
                    break
            ends.append(float(np.abs(cost) @ weights))
        return np.asarray(np.clip(np.reshape(ends, (count, 2)), 0.0, 1.0), dtype=np.float64)

    def _weights(self, solver: Solver) -> Array:
        optimum = solver.solve()
        self.certificate = self.certificate.worse(optimum.certificate)
        return np.maximum(optimum.values, 0.0)

    def _missing(self, weights: Array) -> bool:
        """Whether best(w) lies above the points; the allocation that shows it then joins them."""
        key = weights.round(12).tobytes()
        if key in self._checked:
            return False
        scaled = weights / (self._best - self._none)[self._keep]
        point = self._scaled(self._best_worth(-OBJECTIVE * (scaled @ self._weighing.reward[self._keep])))
        if float(weights @ point) <= float((self._points @ weights).max()) + CLOSED:
            self._checked.add(key)
            self._known = np.vstack([self._known, weights / max(1.0, float((self._points @ weights).max()))])
            return False
        self._points = np.vstack([self._points, point])
        return True

    def _best_worth(self, cost: Array) -> Array:
        """Worth of every goal at the solution of least cost (at least that: what has no cost is left as it is)."""
        self._solver.change_cost(cost)
        optimum = self._solver.solve()
        self.certificate = self.certificate.worse(optimum.certificate)
        return np.asarray(self._weighing.reward @ optimum.values + self._weighing.constant)

    def _scaled(self, worth: Array) -> Array:
        """Goals kept, from the worth of all goals (last axis)."""
        none, best = self._none[self._keep], self._best[self._keep]
        return np.asarray((worth[..., self._keep] - none) / (best - none))


def _polytope(rows: Array, upper: float, cost: Array) -> LinearProgram:
    """The program min cost @ w  subject to  rows @ w <= upper,  w >= 0."""
    return LinearProgram(
        cost=cost,
        matrix=sparse.csr_array(rows),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=np.full(len(rows), upper),
        column_lower=np.zeros(len(cost)),
        column_upper=np.full(len(cost), np.inf),
    )
