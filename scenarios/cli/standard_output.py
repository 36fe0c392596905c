"""Standard output belongs to the answer: what a library writes there, from Python or C, goes to standard error.

The command keeps the real standard output for itself and puts standard error in its place, under descriptor 1 too, so
also for the processes that it starts. Answers and help go through the one stream on the kept descriptor.
"""

import codecs
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from rich.console import RenderableType

__all__ = ["keep_standard_output", "libraries_aside", "print_json", "show", "write"]

WIDEST = 10_000
"""Characters of a line that no view reaches."""
_answers: list[TextIO] = []
"""Where answers go while a command runs; what is in `sys.stdout` then is for libraries."""


class _UntilGone(io.RawIOBase):
    """A descriptor that is written to until its reader is gone, which is no error, or fails, which is told once."""

    def __init__(self, descriptor: int) -> None:
        self._raw = open(descriptor, "wb", buffering=0, closefd=False)  # noqa: SIM115  (for good)
        self._over = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: "ReadableBuffer", /) -> int | None:
        """Write; InputError if that is impossible (a full disk, a closed descriptor)."""
        try:
            return len(memoryview(data)) if self._over else self._raw.write(data)
        except BrokenPipeError:
            self._over = True
            return len(memoryview(data))
        except OSError as error:
            from chains import InputError

            self._over = True
            right = "make room, or send it elsewhere"
            raise InputError.single("standard output", f"cannot be written ({error.strerror})", right) from None


def keep_standard_output() -> None:
    """From now on `sys.stdout` alone writes on the real standard output; descriptor 1 is standard error."""
    if sys.stdout is not sys.__stdout__:
        return  # a notebook or a test has taken it already
    if sys.stderr is None:  # closed by whoever started us
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    if sys.stdout is None:
        os.dup2(sys.stderr.fileno(), 1)
        kept, encoding = os.open(os.devnull, os.O_RDONLY), "utf-8"  # to write on it fails, as it should
    else:
        sys.stdout.flush()
        kept, encoding = os.dup(1), sys.stdout.encoding
        os.dup2(sys.stderr.fileno(), 1)
    buffer = io.BufferedWriter(_UntilGone(kept))
    sys.stdout = io.TextIOWrapper(buffer, encoding, errors="backslashreplace")


@contextlib.contextmanager
def libraries_aside() -> Iterator[None]:
    """While a command runs, what Python code prints goes to standard error; answers still go to standard output."""
    _answers.append(sys.stdout)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _answers.pop()


def write(text: str) -> None:
    """Write an answer on standard output."""
    stream = _stream()
    stream.write(text)
    stream.flush()


def print_json(document: dict[str, Any]) -> None:
    """Write one JSON document, and nothing else, on standard output; where that is not UTF-8, with escapes alone."""
    encoding = getattr(_stream(), "encoding", None) or "utf-8"
    escaped = codecs.lookup(encoding).name != "utf-8"
    write(json.dumps(document, indent=1, ensure_ascii=escaped, allow_nan=False) + "\n")


def show(view: "RenderableType", *, wide: bool = False) -> None:
    """Write a view on standard output, as wide as it is or (`wide`) as the view asks for.

    Names are data: brackets and colons in them are no markup, and what does not fit is not cut.
    """
    from rich.console import Console

    width = WIDEST if wide else None
    Console(file=_stream(), width=width, markup=False, emoji=False, highlight=False).print(view, crop=False)


def _stream() -> TextIO:
    return _answers[-1] if _answers else sys.stdout
