"""All answers of a study: its questions, and its draws in two rounds."""

from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.running.plan import tasks_of
from scenarios.running.runner import Runner
from scenarios.running.sampling import Sampling, Screened
from scenarios.running.tasks import Outcome
from scenarios.studies import Study
from scenarios.studies.expanding import Ready

__all__ = ["Outcomes", "gathered", "solve"]

Outcomes = Mapping[str, Mapping[str, Outcome]]
"""By case, then by question."""


def solve(study: Study, ready: Sequence[Ready], drawn: Sequence[Sampling], runner: Runner) -> Outcomes:
    """All outcomes by case and question. Draws take two rounds: which assumptions to look at needs a screen of all."""
    tasks = tasks_of(study, ready)
    known = runner.run([*tasks, *(task for sampling in drawn for task in sampling.tasks)])
    screened = [Screened(sampling, known) for sampling in drawn]
    if drawn:
        known = known | runner.run([task for one in screened for task in one.tasks])
    outcomes: dict[str, dict[str, Outcome]] = {case.name: {} for case in ready}
    for task in tasks:
        outcomes[task.case][task.question] = known[task.key]
    for one in screened:
        outcomes[one.sampling.case.name]["uncertainty"] = one.answer(known)
    return outcomes


def gathered(outcomes: Outcomes) -> dict[str, dict[str, Any]]:
    """By case: its answers as documents, and why it has no others."""
    return {case: _gathered(found) for case, found in outcomes.items()}


def _gathered(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    failed = {question: outcome for question, outcome in outcomes.items() if outcome.failed}
    return {
        "answers": {question: outcome.answer for question, outcome in outcomes.items() if not outcome.failed},
        "failed": {question: {"kind": why.failed, "reason": why.reason} for question, why in failed.items()},
    }
