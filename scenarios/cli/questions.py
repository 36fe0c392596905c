"""The commands that ask a question of a chain, made from the registry: what is typed is read, asked, and printed."""

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer

from scenarios.cli.app import Json, Packages, Wide, amounts, app, load_packages
from scenarios.cli.mpi import answer_of_all
from scenarios.cli.progress import working
from scenarios.cli.standard_output import print_json, show
from scenarios.question import REQUIRED, Argument, Question
from scenarios.questions import QUESTIONS

__all__: list[str] = []


def _command(question: Question) -> Callable[..., None]:
    """The function of a question's command, with a parameter for each argument."""

    def command(packages: list[str], wide: bool, as_json: bool, **typed: Any) -> None:
        if question.processes:
            found = answer_of_all(question, packages, lambda: _read(question, typed))
            if found is None:  # another process prints
                return
            chain, answer = found
        else:
            chain = load_packages(packages)
            with working(f"{question.name} {chain.name}"):
                answer = question.ask(chain, **_read(question, typed))
        if as_json:
            print_json(question.document(chain, answer))
        else:
            show(question.view(chain, answer), wide=wide)

    kind = Parameter.KEYWORD_ONLY
    first = Parameter("packages", kind, annotation=Packages)
    last = (
        Parameter("wide", kind, annotation=Wide, default=False),
        Parameter("as_json", kind, annotation=Json, default=False),
    )
    own = [
        Parameter(argument.name, kind, annotation=_annotation(argument), default=_default(argument))
        for argument in question.arguments
    ]
    command.__signature__ = Signature([first, *own, *last])  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in (first, *own, *last)}
    return command


_TYPED = {tuple[str, ...]: str, list[str]: list[str], dict[str, float]: list[str]}
"""What is typed for arguments of several values."""


def _annotation(argument: Argument) -> Any:
    """The type of what is typed, and its option."""
    option = typer.Option(
        argument.typed_as,
        help=f"{argument.help} Example: {argument.typed_as} {argument.example}" if argument.example else argument.help,
        metavar=argument.unit or None,
        show_default=argument.otherwise or True,
    )
    kind = _TYPED.get(argument.type, argument.type)
    return Annotated[kind if _default(argument) not in (None, [], {}) else kind | None, option]


def _default(argument: Argument) -> Any:
    """What stands for an argument that is not typed, as it would be typed."""
    if argument.default is REQUIRED:
        return Parameter.empty
    if argument.type in _TYPED:
        return ",".join(argument.default) or None
    return argument.default


def _read(question: Question, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as they are asked, from what was typed. InputError where that cannot be read."""
    return {argument.name: _value(argument, typed[argument.name]) for argument in question.arguments}


def _value(argument: Argument, typed: Any) -> Any:
    if argument.type == dict[str, float]:
        return amounts(argument.typed_as, typed)
    if argument.type == tuple[str, ...]:
        return tuple(part.strip() for part in typed.split(",")) if typed else ()
    return tuple(typed or ()) if argument.type == list[str] else typed


for question in QUESTIONS.values():
    if question.example:
        example = f"Example: {question.example}\n\nMore: {question.page}"
        app.command(question.name, help=question.help, epilog=example)(_command(question))
