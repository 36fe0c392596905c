"""The files of a results folder written again from its answers, and compared with those that are there."""

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from pyarrow import ArrowException

from chains import Problem
from scenarios.report.writing import write_all
from scenarios.storing import StoredStudy
from scenarios.storing.folder import HASHES, sealed_files
from scenarios.storing.writing import Answers, made_by
from scenarios.studies import StudyFile
from scenarios.studies.nodes import Override

__all__ = ["Rewritten", "rewritten"]

_RIGHT = "run the study again, and use what that writes"


class Rewritten:
    """What came of writing a results folder again: `problems`, files that are the `same`, and those `unchecked`."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.same: list[str] = []
        self.unchecked: list[str] = []


def rewritten(study: StoredStudy, answers: Answers) -> Rewritten:
    """Write everything again from the packages, the study and its answers, and compare it file by file.

    Files are the same to the byte. Where tables or report were written by other versions of a library, tables and
    workbooks are compared by their values, and text that differs is not checked, which is said.
    """
    now = made_by(study.all_cases)
    made = {name: _as_ordered(study.manifest[name], now[name]) for name in now if name in study.manifest}
    others = _other_writers(study)
    found = Rewritten()
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there) / study.folder.resolve().name
        folder.mkdir()
        overrides = tuple(Override(**one) for one in study.manifest["overrides"])
        file = StudyFile(study.study, StudyFile.of(study.study).content, overrides)
        write_all(folder, file, study.all_cases, answers, made)
        _compare(study.folder, folder, others, found)
    return found


def _as_ordered(stored: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, str]:
    """Stored versions in the order in which they are written now, where they are of the same libraries."""
    return {name: stored[name] for name in now} if stored.keys() == now.keys() else stored


def _other_writers(study: StoredStudy) -> str:
    """The libraries that wrote in another version than they would now; empty where there are none."""
    now: Mapping[str, Any] = made_by(study.all_cases)["writers"]
    was = study.manifest.get("writers", {})
    return ", ".join(
        f"{name} {was.get(name, 'unknown')}, not {now[name]}" for name in now if was.get(name) != now[name]
    )


def _compare(stored: Path, again: Path, others: str, found: Rewritten) -> None:
    present, right = set(sealed_files(stored)), set(sealed_files(again))
    for name in sorted(present | right):
        if name not in right:
            found.problems.append(Problem(str(stored / name), 0, "", "is no file that this study writes", _RIGHT))
        elif name not in present:
            found.problems.append(Problem(str(stored / name), 0, "", "is missing", _RIGHT))
        elif (stored / name).read_bytes() == (again / name).read_bytes():
            found.same.append(name)
        elif others and Path(name).suffix in (".html", ".md"):
            found.unchecked.append(f"{name}, which was written by other versions ({others})")
        elif others and (kind := Path(name).suffix) in _VALUES:
            wrong = _VALUES[kind](stored / name, again / name)
            found.problems += [Problem(str(stored / name), 0, "", wrong, _RIGHT)] if wrong else []
            found.same += [] if wrong else [name]
        else:
            row = _row(stored / name, again / name)
            found.problems.append(Problem(str(stored / name), row, "", "is not what the answers give", _RIGHT))
    found.same.append(HASHES)


def _row(stored: Path, again: Path) -> int:
    """The first line in which two text files differ; 0 for others."""
    if stored.suffix not in (".json", ".md", ".html", ".csv"):
        return 0
    pairs = zip(_lines(stored), _lines(again), strict=False)
    return next((n for n, (one, other) in enumerate(pairs, start=1) if one != other), 0)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file
        yield b""


def _frames(stored: Path, again: Path) -> str:
    """What differs between two tables; empty where nothing does."""
    try:
        was = pd.read_parquet(stored)
    except (OSError, ValueError, ArrowException) as error:
        return f"cannot be read ({error})"
    return "" if was.equals(pd.read_parquet(again)) else "does not hold the numbers that the answers give"


def _books(stored: Path, again: Path) -> str:
    """What differs between two workbooks; empty where nothing does."""
    try:
        was = _cells(stored)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        return f"cannot be read ({error})"
    return "" if was == _cells(again) else "does not hold the cells that the answers give"


def _cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


_VALUES = {".parquet": _frames, ".xlsx": _books}
"""How files are compared by their values."""
