"""Run a study in a process of its own, and do something to it at its n-th touch of a file."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

__all__ = ["FULL", "KILL", "Fault", "Hook", "command", "count_moments", "forked", "preload", "run"]

KILL, FULL = "kill", "full disk"

_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_GROWS = ("open", "os.rename", "os.mkdir", "os.link", "os.symlink")
"""What needs room; files can be removed from a full disk."""


@dataclass(frozen=True)
class Fault:
    """What happens at which moment, counted from 1; `torn`: the file that is opened then is left cut short."""

    kind: str
    moment: int
    torn: bool = False


def preload() -> None:
    """Import once what every run needs, before processes are forked: quicker, and none of it is a moment."""
    root = Path(__file__).parents[2]
    for package in ("chains", "optimize", "scenarios"):
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if "cylinders" not in parts and "mpi" not in parts:
                import_module(".".join(part for part in parts if part != "__init__"))


def run(words: list[str], below: Path, fault: Fault | None = None, say: Path | None = None) -> int:
    """The command line in a process of its own; its exit status, or minus the signal that ended it.

    What it writes on standard error goes to the file `say`.
    """
    return forked(lambda: _command(words, below, fault), say)


def count_moments(words: list[str], below: Path) -> int:
    """How many moments a run has that nothing disturbs; it writes its results."""
    told = below / "moments"

    def counted() -> int:
        seen = Hook(below, None)
        sys.addaudithook(seen)
        status = command(words)
        seen.silent = True
        told.write_text(str(seen.count), "utf-8")
        return status

    assert forked(counted) == 0
    count = int(told.read_text("utf-8"))
    told.unlink()
    return count


def forked(act: Callable[[], int], say: Path | None = None) -> int:
    """What a function returns in a process of its own, as its exit status."""
    child = os.fork()
    if child == 0:
        status = 70
        try:
            where = os.open(say or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(where, 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.stderr = os.fdopen(2, "w", closefd=False)
            sys.stdout = os.fdopen(1, "w", closefd=False)
            status = act()
            sys.stderr.flush()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended)


def _command(words: list[str], below: Path, fault: Fault | None) -> int:
    if fault is not None:
        sys.addaudithook(Hook(below, fault))
    return command(words)


def command(words: list[str]) -> int:
    """The command line in this process; its exit status."""
    from scenarios.cli import main

    try:
        main(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    return 0


class Hook:
    """Counts the moments of a run, and makes the fault at one."""

    def __init__(self, below: Path, fault: Fault | None) -> None:
        self.below, self.fault, self.count, self.silent = str(below), fault, 0, False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.silent or not self._is_moment(event, arguments):
            return
        self.count += 1
        fault = self.fault
        if fault is None or self.count < fault.moment:
            return
        if fault.kind == FULL:
            if event in _GROWS:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
            return
        self.silent = True
        if fault.torn and event == "open":
            with open(str(arguments[0]), "ab") as file:  # noqa: PTH123
                file.write(b'{"cut sh')
        os.kill(os.getpid(), signal.SIGKILL)

    def _is_moment(self, event: str, arguments: tuple[object, ...]) -> bool:
        if event == "open":
            flags = arguments[2]
            if not (isinstance(flags, int) and flags & _WRITES):
                return False
        elif event not in _CHANGES:
            return False
        # a name relative to an open folder (shutil.rmtree) is below it, too
        relative = isinstance(arguments[0], str) and not Path(arguments[0]).is_absolute() and arguments[-1] != -1
        return relative or str(arguments[0]).startswith(self.below)
