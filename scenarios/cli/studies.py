"""The commands about studies and their results."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from scenarios.cli.app import Json, Wide, app
from scenarios.cli.progress import working
from scenarios.cli.standard_output import print_json, show, write

__all__: list[str] = []

Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="PROCESSES",
        help="Processes, 1 or more, that share the work. Example: --jobs 2",
        show_default="one a core",
    ),
]
Folder = Annotated[Path, typer.Argument(metavar="RESULT", help="Results folder of a study.")]


@app.command(epilog="Example: tierwise study inverted-u --out results/inverted-u --jobs 2")
def study(
    name: Annotated[str, typer.Argument(metavar="NAME-or-FILE", help="Shipped study, or a study file (TOML).")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Results folder. Example: --out mine", show_default="results/NAME"),
    ] = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Dask scheduler whose workers share the work. Example: --cluster tcp://10.0.0.5:8786",
            show_default="none, this machine alone",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Run a study and write its results folder with a report. After an interruption, run it again: it goes on."""
    from scenarios.cli import DEFECT, INTERRUPTED, NO_SOLUTION
    from scenarios.running import run_study

    try:
        done = run_study(name, out, jobs=jobs, cluster=cluster)
    except KeyboardInterrupt:
        print("interrupted: what is finished is kept; the same command goes on from here", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        places = {"folder": str(done.folder), "report": str(done.report)}
        print_json({**places, "answers": done.answers, "failed": done.failed})
    else:
        write("\n".join([*done.answers, f"Report: {done.report}", ""]))
    for words in done.failed:
        print(words, file=sys.stderr)
    if done.defect:
        raise typer.Exit(DEFECT)
    if not done.solved:
        raise typer.Exit(NO_SOLUTION)


@app.command(epilog="Example: tierwise report results/inverted-u -o inverted-u.pdf")
def report(
    result: Folder,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write: .html, .md, .xlsx, .pdf or .pptx. Example: -o brief.pdf",
        ),
    ],
    static: Annotated[
        bool, typer.Option("--static", help="Leave out of a page what its reader can move and what solves it.")
    ] = False,
) -> None:
    """Make the report again from stored results, without solving; .pdf and .pptx are a decision brief."""
    from scenarios.report.writing import write_report

    with working(f"report {result}"):
        warnings = write_report(result, output, static=static)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    write(f"{output}\n")


@app.command(epilog="Example: tierwise compare results/before results/after")
def compare(
    first: Folder,
    second: Annotated[Path, typer.Argument(metavar="RESULT", help="Results folder to compare it with.")],
    wide: Wide = False,
    as_json: Json = False,
) -> None:
    """Say what differs between two results: inputs, options and answers."""
    from scenarios.storing import read_results
    from scenarios.storing.comparing import compare as differences

    found = differences(read_results(first), read_results(second))
    if as_json:
        print_json(found.document())
        return
    from scenarios.terminal.results import comparison_view

    show(comparison_view(found), wide=wide)


@app.command(epilog="Example: tierwise verify results/inverted-u")
def verify(
    result: Folder,
    jobs: Jobs = None,
    tolerance: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1e-6,
            metavar="NUMBER",
            help="Accept numbers that differ by less, 0 to 1e-6. Example: --tolerance 1e-9",
        ),
    ] = 0.0,
    first_draws: Annotated[
        bool, typer.Option("--first-draws", help="Of random draws solve the first of every replicate alone.")
    ] = False,
    wide: Wide = False,
    as_json: Json = False,
) -> None:
    """Solve every number of a result again, write every file of it again, and say what is not as it was stored."""
    from scenarios.verifying import verify as check

    found = check(result, jobs=jobs, tolerance=tolerance, first_draws=first_draws, progress=True)
    if as_json:
        print_json(found.document())
        return
    from scenarios.terminal.results import verified_view

    show(verified_view(found), wide=wide)
