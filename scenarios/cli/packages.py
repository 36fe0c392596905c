"""The commands that write packages."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scenarios.cli.app import app
from scenarios.cli.standard_output import write

__all__: list[str] = []

Target = Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="Folder, .zip or .xlsx to write; must not exist.")]


@app.command(epilog="Example: tierwise new wind.xlsx --home DNK --segments 6")
def new(
    target: Target,
    home: Annotated[str, typer.Option(metavar="COUNTRY", help="Home country, an ISO 3166 code. Example: --home DNK")],
    segments: Annotated[
        int, typer.Option(metavar="SEGMENTS", help="Segments over the three tiers, 3 to 60. Example: --segments 9")
    ] = 6,
    currency: Annotated[
        str,
        typer.Option(
            metavar="CURRENCY",
            help="Currency of all money, an ISO 4217 code. Example: --currency EUR",
            show_default="the home country's",
        ),
    ] = "",
    scale: Annotated[
        str,
        typer.Option(
            metavar="SCALE",
            help="Units of the currency that one of all money is: one, thousand, ten thousand, million, hundred "
            "million, billion or trillion. Example: --scale million",
        ),
    ] = "billion",
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR",
            help="Base year of the figures. Example: --year 2024",
            show_default="the year before this one",
        ),
    ] = None,
) -> None:
    """Write a small commented package to start from: it validates and solves, and says how each number is found."""
    from chains.writing import new_package

    base = year or date.today().year - 1
    meta = new_package(target, home=home, segments=segments, currency=currency, scale=scale, year=base)
    write(
        f"{target}: {segments} segments, home {meta.home}, {meta.unit}, {meta.year}; every number is to be replaced\n"
    )


@app.command(epilog="Example: tierwise convert robots robots.xlsx")
def convert(
    package: Annotated[str, typer.Argument(metavar="PACKAGE", help="Folder, .zip, .xlsx or shipped package.")],
    target: Target,
) -> None:
    """Write a package as a folder, zip archive or workbook, whichever the target's name ends in, without loss."""
    from chains.writing import convert as convert_package

    files = convert_package(package, target)
    write(f"{target}: {len(files)} files\n")
