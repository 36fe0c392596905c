"""Every number of a stored result solved again, and every file of it written again."""

import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chains import InputError, Problem
from scenarios.asking.draws import BLOCK
from scenarios.questions import QUESTIONS
from scenarios.running.plan import samplings
from scenarios.running.runner import Runner
from scenarios.running.solving import gathered, solve
from scenarios.storing import StoredCase, StoredStudy, read_results
from scenarios.storing.folder import LOG, MANIFEST
from scenarios.storing.writing import made_by
from scenarios.studies.parts import Draws
from scenarios.verifying.differing import Apart, differences, numbers_in
from scenarios.verifying.rewriting import rewritten

__all__ = ["Checked", "Verified", "verify"]

_TOLD = 20
"""Differences of one case that are told one by one."""


@dataclass(frozen=True)
class Checked:
    """A case that was solved again: its least risk, stored and now, and the worst violation of optimality now."""

    case: str
    stored: float
    again: float
    certificate: float


@dataclass(frozen=True)
class Verified:
    """What was verified.

    `numbers` of the answers were solved again; none is further from what is stored than `largest` (0: the same to the
    bit; else relative to the larger where that is above 1). `files` are what the answers give. `unchecked` says what
    was not, and why.
    """

    cases: tuple[Checked, ...]
    numbers: int
    largest: float
    files: tuple[str, ...]
    unchecked: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The check as JSON."""
        return {"valid": True, **asdict(self)}


def verify(
    folder: Path, *, jobs: int | None = None, tolerance: float = 0.0, first_draws: bool = False, progress: bool = False
) -> Verified:
    """Solve every case of a results folder again from the inputs it holds, and write every file of it again.

    InputError with everything that is not as it was stored: hashes, packages, each number and word of the answers,
    tables, workbooks and report. A number may differ by `tolerance` (relative to the larger where that is above 1):
    another processor, or other versions of libraries, may give other last digits. `first_draws` solves of random draws
    the first block of every replicate alone. `jobs` processes share the work (default: one a core).
    """
    study = read_results(folder)
    if problems := [*_packages(study)]:
        raise InputError(problems)
    again, unchecked = _solved_again(study, jobs or os.cpu_count() or 1, first_draws, progress)
    answers, problems, largest = {}, [], 0.0
    for case in study.all_cases:
        answers[case.name], apart = _answers(case, again[case.name], study.manifest["versions"])
        problems += _told(study, case, [one for one in apart if one.gap > tolerance])
        largest = max([largest, *(one.gap for one in apart if one.gap <= tolerance)])
    if problems:
        raise InputError(problems)
    files = rewritten(study, answers)
    if files.problems:
        raise InputError(files.problems)
    return Verified(
        cases=tuple(_checked(case, again[case.name]) for case in study.all_cases if case.solved),
        numbers=sum(numbers_in(answer) for found in again.values() for answer in found["answers"].values()),
        largest=largest,
        files=tuple(sorted(files.same)),
        unchecked=(*unchecked, *files.unchecked, *_never(study)),
    )


def _packages(study: StoredStudy) -> Iterator[Problem]:
    """Packages whose copies are not those that were solved."""
    now = {origin.name: origin.sha256 for case in study.all_cases for origin in case.chain.origins}
    path, right = str(study.folder / MANIFEST), "run the study again"
    for name in {**study.manifest["packages"], **now}:
        stored, copy = study.manifest["packages"].get(name), now.get(name)
        if stored != copy:
            yield Problem(path, 0, f"packages.{name}", f"is {stored}, but its copy in inputs/ gives {copy}", right)


def _solved_again(
    study: StoredStudy, jobs: int, first_draws: bool, progress: bool
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The answers by case, and what of them was not solved."""
    drawn = samplings(study.study, study.all_cases)
    with Runner(None, jobs, progress=progress) as runner:
        again = gathered(solve(study.study, study.all_cases, [] if first_draws else drawn, runner))
    unchecked = []
    for sampling in drawn if first_draws else ():
        case = next(case for case in study.all_cases if case.name == sampling.case.name)
        again[case.name]["answers"] |= (
            {"uncertainty": _first_draws(study, case)} if "uncertainty" in case.answers else {}
        )
        unchecked.append(
            f"the draws of {case.name} but the first {min(BLOCK, sampling.draws.count)} of every replicate, "
            "and everything that is computed from draws"
        )
    return again, unchecked


