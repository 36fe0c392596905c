"""The results of a study: the report's first words and charts, the store's tables."""

import pandas as pd

from scenarios.presenting.told import Charts, Frames, Told
from scenarios.questions import TABLES as ANSWERS
from scenarios.report.content import report_of
from scenarios.storing import StoredStudy
from scenarios.storing.tables import TABLES
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["of_results"]


def of_results(study: StoredStudy, sentence: str = "") -> Told:
    """What a study found; `sentence` where it is known."""
    said = sentence or f"{study.study.title} {' '.join(report_of(study).first)}"
    return Told(said, _cases(study), lambda: _charts(study), lambda: _frames(study))


def _cases(study: StoredStudy) -> Table:
    table = number_table("Cases", ["case"], ["budget", "risk observed", "least risk"])
    for case in study.cases:
        if case.solved:
            budget = f"{amount(sum(case.optimize['budget'].values()))} {case.chain.money_unit}"
            risk = case.optimize["risk"]
            table.add_row(case.title, budget, percent(risk["observed"]), percent(risk["optimal"]))
        else:
            table.add_row(case.title, "-", "-", "-")
    return table


def _charts(study: StoredStudy) -> Charts:
    """Every chart of the report, the comparison of the cases first."""
    return {part.ident: part.chart for part in report_of(study).parts if part.chart is not None}


def _frames(study: StoredStudy) -> Frames:
    """Every table of the results folder that has rows, with units; those of the first case, where cases differ."""
    frames = {}
    for name, make in TABLES.items():
        rows = pd.DataFrame(
            [row for case in study.all_cases for row in make(case, {"answers": case.answers, "failed": case.failed})]
        )
        units = ANSWERS[name].units(name, study.all_cases[0].chain) if name in ANSWERS else {}
        rows.attrs = {"study": study.study.name, "units": units}
        if len(rows):
            frames[name] = rows
    return frames
