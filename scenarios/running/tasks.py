"""The units of work of a study: one question asked of one chain. Pure, picklable, and named by what they ask."""

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from time import perf_counter
from typing import Any

from chains import Chain, InputError
from optimize import NoSolutionError, NotOptimalError, RiskOptions, provenance
from scenarios.questions import QUESTIONS

__all__ = ["BAD_INPUT", "DEFECT", "DIED", "Outcome", "Task", "carry_out"]

NO_SOLUTION, BAD_INPUT, NOT_OPTIMAL, DIED, DEFECT = "no solution", "input", "not optimal", "died", "defect"
"""Why a task may have no answer: `died` with its process, and `defect` is ours."""


@dataclass(frozen=True, eq=False)
class Task:
    """A question (`scenarios.questions`) asked of the chain of a case, with its arguments (JSON values)."""

    case: str
    question: str
    chain: Chain
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """Hash of all that the answer depends on: equal keys have equal answers, to the bit."""
        versions = provenance(self.chain, RiskOptions())["versions"]
        parts = [self.question, self.chain.sha256, dict(self.arguments), versions]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def label(self) -> str:
        """The task for people."""
        design = self.arguments.get("design")
        block = f", {design['kind']} from {self.arguments['start']}" if design else ""
        return f"{self.case}: {self.question}{block}"


@dataclass(frozen=True)
class Outcome:
    """The answer to a task as a JSON document, or why there is none; and how long it took, in seconds."""

    answer: Any = None
    failed: str = ""
    reason: str = ""
    seconds: float = 0.0


def carry_out(task: Task) -> Outcome:
    """Answer a task, wherever it runs. Never raises: one that has no solution must not stop the others."""
    start = perf_counter()
    try:
        answer = json.loads(json.dumps(QUESTIONS[task.question].answer(task.chain, **task.arguments), allow_nan=False))
        return Outcome(answer, seconds=perf_counter() - start)
    except NoSolutionError as error:
        return Outcome(failed=NO_SOLUTION, reason=str(error), seconds=perf_counter() - start)
    except InputError as error:
        return Outcome(failed=BAD_INPUT, reason=str(error), seconds=perf_counter() - start)
    except NotOptimalError as error:
        return Outcome(failed=NOT_OPTIMAL, reason=str(error), seconds=perf_counter() - start)
    except Exception:  # a defect of one answer must not lose the others: it is reported, and the exit status says so
        return Outcome(failed=DEFECT, reason=traceback.format_exc(), seconds=perf_counter() - start)
