"""Expressions that are open: pieces of a model add terms to them until each is closed into its row.

A term that no row takes up would be lost, and with it what the piece does: `check_closed` names it instead.
"""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

__all__ = ["Expression", "FirstStageExpressions", "LostTermError", "RecourseExpressions", "check_closed"]


class Expression:
    """Sums of terms by index, such as the supply of segment k in phase p."""

    def __init__(self) -> None:
        self._terms: defaultdict[Hashable, list[Any]] = defaultdict(list)
        self._closed: set[Hashable] = set()

    def add(self, index: Hashable, term: Any) -> None:
        """One more term at an index."""
        self._terms[index].append(term)

    def at(self, *indices: Hashable) -> Any:
        """The sum of the terms at these indices; 0 where there is none."""
        self._closed.update(indices)
        return sum(term for index in indices for term in self._terms.get(index, ()))

    @property
    def left(self) -> tuple[Hashable, ...]:
        """Indices with terms that no row took up."""
        return tuple(index for index in self._terms if index not in self._closed)


class LostTermError(Exception):
    """A piece added terms to an expression at indices that no row closes."""

    def __init__(self, expression: str, indices: tuple[Hashable, ...]) -> None:
        self.expression, self.indices = expression, indices
        super().__init__(f"no row takes up the terms of `{expression}` at {', '.join(map(str, indices))}")


def check_closed(**expressions: Expression) -> None:
    """LostTermError for the first expression that has terms which no row took up."""
    for name, expression in expressions.items():
        if expression.left:
            raise LostTermError(name, expression.left)


class RecourseExpressions:
    """What pieces of the recourse add to, by (phase p, segment k) where not said otherwise.

    capacity: what home output is bounded by; supply and needed: the two sides of the balance; stock (by segment): what
    all phases may draw together, where the segment can be stored; loss (index 0): L_s.
    """

    def __init__(self) -> None:
        self.capacity, self.supply, self.needed = Expression(), Expression(), Expression()
        self.stock, self.loss = Expression(), Expression()


class FirstStageExpressions:
    """What levers add to: added (by segment), money (by lever and segment), spent (index 0: on other than capacity)."""

    def __init__(self) -> None:
        self.added, self.money, self.spent = Expression(), Expression(), Expression()
