"""Lower bounds on every scenario's loss from a pool of prices, and the planes below risk that follow.

Whatever the first stage provides, g (the home supply added, and what other levers buy), the recourse of scenario s
(program/blocks.py) is

    L_s(g) = min c'v   subject to   W v = r,   R_s + T D_s g <= r <= R^_s + T D_s g,   V <= v <= V^_s + E D_s g

where D_s are the factors of the scenario on what is provided. W, T, E and c are those of every scenario with as many
phases. So prices pi of the rows, whichever scenario they come from, bound the loss of all (weak duality; x+ and x- are
the positive and the negative part of x):

    L_s(g) >= pi+'R_s - pi-'R^_s + (c - W'pi)+'V - (c - W'pi)-'V^_s + (T'pi - E'(c - W'pi)-)' D_s g
           =  base_s + slope' D_s g

and for the best of finitely many pi this is the loss itself. Few of them matter: 62 for 20,000 scenarios on the
shipped chips package. Hence the loss of all scenarios is, nearly always, the largest entry in each row of one matrix.
Such reuse of dual solutions goes back to Infanger and Morton, Cut sharing for multistage stochastic linear programs,
Mathematical Programming 75, 1996.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, Positions
from optimize.program.blocks import GivenBlock
from optimize.solving.batches import Batch
from optimize.tolerances import NEW_PRICE

__all__ = ["Plane", "PricePool", "risk_plane", "weights"]

_DIGITS = 9
"""Prices that agree this far are the same."""


@dataclass(frozen=True)
class Plane:
    """A cutting plane: risk in inner units is at least level + slope @ g whatever is provided, g[link]."""

    level: float
    slope: Array

    def at(self, provided: Array) -> float:
        """The bound where g[link] is provided."""
        return self.level + float(self.slope @ provided)

    @property
    def each(self) -> tuple["Plane", ...]:
        """The planes of all risks that are bounded: this one."""
        return (self,)


class PricePool:
    """Prices of the rows of alike scenarios, and the bound base[s, n] + slope[n] @ (D_s g) that each sets on each loss.

    What is provided is g[link], the first-stage columns that the links of the block repeat.
    """

    def __init__(self, given: GivenBlock) -> None:
        self._given = given
        self._everywhere = np.arange(given.block.count)
        free, reduced = self._valid(np.zeros((1, given.block.own.shape[0])))  # prices of 0 bound every loss too
        self.base: Array = self._constant(free, reduced, self._everywhere)[:, None]
        self.slope: Array = self._slope(free, reduced)

    def __len__(self) -> int:
        return len(self.slope)

    def losses(self, provided: Array) -> tuple[Array, Array]:
        """The largest bound on each loss L[s] where g[link] is provided, and its slope [s, link]."""
        bounds = self.base + self._moved(self.slope, provided, self._everywhere)
        best = bounds.argmax(axis=1)
        slope, factors = self.slope[best], self._given.block.factors
        return bounds[np.arange(len(bounds)), best], slope if factors is None else slope * factors

    def learn(self, batch: Batch, provided: Array) -> bool:
        """Keep the prices of a batch, solved at g[link], that raise the bound on the loss they come from; any?"""
        scenarios = batch.scenarios
        known = (self.base[scenarios] + self._moved(self.slope, provided, scenarios)).max(axis=1) + NEW_PRICE
        short = np.flatnonzero(batch.loss > known)
        if not len(short):
            return False
        prices, reduced = self._valid(batch.prices[short])
        slope = self._slope(prices, reduced)
        own = self._constant(prices, reduced, scenarios[short]) + self._own_moved(slope, provided, scenarios[short])
        raised = np.flatnonzero(own > known[short])
        _, first = np.unique(np.round(prices[raised], _DIGITS), axis=0, return_index=True)
        kept = raised[first]
        more = [self._constant(prices[n], reduced[n], self._everywhere) for n in kept]
        self.base = np.column_stack([self.base, *more])
        self.slope = np.vstack([self.slope, slope[kept]])
        return len(kept) > 0

    def _moved(self, slope: Array, provided: Array, scenarios: np.ndarray) -> Array:
        """How far what is provided moves the bound of each of the slopes [n, link]: [s, n], or [n] for all alike."""
        factors = self._given.block.factors
        return slope @ provided if factors is None else factors[scenarios] @ (slope * provided).T

    def _own_moved(self, slope: Array, provided: Array, scenarios: np.ndarray) -> Array:
        """The same where each slope is that of the scenario beside it: [s]."""
        factors = self._given.block.factors
        return slope @ provided if factors is None else ((slope * provided) * factors[scenarios]).sum(axis=1)

    def _valid(self, prices: Array) -> tuple[Array, Array]:
        """Prices with the sign that their rows ask for (none on a side without a bound), and reduced costs [n, col]."""
        block = self._given.block
        low = np.where(np.isfinite(block.row_upper[0]), -np.inf, 0.0)
        high = np.where(np.isfinite(block.row_lower[0]), np.inf, 0.0)
        prices = np.clip(prices, low, high)
        return prices, block.costs["loss"] - prices @ block.own

    def _slope(self, prices: Array, reduced: Array) -> Array:
        """What a unit of each link does to the bound [n, link]: rows are moved by it, and upper bounds of columns."""
        given = self._given
        rows = -(prices @ given.rows)
        price = np.minimum(reduced[:, given.parts.bounded], 0.0) / given.parts.factors
        return np.asarray(rows - price @ given.bounds)

    def _constant(self, prices: Array, reduced: Array, scenarios: np.ndarray) -> Array:
        """The bound without g: one per scenario, of the prices [row] or of those beside it [n, row]."""
        block = self._given.block
        sides = (
            (np.maximum(prices, 0.0), block.row_lower),
            (np.minimum(prices, 0.0), block.row_upper),
            (np.maximum(reduced, 0.0), block.column_lower),
            (np.minimum(reduced, 0.0), block.column_upper),
        )
        total = np.zeros(len(scenarios))
        for price, bound in sides:
            finite = np.where(np.isfinite(bound[scenarios]), bound[scenarios], 0.0)  # its price is 0 there
            total += (price * finite).sum(axis=1)
        return total


def weights(loss: Array, probability: Array, alpha: float, beta: float) -> Array:
    """q[s] with risk = q @ loss = (1 - beta) E[L] + beta CVaR_alpha[L], and risk >= q @ l for any other losses l[s].

    q_s = (1 - beta) p_s + beta t_s / (1 - alpha), where t takes the worst 1 - alpha of the probability: CVaR is the
    largest mean over distributions of density at most 1 / (1 - alpha) (Rockafellar, Uryasev and Zabarankin,
    Generalized deviations in risk analysis, Finance and Stochastics 10, 2006).
    """
    order = np.argsort(-loss, kind="stable")
    before = np.cumsum(probability[order]) - probability[order]
    tail = np.empty_like(probability)
    tail[order] = np.clip(1.0 - alpha - before, 0.0, probability[order])
    return np.asarray((1.0 - beta) * probability + beta / (1.0 - alpha) * tail)


def risk_plane(
    known: Sequence[tuple[Positions, Array, Array]],
    provided: Sequence[Array],
    probability: Array,
    alpha: float,
    beta: float,
) -> Plane:
    """The plane that touches, where g[link] is provided, the risk of the losses that are known: sum_s q_s L_s.

    `known` and `provided` are by groups of alike scenarios: positions s, losses L[s] and their slopes [s, link];
    g[link].
    """
    loss = np.empty(len(probability))
    for scenarios, own, _ in known:
        loss[scenarios] = own
    q = weights(loss, probability, alpha, beta)
    along = [q[scenarios] @ slope for scenarios, _, slope in known]
    level = float(q @ loss) - sum(float(own @ given) for own, given in zip(along, provided, strict=True))
    return Plane(level, np.concatenate(along))
