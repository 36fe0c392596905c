"""Inner units of the program: the same decisions whatever money the package is written in."""

from dataclasses import dataclass

import numpy as np

from chains.numbers import ChainNumbers, in_units
from chains.tables.problems import InputError

__all__ = ["OBJECTIVE", "Units", "to_inner"]

OBJECTIVE = 1000.0
"""Total weighted final demand in inner units, so the inner objective is 1000 times the risk."""


@dataclass(frozen=True)
class Units:
    """Money of the package per inner unit of money, and inner loss weight per weight of the package."""

    money: float
    weight: float

    def risk(self, objective: float, numbers: ChainNumbers) -> float:
        """An inner loss as a share of the weighted final demand of a chain, which need not be the one of the units."""
        return objective * self.money / (self.weight * numbers.weighted_demand)


def to_inner(numbers: ChainNumbers, units: Units | None = None) -> tuple[ChainNumbers, Units]:
    """The numbers with money measured in thousandths of final demand and losses in thousandths of all loss.

    Solver tolerances are absolute; this keeps costs and quantities near one, for thousands as for trillions. `units`
    are those of a chain like this one, to be used instead. Which arrays are money is declared with each.
    """
    total, weighted = float(numbers.demand.sum()), numbers.weighted_demand
    if not (np.isfinite(weighted) and weighted > 0):
        wrong = f"the weighted final demand is {weighted:g}, so risk is not defined"
        raise InputError.single("demand.csv, loss_weights.csv", wrong, "give a positive demand and weight")
    units = units or Units(total / OBJECTIVE, total / weighted)
    return in_units(numbers, units.money, units.weight), units
