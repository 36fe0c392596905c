"""Write the report of a results folder: as a page, as text, as a workbook, or as a brief on paper or on slides."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chains import InputError
from chains.tables.descriptor import DESCRIPTOR
from scenarios.report.content import Report, report_of
from scenarios.storing import read_results, write_results
from scenarios.storing.disk import disk_told
from scenarios.storing.marker import mark, read_marker
from scenarios.storing.place import home_of
from scenarios.storing.replacing import new_file
from scenarios.storing.shapes import answers_told
from scenarios.storing.writing import Answers
from scenarios.studies import StudyFile
from scenarios.studies.expanding import Ready

__all__ = ["FORMATS", "STORED", "files_of", "write_all", "write_report"]

STORED = (".html", ".md", ".xlsx")
"""The formats that a study writes into its results folder."""
FORMATS = (*STORED, ".pdf", ".pptx")
OTHER = "write it elsewhere"
_MARK = b'content="Tierwise appendix"'


def write_report(folder: Path, target: Path, *, static: bool = False) -> list[str]:
    """Write the report of stored results; the suffix of `target` chooses the format. Nothing is solved.

    A `static` page is one that its reader cannot move: without the programs of its cases and without a solver.
    Returns what whoever reads it should be warned of, such as characters that no font has: mostly nothing.
    InputError for another suffix, for a static file that is no page, for a folder that is not a complete results
    folder, and for a target that is no ordinary file or stands in a package or in results, which nobody may change.
    """
    if target.suffix not in FORMATS:
        wrong = f"'{target.suffix}' is not a format of the report"
        raise InputError.single(str(target), wrong, f"write a file that ends in {', '.join(FORMATS)}")
    if static and target.suffix != ".html":
        raise InputError.single(
            "--static", f"means nothing to '{target.suffix}'", "leave it out, or write a page, .html"
        )
    target = home_of(target)
    with disk_told(target, OTHER):
        if wrong := _taken(target.resolve()):
            raise InputError.single(str(target), wrong, OTHER)
    study = read_results(folder)
    with answers_told(folder):
        report = report_of(study)
    with disk_told(target, OTHER):
        if target.suffix == ".html" and len(report.claims) and (wrong := _not_ours(appendix_of(target))):
            raise InputError.single(str(appendix_of(target)), wrong, OTHER)
        target.parent.mkdir(parents=True, exist_ok=True)
        with answers_told(folder):
            files, warnings = files_of(report, target, static=static)
        for path, content in files.items():
            with new_file(path) as aside:
                aside.write_bytes(content)
    return warnings


def write_all(
    folder: Path, file: StudyFile, ready: Sequence[Ready], answers: Answers, made: Mapping[str, Any] | None = None
) -> Report:
    """Write everything of a results folder but its hashes and its log; `made` as for `write_results`."""
    report = report_of(write_results(folder, file, ready, answers, made))
    for suffix in STORED:
        for path, content in files_of(report, folder / f"report{suffix}")[0].items():
            path.write_bytes(content)
    mark(folder, file.study.name)
    return report


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
    if target.exists() and not os.access(target, os.W_OK):
        return "may not be written"
    if (target.parent / DESCRIPTOR).is_file():
        return f"is in the package {target.parent}"
    results = next((folder for folder in target.parents if read_marker(folder) is not None), None)
    return f"is in the results {results}, which would no longer be as they were sealed" if results else ""


def files_of(report: Report, target: Path, *, static: bool = False) -> tuple[dict[Path, bytes], list[str]]:
    """The files that the suffix of `target` asks for, and warnings as of `write_report`; claims are beside a page."""
    if target.suffix in (".pdf", ".pptx"):
        content, warnings = _brief(report, target.suffix)
        return {target: content}, warnings
    if target.suffix == ".xlsx":
        from scenarios.report.workbook import report_workbook

        return {target: report_workbook(report)}, []
    if target.suffix == ".md":
        from scenarios.report.text import markdown_text

        return {target: markdown_text(report).encode()}, []
    from scenarios.report.page import appendix_page, html_page

    if not len(report.claims):
        return {target: html_page(report, static=static).encode()}, []
    claims = appendix_of(target)
    page = html_page(report, claims.name, static=static)
    return {target: page.encode(), claims: appendix_page(report, target.name).encode()}, []


def _brief(report: Report, suffix: str) -> tuple[bytes, list[str]]:
    from scenarios.report.brief.content import brief_of

    brief = brief_of(report)
    if suffix == ".pptx":
        from scenarios.report.brief.slides import brief_slides

        return brief_slides(brief), []
    from scenarios.report.brief.paper import brief_pdf

    paper = brief_pdf(brief)
    return paper.content, list(paper.warnings)
