"""The answer that a study words itself: a template over its cases, checked before anything is solved.

A template knows `cases`: `{{ cases.today.risk.optimal | percent }}`. A case has the attributes of the document of
`tierwise optimize`, the answers to the questions asked of it by name (`-` written `_`), and `name`, `title`, `unit`,
`solved`; `budget` is its total, `names` are its goods for people, by segment, and the figures that were drawn, by their
names in `uncertainty`, and `advice` what the report says of it.
It knows `grids` too: `grids.GRID.CASE` are the points of a grid, cases by their values ("2", or "2, 0.5").
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import TrackingCodeGenerator
from jinja2.sandbox import SandboxedEnvironment

from chains import InputError, Problem
from chains.tables.problems import nearest
from scenarios.documents.values import CAPACITY
from scenarios.report import template
from scenarios.report.advice import advice
from scenarios.report.naming import figure_label, figures_of, money_unit, reason_in_words, segment_label
from scenarios.storing import StoredCase, StoredStudy
from scenarios.studies import StudyFile

__all__ = ["check_answer", "rendered_answer"]

_ABOUT = ("name", "title", "unit", "names", "solved")
_DOCUMENT = (
    *(
        "risk",
        "expected_loss",
        "cvar",
        "var",
        "budget",
        "allocation",
        "by_instrument",
        "tiers",
        "parts",
        "first_tenth",
        "loss",
        "unmet",
    ),
    *("next_unit", "transfer", "certificate"),
)
_LEVERS = ("levers", "amounts")
"""Of cases whose money may buy more than capacity."""


def check_answer(file: StudyFile) -> list[Problem]:
    """What is wrong with a study's `answer`, as far as it shows before solving: syntax, filters, cases, attributes."""
    study, environment = file.study, template.environment()
    name, row = file.place("answer")

    def problem(wrong: str, right: str) -> Problem:
        return Problem(name, row, "answer", wrong, right)

    try:
        environment.compile(study.answer)
        parsed = environment.parse(study.answer)
    except TemplateSyntaxError as error:
        wrong = f"line {error.lineno} is not a template: {error.message}"
        return [problem(wrong, "write {{ cases.NAME.risk.optimal | percent }}, or say nothing: the report will")]
    except (RecursionError, SyntaxError):  # Python's own limits, of the code that Jinja writes
        return [problem("is nested too deeply", "say it in simpler sentences")]
    found = [
        problem(f"'{variable}' is not known", "only `cases` and `grids` are")
        for variable in _unknown_variables(environment, parsed)
    ]
    known = [case.name for case in study.cases]
    asked = {*_ABOUT, *_DOCUMENT, *_LEVERS, "advice", "robust", *(output.replace("-", "_") for output in study.outputs)}
    asked |= {"uncertainty"} if study.draws else set()
    asked |= {"levers", "amounts"} if _other_levers(file) else set()
    for path in _paths(parsed):
        if path[0] not in known:
            found.append(problem(f"there is no case '{path[0]}'", nearest(path[0], known)))
        elif len(path) > 1 and path[1] not in asked:
            found.append(problem(f"cases.{path[0]} has no '{path[1]}'", nearest(path[1], sorted(asked))))
    return list(dict.fromkeys(found))


def _other_levers(file: StudyFile) -> bool:
    """Whether the money of some case may buy more than capacity."""
    options = (file.study.options, *(case.options for case in file.study.cases))
    return any(set(one.levers) - {CAPACITY} for one in options)


def rendered_answer(study: StoredStudy) -> list[str]:
    """The paragraphs of a study's own answer; where a case that it needs has none, why it cannot be given.

    InputError where the template names what is not there, computes what cannot be computed, or does not end.
    """
    asked = {
        "answer": study.study.answer,
        "cases": {case.name: _case(case) for case in study.cases},
        "grids": _grids(study) if "grids" in study.study.answer else {},
        "missing": {case.name: _missing(case) for case in study.cases},
    }
    found = _apart(asked)
    if "wrong" in found:
        problem = Problem(
            f"study {study.study.name}", 0, "answer", f"cannot be said: {found['wrong']}", "mend the answer"
        )
        raise InputError([problem])
    said = f"The answer cannot be given. {found['no_answer']}" if "no_answer" in found else found["said"]
    return [" ".join(paragraph.split()) for paragraph in said.split("\n\n") if paragraph.strip()]


def _apart(asked: Mapping[str, Any]) -> dict[str, str]:
    """What the template says, in a process that is ended where it takes too long."""
    command = [sys.executable, "-P", "-m", template.__name__]
    try:
        ran = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", timeout=template.SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"wrong": f"does not end within {template.SECONDS} seconds"}
    if ran.returncode < 0:
        return {"wrong": "was ended by the system, for want of memory"}
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return dict(json.loads(ran.stdout))


def _grids(study: StoredStudy) -> dict[str, dict[str, dict[str, Any]]]:
    """By grid, by the case that it starts from, and by the values of the point."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for grid in study.study.grids:
        for point in study.grid(grid.name):
            at = ", ".join(grid.told(point.point).values())
            found.setdefault(grid.name, {}).setdefault(point.case, {})[at] = _case(point)
    return found


def _case(case: StoredCase) -> dict[str, Any]:
    names = {str(segment): segment_label(case, str(segment)) for segment in case.chain.segments.index}
    names |= {figure: figure_label(case, figure) for figure in figures_of(case)}
    about = {"name": case.name, "title": case.title, "unit": money_unit(case), "names": names, "solved": case.solved}
    answers = {question.replace("-", "_"): found for question, found in case.answers.items() if question != "optimize"}
    best = (
        {key: case.optimize[key] for key in (*_DOCUMENT, *_LEVERS) if key in case.optimize}
        | {"budget": _total(case), "advice": advice(case)}
        if case.solved
        else {}
    )
    return {**best, **answers, **about}


def _total(case: StoredCase) -> float:
    return float(sum(case.optimize["budget"].values()))


def _missing(case: StoredCase) -> dict[str, str]:
    """Why a case has no answer, by the attributes that it therefore lacks."""
    said = {question: f"{case.title}: {reason_in_words(why)}" for question, why in case.failed.items()}
    best = dict.fromkeys((*_DOCUMENT, "advice"), said["optimize"]) if "optimize" in said else {}
    return best | {question.replace("-", "_"): words for question, words in said.items()}


def _unknown_variables(environment: SandboxedEnvironment, parsed: nodes.Template) -> list[str]:
    """As Jinja's `find_undeclared_variables` has them, which would work out every constant, however large."""
    found = TrackingCodeGenerator(environment)
    found.optimizer = None
    found.visit(parsed)
    return sorted(found.undeclared_identifiers - {"cases", "grids", *environment.globals})


def _paths(parsed: nodes.Template) -> set[tuple[str, ...]]:
    """The case names that a template spells out, each alone and with the attribute that follows."""
    return {path[:2] for node in parsed.find_all((nodes.Getattr, nodes.Getitem)) if (path := _path(node))}


def _path(node: nodes.Node) -> tuple[str, ...]:
    """What follows `cases` in an expression such as `cases.today.risk`; () where it does not start there."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            parts.append(node.attr)
        elif isinstance(node.arg, nodes.Const):
            parts.append(str(node.arg.value))
        else:
            parts.clear()  # a name that is computed: known only when it is said
        node = node.node
    return tuple(reversed(parts)) if isinstance(node, nodes.Name) and node.name == "cases" else ()
