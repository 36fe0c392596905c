"""The help of every command: each option says what it counts, what holds without it, and gives an example."""

from typing import Any

import pytest

from scenarios.cli.app import command_line
from scenarios.questions import QUESTIONS

COUNTS = {one.unit for question in QUESTIONS.values() for one in question.arguments if one.type in (int, float)}
"""Units of numbers."""

OPTIONS = [
    (name, parameter)
    for name, command in command_line().commands.items()
    for parameter in command.params
    if parameter.param_type_name == "option" and parameter.name != "help"
]


def told(option: Any) -> str:
    """What the help says of an option, in one line."""
    context = command_line().make_context("tierwise", [], resilient_parsing=True)
    left, right = option.get_help_record(context)
    return f"{left} {right}"


@pytest.mark.slow
def test_every_option_has_a_unit_a_default_and_an_example() -> None:
    """One test for all: a case an option would be two hundred."""
    for command, option in OPTIONS:
        said = told(option)
        where = f"{command} {option.opts[0]}: {said}"
        assert len(option.help.split()) >= 3, where
        if option.is_flag:
            continue
        assert option.metavar, f"{where}: says no unit"
        assert "[default: " in said or "[required]" in said, f"{where}: says no default"
        assert f"Example: {option.opts[0]} " in said or f"Example: {option.opts[-1]} " in said, f"{where}: no example"
        if option.metavar in COUNTS and not any(figure.isdigit() for figure in option.metavar):
            assert any(figure.isdigit() for figure in option.help), f"{where}: says no range"


def test_the_examples_can_be_read() -> None:
    """Every example is one value of its option, of the type that the option asks for."""
    for question in QUESTIONS.values():
        for argument in question.arguments:
            if question.example and argument.type in (int, float):
                assert argument.type(argument.example) is not None, f"{question.name} {argument.typed_as}"


def test_commands_built_for_what_is_asked_are_as_among_all() -> None:
    """The list of commands is made without their options; a command that is named is built alone."""
    whole = command_line()
    listed = command_line(["--help"])
    context = whole.make_context("tierwise", [], resilient_parsing=True)
    assert listed.get_help(context) == whole.get_help(context)
    alone = command_line(["evaluate", "--help"])
    assert list(alone.commands) == ["evaluate"]
    assert [one.opts for one in alone.commands["evaluate"].params] == [
        one.opts for one in whole.commands["evaluate"].params
    ]
    assert list(command_line(["evalute"]).commands) == list(whole.commands)
