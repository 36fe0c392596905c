"""The recourse of every year of a plan, and the program over all of them (the deterministic equivalent).

In year t demand and supply are (1 + g)^t times those of the base year, and what is decided or held is not. Divided by
(1 + g)^t, every quantity of the recourse is that of the base year, with what is provided and held times

    scale_t = (1 + g)^-t

and the loss is a share of year t's demand. So one compiled recourse serves all years. With weights omega_t:

    min sum_t omega_t ((1 - beta) sum_s p_s L_st + beta (eta_t + sum_s p_s excess_st / (1 - alpha)))
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from chains.numbers import Array, ChainNumbers
from chains.numbers.parts.stocks import Stocks
from optimize.program.ambiguity import measure
from optimize.program.blocks import Block
from optimize.program.cache import CompiledRecourse
from optimize.program.stacking import with_blocks
from optimize.program.two_stage import THICK, compiled_blocks, scenario_costs
from optimize.program.years import YearsStage
from optimize.solver.linear import LinearProgram

__all__ = ["Horizon", "in_year", "over_years"]


@dataclass(frozen=True)
class Horizon:
    """The years of a plan: scale_t = (1 + g)^-t and weight omega_t of each, omega_t = (1 + rate)^-t, normalised."""

    scale: Array
    weight: Array

    @classmethod
    def of(cls, years: int, growth: float, rate: float) -> "Horizon":
        """Years 1..T after the base year."""
        year = np.arange(1.0, years + 1.0)
        logarithm = -np.log1p(rate) * year
        weight = np.exp(logarithm - logarithm.max())  # the largest is 1, whatever the rate
        return cls((1.0 + growth) ** -year, weight / weight.sum())


def in_year(numbers: ChainNumbers, scale: float) -> ChainNumbers:
    """The numbers of a year's recourse, divided by its growth: only what is held is another share of demand."""
    stocks = numbers.part(Stocks)
    if stocks is None or scale == 1.0:
        return numbers
    return replace(numbers, parts={**numbers.parts, Stocks: replace(stocks, held=stocks.held * scale)})


def over_years(
    stage: YearsStage,
    compiled: CompiledRecourse,
    numbers: ChainNumbers,
    horizon: Horizon,
    alpha: float,
    beta: float,
) -> LinearProgram:
    """The program of least discounted risk: the first stage over years, and below it the recourse year by year."""
    risk, first = measure(alpha, beta), stage.compiled
    cost = np.zeros(len(first.column_lower))
    blocks: list[tuple[Block, dict[str, slice]]] = []
    costs = [cost]
    for t, (scale, weight) in enumerate(zip(horizon.scale, horizon.weight, strict=True)):
        groups = stage.groups(t)
        for name, share in risk.stage.items():
            cost[groups[name]] = weight * share
        for block in compiled_blocks(compiled, in_year(numbers, scale), risk):
            blocks.append((_scaled(block, scale, risk.levels), groups))
            costs.append(weight * scenario_costs(block, numbers.probability, risk, beta * THICK))
    each = [block for block, _ in blocks]
    return LinearProgram(
        cost=np.concatenate(costs),
        matrix=with_blocks(first.matrix, blocks).matrix,
        row_lower=np.concatenate([first.row_lower, *(block.row_lower.ravel() for block in each)]),
        row_upper=np.concatenate([first.row_upper, *(block.row_upper.ravel() for block in each)]),
        column_lower=np.concatenate([first.column_lower, *(block.column_lower.ravel() for block in each)]),
        column_upper=np.concatenate([first.column_upper, *(block.column_upper.ravel() for block in each)]),
    )


def _scaled(block: Block, scale: float, levels: Sequence[str]) -> Block:
    """The block with what the first stage provides times `scale`; the levels that measure loss are not provided."""
    if scale == 1.0:
        return block
    each = np.concatenate([np.full(len(at), 1.0 if name in levels else scale) for name, at in block.stage])
    factors = np.broadcast_to(each, (block.count, len(each))) if block.factors is None else block.factors * each
    return replace(block, factors=factors)
