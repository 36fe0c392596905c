"""The report as Markdown."""

from collections.abc import Iterator

import pandas as pd

from scenarios.report.content import Report, Section

__all__ = ["markdown_text"]


def markdown_text(report: Report) -> str:
    """The report as Markdown: the same words and tables as the page, without its charts."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# {report.study.study.title}"
    yield report.study.study.question
    yield "## The answer"
    for section in report.sections:
        yield f"**{section.answer}**"
    yield f"**What it rests on.** {report.rests_on}"
    yield "\n".join(f"- {section.rests_on}" for section in report.sections)
    for section in report.sections:
        yield from _section(section)
    if len(report.claims):
        yield "## Claim by claim"
        yield report.claims_in_words
        yield _table(report.claims, index=False)
    yield "## Evidence"
    for section in report.sections:
        yield f"### Assumptions: {section.case.title}"
        yield _table(section.assumptions, index=False)
        yield f"### Sources: {section.case.title}"
        yield _table(section.sources, index=False)
    yield "## How it was computed"
    yield f"Worst violation of the optimality conditions: {report.worst:.0e}."
    yield _table(report.facts.rename("").to_frame())


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.case.title}"
    for part in section.parts:
        yield f"### {part.heading}"
        yield part.words
        yield _table(part.table)


def _table(table: pd.DataFrame, *, index: bool = True) -> str:
    safe = table.map(lambda cell: cell.replace("|", "\\|").replace("\n", " ") if isinstance(cell, str) else cell)
    return str(safe.to_markdown(index=index, disable_numparse=True))
