"""Stocks: supply bought in the base year's prices and drawn in a disruption."""

from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.stocks import Stocks
from optimize.program.expressions import FirstStageExpressions, RecourseExpressions
from optimize.program.levers.lever import Purchase
from optimize.program.links import Link

__all__ = ["STOCKS"]


def _each(numbers: ChainNumbers, _: int) -> Positions:
    return np.arange(len(numbers.given(Stocks).segment))


class StockLever(Purchase):
    """bought_k <= limit_k - held_k at price_k + holding_k; sum_p w_kp <= held_k + bought_k.

    In a plan over years a stock lasts: `bought` is then stock_kt, all that was bought up to year t.
    """

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

    def in_year(self, model: Any, before: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """stock_kt = stock_k,t-1 + bought_kt <= limit_k - held_k;  price on bought_kt, holding on stock_kt."""
        found = numbers.given(Stocks)
        stock = self._amounts(model, numbers)
        earlier = [0.0] * len(found.segment) if before is None else list(before.component(self.decided[0]).values())
        if before is not None:

            @model.Constraint(range(len(found.segment)), doc="bought_kt = stock_kt - stock_k,t-1 >= 0")
            def stock_lasts(_: object, q: int) -> object:
                return stock[q] - earlier[q] >= 0

        costs = zip(found.price, found.holding, earlier, stock.values(), strict=True)
        self._paid(
            numbers, opened, [float(price) * (now - then) + float(holding) * now for price, holding, then, now in costs]
        )

    def money_by_year(self, numbers: ChainNumbers, amounts: Array) -> Array:
        """price_k bought_kt + holding_k stock_kt, where amounts[t, k] is the stock."""
        found = numbers.given(Stocks)
        bought = np.diff(amounts, axis=0, prepend=0.0)
        return np.asarray(found.price * bought + found.holding * amounts)

    def given_every_year(self, numbers: ChainNumbers, amounts: Array, years: int) -> Array:
        """The stock that the same money affords every year: it pays what is held first, then buys more, to the limit.

        price (stock_t - stock_t-1) + holding stock_t <= (price + holding) bought;  what is left of it lapses
        """
        found = numbers.given(Stocks)
        money = self.money(numbers, amounts)
        stock = [np.asarray(amounts)]
        for _ in range(years - 1):
            most = money + found.price * stock[-1]
            afforded = np.divide(most, found.unit_cost, out=stock[-1].copy(), where=found.unit_cost > 0.0)
            stock.append(np.clip(afforded, stock[-1], np.maximum(found.most, stock[-1])))
        return np.array(stock)


STOCKS = StockLever()
