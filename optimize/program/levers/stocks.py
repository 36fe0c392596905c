"""Stocks: supply bought in the base year's prices and drawn in a disruption."""

from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import ChainNumbers, Positions
from chains.numbers.parts.stocks import Stocks
from optimize.program.expressions import RecourseExpressions
from optimize.program.levers.lever import Purchase
from optimize.program.links import Link

__all__ = ["STOCKS"]


def _each(numbers: ChainNumbers, _: int) -> Positions:
    return np.arange(len(numbers.given(Stocks).segment))


class StockLever(Purchase):
    """bought_k <= limit_k - held_k at price_k + holding_k; sum_p w_kp <= held_k + bought_k."""

    name = "stocks"
    decided = ("bought",)
    kind = Stocks
    links = (Link("extra", "bought", _each),)

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """stock_k += bought_k."""
        segment = self.segment(numbers)
        model.extra = pyo.Var(range(len(segment)))
        for q, k in enumerate(segment):
            opened.stock.add(int(k), model.extra[q])


STOCKS = StockLever()
