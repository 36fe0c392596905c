"""A study that is told to end (SIGTERM) ends as after Ctrl-C: in order, with what is finished kept."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TERMINATED", "ends_in_order"]

TERMINATED = 128 + signal.SIGTERM
"""Exit status, as shells count."""


@contextmanager
def ends_in_order() -> Iterator[None]:
    """SIGTERM within raises SystemExit, so that workers are ended and the lock is given back.

    Nothing changes for a caller that handles the signal already, or that runs the study in another thread.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    except SystemExit as stop:
        if stop.code == TERMINATED:
            print("ended: what is finished is kept; the same command goes on from here", file=sys.stderr)
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what it starts takes a moment
    raise SystemExit(TERMINATED)
