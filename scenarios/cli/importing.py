"""The command that makes packages of public data sets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from scenarios.cli.app import Json, app
from scenarios.cli.standard_output import print_json, write

if TYPE_CHECKING:
    from chains.importing import Imported

__all__: list[str] = []

_LONGEST = 240
"""Characters of a line that tells which rows are placeholders."""


@app.command("import", epilog="Example: tierwise import eto eto/ --home NLD --out nld")
def import_(
    name: Annotated[
        str,
        typer.Argument(
            metavar="SET", help="Data set: eto, baci, comtrade, comext, customs-cn, icio, exiobase or wiod."
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Folder or file of the set, as it was downloaded.")],
    home: Annotated[str, typer.Option(metavar="COUNTRY", help="Home country, an ISO 3166 code. Example: --home NLD")],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER|FILE", help="Folder, .zip or .xlsx to write; must not exist. Example: --out nld.xlsx"
        ),
    ],
    as_json: Json = False,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", help="Base year. Example: --year 2022", show_default="the latest whole one that the set has"
        ),
    ] = None,
    products: Annotated[
        str,
        typer.Option(
            metavar="FILE|CHAIN",
            help="Goods by HS code (segment,code[,tier]), or robots, chips. Example: --products chips",
            show_default="for eto none, which names its goods",
        ),
    ] = "",
    flow: Annotated[
        str,
        typer.Option(
            metavar="import|mirror",
            help="For comtrade: whose reports. Example: --flow mirror",
            show_default="import, the home country's",
        ),
    ] = "",
    sectors: Annotated[
        str,
        typer.Option(
            metavar="FILE|CHAIN",
            help="For icio, exiobase, wiod: segments by industry (sector,segment[,tier]), or robots, chips. Example: "
            "--sectors robots",
            show_default="every industry a segment",
        ),
    ] = "",
) -> None:
    """Make a package of a public data set: what it gives with its evidence; what it does not is listed."""
    from chains.importing import import_set

    own = {"products": products, "flow": flow, "sectors": sectors}
    with _bar() as progress:
        imported = import_set(name, source, out, home=home, year=year, progress=progress, **own)
    if as_json:
        from scenarios.documents.importing import document

        print_json(document(name, out, imported))
    else:
        write(_told(out, imported))


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a large file is read, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _told(target: Path, imported: "Imported") -> str:
    """What was written, how the files were read, what the set does not give."""
    meta = imported.meta
    given = ", ".join(f"{table} {count}" for table, count in imported.given.items() if count)
    lines = [f"{target}: {imported.rows['segments']} segments, home {meta.home}, {meta.unit}, {meta.year}"]
    lines += [f"rows that rest on the set: {given or 'none'}", "", "How the files were read:"]
    lines += [f"  {line}" for line in imported.said]
    lines += ["", "What the set does not give (placeholders, to be filled in; in full in IMPORT.md):"]
    lines += [f"  {shorten(line, _LONGEST, placeholder=' ...')}" for line in imported.lacks]
    return "\n".join(lines) + "\n"
