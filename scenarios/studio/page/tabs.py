"""What every callback does first: find the tab that asks, and tell other callbacks that it has changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from dash.exceptions import PreventUpdate

from scenarios.studio.sessions import Session, Sessions
from scenarios.studio.state import History

__all__ = ["GONE", "step", "stepped", "tab"]

GONE = "This tab was left for long, and its state is no longer kept: load the page again."
_STEPS = count(1)


@contextmanager
def tab(sessions: Sessions, name: object) -> Iterator[Session]:
    """The tab of that name, alone. PreventUpdate where it is no longer kept: `showing` says so."""
    session = sessions.of(name)
    if session is None:
        raise PreventUpdate
    with session.alone():
        yield session


def step(*, fields: bool = False, packages: bool = False) -> dict[str, Any]:
    """What other callbacks follow: that the state changed, and whether fields and charts of the chain do."""
    return {"step": next(_STEPS), "fields": fields, "packages": packages}


def stepped(session: Session, history: History) -> dict[str, Any]:
    """The tab at another point of its history, and what that changes. PreventUpdate where it is the same point."""
    if history is session.history:
        raise PreventUpdate
    before = session.now
    session.history = history
    return step(fields=True, packages=before.packages != session.now.packages)