def _first_draws(study: StoredStudy, case: StoredCase) -> Any:
    """The stored answer about draws, with the first draws of every replicate as they come out now."""
    draws, answer = study.study.draws, deepcopy(case.answers["uncertainty"])
    assert draws is not None  # else there was nothing to sample
    try:
        rows = {(row["design"], row["index"]): row for row in answer["draws"]}
        for replicate in range(draws.replicates):
            for index, row in enumerate(_first_block(case, draws, replicate)):
                rows[f"replicate {replicate + 1}", index].update(row)
    except (LookupError, TypeError, AttributeError) as error:
        path = str(study.folder / "cases" / f"{case.name}.json")
        wrong = "the draws are not told as they were written"
        raise InputError([Problem(path, 0, "answers.uncertainty.draws", wrong, "run the study again")]) from error
    return answer


def _first_block(case: StoredCase, draws: Draws, replicate: int) -> Any:
    same = {"count": draws.count, "replicates": draws.replicates, "seed": draws.seed}
    design = {"kind": "replicates", **same, "replicate": replicate}
    return QUESTIONS["draws"].answer(case.chain, options=case.options.nominal(), design=design, start=0)


def _answers(
    case: StoredCase, again: dict[str, Any], versions: Mapping[str, str]
) -> tuple[dict[str, Any], list[Apart]]:
    """What to write again of a case, and where what is stored differs from it.

    Of values that differ the stored ones are written: tables and report were made from them. Versions are those that
    the manifest tells, since a result may be verified with others.
    """
    stored = {"answers": dict(case.answers), "failed": {name: dict(why) for name, why in case.failed.items()}}
    solved = _with_versions(again, versions)
    apart = list(differences(stored, solved))
    return (stored if apart else solved), apart


def _with_versions(document: Any, versions: Mapping[str, str]) -> Any:
    """A document that says that these versions made it."""
    if isinstance(document, dict):
        made = {"versions": dict(versions)} if "versions" in document else {}
        return {key: _with_versions(inner, versions) for key, inner in document.items()} | made
    return [_with_versions(inner, versions) for inner in document] if isinstance(document, list) else document


def _told(study: StoredStudy, case: StoredCase, apart: list[Apart]) -> Iterator[Problem]:
    path = str(study.folder / "cases" / f"{case.name}.json")
    for one in apart[:_TOLD]:
        small = one.gap < 1e-6
        right = (
            "run the study again, and report this"
            if not small
            else ("another processor or version may give other last digits: --tolerance 1e-8 accepts them")
        )
        yield Problem(path, 0, one.where, one.words, right)
    if len(apart) > _TOLD:
        yield Problem(path, 0, "", f"differs in {len(apart) - _TOLD} more values", "run the study again")


def _checked(case: StoredCase, again: Mapping[str, Any]) -> Checked:
    best = again["answers"]["optimize"]
    return Checked(
        case.name, case.optimize["risk"]["optimal"], best["risk"]["optimal"], max(best["certificate"].values())
    )


def _never(study: StoredStudy) -> Iterator[str]:
    """What no folder can prove of itself."""
    now, was = made_by(study.all_cases), study.manifest
    for what, said in (("versions", "that the answers were made"), ("writers", "that tables and report were written")):
        one, other = was.get(what, {}), now[what]
        if by := ", ".join(
            f"{name} {one.get(name, 'unknown')}" for name in {**one, **other} if one.get(name) != other.get(name)
        ):
            yield f"{MANIFEST}: {said} by {by}; this is another version"
    if study.manifest["overrides"]:
        yield f"{MANIFEST}: what the study overrides; the studies that it extends are not in the folder"
    yield f"{LOG}: it tells times"
