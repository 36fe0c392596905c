"""The command for programs larger than one machine. It runs under mpiexec: every process runs all of it."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scenarios.cli.app import (
    Alpha,
    Beta,
    Budget,
    Json,
    Maximum,
    Minimum,
    Move,
    Packages,
    Pieces,
    amounts,
    app,
    warn,
)
from scenarios.cli.standard_output import print_json, show

if TYPE_CHECKING:
    from optimize.cylinders import Bounds

__all__: list[str] = []


@app.command("optimize-mpi", epilog="Example: mpiexec -n 3 tierwise optimize-mpi robots --gap 1e-3")
def optimize_mpi(
    packages: Packages,
    gap: Annotated[float, typer.Option(help="Relative gap between the bounds at which to stop.")] = 1e-4,
    rounds: Annotated[int, typer.Option(help="Rounds of cuts after which to stop.")] = 200,
    seconds: Annotated[float | None, typer.Option(help="Seconds after which to stop (default: never).")] = None,
    bundle: Annotated[int, typer.Option(help="Scenarios solved together, about.")] = 100,
    budget: Budget = None,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    move: Move = None,
    minimum: Minimum = None,
    maximum: Maximum = None,
    as_json: Json = False,
) -> None:
    """Find least risk between bounds, for more scenarios than one machine holds: start it by mpiexec."""
    comm, solve = _together()

    def ask() -> "Bounds":
        from chains import load

        chain = load(*packages)
        if comm.Get_rank() == 0:
            warn(chain)
        return solve(
            chain,
            gap=gap,
            rounds=rounds,
            seconds=seconds,
            bundle=bundle,
            budget=budget,
            alpha=alpha,
            beta=beta,
            pieces=pieces,
            move=move,
            minimum=amounts("--min", minimum),
            maximum=amounts("--max", maximum),
        )

    found = _on_all(comm, ask)
    if comm.Get_rank() > 0:
        return
    from scenarios.documents.bounds import bounds_document
    from scenarios.terminal.bounds import bounds_view

    if as_json:
        print_json(bounds_document(found))
        return

    show(bounds_view(found))


def _together() -> tuple[Any, Callable[..., "Bounds"]]:
    """All processes, and the function that they solve with; InputError where the extra is not installed."""
    from chains import InputError

    try:
        from mpi4py import MPI

        from optimize.cylinders import least_risk_bounds
    except ImportError as error:
        right = "install it: pip install 'tierwise[mpi]'"
        raise InputError.single("optimize-mpi", f"the optional extra 'mpi' is missing ({error})", right) from None
    return MPI.COMM_WORLD, least_risk_bounds


def _on_all(comm: Any, ask: Callable[[], "Bounds"]) -> "Bounds":
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
