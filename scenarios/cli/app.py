"""The Typer application, and what its commands share."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from chains import Chain

__all__ = [
    "Alpha",
    "Beta",
    "Budget",
    "Json",
    "Maximum",
    "Minimum",
    "Move",
    "Packages",
    "Pieces",
    "amounts",
    "app",
    "load_packages",
    "print_json",
    "warn",
]

app = typer.Typer(
    help="Where along a supply chain does a subsidy budget reduce import-dependence risk most?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Packages = Annotated[
    list[str],
    typer.Argument(metavar="PACKAGE...", help="Folders, or shipped packages (robots, chips, coupled, japan)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Alpha = Annotated[float, typer.Option(help="Confidence level of CVaR.")]
Beta = Annotated[float, typer.Option(help="Weight of CVaR in risk; the rest is expected loss.")]
Pieces = Annotated[int, typer.Option(help="Chords of a response curve.")]
Budget = Annotated[float | None, typer.Option(help="Budget (default: as observed).")]
Move = Annotated[float | None, typer.Option(help="Largest share of the budget that moves.")]
Minimum = Annotated[list[str] | None, typer.Option("--min", metavar="SEG=X", help="Least for a segment or tier.")]
Maximum = Annotated[list[str] | None, typer.Option("--max", metavar="SEG=X", help="Most for a segment or tier.")]


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


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document, and nothing else, on standard output."""
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
    print()


def amounts(option: str, given: list[str] | None) -> dict[str, float]:
    """Amounts by name from `NAME=X`; InputError naming every one that is not of that form."""
    from chains import InputError, Problem

    amounts, problems = {}, []
    for text in given or []:
        name, _, amount = text.rpartition("=")
        try:
            amounts[name] = float(amount)
        except ValueError:
            name = ""
        if not name:
            problems.append(Problem(f"option {option}", 0, "", f"'{text}' is not SEG=X", "write servos=1.5"))
    if problems:
        raise InputError(problems)
    return amounts
