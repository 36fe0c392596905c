"""The commands for further questions of a chain (docs/questions)."""

from typing import Annotated

import typer

from scenarios.cli.app import Json, Packages, app, load_packages, print_json

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
        from scenarios.documents import indicators_document

        print_json(indicators_document(indicators_by_definition(chain), ranking, ranks))
        return
    from scenarios.tables import show
    from scenarios.views import indicators_view

    show(indicators_view(definition, compute(chain, definition), ranking, ranks))
