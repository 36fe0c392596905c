"""Write the report of a results folder: as a page, as text, as a workbook, or as a brief on paper or on slides."""

import os
from pathlib import Path

from chains import InputError
from chains.tables.descriptor import DESCRIPTOR
from scenarios.report.content import Report, report_of
from scenarios.storing import read_results
from scenarios.storing.disk import disk_told
from scenarios.storing.marker import read_marker
from scenarios.storing.place import home_of

__all__ = ["FORMATS", "STORED", "write_format", "write_report"]

STORED = (".html", ".md", ".xlsx")
"""The formats that a study writes into its results folder."""
FORMATS = (*STORED, ".pdf", ".pptx")
OTHER = "write it elsewhere"
_MARK = b'content="Tierwise appendix"'


def write_report(folder: Path, target: Path) -> list[str]:
    """Write the report of stored results; the suffix of `target` chooses the format. Nothing is solved.

    Returns what whoever reads it should be warned of, such as characters that no font has: mostly nothing.
    InputError for another suffix, for a folder that is not a complete results folder, and for a target that is no
    ordinary file or stands in a package or in results, which nobody may change.
    """
    if target.suffix not in FORMATS:
        wrong = f"'{target.suffix}' is not a format of the report"
        raise InputError.single(str(target), wrong, f"write a file that ends in {', '.join(FORMATS)}")
    target = home_of(target)
    with disk_told(target, OTHER):
        if wrong := _taken(target.resolve()):
            raise InputError.single(str(target), wrong, OTHER)
    report = report_of(read_results(folder))
    with disk_told(target, OTHER):
        if target.suffix == ".html" and len(report.claims) and (wrong := _not_ours(appendix_of(target))):
            raise InputError.single(str(appendix_of(target)), wrong, OTHER)
        target.parent.mkdir(parents=True, exist_ok=True)
        return write_format(report, target)


def appendix_of(target: Path) -> Path:
    """The file beside a page that holds the claims."""
    return target.with_name(f"{target.stem}-appendix.html")


def _not_ours(appendix: Path) -> str:
    """Why the claims must not be written there; empty where they may: nobody named it, so only ours is replaced."""
    if not appendix.exists():
        return ""
    if not appendix.is_file() or _MARK not in appendix.read_bytes()[:1000]:
        return "is where the claims would be written, and it is not an appendix of ours"
    return ""


def _taken(target: Path) -> str:
    """Why a report must not be written there; empty where it may: a file that a user names may be replaced."""
    if target.exists() and not target.is_file():
        return "exists and is not a file"
    folder = next(parent for parent in target.parents if parent.exists())
    if not folder.is_dir():
        return f"is in {folder}, which is not a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"is in {folder}, which may not be written"
    if (target.parent / DESCRIPTOR).is_file():
        return f"is in the package {target.parent}"
    results = next((folder for folder in target.parents if read_marker(folder) is not None), None)
    return f"is in the results {results}, which would no longer be as they were sealed" if results else ""


def write_format(report: Report, target: Path) -> list[str]:
    """Write a report in the format that the suffix of `target` names, a page's claims in a file beside it.

    Returns warnings as `write_report` does.
    """
    if target.suffix in (".pdf", ".pptx"):
        return _write_brief(report, target)
    if target.suffix == ".xlsx":
        from scenarios.report.workbook import write_report_workbook

        write_report_workbook(report, target)
    elif target.suffix == ".md":
        from scenarios.report.text import markdown_text

        target.write_text(markdown_text(report), "utf-8")
    else:
        from scenarios.report.page import appendix_page, html_page

        claims = appendix_of(target) if len(report.claims) else None
        target.write_text(html_page(report, claims.name if claims else ""), "utf-8")
        if claims:
            claims.write_text(appendix_page(report, target.name), "utf-8")
    return []


def _write_brief(report: Report, target: Path) -> list[str]:
    from scenarios.report.brief.content import brief_of

    brief = brief_of(report)
    if target.suffix == ".pptx":
        from scenarios.report.brief.slides import brief_slides

        target.write_bytes(brief_slides(brief))
        return []
    from scenarios.report.brief.paper import brief_pdf

    paper = brief_pdf(brief)
    target.write_bytes(paper.content)
    return list(paper.warnings)
