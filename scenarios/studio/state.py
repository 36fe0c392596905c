"""What one tab of the studio shows, and how it came there: immutable, so that undo and comparison are no work."""

from dataclasses import dataclass, field, replace

from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves

__all__ = ["History", "State"]

STEPS = 200
"""Steps that can be undone."""


@dataclass(frozen=True)
class State:
    """Packages, as they stand after edits, and what is moved beside them."""

    packages: tuple[Kept, ...]
    moves: Moves = field(default_factory=Moves)

    def package(self, name: str) -> Kept:
        """The package of that name; KeyError where there is none."""
        found = {package.name: package for package in self.packages}
        return found[name]

    def with_package(self, package: Kept) -> "State":
        """With another content of the package of its name."""
        others = tuple(package if own.name == package.name else own for own in self.packages)
        return replace(self, packages=others)


@dataclass(frozen=True)
class History:
    """A state, those before it and those that were undone."""

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()

    def then(self, state: State) -> "History":
        """After a step; the same history where nothing changed."""
        if state == self.now:
            return self
        return History(state, (*self.past, self.now)[-STEPS:])

    def undone(self) -> "History":
        """One step back; the same history at its beginning."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redone(self) -> "History":
        """One step forward again; the same history where nothing was undone."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])
