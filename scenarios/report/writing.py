"""Write the report of a results folder as a page, as text or as a workbook."""

from pathlib import Path

from chains import InputError
from scenarios.report.content import Report, report_of
from scenarios.storing import read_results

__all__ = ["FORMATS", "write_format", "write_report"]

FORMATS = (".html", ".md", ".xlsx")


def write_report(folder: Path, target: Path) -> None:
    """Write the report of stored results; the suffix of `target` chooses the format. Nothing is solved.

    InputError for another suffix, or for a folder that is not a complete results folder.
    """
    if target.suffix not in FORMATS:
        wrong = f"'{target.suffix}' is not a format of the report"
        raise InputError.single(str(target), wrong, f"write a file that ends in {', '.join(FORMATS)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_format(report_of(read_results(folder)), target)


def write_format(report: Report, target: Path) -> None:
    """Write a report in the format that the suffix of `target` names."""
    if target.suffix == ".xlsx":
        from scenarios.report.workbook import write_workbook

        write_workbook(report, target)
    elif target.suffix == ".md":
        from scenarios.report.text import markdown_text

        target.write_text(markdown_text(report), "utf-8")
    else:
        from scenarios.report.page import html_page

        target.write_text(html_page(report), "utf-8")
