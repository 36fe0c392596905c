"""Is a stored result what it says? Its files and inputs by their hashes, its answers by solving them again."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from chains import InputError, Problem
from optimize import Solution, optimize
from optimize.program.decision import Decision, lever_amounts
from optimize.solving.evaluation import Evaluator, allocation_array
from optimize.tolerances import ACCURATE
from scenarios.questions import QUESTIONS
from scenarios.storing import StoredCase, StoredStudy, read_results
from scenarios.storing.folder import MANIFEST

__all__ = ["Verified", "verify"]

SAME = 1e-8
"""Risks (shares of final demand) that differ by less are the same."""


@dataclass(frozen=True)
class Verified:
    """A case that was checked: its least risk as stored and as solved again, and the risk of the stored allocation."""

    case: str
    stored: float
    again: float
    allocation: float
    certificate: float

    def document(self) -> dict[str, Any]:
        """The check as JSON."""
        return asdict(self)


def verify(folder: Path) -> list[Verified]:
    """Check the hashes of a results folder, and solve its cases again from the inputs it holds.

    For every case the optimality conditions are computed again from the matrix, and the stored allocation is
    evaluated; of draws, the first of every replicate are solved again. InputError with everything that is not as it
    was stored.
    """
    study = read_results(folder)
    problems = [*_hashes(study)]
    checked = []
    for case in study.all_cases:
        if case.solved:
            checked.append(_again(case))
            problems += [*_wrong(folder, case, checked[-1]), *_draws(folder, case)]
    if problems:
        raise InputError(problems)
    return checked


def _hashes(study: StoredStudy) -> list[Problem]:
    """Packages whose copies are not those that were solved."""
    now = {origin.name: origin.sha256 for case in study.all_cases for origin in case.chain.origins}
    path, right = str(study.folder / MANIFEST), "run the study again"
    return [
        Problem(path, 0, f"packages.{name}", f"is {stored}, but its copy in inputs/ gives {now.get(name)}", right)
        for name, stored in study.manifest["packages"].items()
        if now.get(name) != stored
    ] + [
        Problem(str(study.folder / "cases" / f"{case.name}.json"), 0, "package", "is not the chain of the study", right)
        for case in study.all_cases
        if json.loads((study.folder / "cases" / f"{case.name}.json").read_text("utf-8"))["package"] != case.chain.sha256
    ]


def _again(case: StoredCase) -> Verified:
    result = optimize(case.chain, **case.options.nominal())
    solution = _stored_solution(case)
    certificate = result.certificate.worse(solution.certificate).worst
    return Verified(case.name, case.optimize["risk"]["optimal"], result.risk, solution.risk, certificate)


def _stored_solution(case: StoredCase) -> Solution:
    """What follows from the stored decision: money for capacity, and what the money of other levers buys."""
    allocation = pd.DataFrame(case.optimize["by_instrument"]["optimal"]).T
    stored = case.optimize.get("levers", {}).get("optimal", {})
    numbers = case.chain.numbers
    evaluator = Evaluator(case.chain, case.options.risk_options(), case.options.levers)
    evaluator.check()
    return evaluator.solution(Decision(allocation_array(numbers, allocation), lever_amounts(numbers, stored)))


def _wrong(folder: Path, case: StoredCase, found: Verified) -> list[Problem]:
    path, right = str(folder / "cases" / f"{case.name}.json"), "run the study again, and report this"
    said = []
    if abs(found.stored - found.again) > SAME:
        said.append(("risk.optimal", f"is {found.stored!r}, but solving again gives {found.again!r}"))
    if abs(found.allocation - found.again) > SAME:
        said.append(("allocation.optimal", f"has risk {found.allocation!r}, not the least risk {found.again!r}"))
    if found.certificate > ACCURATE:
        said.append(("certificate", f"the optimality conditions hold to {found.certificate:.1e} only"))
    return [Problem(path, 0, column, wrong, right) for column, wrong in said]


def _draws(folder: Path, case: StoredCase) -> Iterator[Problem]:
    """The first draws of every replicate that are not those of the stored table when they are solved again."""
    stored = case.answers.get("uncertainty")
    if stored is None:
        return
    rows = {(row["design"], row["index"]): row for row in stored["draws"]}
    for replicate in range(stored["replicates"]):
        design = {"kind": "replicates", **{name: stored[name] for name in ("count", "replicates", "seed")}}
        again = QUESTIONS["draws"].answer(
            case.chain, options=case.options.nominal(), design=design | {"replicate": replicate}, start=0
        )
        for index, row in enumerate(again):
            was, now = rows[f"replicate {replicate + 1}", index]["risk_least"], row["risk_least"]
            if was != now and (was is None or now is None or abs(was - now) > SAME):
                path = str(folder / "cases" / f"{case.name}.json")
                wrong = f"has the least risk {was!r}, but solving again gives {now!r}"
                yield Problem(path, 0, f"replicate {replicate + 1}, draw {index}", wrong, "run the study again")
