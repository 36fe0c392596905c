"""A question for programs larger than one machine. It is asked under mpiexec: every process runs all of it."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scenarios.cli.app import warn
from scenarios.question import Question

if TYPE_CHECKING:
    from chains import Chain

__all__ = ["answer_of_all"]

Answer = tuple["Chain", Any]


def answer_of_all(question: Question, packages: list[str], read: Callable[[], dict[str, Any]]) -> Answer | None:
    """The chain and the answer that all processes find together, on the first of them; None on the others."""
    comm = _together(question)

    def ask() -> Answer:
        from chains import load

        chain = load(*packages)
        if comm.Get_rank() == 0:
            warn(chain)
        return chain, question.ask(chain, **read())

    found = _on_all(comm, ask)
    return found if comm.Get_rank() == 0 else None


def _together(question: Question) -> Any:
    """All processes; InputError where the extra is not installed."""
    from chains import InputError

    try:
        from mpi4py import MPI

        import optimize.cylinders  # noqa: F401  (needs the extra too)
    except ImportError as error:
        right = "install it: pip install 'tierwise[mpi]'"
        raise InputError.single(question.name, f"the optional extra 'mpi' is missing ({error})", right) from None
    return MPI.COMM_WORLD


def _on_all(comm: Any, ask: Callable[[], Answer]) -> Answer:
    """The answer. What every process finds wrong alike, the first one says; a defect in one ends them all."""
    from chains import InputError
    from optimize.solving.conflict import NoSolutionError

    try:
        return ask()
    except (InputError, NoSolutionError):
        if comm.Get_rank() == 0:
            raise
        sys.exit()  # with status 0: mpiexec would end the first process, before it says what is wrong, for another
    except Exception:
        if comm.Get_size() == 1:
            raise
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        comm.Abort(1)
        raise
