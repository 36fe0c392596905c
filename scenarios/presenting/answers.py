"""The answer to a question, told by the rooms that the registry names."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType

from chains import Chain
from optimize import RiskOptions, RobustOptions
from scenarios.asking.choke_points import Cuts
from scenarios.asking.evaluation import Evaluation
from scenarios.asking.least_risk import LeastRisk
from scenarios.asking.self_sufficiency import Targets
from scenarios.presenting.told import Charts, Frames, Told
from scenarios.question import Question
from scenarios.questions import QUESTIONS
from scenarios.storing import StoredCase
from scenarios.terminal.table import Table

__all__ = ["QUESTIONS_OF", "of_answer", "question_of"]

QUESTIONS_OF = {
    "optimize": ("Result", "LeastRisk"),
    "evaluate": ("Solution", "Evaluation"),
    "gain": ("Gain",),
    "break-even": ("BreakEven",),
    "frontier": ("Frontier",),
    "plan": ("Plan",),
    "finding": ("Finding",),
    "choke-points": ("ChokePoints", "Cuts"),
    "turning-points": ("TurningPoints",),
    "against": ("Against",),
    "what-if": ("WhatIf",),
    "priorities": ("Priorities",),
    "self-sufficiency": ("SelfSufficiency", "CostCurve", "Targets"),
    "indicators": ("Indicators",),
    "ranges": ("Ranges",),
    "robust": ("Robust",),
    "quality": ("Quality",),
    "optimize-mpi": ("Bounds",),
}
"""The classes of the answers to each question, by name: that of `optimize-mpi` needs an extra to be imported."""

_ASKED: dict[str, Callable[[Any], Any]] = {
    "Result": lambda found: LeastRisk(found, None, None, None),
    "Solution": lambda found: Evaluation(found, found.options),
    "ChokePoints": lambda found: Cuts(found, None),
    "SelfSufficiency": lambda found: Targets(found.chain, found.target, found),
    "CostCurve": lambda found: Targets(found.chain, found.largest, curve=found),
}
"""Where a question takes several calls: what one of them answers, as that question's answer."""


def question_of(value: object) -> Question:
    """The question that a value answers."""
    name = type(value).__name__
    return QUESTIONS[next(question for question, classes in QUESTIONS_OF.items() if name in classes)]


def of_answer(question: Question, value: Any) -> Told:
    """The answer to a question."""
    answer = _ASKED.get(type(value).__name__, lambda found: found)(value)
    chain, options = _about(answer)
    return Told(
        sentence=question.sentence(chain, answer),
        table=next(_tables(question.view(chain, answer)), None),
        charts=lambda: _charts(question, chain, options, answer),
        frames=lambda: _frames(question, chain, answer),
    )


def _about(answer: Any) -> tuple[Chain, RobustOptions]:
    """The chain of an answer, and its options as far as they are those of the program."""
    inner = [getattr(answer, name, None) for name in ("result", "solution", "found", "explanation", "nominal", "plan")]
    parts = [answer, *(part for part in inner if part is not None)]
    chain = next(part.chain for part in parts if hasattr(part, "chain"))
    options = next((part.options for part in parts if isinstance(getattr(part, "options", None), RiskOptions)), None)
    known = {} if options is None else options.model_dump(include=set(RobustOptions.model_fields))
    return chain, RobustOptions.model_validate(known)


def _tables(view: RenderableType) -> Iterator[Table]:
    """The tables of a view in order."""
    if isinstance(view, Table):
        yield view
    elif isinstance(view, Group):
        for part in view.renderables:
            yield from _tables(part)


def _frames(question: Question, chain: Chain, answer: Any) -> Frames:
    """The tables of the question as frames, each with the units of its columns; those that have rows."""
    document = question.document(chain, answer)
    frames = {}
    for name in question.tables:
        rows = pd.DataFrame([*question.rows(name, chain, document)])
        rows.attrs = {"question": question.name, "chain": chain.name, "units": question.units(name, chain)}
        if len(rows):
            frames[name] = rows
    return frames


class _Answers(Mapping[str, Any]):
    """The documents of a case with one answer; the least-risk one is asked for where a chart draws it beside."""

    def __init__(self, chain: Chain, options: RobustOptions, known: dict[str, Any]) -> None:
        self._chain, self._options, self._known = chain, options, known

    def __getitem__(self, question: str) -> Any:
        if question == "optimize" and question not in self._known:
            own = {name: value for name, value in self._options if name not in ("ambiguity", "slope_budget")}
            self._known[question] = QUESTIONS[question].answer(self._chain, **own)
        return self._known[question]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _charts(question: Question, chain: Chain, options: RobustOptions, answer: Any) -> Charts:
    """The charts of the question's parts of a report, made as if the answer stood in a study."""
    if not question.report and not find_spec(f"scenarios.report.parts.{question.file_name}"):
        return {}
    answers = _Answers(chain, options, {question.name: question.document(chain, answer)})
    case = StoredCase.of_chain(chain, answers, options)
    parts = [part for section in question.report or ("more",) for part in question.parts(section, case)]
    return {part.ident.removeprefix(f"{case.name}-"): part.chart for part in parts if part.chart is not None}
