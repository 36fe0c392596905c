"""The commands for further questions of a chain (docs/questions)."""

from typing import Annotated

import typer

from scenarios.cli.app import Alpha, Beta, Json, Packages, Pieces, app, load_packages
from scenarios.cli.standard_output import print_json, show

__all__: list[str] = []


@app.command(epilog="Example: tierwise indicators chips --definition ownership")
def indicators(
    packages: Packages,
    definition: Annotated[
        str, typer.Option(help="What counts as domestic in the table: location, ownership or broad.")
    ] = "location",
    ranking: Annotated[str, typer.Option(help="Indicator whose ranking is compared.")] = "import_share",
    as_json: Json = False,
) -> None:
    """Tell import dependence segment by segment, and how it turns on what counts as domestic."""
    from chains.indicators import indicators as compute
    from chains.indicators import indicators_by_definition, ranking_by_definition

    chain = load_packages(packages)
    ranks = ranking_by_definition(chain, ranking)
    if as_json:
        from scenarios.documents.indicators import indicators_document

        print_json(indicators_document(indicators_by_definition(chain), ranking, ranks))
        return
    from scenarios.terminal.indicators import indicators_view

    show(indicators_view(definition, compute(chain, definition), ranking, ranks))


@app.command(epilog="Example: tierwise frontier robots --max-budget 20")
def frontier(
    packages: Packages,
    max_budget: Annotated[float | None, typer.Option(help="Where to stop (default: where money buys nothing).")] = None,
    gap: Annotated[float | None, typer.Option(help="Largest error in risk allowed (default: exact).")] = None,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Tell least risk against the budget, every breakpoint exact."""
    from optimize import frontier as solve

    chain = load_packages(packages)
    found = solve(chain, max_budget=max_budget, gap=gap, alpha=alpha, beta=beta, pieces=pieces)
    if as_json:
        from scenarios.documents.frontier import frontier_document

        print_json(frontier_document(chain, found))
        return
    from scenarios.terminal.frontier import frontier_view

    show(frontier_view(chain, found))


@app.command("break-even", epilog="Example: tierwise break-even robots --from midstream --to upstream")
def break_even(
    packages: Packages,
    giving: Annotated[str, typer.Option("--from", help="Tier that gives.")],
    receiving: Annotated[str, typer.Option("--to", help="Tier that receives.")],
    parameter: Annotated[str, typer.Option(help="What is multiplied: slope, ceiling or probability.")] = "slope",
    on: Annotated[str | None, typer.Option(help="Tier or segment whose parameter it is (default: --to).")] = None,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Tell what would have to be true for moving money between tiers to stop lowering risk."""
    from optimize import break_even as solve

    chain = load_packages(packages)
    options = {"alpha": alpha, "beta": beta, "pieces": pieces}
    found = solve(chain, giving, receiving, parameter=parameter, on=on, **options)  # type: ignore[arg-type]
    if as_json:
        from scenarios.documents.break_even import break_even_document

        print_json(break_even_document(chain, found))
        return
    from scenarios.terminal.break_even import break_even_view

    show(break_even_view(chain, found))


@app.command(epilog="Example: tierwise priorities robots")
def priorities(
    packages: Packages,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Tell which weights of goals the observed allocation is consistent with."""
    from optimize import priorities as solve

    chain = load_packages(packages)
    found = solve(chain, alpha=alpha, beta=beta, pieces=pieces)
    if as_json:
        from scenarios.documents.priorities import priorities_document

        print_json(priorities_document(chain, found))
        return
    from scenarios.terminal.priorities import priorities_view

    show(priorities_view(chain, found))


@app.command("choke-points", epilog="Example: tierwise choke-points chips --worst 2")
def choke_points(
    packages: Packages,
    worst: Annotated[int | None, typer.Option(help="Find the worst set of at most this many cuts.")] = None,
    over: Annotated[str, typer.Option(help="What --worst cuts: countries or links.")] = "countries",
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Rank the loss when a country, an owner or a link is cut off completely."""
    from optimize import choke_points as solve
    from optimize import worst_cuts

    chain = load_packages(packages)
    options = {"alpha": alpha, "beta": beta, "pieces": pieces}
    found = solve(chain, **options)
    attack = None if worst is None else worst_cuts(chain, worst, over, **options)  # type: ignore[arg-type]
    if as_json:
        from scenarios.documents.choke_points import choke_points_document

        print_json(choke_points_document(chain, found, attack))
        return
    from scenarios.terminal.choke_points import choke_points_view

    show(choke_points_view(found, attack))


@app.command("self-sufficiency", epilog="Example: tierwise self-sufficiency robots --target 0.6 --in upstream")
def self_sufficiency(
    packages: Packages,
    target: Annotated[float, typer.Option(help="Share of use that is to be made at home, 0 to 1.")] = 0.7,
    segments: Annotated[
        list[str] | None, typer.Option("--in", metavar="SEG-or-TIER", help="Where (default: upstream).")
    ] = None,
    definition: Annotated[
        str, typer.Option(help="What counts as made at home: location, ownership or broad.")
    ] = "location",
    curve: Annotated[bool, typer.Option("--curve", help="Tell the cost of every target that can be reached.")] = False,
    alpha: Alpha = 0.90,
    beta: Beta = 0.5,
    pieces: Pieces = 10,
    as_json: Json = False,
) -> None:
    """Tell what a self-sufficiency target would cost, and what that does to risk."""
    from optimize import cost_curve
    from optimize import self_sufficiency as solve

    chain = load_packages(packages).counting(definition)
    options = {"segments": tuple(segments or ("upstream",)), "alpha": alpha, "beta": beta, "pieces": pieces}
    if curve:
        costs = cost_curve(chain, **options)  # type: ignore[arg-type]
        if as_json:
            from scenarios.documents.self_sufficiency import cost_curve_document

            print_json(cost_curve_document(chain, costs))
            return
        from scenarios.terminal.self_sufficiency import cost_curve_view

        show(cost_curve_view(chain, costs))
        return
    found = solve(chain, target, **options)  # type: ignore[arg-type]
    if as_json:
        from scenarios.documents.self_sufficiency import self_sufficiency_document

        print_json(self_sufficiency_document(chain, found))
        return
    from scenarios.terminal.self_sufficiency import self_sufficiency_view

    show(self_sufficiency_view(chain, found))
