"""The tabs that are open: each has a history and programs of its own, so that none disturbs another."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from chains.recent import Recent
from scenarios.studio.answering import Answer, Answering
from scenarios.studio.kept import Kept
from scenarios.studio.places import Place
from scenarios.studio.state import History, State

__all__ = ["Session", "Sessions"]

OPEN = 24
"""Tabs that are kept; the one that was used longest ago goes first."""


class Session:
    """One tab: its history, the state that it keeps to compare with, and what answers it."""

    def __init__(self, place: Place, state: State) -> None:
        self._lock = RLock()
        self._answering = Answering(place)
        self.history = History(state)
        self.kept: State | None = None
        self.uploads: dict[str, Kept] = {}
        self.listed = ""
        """What the list of chains was set to last by the studio itself, not by its user."""

    def keep(self, package: Kept) -> str:
        """Keep an uploaded package, so that it can be opened again; what it is called in this tab."""
        key = f"upload:{package.name}"
        self.uploads[key] = package
        return key

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other request of this tab meanwhile: what is read and then changed is one step."""
        with self._lock:
            yield

    @property
    def now(self) -> State:
        """What the tab shows."""
        return self.history.now

    @property
    def answer(self) -> Answer:
        """The answer to what the tab shows."""
        return self._answering.answer(self.history.now)

    def answer_to(self, state: State) -> Answer:
        """The answer to another state, such as the one that is kept."""
        return self._answering.answer(state)


class Sessions:
    """All tabs by what they call themselves: a name that nobody can guess."""

    def __init__(self, place: Place, start: State) -> None:
        self.place = place
        self._start = start
        self._open: Recent[str, Session] = Recent(OPEN)
        self._lock = RLock()

    def new(self) -> str:
        """Open a tab; its name."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._open.keep(name, Session(self.place, self._start))
        return name

    def of(self, name: object) -> Session | None:
        """The tab of that name; None where it is no longer kept."""
        with self._lock:
            return self._open.get(name) if isinstance(name, str) else None
