"""Run a study: solve its cases side by side, keep what is finished, store the answers, write the report."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chains import InputError
from chains.presenting import Shown
from scenarios.report.answering import check_answer
from scenarios.report.writing import write_all
from scenarios.running.ending import ends_in_order
from scenarios.running.journal import Journal
from scenarios.running.plan import samplings
from scenarios.running.runner import Runner
from scenarios.running.solving import Outcomes, gathered, solve
from scenarios.running.tasks import DEFECT
from scenarios.storing.claiming import claimed
from scenarios.storing.folder import LOG, seal
from scenarios.storing.place import home_of, place_of
from scenarios.storing.replacing import new_results
from scenarios.storing.writing import check_names
from scenarios.studies import Study, StudyFile, read_study
from scenarios.studies.expanding import Ready, ready_cases, warnings_of

__all__ = ["Done", "run_study"]


@dataclass(frozen=True, repr=False)
class Done(Shown):
    """A study that was run: where its results are, and its answers in words.

    `failed` says what has no answer and why; `solved` whether any case has one, `defect` whether the fault is ours.
    """

    folder: Path
    report: Path
    answers: list[str]
    failed: list[str]
    solved: bool
    defect: bool


def run_study(
    study: Study | str,
    out: Path | str | None = None,
    *,
    jobs: int | None = None,
    cluster: str = "",
    progress: bool = True,
) -> Done:
    """Run a study (a Study, a file, or the name of a shipped one) and write its results folder.

    The folder (default `results/NAME`) replaces that of an earlier run of the study of this name, and nothing else.
    `jobs` processes share the work (default: one a core), or the workers of the Dask scheduler at the address
    `cluster`. What is finished is kept: after an interruption the same call goes on from there. `progress` tells on
    standard error the warnings of the packages, and how far it is. InputError if the study or a package is wrong, or if
    results cannot be put into the folder; then nothing is written. A case without a solution is reported and does not
    stop the others.
    """
    file = StudyFile.of(study) if isinstance(study, Study) else read_study(study)
    folder = home_of(Path(out) if out is not None else Path("results") / file.study.name)
    place = place_of(folder, file.study.name)
    if problems := check_answer(file):
        raise InputError(problems)
    ready = ready_cases(file)
    check_names(ready)
    drawn = samplings(file.study, ready)
    if progress:
        for warning in warnings_of(file, ready):
            print(f"warning: {warning}", file=sys.stderr)
    with ends_in_order(), claimed(place):
        journal = Journal(place.unfinished)
        with Runner(journal, jobs or os.cpu_count() or 1, cluster, progress) as runner:
            outcomes = solve(file.study, ready, drawn, runner)
        with new_results(place) as work:
            report = write_all(work, file, ready, gathered(outcomes))
            seal(work)
            (work / LOG).write_text("\n".join(runner.log) + "\n", "utf-8")
        journal.remove()
    return Done(folder, folder / "report.html", report.answers, *_failures(ready, outcomes))


def _failures(ready: Iterable[Ready], outcomes: Outcomes) -> tuple[list[str], bool, bool]:
    """What has no answer, in words; whether any case has its least-risk answer; whether a defect is among them."""
    said, kinds = [], set()
    for case in ready:
        failed = {question: outcome for question, outcome in outcomes[case.name].items() if outcome.failed}
        shown = {"optimize": failed["optimize"]} if "optimize" in failed else failed
        for question, outcome in shown.items():
            what = case.title if question == "optimize" else f"{case.title}, {question}"
            said.append(f"{what}: no answer ({outcome.failed}). {outcome.reason}")
            kinds.add(outcome.failed)
    solved = any(not outcomes[case.name]["optimize"].failed for case in ready)
    return said, solved, DEFECT in kinds
