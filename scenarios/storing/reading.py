"""Read a results folder: its study, its chains as they were, and its answers. What was tampered with is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from chains import Chain, InputError, Problem
from chains.presenting import Shown
from optimize import RobustOptions
from scenarios.storing.folder import MANIFEST, OLD, sealed_problems
from scenarios.storing.place import unfinished
from scenarios.storing.shapes import CaseDocument, Manifest, read_shape
from scenarios.studies import Study, StudyFile
from scenarios.studies.expanding import Ready, ready_cases

__all__ = ["StoredCase", "StoredStudy", "read_results", "stored_study"]


@dataclass(frozen=True, kw_only=True)
class StoredCase(Ready):
    """A stored case: its chain as it was, before any change (`source`) and with all, its options, and its answers.

    `case` is the case that a point of a grid starts from, and `point` its values. `answers` are by question; `failed`
    says of a question without an answer why there is none: `kind` and `reason`.
    """

    answers: Mapping[str, Any]
    failed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of_chain(
        cls, chain: Chain, answers: Mapping[str, Any] | None = None, options: RobustOptions | None = None
    ) -> "StoredCase":
        """A chain as charts and parts of a report take it, as if its answers stood in a study; without any: none."""
        return cls(
            name=chain.name,
            title=chain.name,
            case=chain.name,
            source=chain,
            chain=chain,
            options=options or RobustOptions(),
            answers={} if answers is None else answers,
        )

    @property
    def optimize(self) -> dict[str, Any]:
        """The least-risk answer; KeyError where the case has none."""
        return dict(self.answers["optimize"])

    @property
    def solved(self) -> bool:
        """Whether there is a least-risk answer."""
        return "optimize" in self.answers


@dataclass(frozen=True, repr=False)
class StoredStudy(Shown):
    """A stored study: its manifest, the study itself, and its cases in order (points of grids last)."""

    folder: Path
    manifest: Mapping[str, Any]
    study: Study
    all_cases: tuple[StoredCase, ...]

    @property
    def cases(self) -> tuple[StoredCase, ...]:
        """The cases that the study names, without the points of its grids."""
        return tuple(case for case in self.all_cases if not case.grid)

    def grid(self, name: str) -> tuple[StoredCase, ...]:
        """The points of a grid."""
        return tuple(case for case in self.all_cases if case.grid == name)


def read_results(folder: Path, *, check: bool = True) -> StoredStudy:
    """Read a results folder. InputError if it is not one, or if a file was edited, cut short or lost.

    `check=False` is for a folder whose files may be other than they were written.
    """
    if not (folder / MANIFEST).is_file():
        raise _no_results(folder)
    if check and (problems := sealed_problems(folder)):
        raise InputError(problems)
    manifest, about = read_shape(folder / MANIFEST, Manifest)
    ready = _ready(folder, about)
    documents, problems = {}, list[Problem]()
    for case in ready:
        try:
            documents[case.name], _ = read_shape(folder / "cases" / f"{case.name}.json", CaseDocument)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return stored_study(folder, manifest, about.study, ready, documents)


def _ready(folder: Path, manifest: Manifest) -> tuple[Ready, ...]:
    """The cases of a stored study with the chains of the packages that the folder holds. InputError where they do not.

    A package that the folder has no copy of is a problem: what stands under its name elsewhere is another.
    """
    named = dict.fromkeys(package for case in manifest.study.cases for package in case.packages)
    path, right = str(folder / MANIFEST), "run the study again"
    problems = [
        Problem(path, 0, "folders", f"says of no copy of package {name} where it is", right)
        for name in named
        if name not in manifest.folders
    ] + [
        Problem(str(folder / copy), 0, "", "is not a folder with the copy of a package", right)
        for copy in manifest.folders.values()
        if not (folder / copy).is_dir()
    ]
    if problems or not manifest.study.cases:
        raise InputError(problems or [Problem(path, 0, "study.cases", "are none", right)])
    return ready_cases(StudyFile.of(manifest.study), {name: folder / copy for name, copy in manifest.folders.items()})


_READY = tuple(one.name for one in fields(Ready))


def stored_study(
    folder: Path, manifest: Mapping[str, Any], study: Study, ready: Iterable[Ready], answers: Mapping[str, Any]
) -> StoredStudy:
    """What is in a folder, from parts that are at hand: a study that was just run is not read again."""
    cases = [
        StoredCase(
            **{name: getattr(case, name) for name in _READY},
            answers=answers[case.name]["answers"],
            failed=answers[case.name]["failed"],
        )
        for case in ready
    ]
    return StoredStudy(folder, manifest, study, tuple(cases))


def _no_results(folder: Path) -> InputError:
    """Not a results folder, or one whose run was killed at the moment when it put new results in place of old ones."""
    old = unfinished(folder.absolute()) / OLD
    if not folder.exists() and old.exists():
        right = f"run the study again, which goes on from there; until then the earlier ones are in {old}"
        return InputError.single(str(folder), "a run was killed while it replaced these results", right)
    right = "give the folder that `tierwise study` wrote"
    return InputError.single(str(folder), f"is not a results folder (it has no {MANIFEST})", right)
