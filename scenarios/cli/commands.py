"""The commands that answer the main question. Each parses what was typed, asks the rooms below, and prints."""

from pathlib import Path
from typing import Annotated

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
    load_packages,
    warn,
)
from scenarios.cli.standard_output import print_json, show

__all__: list[str] = []

ALWAYS_RANGED = 200
"""Segments up to which `optimize` says without being asked whether its answer is unique (two solves a segment)."""


@app.command(epilog="Example: tierwise optimize robots --budget 5 --move 0.2")
def optimize(
    packages: Packages,
    budget: Budget = None,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    move: Move = None,
    minimum: Minimum = None,
    maximum: Maximum = None,
    ambiguity: Annotated[
        float, typer.Option(help="Probability that may fall elsewhere: the robust answer beside the nominal one.")
    ] = 0.0,
    slope_budget: Annotated[int, typer.Option(help="Segments whose response may be as weak as `low`: likewise.")] = 0,
    ranges: Annotated[bool, typer.Option("--ranges", help="Tell the least and the most each segment gets.")] = False,
    as_json: Json = False,
) -> None:
    """Find the least-risk allocation of the budget."""
    from optimize import optimize as solve
    from optimize import ranges as solve_ranges
    from optimize import robust as solve_robust

    chain = load_packages(packages)
    options = {
        "alpha": alpha,
        "beta": beta,
        "pieces": pieces,
        "budget": budget,
        "move": move,
        "minimum": amounts("--min", minimum),
        "maximum": amounts("--max", maximum),
    }
    doubted = ambiguity != 0 or slope_budget != 0
    found = solve_robust(chain, ambiguity, slope_budget, **options) if doubted else None
    result = found.nominal if found else solve(chain, **options)
    spans = solve_ranges(chain, **options) if ranges or len(chain.segments) <= ALWAYS_RANGED else None
    if as_json:
        from scenarios.documents.least_risk import optimize_document
        from scenarios.documents.ranges import ranges_document
        from scenarios.documents.robust import robust_document

        answer = ranges_document(spans) if spans else {"unique": None}
        if not ranges:
            answer.pop("ranges", None)
        beside = {"robust": robust_document(found)} if found else {}
        print_json({**optimize_document(result), **answer, **beside})
        return
    from scenarios.terminal.least_risk import optimize_view
    from scenarios.terminal.ranges import ranges_view, unique_view
    from scenarios.terminal.robust import robust_view

    show(optimize_view(result))
    if found:
        show(robust_view(found))
    if spans:
        show(ranges_view(chain, spans) if ranges else unique_view(spans))


@app.command(epilog="Example: tierwise evaluate robots --allocation mine.csv")
def evaluate(
    packages: Packages,
    allocation: Annotated[Path, typer.Option(help="CSV file: segment,instrument,value.")],
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Tell the risk of a given allocation."""
    from chains import read_allocation
    from optimize import RiskOptions
    from optimize import evaluate as solve

    chain = load_packages(packages)
    options = {"alpha": alpha, "beta": beta, "pieces": pieces}
    solution = solve(chain, read_allocation(allocation, chain), **options)
    if as_json:
        from scenarios.documents.evaluation import evaluate_document

        print_json(evaluate_document(chain, solution, RiskOptions.model_validate(options)))
        return
    from scenarios.terminal.evaluation import evaluate_view

    show(evaluate_view(chain, solution))


@app.command(epilog="Example: tierwise gain robots --from midstream --to upstream")
def gain(
    packages: Packages,
    giving: Annotated[str, typer.Option("--from", help="Tier that gives.")],
    receiving: Annotated[str, typer.Option("--to", help="Tier that receives.")],
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Draw the reallocation curve between two tiers, with its exact peak."""
    from optimize import gain_curve

    chain = load_packages(packages)
    found = gain_curve(chain, giving, receiving, alpha=alpha, beta=beta, pieces=pieces)
    if as_json:
        from scenarios.documents.gain import gain_document

        print_json(gain_document(chain, found))
        return
    from scenarios.terminal.gain import gain_view

    show(gain_view(chain, found))


@app.command(epilog="Example: tierwise finding robots")
def finding(
    packages: Packages,
    periods: Annotated[
        str | None, typer.Option(help="Periods for firms.csv, such as 2010-2014,2015-2017,2018-2022.")
    ] = None,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Reproduce the published finding: its shape, what explains it, what reallocating brings, claim by claim."""
    from optimize import optimize as solve
    from scenarios.finding import find

    chain = load_packages(packages)
    options = {"alpha": alpha, "beta": beta, "pieces": pieces}
    found = find(chain, tuple(periods.split(",")) if periods else (), **options)
    result = solve(chain, **options)
    if as_json:
        from scenarios.documents.finding import finding_document
        from scenarios.documents.least_risk import optimize_document

        best = optimize_document(result)
        reallocation = {part: best[part] for part in ("risk", "tiers", "next_unit", "transfer", "certificate")}
        print_json({**finding_document(chain, found), "reallocation": reallocation})
        return
    from scenarios.terminal.finding import finding_view
    from scenarios.terminal.least_risk import optimize_view

    show(finding_view(chain, found))
    show(optimize_view(result))


@app.command(epilog="Example: tierwise validate my/package")
def validate(packages: Packages, as_json: Json = False) -> None:
    """Say every problem of a package, or what it holds."""
    from chains import InputError, load
    from optimize import evaluate as solve

    try:
        chain = load(*packages)
        solve(chain)
    except InputError as error:
        if as_json:
            print_json({"valid": False, "problems": [vars(problem) for problem in error.problems]})
        raise
    if as_json:
        counts = chain.status_counts().to_dict(orient="index")
        warnings = [vars(warning) for warning in chain.warnings]
        print_json({"valid": True, "problems": [], "warnings": warnings, "evidence": counts})
        return
    from scenarios.terminal.package import validate_view

    warn(chain)
    show(validate_view(chain))
