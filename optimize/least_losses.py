"""Least losses at an allocation, from a recourse at hand: proved where it is least already, else solved.

The two-stage program leaves a recourse and prices for every scenario. Divided by what a unit of the scenario's loss
costs there, the prices are a dual solution of the scenario's own least-loss program, and weak duality tells how far
the loss at hand can be from the least:

    min { c v : W v >= b, 0 <= v <= t }  >=  pi b + sum_j min(0, c_j - (pi W)_j) t_j      for every pi >= 0

(for rows W v <= b likewise, with pi <= 0).
"""

from dataclasses import dataclass, replace

import numpy as np

from chains.numbers import Array, ChainNumbers
from optimize.compiling import Compiled
from optimize.linear import Certificate, InaccurateError, Part, Solver, certify_parts
from optimize.program import Block, TwoStage, compile_block, recourse_program, scenario_data

__all__ = ["Recourse", "least_losses", "recourse_of", "some_scenarios"]

DECIDED = ("y", "m", "u")
"""Columns of a scenario's own least-loss program."""

PROVED = 1e-7
"""Loss in inner units (thousandths of all loss): a loss that is known to be this near the least is the least."""


@dataclass(frozen=True)
class Recourse:
    """Output, imports and unmet demand values[s, column], and prices[s, row] of the balances per unit of loss.

    Prices are at most 0 where the compiled balance reads need <= supply, at least 0 where it reads supply >= need.
    """

    values: Array
    prices: Array


def recourse_of(stages: TwoStage, numbers: ChainNumbers, beta: float, values: Array, duals: Array) -> Recourse:
    """The recourse at `values` of the two-stage program, priced by `duals` of it.

    A unit of the loss of scenario s costs (1 - beta) p_s there, and the dual of the row  excess_s >= L_s - eta  more,
    with the sign that excess_s has in it.
    """
    block, scenarios = stages.block, len(numbers.scenarios)
    balances = np.diff(block.links.indptr) == 0
    excess = block.own[:, block.groups["excess"]].toarray()
    rows = duals[len(stages.first_rows) :].reshape(scenarios, -1)
    cost = (1.0 - beta) * numbers.probability[:, None] + rows @ excess
    prices = np.divide(rows[:, balances], cost, out=np.zeros((scenarios, balances.sum())), where=cost > 0.0)
    own = values[stages.first_columns :].reshape(scenarios, -1)
    return Recourse(np.hstack([own[:, block.groups[name]] for name in DECIDED]), prices)


def least_losses(
    compiled: Compiled, numbers: ChainNumbers, capacity: Array, reached: Recourse
) -> tuple[Array, Certificate]:
    """Unmet demand [s, k] of least loss in every scenario at home capacity [s, k], and the certificate of all.

    `reached` must be within that capacity. Scenarios whose loss it does not prove least are solved; all are, where
    the certificate of the whole is not within the tolerance. InaccurateError where that does not help.
    """
    data = {**scenario_data(numbers), "added": np.zeros_like(numbers.home)}
    block = compile_block(compiled, data, (), DECIDED)
    block.column_upper[:, block.groups["y"]] = capacity
    values = reached.values.copy()
    prices = np.where(np.isfinite(_priced_bound(block, reached.prices)), reached.prices, 0.0)
    unproved = np.flatnonzero(~(_gap(block, values, prices) <= PROVED))
    for rest in (unproved, np.arange(len(values))):
        if len(rest):
            program, _ = recourse_program(compiled, some_scenarios(numbers, rest))
            optimum = Solver(replace(program, column_upper=block.column_upper[rest].ravel())).solve()
            values[rest] = optimum.values.reshape(len(rest), -1)
            prices[rest] = optimum.duals.reshape(len(rest), -1)
        certificate = _certificate(block, values, prices)
        if certificate.accurate:
            return values[:, block.groups["u"]], certificate
    raise InaccurateError(str(certificate))


def _gap(block: Block, values: Array, prices: Array) -> Array:
    """How far the loss of each scenario is from the bound that its prices give."""
    cost = block.costs["loss"]
    reduced = np.minimum(cost - prices @ block.own, 0.0)
    at = np.where(prices == 0.0, 0.0, _priced_bound(block, prices))
    return np.asarray(
        (values * cost).sum(axis=1) - (prices * at).sum(axis=1) - (reduced * block.column_upper).sum(axis=1)
    )


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


def some_scenarios(numbers: ChainNumbers, scenarios: slice | np.ndarray) -> ChainNumbers:
    """The numbers of some scenarios only."""
    chosen = np.arange(len(numbers.scenarios))[scenarios]
    return replace(
        numbers,
        scenarios=tuple(numbers.scenarios[s] for s in chosen),
        probability=numbers.probability[chosen],
        home=numbers.home[chosen],
        foreign=numbers.foreign[chosen],
    )
