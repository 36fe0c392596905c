"""Ctrl-C that is not lost: Python ignores what finalizers and callbacks of weak references raise, an interrupt too."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["interruptions"]


@contextmanager
def interruptions() -> Iterator[Callable[[], None]]:
    """A check that raises KeyboardInterrupt if an interrupt has come, for between one task and the next.

    An interrupt is handled as it was before too. Nothing to check where interrupts are left to others: outside the main
    thread, or where they are ignored.
    """
    came = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def noted(number: int, frame: FrameType | None) -> None:
        came.set()
        if callable(before):
            before(number, frame)

    def check() -> None:
        if came.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield check
        return
    signal.signal(signal.SIGINT, noted)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
