"""The answer of the independent formulation to what was accepted."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fuzz.watching import DIFFERS, Verdict
from tests.independent import InfeasibleError, Study, read

__all__ = ["compared", "least_risk", "plain", "study_of"]

_MEASURE = ("alpha", "beta", "pieces", "levers")
RELATIVE, ABSOLUTE = 1e-6, 1e-9 + 1e-12
"""Absolutely: the tie, 1e-9 of risk, to what the solver keeps to (1e-9 of a thousandth of final demand)."""


def compared(said: Callable[[], float], expected: Callable[[], float], what: str = "risk") -> Verdict:
    """Whether what Tierwise says is what is expected. What Tierwise raises is for the caller."""
    try:
        right = expected()
    except InfeasibleError:
        return Verdict(DIFFERS, f"{what} is {said()!r}, but independently there is no solution")
    except (RuntimeError, ZeroDivisionError, OverflowError, ValueError, KeyError, StopIteration) as error:
        said()
        return Verdict("not compared", f"{type(error).__name__}: {error}")
    found = said()
    if abs(found - right) <= RELATIVE * max(abs(found), abs(right)) + ABSOLUTE:
        return Verdict("same")
    return Verdict(DIFFERS, f"{what} is {found!r}, but independently {right!r}")


def least_risk(folder: Path, options: dict[str, Any]) -> float:
    """Least risk of a package folder, straight from docs/model.md."""
    study = study_of(folder, options)
    return study.least_risk(study.choice(**{name: value for name, value in options.items() if name not in _MEASURE}))


def study_of(folder: Path, options: dict[str, Any]) -> Study:
    plain(folder)
    return Study(read(folder), **{name: options[name] for name in _MEASURE if name in options})


def plain(folder: Path) -> None:
    """Write files without the byte order marks and empty rows that the plain reader does not know; all else stays."""
    for path in folder.iterdir():
        if path.suffix == ".json":
            path.write_bytes(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        if path.suffix == ".csv":
            text = path.read_bytes().decode("utf-8-sig", "replace")
            rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
