"""Write the report of a results folder as a page, as text or as a workbook."""

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

__all__ = ["FORMATS", "write_all", "write_format", "write_report"]

FORMATS = (".html", ".md", ".xlsx")
OTHER = "write it elsewhere"


def write_report(folder: Path, target: Path) -> None:
    """Write the report of stored results; the suffix of `target` chooses the format. Nothing is solved.

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
    study = read_results(folder)
    with answers_told(folder):
        report = report_of(study)
    with disk_told(target, OTHER):
        target.parent.mkdir(parents=True, exist_ok=True)
        with new_file(target) as aside, answers_told(folder):
            write_format(report, aside)


def write_all(
    folder: Path, file: StudyFile, ready: Sequence[Ready], answers: Answers, made: Mapping[str, Any] | None = None
) -> Report:
    """Write everything of a results folder but its hashes and its log; `made` as for `write_results`."""
    report = report_of(write_results(folder, file, ready, answers, made))
    for suffix in FORMATS:
        write_format(report, folder / f"report{suffix}")
    mark(folder, file.study.name)
    return report


def _taken(target: Path) -> str:
    """Why a report must not be written there; empty where it may: a file that a user names may be replaced."""
    if target.exists() and not target.is_file():
        return "exists and is not a file"
    if target.exists() and not os.access(target, os.W_OK):
        return "may not be written"
    if (target.parent / DESCRIPTOR).is_file():
        return f"is in the package {target.parent}"
    results = next((folder for folder in target.parents if read_marker(folder) is not None), None)
    return f"is in the results {results}, which would no longer be as they were sealed" if results else ""


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
