"""The tasks of a study: which question is asked of which case, with which arguments."""

from collections.abc import Iterator, Sequence
from typing import Any

from chains import InputError, Problem
from scenarios.question import InStudy, Question
from scenarios.questions import QUESTIONS
from scenarios.running.sampling import Sampling
from scenarios.running.tasks import Task
from scenarios.studies import Study
from scenarios.studies.expanding import Ready

__all__ = ["samplings", "tasks_of"]


def tasks_of(study: Study, ready: Sequence[Ready]) -> list[Task]:
    """The tasks of all cases, largest chains first. Points of grids are asked for their least risk alone."""
    tasks = [task for case in ready for task in _of_case(study, case)]
    return sorted(tasks, key=lambda task: -len(task.chain.numbers.segments))


def _of_case(study: Study, case: Ready) -> Iterator[Task]:
    unnamed = [name for name, question in QUESTIONS.items() if _unnamed(question.in_study, case)]
    for name in [*unnamed, *(() if case.grid else study.outputs)]:
        yield Task(case.name, name, case.chain, _arguments(study, case, QUESTIONS[name]))


def _unnamed(use: InStudy | None, case: Ready) -> bool:
    """Whether a question is asked of a case without being named."""
    return use is not None and use.where is not None and use.where(case.options)


def _arguments(study: Study, case: Ready, question: Question) -> dict[str, Any]:
    """The options of the case that the question knows, what the study's own table says, and what is fixed."""
    use, options = question.in_study, case.options.model_dump(mode="json")
    assert use is not None  # checked by the study
    given = {argument.name: options[argument.name] for argument in question.arguments if argument.shared}
    table = getattr(study, use.table) if use.table else None
    return given | (table.model_dump(mode="json") if table else {}) | dict(use.fixed)


def samplings(study: Study, ready: Sequence[Ready]) -> list[Sampling]:
    """The cases that are drawn. InputError with every one that has nothing to draw."""
    if study.draws is None:
        return []
    wanted = study.draws.cases or tuple(case.name for case in study.cases)
    found = [Sampling(case, study.draws) for case in ready if case.name in wanted and not case.grid]
    problems: list[Problem] = []
    for sampling in found:
        try:
            sampling.check()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found
