"""The Typer application, and what its commands share."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command

from data import __version__
from scenarios.cli.standard_output import libraries_aside

if TYPE_CHECKING:
    from chains import Chain

__all__ = ["Json", "Packages", "amounts", "app", "command_line", "load_packages", "warn"]

app = typer.Typer(
    help="Where along a supply chain does a subsidy budget reduce import-dependence risk most?",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def tierwise(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Tell the version and exit.")] = False,
) -> None:
    """What is typed before a command, or alone."""
    if version:
        typer.echo(f"tierwise {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


Packages = Annotated[
    list[str],
    typer.Argument(
        metavar="PACKAGE...",
        help="Folders, or shipped packages (robots, chips, coupled, ai, ai-chips, japan).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def command_line() -> TyperGroup:
    """The command line, ready to be called; while one of its commands runs, libraries cannot reach standard output."""
    for commands in ("questions", "commands", "packages", "importing", "shipped", "studies"):
        import_module(f"scenarios.cli.{commands}")  # each registers its own
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for command in group.commands.values():
        assert command.callback is not None
        command.callback = libraries_aside()(command.callback)
    return group


def load_packages(packages: list[str]) -> "Chain":
    """The chain of the packages that were typed; its warnings go to standard error."""
    from chains import load

    chain = load(*packages)
    warn(chain)
    return chain


def warn(chain: "Chain") -> None:
    """Say the warnings of a chain on standard error."""
    for warning in chain.warnings:
        print(f"warning: {warning}", file=sys.stderr)


def amounts(option: str, given: list[str] | None) -> dict[str, float]:
    """Amounts by name from `NAME=X`; InputError naming every one that is not of that form, or repeats a name."""
    from chains import InputError, Problem

    amounts, problems = {}, []
    for text in given or []:
        name, _, amount = text.rpartition("=")
        try:
            value = float(amount)
        except ValueError:
            name = ""
        if not name:
            problems.append(Problem(f"option {option}", 0, "", f"'{text}' is not SEG=X", "write servos=1.5"))
        elif name in amounts:
            problems.append(Problem(f"option {option}", 0, "", f"'{name}' is given twice", "keep one of them"))
        else:
            amounts[name] = value
    if problems:
        raise InputError(problems)
    return amounts
