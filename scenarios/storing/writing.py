"""Write the results of a study into a new folder: inputs, manifest, answers and tables."""

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chains import InputError, Problem
from optimize import RiskOptions, provenance
from scenarios.storing.folder import MANIFEST, write_json
from scenarios.storing.reading import StoredStudy, stored_study
from scenarios.storing.tables import write_tables
from scenarios.studies import Study, StudyFile
from scenarios.studies.expanding import Ready

__all__ = ["Answers", "check_names", "made_by", "write_results"]

Answers = Mapping[str, Mapping[str, Any]]
"""By case: `answers` (documents by question) and `failed` (by question: kind and reason)."""


_WRITERS = ("jinja2", "openpyxl", "plotly", "pyarrow", "tabulate")
"""Libraries whose version may change the bytes of a table or of the report, and no number."""

LONGEST = 255
"""Characters of a file's name that every usual file system takes."""


def check_names(ready: Sequence[Ready]) -> None:
    """InputError with every case whose name is too long for a file: better before it is solved than after."""
    wrong = f"is too long: its file cases/NAME.json would have a name of over {LONGEST} characters"
    long = [case.name for case in ready if len(f"{case.name}.json") > LONGEST]
    if long:
        raise InputError(Problem(f"case {name}", 0, "", wrong, "shorten the names of case and axes") for name in long)


def write_results(
    folder: Path, file: StudyFile, ready: Sequence[Ready], answers: Answers, made: Mapping[str, Any] | None = None
) -> StoredStudy:
    """Write everything but the report, which is made from what is returned: the study as it would be read.

    `made` says by which versions the answers and the tables were made, if not by these (`made_by`).
    """
    manifest = _manifest(file, ready, _copy_inputs(folder, ready, file)) | dict(made or made_by(ready))
    write_json(folder / MANIFEST, manifest)
    for case in ready:
        about = {"case": case.name, "title": case.title, "of": case.case, "grid": case.grid, "point": dict(case.point)}
        about |= {"package": case.chain.sha256, "changes": list(case.chain.changes)}
        write_json(folder / "cases" / f"{case.name}.json", about | dict(answers[case.name]))
    write_tables(folder, ready, answers)
    return stored_study(folder, json.loads(json.dumps(manifest)), file.study, ready, answers)


def _copy_inputs(folder: Path, ready: Sequence[Ready], file: StudyFile) -> dict[str, str]:
    """Copy the files that were read of each package; returns where the copy of each package is that the study names."""
    given: dict[str, str] = {}
    chains = {case.name: case.chain for case in ready}
    for case in file.study.cases:
        for name, origin in zip(case.packages, chains[case.name].origins, strict=True):
            given[name] = f"inputs/{origin.name}"
            copy = folder / given[name]
            if not copy.exists():
                copy.mkdir(parents=True)
                for read, content in origin.contents().items():
                    (copy / read).write_bytes(content)
    return given


def _manifest(file: StudyFile, ready: Sequence[Ready], folders: Mapping[str, str]) -> dict[str, Any]:
    origins = {(origin.name, origin.sha256) for case in ready for origin in case.chain.origins}
    return {
        "study": _asked(file.study),
        "options": file.study.options.model_dump(mode="json"),
        "overrides": [vars(override) for override in file.overrides],
        "cases": [case.name for case in ready],
        "packages": dict(sorted(origins)),
        "folders": dict(folders),
    }


def _asked(study: Study) -> dict[str, Any]:
    """The study as JSON. Defaults are left out, but for options that a case sets: those stand above the study's own."""
    asked = study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for case, own in zip(asked.get("cases", ()), study.cases, strict=True):
        if options := own.options.model_dump(mode="json", exclude_unset=True):
            case["options"] = options
    return asked


def made_by(ready: Sequence[Ready]) -> dict[str, Any]:
    """The versions behind the answers (`versions`), and of what writes tables and report (`writers`)."""
    return {
        "versions": provenance(ready[0].chain, RiskOptions())["versions"],
        "writers": {**_writers(), "zlib": zlib.ZLIB_RUNTIME_VERSION},
    }


@cache
def _writers() -> dict[str, str]:
    """Versions of what writes, read once."""
    return {name: version(name) for name in _WRITERS}
