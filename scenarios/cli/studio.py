"""The command that opens a chain in the browser."""

import signal
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from scenarios.cli.app import app
from scenarios.cli.standard_output import write

__all__: list[str] = []


@app.command(epilog="Example: tierwise studio robots")
def studio(
    packages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PACKAGE",
            help="Folders, .zip or .xlsx files, or shipped packages to open at first.",
            show_default="robots",
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            metavar="PORT",
            help="Port of this machine, 0 to 65535. Example: --port 8700",
            show_default="a free one",
        ),
    ] = 0,
    folder: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Folder to save into, and the only one. Example: --folder mine"),
    ] = Path("studio"),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False,
) -> None:
    """Open a chain in the browser: see it, move what a minister asks about, edit, compare, save. Ctrl-C ends it."""
    from chains import InputError

    try:
        from scenarios.studio.serving import Studio
    except ImportError as error:
        right = "install it: pip install 'tierwise[studio]'"
        raise InputError.single("studio", f"the optional extra 'studio' is missing ({error})", right) from None
    opened = Studio(packages or (), folder, port)
    write(f"Studio: {opened.guard.address}\nSaves into {opened.place.folder}. Ctrl-C ends it.\n")
    if not no_browser:
        webbrowser.open(opened.guard.address)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as after Ctrl-C: what was open is removed
    try:
        opened.serve()
    finally:
        opened.close()
