"""The registry of questions: every room has what it names, and options are those of the program."""

from importlib import import_module
from pathlib import Path

import pytest

from optimize import RobustOptions
from optimize.program.levers import LEVERS
from scenarios.question import Question
from scenarios.questions import QUESTIONS, SECTIONS

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)


def room(name: str, question: Question) -> object:
    return import_module(f"scenarios.{name}.{question.file or question.name.replace('-', '_')}")


@ALL
def test_every_room_tells_the_answer_that_the_registry_promises(question: Question) -> None:
    tables = getattr(room("documents", question), "TABLES", {})
    assert tuple(tables) == question.tables
    if question.asks:
        module, _, function = question.asks.partition(":")
        assert module == "optimize.cylinders" or callable(getattr(import_module(module), function))
        assert callable(room("documents", question).document)  # type: ignore[attr-defined]
    if question.example:
        assert callable(room("terminal", question).view)  # type: ignore[attr-defined]
    for section in question.report:
        assert section in ("chain", *SECTIONS)
        assert callable(getattr(room("report.parts", question), section))


@ALL
def test_a_question_that_users_ask_has_a_page(question: Question) -> None:
    if question.example or question.output or question.report:
        assert (ROOT / question.page).is_file()


@ALL
def test_shared_arguments_are_options_of_the_program_with_their_defaults(question: Question) -> None:
    for argument in question.arguments:
        if argument.shared:
            assert argument.default == getattr(RobustOptions(), argument.name)


def test_what_the_help_says_of_levers_is_all_there_is() -> None:
    (levers,) = (argument for argument in QUESTIONS["frontier"].arguments if argument.name == "levers")
    assert levers.help.endswith(f"{', '.join(LEVERS)}.")
