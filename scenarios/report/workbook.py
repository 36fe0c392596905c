"""The report as an Excel workbook: one sheet a table."""

from pathlib import Path

import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scenarios.report.content import Report
from scenarios.storing.workbooks import workbook

__all__ = ["write_workbook"]

_WIDEST = 70


def write_workbook(report: Report, target: Path) -> None:
    """Write the answer, the parts of each case, claims, assumptions, sources and facts as sheets."""
    with workbook(target) as writer:
        for name, table in _sheets(report).items():
            table.to_excel(writer, sheet_name=name, index=False)
            _format(writer.sheets[name])


def _sheets(report: Report) -> dict[str, pd.DataFrame]:
    said = [[report.study.study.question], *([section.answer] for section in report.sections)]
    said += [[report.rests_on], *([section.rests_on] for section in report.sections)]
    sheets = {"answer": pd.DataFrame(said, columns=[report.study.study.title])}
    for section in report.sections:
        for part in section.parts:
            sheets[part.ident[:31]] = part.table.rename_axis(str(part.table.index.name or "")).reset_index()
    if len(report.claims):
        sheets["claims"] = report.claims
    for name in ("assumptions", "sources"):
        tables = [getattr(section, name).assign(case=section.case.name) for section in report.sections]
        sheets[name] = pd.concat(tables, ignore_index=True)
    sheets["facts"] = report.facts.rename("value").rename_axis("what").reset_index()
    return sheets


def _format(sheet: Worksheet) -> None:
    """Header in bold and frozen, long text wrapped, columns as wide as their text."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
        column[0].font = Font(bold=True)
        for cell in column[1:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
