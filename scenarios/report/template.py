"""The template of a study's answer, said in a process of its own that is bounded in time, memory and length.

Jinja's sandbox keeps a template from files and from Python; it does not keep it from loops without end. So
`python -m scenarios.report.template` reads {"answer", "cases", "grids", "missing"} as JSON on standard input and writes
one of {"said"}, {"no_answer"}, {"wrong"}. It imports nothing but Jinja, to start at once.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from scenarios.report.figures import amount, money, points, share

__all__ = ["LONGEST", "SECONDS", "environment"]

LONGEST = 100_000
"""Characters of an answer; the report is a page, not a book."""

SECONDS = 20
"""Time that an answer has; one of some paragraphs takes milliseconds."""

_BYTES = 1 << 29
"""Memory that the process may use."""


def environment() -> SandboxedEnvironment:
    """The language of answers: Jinja in its sandbox, with the filters percent, points, amount and money (of a unit).

    Nothing is worked out while a template is compiled, which is not bounded: "x" * 10000000000 is a constant.
    """
    sandbox = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, optimized=False, finalize=_as_it_is)
    sandbox.filters |= {"percent": share, "points": points, "amount": amount, "money": money}
    return sandbox


@pass_context
def _as_it_is(_: Context, value: object) -> object:
    """A value that is said; that it may depend on the context keeps constants from being said in advance."""
    return value


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
            return _Known(f"{self._path}.{key}", value) if isinstance(value, dict) else value
        if key in self._missing:
            raise _NoAnswerError(self._missing[key])
        near = get_close_matches(str(key), list(self._found), n=1)
        right = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(list(self._found)[:12])}"
        return StrictUndefined(hint=f"{self._path} has no '{key}'; {right}", name=key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _said(
    answer: str, cases: Mapping[str, Any], grids: Mapping[str, Any], missing: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """The answer of a template over the cases and the points of grids, or why there is none."""
    known = {name: _Known(f"cases.{name}", case, missing[name]) for name, case in cases.items()}
    try:
        return {
            "said": _bounded(
                environment().from_string(answer).generate(cases=_Known("cases", known), grids=_Known("grids", grids))
            )
        }
    except _NoAnswerError as error:
        return {"no_answer": str(error)}
    except MemoryError:
        return {"wrong": "needs more memory than an answer may use"}
    except RecursionError:
        return {"wrong": "is nested too deeply, or calls itself without end"}
    except Exception as error:  # of filters, too: whatever a template makes them raise is the template's
        return {"wrong": str(error) or type(error).__name__}


def _bounded(pieces: Iterator[str]) -> str:
    whole: list[str] = []
    left = LONGEST
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise ValueError(f"is longer than {LONGEST:,} characters")
        whole.append(piece)
    return "".join(whole)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system; time and length are bounded all the same
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, most))


if __name__ == "__main__":
    _limit_memory()
    asked = json.load(sys.stdin)
    json.dump(_said(asked["answer"], asked["cases"], asked["grids"], asked["missing"]), sys.stdout)
