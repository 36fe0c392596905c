"""What came of an input: an answer or a refusal as it should be, or a finding."""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from chains import InputError
from optimize import NoSolutionError, NotOptimalError

__all__ = ["FINDINGS", "SECONDS", "Verdict", "watched", "watching"]

SECONDS = 10.0
"""Of this process's own time: a busy machine makes no finding."""

DIFFERS, TRACEBACK, HANG, OUTSIDE, MUTE = FINDINGS = ("differs", "traceback", "hang", "outside", "mute")

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink")


@dataclass(frozen=True)
class Verdict:
    """What it ended in, and in which words; and the kinds of the warnings that were given."""

    ended: str
    words: str = ""
    warned: tuple[str, ...] = ()


class _TooLongError(BaseException):
    """More than SECONDS: no `except Exception` takes it."""


class _Fence:
    """Notes files that are touched outside a folder; an audit hook cannot be taken away, so there is one."""

    def __init__(self) -> None:
        self.below = ""
        self.outside: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.below or not arguments or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        if event == "open":
            if not (isinstance(arguments[2], int) and arguments[2] & _WRITES):
                return
        elif event not in _CHANGES:
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if arguments[-1] != -1 and not Path(os.fsdecode(arguments[0])).is_absolute():
            return  # relative to an open folder, which was reached from inside
        if not f"{path}{os.sep}".startswith(self.below) and path != os.devnull and "__pycache__" not in path:
            self.outside.append(f"{event} {path}")


_fence = _Fence()


@contextmanager
def watching(folder: Path) -> Iterator[None]:
    """While inputs are asked below a folder, every touch of a file elsewhere is a finding."""
    if not _fence.below and not getattr(watching, "on", False):
        sys.addaudithook(_fence)
        watching.on = True  # type: ignore[attr-defined]
    _fence.below = f"{folder.resolve()}{os.sep}"
    try:
        yield
    finally:
        _fence.below = ""


def watched(ask: Callable[[], Verdict]) -> Verdict:
    """The verdict of a question; whatever it raises is one, too."""
    _fence.outside.clear()
    usual = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        try:
            found = _of(ask)
        except _TooLongError:
            found = Verdict(HANG, f"more than {SECONDS:.0f} seconds")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.signal(signal.SIGPROF, usual)
    found = Verdict(OUTSIDE, "; ".join(_fence.outside)) if _fence.outside else found
    return replace(found, warned=tuple(one.category.__name__ for one in given))


def _of(ask: Callable[[], Verdict]) -> Verdict:
    try:
        return ask()
    except InputError as error:
        dumb = [problem for problem in error.problems if not (problem.file and problem.wrong and problem.right)]
        return Verdict(MUTE, str(error)) if dumb or not error.problems else Verdict("refused", str(error))
    except NoSolutionError as error:
        return Verdict("no solution", str(error))
    except NotOptimalError as error:
        return Verdict("not proved", str(error))
    except Exception:
        return Verdict(TRACEBACK, traceback.format_exc())


def _too_long(number: int, frame: FrameType | None) -> None:
    raise _TooLongError
