"""Stocks: what is held in the base year, how much more can be, and what that costs (stocks.csv)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.numbers.given import Given, by_key
from chains.numbers.parts.bought import Bought
from chains.numbers.quantities import Array, Enters, Positions, Unit, declared, quantity

__all__ = ["Stocks", "place_stocks"]


@declared
@dataclass(frozen=True)
class Stocks(Bought):
    """Segments q that can be stored, segment[q]. Money at base-year prices.

    held[q]: in the base year; most[q]: how much more can be held, limit - held; unit_cost[q]: money per unit bought,
    price[q] and a year's holding[q].
    """

    held: Array = quantity("member", unit=Unit.MONEY, enters=Enters.SCENARIO)
    price: Array = quantity("member", unit=Unit.RATIO, enters=Enters.PLAN)
    holding: Array = quantity("member", unit=Unit.RATIO, enters=Enters.PLAN)


@dataclass(frozen=True)
class _Where:
    segment: Positions
    parameters: dict[str, Given]

    def fill(self, values: Mapping[str, Array], _: object) -> Stocks:
        def of(parameter: str, default: Array | float) -> Array:
            return self.parameters[parameter].values(values["stocks"], default)

        held, price, holding = of("held", 0.0), of("price", 1.0), of("holding", 0.0)
        most = np.maximum(of("limit", held) - held, 0.0)
        return Stocks(self.segment, most, price + holding, held, price, holding)


def place_stocks(stocks: pd.DataFrame, segments: pd.Index) -> _Where | None:
    """Where the parameters of each stored segment stand; None where nothing can be stored."""
    if stocks.empty:
        return None
    stored, member = np.unique(segments.get_indexer(pd.Index(stocks["segment"])), return_inverse=True)
    names = ("held", "limit", "price", "holding")
    return _Where(stored, {name: by_key(stocks, name, member, len(stored)) for name in names})
