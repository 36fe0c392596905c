"""The answers of a study as tables: one a kind, over all cases, a row a number; Parquet files and one workbook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from optimize import RobustOptions
from scenarios.question import Question, Record
from scenarios.questions import TABLES as ANSWERS
from scenarios.storing.workbooks import fitting, workbook
from scenarios.studies.expanding import Ready

__all__ = ["TABLES", "write_tables"]

EXCEL_ROWS = 1_000_000
"""Rows of a sheet that Excel opens; a longer table is in its Parquet file alone."""


def write_tables(folder: Path, ready: Sequence[Ready], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Write every table that has rows."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    tables = {}
    for name, make in TABLES.items():
        records = [record for case in ready for record in make(case, answers[case.name])]
        if records:
            tables[name] = pd.DataFrame(records)
            tables[name].to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    with workbook(folder / "tables.xlsx") as writer:
        for name, table in tables.items():
            if len(table) <= EXCEL_ROWS:
                fitting(table).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))


def _cases(case: Ready, found: Mapping[str, Any]) -> Iterator[Record]:
    """One row a case: what it is, whether it was solved, and the answer."""
    reasons = "; ".join(f"{question}: {why['reason']}" for question, why in found["failed"].items())
    row: Record = {"case": case.name, "title": case.title, "of": case.case, "grid": case.grid or None}
    row |= {f"at_{axis}": value for axis, value in case.point.items()}
    row |= {"packages": case.chain.name, "definition": case.chain.definition, "unit": case.chain.money_unit}
    row |= _options(case.options)
    row |= {"solved": "optimize" in found["answers"], "why_not": reasons or None}
    best = found["answers"].get("optimize")
    if best:
        for measure in ("risk", "expected_loss", "cvar", "var"):
            row |= {f"{measure}_{which}": value for which, value in best[measure].items()}
        row["budget"] = sum(best["budget"].values())
        for which, tiers in best["tiers"].items():
            row |= {f"{tier}_{which}": money for tier, money in tiers.items()}
        row["certificate"] = max(best["certificate"].values())
    yield row


def _options(options: RobustOptions) -> Record:
    """Every option of the program but the budget, which stands with the answer as money; several values as text."""
    record: Record = options.model_dump(mode="json", exclude={"budget"})
    for name in ("minimum", "maximum"):
        record[name] = "; ".join(f"{where}={money}" for where, money in record[name].items()) or None
    return record | {"levers": ", ".join(record["levers"])}


def _answers(table: str, question: Question, case: Ready, found: Mapping[str, Any]) -> Iterator[Record]:
    """The rows of a table of a question; none where the case has no answer to it."""
    if question.name in found["answers"]:
        for record in question.rows(table, case.chain, found["answers"][question.name]):
            yield {"case": case.name, **record}


Rows = Callable[[Ready, Mapping[str, Any]], Iterator[Record]]
TABLES: dict[str, Rows] = {
    "cases": _cases,
    **{table: partial(_answers, table, question) for table, question in ANSWERS.items()},
}
"""Every table by its name."""
