"""Workbooks and reports of a package whose names and notes are odd: what is written is what was read, and only text."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow.parquet import read_table
from python_calamine import CalamineWorkbook

from scenarios import Study
from scenarios.report.content import report_of
from scenarios.report.writing import files_of
from scenarios.running.runner import Runner
from scenarios.running.solving import gathered, solve
from scenarios.storing import write_results
from scenarios.studies import StudyFile
from scenarios.studies.expanding import ready_cases
from tests import small
from tests.fuzz.example import Example
from tests.fuzz.spoiling import ODD_TEXTS
from tests.fuzz.watching import DIFFERS, Verdict

_NAMES = ("part", "robot", "system", "grants", "quake", "embargo", "cars", "Robots", "a guess", "an engineer's guess")
"""Words of the small package that stand for nothing but themselves."""

_EMPTIED = 0.15
"""Share of the examples in which a table has a header alone."""

_REPORT = 0.05
"""Share of the other examples of which the whole report is written, too, which takes longer."""


def draw(rng: np.random.Generator) -> Example:
    renamed = {word: str(rng.choice(ODD_TEXTS)) for word in _NAMES if rng.random() < 0.25}
    files = {f"package/{name}": _renamed(name, text, renamed).encode("utf-8") for name, text in small.FILES.items()}
    emptied = rng.random() < _EMPTIED
    if emptied:
        name = str(rng.choice([name for name in sorted(files) if name.endswith(".csv")]))
        files[name] = files[name].partition(b"\n")[0] + b"\n"
    return Example("workbooks", files, {"report": emptied or bool(rng.random() < _REPORT)})


def _renamed(name: str, text: str, renamed: Mapping[str, str]) -> str:
    if name.endswith(".json"):
        return text
    rows = [[renamed.get(cell, cell) for cell in row] for row in _rows(text)]
    return "".join(",".join(_quoted(cell) for cell in row) + "\n" for row in rows)


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell


def ask(folder: Path, example: Example) -> Verdict:
    study = Study(name="odd", title="Odd", question="?").case("odd", folder / "package", title="Odd")
    file = StudyFile.of(study)
    ready = ready_cases(file)
    with Runner(None, 1, progress=False) as runner:
        answers = gathered(solve(study, ready, [], runner))
    if "optimize" not in answers["odd"]["answers"]:
        return Verdict("traceback", json.dumps(answers["odd"]["failed"]))
    out = folder / "out"
    out.mkdir()
    stored = write_results(out, file, ready, answers)
    wrong = [*_as_read(out)]
    if example.options.get("report"):
        report = report_of(stored)
        for suffix in (".html", ".xlsx", ".md"):
            for path, content in files_of(report, out / f"report{suffix}")[0].items():
                path.write_bytes(content)
        wrong += [*_only_text(out / "report.xlsx"), *_no_script(out / "report.html")]
    return Verdict(DIFFERS, "; ".join(wrong)) if wrong else Verdict("same")


def _as_read(out: Path) -> Any:
    """Cells of the workbook that are formulas, or not those of the Parquet tables, which hold what was read.

    Texts come from python-calamine: openpyxl does not decode the carriage returns of the format (`_x000D_`).
    """
    yield from _only_text(out / "tables.xlsx")
    book = CalamineWorkbook.from_path(out / "tables.xlsx")
    for path in sorted((out / "tables").glob("*.parquet")):
        table, cells = read_table(path), book.get_sheet_by_name(path.stem).to_python()[1:]
        for at, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
            for n, (row, wanted) in enumerate(zip(cells, column.to_pylist(), strict=True), start=2):
                if isinstance(wanted, str) and _text(row[at]) != _text(wanted):
                    yield f"{path.stem}, row {n}, {name} holds {row[at]!r}, not {wanted!r}"


def _text(value: Any) -> str:
    """Ends of lines are all alike in a workbook."""
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


_FORMULA = re.compile(rb"<f[ >/]")
"""How a cell of a sheet says that it is a formula."""


def _only_text(path: Path) -> Any:
    with zipfile.ZipFile(path) as book:
        for sheet in (name for name in book.namelist() if name.startswith("xl/worksheets/")):
            if _FORMULA.search(book.read(sheet)):
                yield f"{path.name}, {sheet} holds a formula"


def _no_script(path: Path) -> Any:
    said = path.read_text("utf-8")
    if "<script>alert(1)</script>" in said:
        yield f"{path.name} runs what a name says"
