"""Write the report of a results folder as a page, as text or as a workbook."""

from pathlib import Path

from chains import InputError
from scenarios.report.content import report_of
from scenarios.store import read_results

__all__ = ["FORMATS", "write_report"]

FORMATS = (".html", ".md", ".xlsx")


def write_report(folder: Path, target: Path) -> None:
    """Write the report of stored results; the suffix of `target` chooses the format. Nothing is solved.

    InputError for another suffix, or for a folder that is not a complete results folder.
    """
    if target.suffix not in FORMATS:
        wrong = f"'{target.suffix}' is not a format of the report"
        raise InputError.single(str(target), wrong, f"write a file that ends in {', '.join(FORMATS)}")
    report = report_of(read_results(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".xlsx":
        from scenarios.report.workbook import write_workbook

        write_workbook(report, target)
        return
    if target.suffix == ".md":
        from scenarios.report.text import markdown_text

        text = markdown_text(report)
    else:
        from scenarios.report.page import html_page

        text = html_page(report)
    target.write_text(text, "utf-8")
