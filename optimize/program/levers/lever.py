"""What every lever offers, and what the levers that buy by the unit have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.bought import Bought
from optimize.program.expressions import FirstStageExpressions, RecourseExpressions
from optimize.program.links import Link

__all__ = ["Lever", "Purchase"]


class Lever(ABC):
    """Something that money may buy.

    `name` is what a user types; `decided` the columns of the first stage that it decides; `links` the columns of the
    recourse that take them up; `own` further columns of the recourse, which each scenario decides for itself.
    """

    name: str
    decided: tuple[str, ...]
    own: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @abstractmethod
    def applies(self, numbers: ChainNumbers) -> bool:
        """Whether the chain has anything that this lever could buy."""

    @abstractmethod
    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """Add variables to the recourse and terms to its open expressions."""

    @abstractmethod
    def in_first_stage(self, model: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """Add variables to the first stage and terms to its open expressions."""

    def in_year(self, model: Any, before: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """A year of a plan, beside the year `before` (None in the first): what is bought serves that year alone.

        A lever whose purchases last says so here, in `money_by_year` and in `given_every_year`.
        """
        self.in_first_stage(model, numbers, opened)


class Purchase(Lever):
    """A lever that buys amounts of its members by the unit: stocks, contracts, preference in procurement.

    It decides one group of columns, the amounts. `kind` has the numbers of its members.
    """

    kind: type[Bought]

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        decided = getattr(cls, "decided", ())
        if len(decided) != 1:
            raise TypeError(f"{cls.__name__}: a purchase decides one group of columns, not {len(decided)}")

    def applies(self, numbers: ChainNumbers) -> bool:
        """Where the chain has rows of its table."""
        return numbers.part(self.kind) is not None

    def segment(self, numbers: ChainNumbers) -> Positions:
        """The segment of every member."""
        return numbers.given(self.kind).segment

    def most(self, numbers: ChainNumbers) -> Array:
        """The most that can be bought of every member, in its own unit."""
        return numbers.given(self.kind).most

    def unit_cost(self, numbers: ChainNumbers) -> Array:
        """Money per unit bought, of every member."""
        return numbers.given(self.kind).unit_cost

    def provides(self, numbers: ChainNumbers, amounts: Array) -> Mapping[str, Array]:
        """What amounts of the members give the recourse, by the group of first-stage columns that it links to."""
        return {self.decided[0]: amounts}

    def labels(self, numbers: ChainNumbers) -> tuple[str, ...]:
        """The name of every member."""
        return tuple(numbers.segments[k] for k in self.segment(numbers))

    def in_first_stage(self, model: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """0 <= amount <= most; its money counts for its segment and is paid through any instrument."""
        cost = self.unit_cost(numbers)
        amount = self._amounts(model, numbers)
        self._paid(numbers, opened, [float(cost[n]) * amount[n] for n in amount])

    def _amounts(self, model: Any, numbers: ChainNumbers) -> Any:
        """The variable of the amounts, 0 <= amount <= most."""
        most = self.most(numbers)
        members = pyo.RangeSet(0, len(most) - 1)
        model.add_component(f"{self.name}_members", members)
        amount = pyo.Var(members, bounds=lambda _, n: (0.0, float(most[n])))
        model.add_component(self.decided[0], amount)
        return amount

    def _paid(self, numbers: ChainNumbers, opened: FirstStageExpressions, money: Iterable[Any]) -> None:
        """The money of each member counts for its segment and is paid through any instrument."""
        for k, own in zip(self.segment(numbers), money, strict=True):
            opened.money.add((self.name, int(k)), own)
            opened.spent.add(0, own)

    def money(self, numbers: ChainNumbers, amounts: Array) -> Array:
        """Money spent on each member."""
        return np.asarray(amounts * self.unit_cost(numbers))

    def money_by_year(self, numbers: ChainNumbers, amounts: Array) -> Array:
        """Money spent [year, member] where these amounts [year, member] serve in the years of a plan."""
        return self.money(numbers, amounts)

    def given_every_year(self, numbers: ChainNumbers, amounts: Array, years: int) -> Array:
        """What serves [year, member] where the money for these amounts is given in every year of a plan."""
        return np.tile(amounts, (years, 1))
