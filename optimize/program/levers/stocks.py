"""Stocks: supply bought in the base year's prices and drawn in a disruption."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.stocks import Stocks
from optimize.program.expressions import RecourseExpressions
from optimize.program.levers.lever import Purchase
from optimize.program.links import Link

__all__ = ["STOCKS"]


def _each(numbers: ChainNumbers, _: int) -> Positions:
    return np.arange(len(_stocks(numbers).segment))


def _stocks(numbers: ChainNumbers) -> Stocks:
    found = numbers.part(Stocks)
    if found is None:
        raise LookupError("the chain has no stocks")
    return found


class StockLever(Purchase):
    """bought_k <= limit_k - held_k at price_k + holding_k; sum_p w_kp <= held_k + bought_k."""

    name = "stocks"
    decided = ("bought",)
    links = (Link("extra", "bought", _each),)

    def applies(self, numbers: ChainNumbers) -> bool:
        """Where something can be stored."""
        return numbers.part(Stocks) is not None

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """stock_q += bought_q."""
        members = range(len(self.segment(numbers)))
        model.extra = pyo.Var(members)
        for q in members:
            opened.stock.add(q, model.extra[q])

    def segment(self, numbers: ChainNumbers) -> Positions:
        """The segment of every stock."""
        return _stocks(numbers).segment

    def most(self, numbers: ChainNumbers) -> Array:
        """limit_k - held_k."""
        return _stocks(numbers).room

    def unit_cost(self, numbers: ChainNumbers) -> Array:
        """price_k + holding_k."""
        return _stocks(numbers).unit_cost

    def provides(self, numbers: ChainNumbers, amounts: Array) -> Mapping[str, Array]:
        """What is bought."""
        return {"bought": amounts}


STOCKS = StockLever()
