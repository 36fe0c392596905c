"""The answer that a study words itself: a template over its cases, checked before anything is solved.

`cases` is all that a template knows: `{{ cases.today.risk.optimal | percent }}`. A case has the attributes of the
document of `tierwise optimize`, the answers to the questions asked of it by name (`-` written `_`), and `name`,
`title`, `unit`, `solved`; `budget` is its total.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from chains import InputError, Problem
from chains.tables.problems import nearest
from scenarios.report.naming import amount, money_unit, points, reason_in_words, share
from scenarios.storing import StoredCase, StoredStudy
from scenarios.studies import StudyFile

__all__ = ["check_answer", "rendered_answer"]

_ABOUT = ("name", "title", "unit", "solved")
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
        "loss",
        "unmet",
    ),
    *("next_unit", "transfer", "certificate"),
)


def check_answer(file: StudyFile) -> list[Problem]:
    """What is wrong with a study's `answer`, as far as it shows before solving: syntax, filters, cases, attributes."""
    study, environment = file.study, _environment()
    name, row = file.place("answer")

    def problem(wrong: str, right: str) -> Problem:
        return Problem(name, row, "answer", wrong, right)

    try:
        environment.compile(study.answer)
        parsed = environment.parse(study.answer)
    except TemplateSyntaxError as error:
        wrong = f"line {error.lineno} is not a template: {error.message}"
        return [problem(wrong, "write {{ cases.NAME.risk.optimal | percent }}, or say nothing: the report will")]
    found = [
        problem(f"'{variable}' is not known", "only `cases` is") for variable in _unknown_variables(environment, parsed)
    ]
    known = [case.name for case in study.cases]
    asked = {*_ABOUT, *_DOCUMENT, "robust", *(output.replace("-", "_") for output in study.outputs)}
    asked |= {"uncertainty"} if study.draws else set()
    for path in _paths(parsed):
        if path[0] not in known:
            found.append(problem(f"there is no case '{path[0]}'", nearest(path[0], known)))
        elif len(path) > 1 and path[1] not in asked:
            found.append(problem(f"cases.{path[0]} has no '{path[1]}'", nearest(path[1], sorted(asked))))
    return list(dict.fromkeys(found))


def rendered_answer(study: StoredStudy) -> list[str]:
    """The paragraphs of a study's own answer; where a case that it needs has none, why it cannot be given.

    InputError where the template names what is not there, or computes what cannot be computed.
    """
    cases = {case.name: _Known(f"cases.{case.name}", _case(case), _missing(case)) for case in study.cases}
    try:
        said = _environment().from_string(study.study.answer).render(cases=_Known("cases", cases))
    except _NoAnswerError as error:
        return [f"The answer cannot be given. {error}"]
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        wrong = f"cannot be said: {error}"
        raise InputError([Problem(f"study {study.study.name}", 0, "answer", wrong, "mend the answer")]) from None
    return [" ".join(paragraph.split()) for paragraph in said.split("\n\n") if paragraph.strip()]


class _NoAnswerError(Exception):
    """A template needs an answer that a case does not have."""


class _Known:
    """A JSON object whose keys a template may name, as attributes or in brackets, and no method beside them.

    `missing` says of a key why it is not there, where solving it failed.
    """

    def __init__(self, path: str, found: Mapping[str, Any], missing: Mapping[str, str] | None = None) -> None:
        self._path, self._found, self._missing = path, found, missing or {}

    def __getitem__(self, key: str) -> Any:
        if key in self._found:
            value = self._found[key]
            return _Known(f"{self._path}.{key}", value) if isinstance(value, Mapping) else value
        if key in self._missing:
            raise _NoAnswerError(self._missing[key])
        hint = f"{self._path} has no '{key}'; {nearest(str(key), list(self._found))}"
        return StrictUndefined(hint=hint, name=key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _case(case: StoredCase) -> dict[str, Any]:
    about = {"name": case.name, "title": case.title, "unit": money_unit(case), "solved": case.solved}
    answers = {question.replace("-", "_"): found for question, found in case.answers.items() if question != "optimize"}
    best = {key: case.optimize[key] for key in _DOCUMENT} | {"budget": _total(case)} if case.solved else {}
    return {**best, **answers, **about}


def _total(case: StoredCase) -> float:
    return float(sum(case.optimize["budget"].values()))


def _missing(case: StoredCase) -> dict[str, str]:
    """Why a case has no answer, by the attributes that it therefore lacks."""
    said = {question: f"{case.title}: {reason_in_words(why)}" for question, why in case.failed.items()}
    best = dict.fromkeys(_DOCUMENT, said["optimize"]) if "optimize" in said else {}
    return best | {question.replace("-", "_"): words for question, words in said.items()}


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters |= {"percent": share, "points": points, "amount": amount}
    return environment


def _unknown_variables(environment: SandboxedEnvironment, parsed: nodes.Template) -> list[str]:
    return sorted(find_undeclared_variables(parsed) - {"cases", *environment.globals})


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
