"""The Typer application, and what its commands share."""

import sys
from collections.abc import Callable, Sequence
from copy import copy
from importlib import import_module
from inspect import getdoc
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_name
from typer.models import CommandInfo

from data import __version__
from scenarios.cli.standard_output import libraries_aside

if TYPE_CHECKING:
    from chains import Chain

__all__ = ["Json", "Packages", "Wide", "amounts", "app", "command_line", "load_packages", "warn"]

app = typer.Typer(
    help="Where along a supply chain does a subsidy budget reduce import-dependence risk most?",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="What the words mean: tierwise glossary. Every question with a worked example: docs/questions.",
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
Wide = Annotated[bool, typer.Option("--wide", help="Show every column, however long the lines become.")]


def command_line(arguments: Sequence[str] = ()) -> TyperGroup:
    """The command line, ready to be called; while one of its commands runs, libraries cannot reach standard output.

    `arguments`, where they are known, tell which commands need to be built: to build all of them is a tenth of a start.
    """
    for commands in ("questions", "commands", "packages", "importing", "shipped", "studies", "studio", "words"):
        import_module(f"scenarios.cli.{commands}")  # each registers its own
    needed = copy(app)
    needed.registered_commands = _needed(app.registered_commands, list(arguments))
    group = get_command(needed)
    assert isinstance(group, TyperGroup)
    for command in group.commands.values():
        assert command.callback is not None
        command.callback = libraries_aside()(command.callback)
        command.short_help = command.help  # whole in the list of commands: it would be cut there
        command.parse_args = _each_once(command)  # type: ignore[method-assign]
    return group


def _needed(commands: list[CommandInfo], arguments: list[str]) -> list[CommandInfo]:
    """The command that is asked for alone; all of them without their options for help; else all, as they are."""
    if arguments in (["--help"], ["-h"]):
        return [_listed(command) for command in commands]
    return [command for command in commands if _name(command) in arguments[:1]] or commands


def _name(command: CommandInfo) -> str:
    assert command.callback is not None
    return command.name or get_command_name(command.callback.__name__)


def _listed(command: CommandInfo) -> CommandInfo:
    """What the list of commands says of one: its name and its help."""
    listed = copy(command)
    listed.name, listed.help, listed.callback = _name(command), command.help or getdoc(command.callback), _nothing
    return listed


def _nothing() -> None:
    """Stand for what a command does where it is listed alone."""


def _each_once(command: Any) -> Callable[..., list[str]]:
    """How a command reads its arguments: InputError where an option that has one value is given several.

    By itself the last would count, without a word.
    """
    single = {
        name: option.opts[0]
        for option in command.params
        if option.param_type_name == "option" and not option.is_flag and not option.multiple
        for name in option.opts
    }
    read = command.parse_args

    def parse_args(context: Any, arguments: list[str]) -> Any:
        given: dict[str, list[str]] = {}
        words = iter(arguments)
        for word in words:
            if word == "--":
                break
            name, equals, value = word.partition("=")
            if name in single:
                given.setdefault(single[name], []).append(value if equals else next(words, ""))
        _check_once(given)
        return read(context, arguments)

    return parse_args


def _check_once(given: dict[str, list[str]]) -> None:
    """InputError naming every option that has several values."""
    several = {option: values for option, values in given.items() if len(values) > 1}
    if several:
        from chains import InputError, Problem

        raise InputError(
            Problem(f"option {option}", 0, "", f"is given {len(values)} times ({', '.join(values)})", "give it once")
            for option, values in several.items()
        )


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
