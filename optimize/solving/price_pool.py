"""Lower bounds on every scenario's loss from a pool of prices, and the planes below risk that follow.

Whatever supply g[k] the subsidies add, the recourse of scenario s (program/two_stage.py) is

    L_s(g) = min c'v   subject to   W v = r,   R <= r <= R^,   V <= v <= V^_s + E g

where E adds g to the home capacity. W and c are those of every scenario. So prices pi of the rows, whichever scenario
they come from, bound the loss of all (weak duality; x+ and x- are the positive and the negative part of x):

    L_s(g) >= pi+'R - pi-'R^ + (c - W'pi)+'V - (c - W'pi)-'(V^_s + E g)  =  base_s + slope'g

and for the best of finitely many pi this is the loss itself. Few of them matter: 62 for 20,000 scenarios on the
shipped chips package. Hence the loss of all scenarios is, nearly always, the largest entry in each row of one matrix.
Such reuse of dual solutions goes back to Infanger and Morton, Cut sharing for multistage stochastic linear programs,
Mathematical Programming 75, 1996.
"""

from dataclasses import dataclass

import numpy as np

from chains.numbers import Array
from optimize.program.two_stage import Block
from optimize.solving.batches import Batch

__all__ = ["Plane", "PricePool", "risk_plane", "weights"]

_DIGITS = 9
"""Prices that agree this far are the same."""
_NEW = 1e-9
"""Loss in inner units by which prices must raise a bound to be worth keeping."""


@dataclass(frozen=True)
class Plane:
    """A cutting plane: risk in inner units is at least level + slope @ g for any supply g[k] added."""

    level: float
    slope: Array

    def at(self, added: Array) -> float:
        """The bound at supply added g[k]."""
        return self.level + float(self.slope @ added)


class PricePool:
    """Prices of the rows of a scenario, and the bound base[s, n] + slope[n] @ g that each sets on each loss."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._output = block.groups["y"]
        self._everywhere = np.arange(len(block.column_upper))
        free, reduced = self._valid(np.zeros((1, block.own.shape[0])))  # prices of 0 bound every loss too
        self.base: Array = self._constant(free, reduced, self._everywhere)[:, None]
        self.slope: Array = self._slope(reduced)

    def __len__(self) -> int:
        return len(self.slope)

    def losses(self, added: Array) -> tuple[Array, Array]:
        """The largest bound on each loss L[s] when g[k] is added, and its slope [s, k]."""
        bounds = self.base + self.slope @ added
        best = bounds.argmax(axis=1)
        return bounds[np.arange(len(bounds)), best], self.slope[best]

    def learn(self, batch: Batch, added: Array) -> bool:
        """Keep the prices of a batch, solved at g[k], that raise the bound on the loss they come from; any?"""
        scenarios = batch.scenarios
        known = (self.base[scenarios] + self.slope @ added).max(axis=1) + _NEW
        short = np.flatnonzero(batch.loss > known)
        if not len(short):
            return False
        prices, reduced = self._valid(batch.prices[short])
        own = self._constant(prices, reduced, scenarios[short]) + self._slope(reduced) @ added
        raised = np.flatnonzero(own > known[short])
        _, first = np.unique(np.round(prices[raised], _DIGITS), axis=0, return_index=True)
        kept = raised[first]
        more = [self._constant(prices[n], reduced[n], self._everywhere) for n in kept]
        self.base = np.column_stack([self.base, *more])
        self.slope = np.vstack([self.slope, self._slope(reduced[kept])])
        return len(kept) > 0

    def _valid(self, prices: Array) -> tuple[Array, Array]:
        """Prices with the sign that their rows ask for (none on a side without a bound), and reduced costs [n, col]."""
        block = self._block
        low = np.where(np.isfinite(block.row_upper[0]), -np.inf, 0.0)
        high = np.where(np.isfinite(block.row_lower[0]), np.inf, 0.0)
        prices = np.clip(prices, low, high)
        return prices, block.costs["loss"] - prices @ block.own

    def _slope(self, reduced: Array) -> Array:
        """What a unit added to each home capacity does to the bound [n, k]."""
        return np.minimum(reduced[:, self._output], 0.0)

    def _constant(self, prices: Array, reduced: Array, scenarios: np.ndarray) -> Array:
        """The bound without g: one per scenario, of the prices [row] or of those beside it [n, row]."""
        block = self._block
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


def risk_plane(pool: PricePool, added: Array, probability: Array, alpha: float, beta: float) -> Plane:
    """The plane that touches, at supply added g[k], the risk of the losses that the pool knows: sum_s q_s L_s."""
    loss, slope = pool.losses(added)
    q = weights(loss, probability, alpha, beta)
    along = q @ slope
    return Plane(float(q @ loss - along @ added), along)
