"""Inner units of the program: the same decisions whatever money the package is written in."""

from dataclasses import dataclass, replace

import numpy as np

from chains.numbers import ChainNumbers
from chains.problems import InputError

__all__ = ["OBJECTIVE", "Units", "to_inner"]

OBJECTIVE = 1000.0
"""Total weighted final demand in inner units, so the inner objective is 1000 times the risk."""


@dataclass(frozen=True)
class Units:
    """Money of the package per inner unit of money; inner weights make the objective `OBJECTIVE` times risk."""

    money: float


def to_inner(numbers: ChainNumbers) -> tuple[ChainNumbers, Units]:
    """The numbers with money measured in thousandths of final demand and losses in thousandths of all loss.

    Solver tolerances are absolute; this keeps costs and quantities near one, for thousands as for trillions.
    """
    total, weighted = float(numbers.demand.sum()), numbers.weighted_demand
    if not (np.isfinite(weighted) and weighted > 0):
        wrong = f"the weighted final demand is {weighted:g}, so risk is not defined"
        raise InputError.single("demand.csv, loss_weights.csv", wrong, "give a positive demand and weight")
    money = total / OBJECTIVE
    inner = replace(
        numbers,
        demand=numbers.demand / money,
        home=numbers.home / money,
        foreign=numbers.foreign / money,
        ceiling=numbers.ceiling / money,
        observed=numbers.observed / money,
        weight=numbers.weight * (total / weighted),
    )
    return inner, Units(money)
