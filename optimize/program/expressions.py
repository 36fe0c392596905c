"""Expressions that are open: pieces of a model add terms to them until each is closed into its row."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

__all__ = ["Expression", "FirstStageExpressions", "RecourseExpressions"]


class Expression:
    """Sums of terms by index, such as the supply of segment k in phase p."""

    def __init__(self) -> None:
        self._terms: defaultdict[Hashable, list[Any]] = defaultdict(list)

    def add(self, index: Hashable, term: Any) -> None:
        """One more term at an index."""
        self._terms[index].append(term)

    def at(self, *indices: Hashable) -> Any:
        """The sum of the terms at these indices; 0 where there is none."""
        return sum(term for index in indices for term in self._terms.get(index, ()))


class RecourseExpressions:
    """What pieces of the recourse add to, by (phase p, segment k) where not said otherwise.

    capacity: what home output is bounded by; supply and needed: the two sides of the balance; stock (by segment): what
    all phases may draw together; loss (index 0): L_s.
    """

    def __init__(self) -> None:
        self.capacity, self.supply, self.needed = Expression(), Expression(), Expression()
        self.stock, self.loss = Expression(), Expression()


class FirstStageExpressions:
    """What levers add to: added (by segment), money (by lever and segment), spent (index 0: on other than capacity)."""

    def __init__(self) -> None:
        self.added, self.money, self.spent = Expression(), Expression(), Expression()
