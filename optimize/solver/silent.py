"""Solvers that say nothing: standard output belongs to whoever calls us."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping

import highspy

__all__ = ["new_highs", "standard_output_aside"]


class _Silent(highspy.Highs):
    """HiGHS that is silent from the start.

    From highspy 1.16 on its constructor prints, because enabling the callbacks, the last thing that it does, opens the
    log. Before that is the one moment at which an option can be set and is still in time.
    """

    def enableCallbacks(self) -> None:  # noqa: N802  (its name in highspy)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def new_highs(options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
    """A HiGHS object with these options that prints nothing, not even when it is made."""
    highs = _Silent()  # type: ignore[no-untyped-call]
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs


@contextlib.contextmanager
def standard_output_aside() -> Iterator[None]:
    """For solvers that others make: what they write on standard output, from Python or C, goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
