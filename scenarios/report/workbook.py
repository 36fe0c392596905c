"""The report as an Excel workbook: one sheet a table."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scenarios.report.content import Report
from scenarios.storing.workbooks import fitting, workbook

__all__ = ["write_workbook"]

_WIDEST = 70
_NAME = 31
"""Characters of a sheet's name that Excel allows."""


def write_workbook(report: Report, target: Path) -> None:
    """Write the answer, a contents, the parts of grids and cases, claims, assumptions, sources and facts as sheets."""
    with workbook(target) as writer:
        for name, table in _sheets(report).items():
            fitting(table).to_excel(writer, sheet_name=name, index=False)
            _format(writer.sheets[name])


def _sheets(report: Report) -> dict[str, pd.DataFrame]:
    sheets = {"answer": pd.DataFrame({report.study.study.title: list(_said(report))}), "contents": pd.DataFrame()}
    contents = []
    for part in report.parts:
        if len(part.table):
            name = _name(part.ident, sheets)
            sheets[name] = part.table.rename_axis(str(part.table.index.name or "")).reset_index()
            contents.append({"sheet": name, "what": part.heading, "in words": part.words})
    sheets["contents"] = pd.DataFrame(contents, columns=["sheet", "what", "in words"])
    if len(report.claims):
        sheets["claims"] = report.claims
    sheets["assumptions"] = pd.concat([package.assumptions for package in report.evidence], ignore_index=True)
    sources = [package.sources.assign(package=package.name) for package in report.evidence]
    sheets["sources"] = pd.concat(sources, ignore_index=True)
    sheets |= {heading.lower(): table for heading, table in report.about.items()}
    sheets["facts"] = report.facts.rename("value").rename_axis("what").reset_index()
    return sheets


def _said(report: Report) -> Iterator[str]:
    """The lines of the first sheet."""
    yield report.study.study.question
    yield from dict.fromkeys([*report.first, *report.answers, *report.headlines])
    for title, reason in report.failed.items():
        yield f"{title}: {reason}"
    yield report.rests_on
    for package in report.evidence:
        yield package.words


def _name(ident: str, taken: dict[str, pd.DataFrame]) -> str:
    """A sheet's name that Excel allows and no other sheet has."""
    name, number = ident[:_NAME], 1
    while name in taken:
        number += 1
        end = f"~{number}"
        name = ident[: _NAME - len(end)] + end
    return name


def _format(sheet: Worksheet) -> None:
    """Header in bold and frozen, long text wrapped, columns as wide as their text."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
        column[0].font = Font(bold=True)
        for cell in column[1:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
