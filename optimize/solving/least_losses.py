"""Least losses at a decision, from a recourse at hand: proved where it is least already, else solved.

The two-stage program leaves a recourse and prices for every scenario. Divided by what a unit of the scenario's loss
costs there, the prices are a dual solution of the scenario's own least-loss program, and weak duality tells how far
the loss at hand can be from the least:

    min { c v : W v >= b, 0 <= v <= t }  >=  pi b + sum_j min(0, c_j - (pi W)_j) t_j      for every pi >= 0

(for rows W v <= b likewise, with pi <= 0).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from chains.numbers import Array, ChainNumbers, Positions
from optimize.program.blocks import Block
from optimize.program.cache import CompiledRecourse
from optimize.program.links import alike_scenarios, some_of
from optimize.program.recourse import own_columns
from optimize.program.two_stage import TwoStage, given_block, recourse_program
from optimize.solver.linear import Certificate, InaccurateError, Part, Solver, certify_parts
from optimize.solving.losses import Losses, losses_of
from optimize.tolerances import PROVED

__all__ = ["Recourse", "least_losses", "recourse_of"]

_AT_ONCE = 1 << 12
"""Scenarios that are proved together."""


@dataclass(frozen=True)
class Recourse:
    """Of alike scenarios the values[s, column] of their own columns, and prices[s, row] of their rows per unit of loss.

    Prices are at most 0 where the compiled row reads need <= supply, at least 0 where it reads supply >= need. `place`
    [scenario] is the row s of each scenario, where several share one; without it every scenario has its own.
    """

    values: Array
    prices: Array
    place: Positions | None = None

    def of(self, which: slice) -> "Recourse":
        """That of some scenarios, in this order."""
        rows = which if self.place is None else self.place[which]
        return Recourse(self.values[rows], self.prices[rows])


def recourse_of(
    stages: TwoStage, blocks: Sequence[Block], probability: Array, beta: float, values: Array, duals: Array
) -> list[Recourse]:
    """The recourse at `values` of the two-stage program, priced by `duals` of it, for `blocks` of given first stage.

    A unit of the loss of scenario s costs (1 - beta) p_s there, and the dual of the row  excess_s >= L_s - eta  more,
    with the sign that excess_s has in it.
    """
    found = []
    for block, (staged, own), (_, rows) in zip(blocks, stages.own(values), stages.prices(duals), strict=True):
        excess = staged.own[:, staged.groups["excess"]].toarray()
        cost = (1.0 - beta) * probability[block.alike.scenarios, None] + rows @ excess
        kept = np.searchsorted(staged.rows, block.rows)
        size = (block.count, len(kept))
        prices = np.divide(rows[:, kept], cost, out=np.zeros(size), where=cost > 0.0)
        found.append(Recourse(np.hstack([own[:, staged.groups[name]] for name in own_columns(stages.levers)]), prices))
    return found


def least_losses(
    compiled: CompiledRecourse, numbers: ChainNumbers, amounts: Mapping[str, Array], reached: Sequence[Recourse]
) -> tuple[Losses, Certificate]:
    """Least losses where the first stage provides these amounts, and the certificate of all.

    `reached` [block] must be within the bounds. Scenarios whose loss it does not prove least are solved; all are, where
    the certificate of the whole is not within the tolerance. InaccurateError where that does not help. Some thousand
    scenarios are looked at at a time, since a scenario takes many times the memory of its recourse.
    """
    certificates = [Certificate(0.0, 0.0, 0.0, 0.0)]

    def proved() -> Iterator[tuple[Block, Array]]:
        for alike, own in zip(alike_scenarios(numbers), reached, strict=True):
            for which, some in some_of(alike, _AT_ONCE):
                block = given_block(compiled, numbers, some).at(amounts)
                values, certificate = _proved(block, own.of(which))
                certificates.append(certificate)
                yield block, values

    return losses_of(numbers, proved()), reduce(Certificate.worse, certificates)


def _proved(block: Block, reached: Recourse) -> tuple[Array, Certificate]:
    values = reached.values.copy()
    prices = np.where(np.isfinite(_priced_bound(block, reached.prices)), reached.prices, 0.0)
    unproved = np.flatnonzero(~(_gap(block, values, prices) <= PROVED))
    for rest in (unproved, np.arange(len(values))):
        if len(rest):
            optimum = Solver(recourse_program([block.of(rest)])).solve()
            values[rest] = optimum.values.reshape(len(rest), -1)
            prices[rest] = optimum.duals.reshape(len(rest), -1)
        certificate = _certificate(block, values, prices)
        if certificate.accurate:
            return values, certificate
    raise InaccurateError(str(certificate))


def _gap(block: Block, values: Array, prices: Array) -> Array:
    """How far the loss of each scenario is from the bound that its prices give."""
    cost = block.costs["loss"]
    reduced = np.minimum(cost - prices @ block.own, 0.0)
    upper = np.where(reduced == 0.0, 0.0, block.column_upper)
    at = np.where(prices == 0.0, 0.0, _priced_bound(block, prices))
    return np.asarray((values * cost).sum(axis=1) - (prices * at).sum(axis=1) - (reduced * upper).sum(axis=1))


def _priced_bound(block: Block, prices: Array) -> Array:
    """The bound of each row that its price is for."""
    return np.where(prices > 0.0, block.row_lower, block.row_upper)


def _certificate(block: Block, values: Array, prices: Array) -> Certificate:
    """The certificate of all scenarios taken as one program, min sum_s L_s."""
    cost = np.broadcast_to(block.costs["loss"], values.shape)
    level, reduced = (block.own @ values.T).T, cost - prices @ block.own
    rows = Part(level.ravel(), prices.ravel(), block.row_lower.ravel(), block.row_upper.ravel(), np.zeros(1))
    bounds = block.column_lower.ravel(), block.column_upper.ravel()
    columns = Part(values.ravel(), reduced.ravel(), *bounds, cost.ravel())
    return certify_parts((cost * values).sum(), rows, columns)
