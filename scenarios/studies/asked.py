"""What a study asks of its cases, from the registry of questions: its outputs, and the tables with their arguments."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, create_model

from scenarios.question import Argument, InStudy, Question
from scenarios.questions import QUESTIONS
from scenarios.studies.parts import Strict

__all__ = ["OUTPUTS", "Output", "missing_tables", "with_tables"]

OUTPUTS = tuple(name for name, question in QUESTIONS.items() if question.output)
"""The questions that a study names."""

if TYPE_CHECKING:
    Output = str
else:
    Output = Literal[OUTPUTS]


def with_tables(base: type[Strict]) -> type[Strict]:
    """The model with a field for each table that holds arguments of questions, None where it is not given."""
    fields: dict[str, Any] = {}
    for question in QUESTIONS.values():
        if (use := _use(question)).table and use.table not in fields:
            fields[use.table] = (_model(question, use) | None, None)
    return create_model(f"{base.__name__}Asked", __base__=base, **fields)


def missing_tables(study: Strict, outputs: Iterable[str]) -> list[str]:
    """What is wrong where a question is named whose arguments are not given."""
    wanted: dict[str, list[str]] = {}
    for name in sorted(set(outputs)):
        if (use := _use(QUESTIONS[name])).required and getattr(study, table := use.table) is None:
            wanted.setdefault(table, []).append(name)
    return [_missing(table, names) for table, names in wanted.items()]


def _missing(table: str, names: list[str]) -> str:
    question = QUESTIONS[names[0]]
    keys = [argument.known_as for argument in question.arguments if argument.name in _use(question).required]
    who = f"output {names[0]} needs" if len(names) == 1 else f"outputs {', '.join(names)} need"
    return f"the {who} a table [{table}] with {' and '.join(keys)}"


def _use(question: Question) -> InStudy:
    return question.in_study or InStudy()


def _model(question: Question, use: InStudy) -> type[Strict]:
    """The table that holds a question's arguments."""
    own = {argument.name: argument for argument in question.arguments}
    fields: dict[str, Any] = {name: _field(own[name], ...) for name in use.required}
    fields |= {name: _field(own[name], own[name].default) for name in use.optional}
    name = f"{use.table.replace('_', ' ').title().replace(' ', '')}Question"
    return create_model(name, __base__=Strict, __doc__=question.help, **fields)


def _field(argument: Argument, default: Any) -> tuple[Any, Any]:
    kind = tuple[str, ...] if argument.type == list[str] else argument.type
    alias, least, most = argument.key or None, argument.least, argument.most
    return kind, Field(default, alias=alias, description=argument.help, ge=least, le=most)
