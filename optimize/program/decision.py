"""What is decided before it is known which disruption comes, and what that provides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from chains.numbers import Array, ChainNumbers
from optimize.program.levers import Lever, levers_of, purchases_of
from optimize.program.response import Chords

__all__ = ["Decision", "beside", "lever_amounts", "lever_money", "money_by_segment", "provided"]


@dataclass(frozen=True)
class Decision:
    """The allocation x[k, i], and what the other levers buy: amounts [member] by name of the lever."""

    allocation: Array
    bought: Mapping[str, Array] = field(default_factory=dict)

    def with_more(self, allocation: Array) -> "Decision":
        """The same with more given."""
        return Decision(self.allocation + allocation, self.bought)

    def scaled(self, factor: float) -> "Decision":
        """The same in another unit of money."""
        return Decision(self.allocation * factor, {name: amounts * factor for name, amounts in self.bought.items()})


def money_by_segment(numbers: ChainNumbers, decision: Decision, levers: Sequence[Lever]) -> Array:
    """Money that a decision spends on each segment, through every lever and instrument."""
    money = decision.allocation.sum(axis=1)
    for lever in purchases_of(levers):
        if lever.name in decision.bought:
            np.add.at(money, lever.segment(numbers), lever.money(numbers, decision.bought[lever.name]))
    return np.asarray(money)


def lever_money(numbers: ChainNumbers, decision: Decision, levers: Sequence[Lever]) -> dict[str, pd.Series]:
    """Money that a decision spends through every lever other than capacity, by member, where it buys any."""
    return {
        lever.name: pd.Series(
            lever.money(numbers, decision.bought[lever.name]),
            index=pd.Index(lever.labels(numbers), name="segment", dtype=object),
            name=lever.name,
        )
        for lever in purchases_of(levers)
        if lever.name in decision.bought
    }


def lever_amounts(numbers: ChainNumbers, money: Mapping[str, Mapping[str, float]]) -> dict[str, Array]:
    """Amounts that this money buys, by name of the lever and label of the member: `lever_money` read backwards.

    Of a member that costs nothing money does not tell how much was bought: all there is. InputError for a name that is
    no lever, KeyError for a member whose money is not told.
    """
    amounts = {}
    for lever in purchases_of(levers_of(numbers, money)):
        spent = np.array([money[lever.name][label] for label in lever.labels(numbers)])
        cost = lever.unit_cost(numbers)
        amounts[lever.name] = np.divide(spent, cost, out=lever.most(numbers).copy(), where=cost > 0)
    return amounts


def provided(decision: Decision, numbers: ChainNumbers, curve: Chords, levers: Sequence[Lever]) -> dict[str, Array]:
    """What a decision gives the recourse, by the group of first-stage columns that it links to."""
    return beside(curve.added(numbers.funds(decision.allocation)), decision, numbers, levers)


def beside(added: Array, decision: Decision, numbers: ChainNumbers, levers: Sequence[Lever]) -> dict[str, Array]:
    """What a decision gives the recourse: supply added[k] by its allocation, and what other levers bought."""
    given = {"added": added}
    for lever in purchases_of(levers):
        if lever.name in decision.bought:
            own = lever.provides(numbers, decision.bought[lever.name])
            if missing := {link.stage for link in lever.links} - set(own):
                raise LookupError(
                    f"the lever {lever.name} does not say what it provides of {', '.join(sorted(missing))}"
                )
            for name, amounts in own.items():
                given[name] = given[name] + amounts if name in given else np.asarray(amounts)
    return given
