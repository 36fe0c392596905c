"""How far a long answer is: told to whoever listens, a command on a terminal; else nothing happens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Listener", "counted", "listening"]

T = TypeVar("T")
Listener = Callable[[int, int], None]
"""Is told how many of how many steps are done."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell the listener how far every answer is that is asked for meanwhile."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def counted(steps: Sequence[T]) -> Iterator[T]:
    """The steps one by one; of each that is done the listener is told."""
    listener = _listener.get()
    for done, step in enumerate(steps):
        if listener is not None:
            listener(done, len(steps))
        yield step
