"""The tasks of a study: which question is asked of which case, with which arguments."""

from collections.abc import Iterator, Sequence
from typing import Any

from chains import InputError, Problem
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
    options = case.options.nominal()
    yield Task(case.name, "optimize", case.chain, {"options": options})
    if case.options.ambiguity or case.options.slope_budget:
        yield Task(case.name, "robust", case.chain, {"options": case.options.model_dump(mode="json")})
    if case.grid:
        return
    for question in study.outputs:
        yield Task(case.name, question, case.chain, _arguments(study, case, question))


def _arguments(study: Study, case: Ready, question: str) -> dict[str, Any]:
    measured = {"measured": case.options.risk_options().model_dump()}
    if question in ("ranges", "definitions"):
        return {"options": case.options.nominal()}
    if question in ("gain", "break-even"):
        assert study.gain is not None  # checked by the study
        return {"giving": study.gain.giving, "receiving": study.gain.receiving, **measured}
    if question == "self-sufficiency":
        assert study.self_sufficiency is not None  # checked by the study
        return {"target": study.self_sufficiency.target, "segments": list(study.self_sufficiency.segments), **measured}
    return {} if question == "indicators" else measured


def samplings(study: Study, ready: Sequence[Ready]) -> list[Sampling]:
    """The cases that are drawn. InputError with every one that has nothing to draw."""
    if study.draws is None:
        return []
    wanted = study.draws.cases or tuple(case.name for case in study.cases)
    found = [Sampling(case, study.draws) for case in ready if case.name in wanted and not case.grid]
    problems: list[Problem] = []
    for sampling in found:
        try:
            _ = sampling.numbers
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found
