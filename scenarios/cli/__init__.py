"""The command line `tierwise`: a question a command, heavy libraries imported only where used."""

import gc
import os
import sys
from collections.abc import Callable, Sequence

__all__ = ["DEFECT", "INTERRUPTED", "NO_SOLUTION", "main"]

DONE, DEFECT, BAD_INPUT, NO_SOLUTION, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with 0, or 1 a defect of ours, 2 bad input, 3 no solution, 130 interrupted.

    Without arguments it is the command `tierwise`, and standard output is kept for the answer.
    """
    gc.set_threshold(500_000, 50, 50)  # imports make many objects that stay: looking for others took a tenth of a start
    from scenarios.cli.standard_output import keep_standard_output

    if arguments is None:  # the command itself, not a call from a script
        keep_standard_output()
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # to look for one opens every installed package
    from scenarios.cli.app import command_line

    typed = sys.argv[1:] if arguments is None else list(arguments)
    command = command_line(typed)
    status = _guarded(lambda: command(None if arguments is None else typed, prog_name="tierwise"))
    if arguments is None:
        gc.freeze()  # all is given up: to look through modules for what nobody holds took a tenth of a command
    sys.exit(status)


def _guarded(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE
    except Exception as error:
        return _told(error)
    return DONE


def _told(error: Exception) -> int:
    """Say an error as its kind deserves: problems one a line, a conflict in words, a defect with its trace."""
    from chains import InputError
    from optimize.solving.conflict import NoSolutionError

    if isinstance(error, InputError):
        print(error, file=sys.stderr)
        return BAD_INPUT
    if isinstance(error, NoSolutionError):
        print(error, file=sys.stderr)
        return NO_SOLUTION
    from optimize.solver.linear import InaccurateError

    if isinstance(error, InaccurateError):
        print(error, file=sys.stderr)
        return DEFECT
    import traceback

    traceback.print_exception(error)
    print("This is a defect of Tierwise: please report it with the lines above.", file=sys.stderr)
    return DEFECT
