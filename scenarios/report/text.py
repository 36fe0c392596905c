"""The report as Markdown."""

from collections.abc import Iterator, Sequence

import pandas as pd

from scenarios.report.content import Report, Section
from scenarios.report.leading import Lead
from scenarios.report.part import Part

__all__ = ["markdown_text"]


def markdown_text(report: Report) -> str:
    """The report as Markdown: the same words and tables as the page, without its charts. Names are data, not HTML."""
    return "\n\n".join(block.replace("<", "&lt;") for block in _blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield from _answer(report)
    if report.grids:
        yield "## Step by step along the grids"
        yield from _parts(report.grids)
    for section in report.sections:
        yield from _section(section)
    if len(report.claims):
        yield "## Claim by claim"
        yield report.claims_in_words
        yield _table(report.claims, index=False)
    yield "## Evidence"
    for package in report.evidence:
        yield package.words
        yield f"### Assumptions: {package.name}"
        yield _table(package.assumptions, index=False)
        yield f"### Sources: {package.name}"
        yield _table(package.sources, index=False)
    yield from _computed(report)


def _answer(report: Report) -> Iterator[str]:
    yield f"# {report.study.study.title}"
    yield report.study.study.question
    yield "## The answer"
    for words in report.first:
        yield f"**{words}**"
    for lead in report.leads:
        yield from _lead(report, lead)
    yield from (*report.further, *report.headlines, *report.along)
    if report.comparison is not None:
        yield report.comparison.words
        yield _table(report.comparison.table)
    for title, reason in report.failed.items():
        yield f"**{title}:** {reason}."
    yield f"**What it rests on.** {report.rests_on}"


def _lead(report: Report, lead: Lead) -> Iterator[str]:
    """A case on the first page."""
    yield f"### {lead.case.title}"
    if not report.begins_with(lead):
        yield lead.advice
    yield "\n".join(f"- **{fact.heading}.** {fact.words}" for fact in lead.facts)
    if lead.part is not None:
        yield lead.part.words
        yield _table(lead.part.table)


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.case.title}"
    if section.answer:
        yield section.answer
    yield from _parts(section.parts)


def _parts(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        yield f"### {part.heading}"
        if part.finding:
            yield f"**{part.finding}.**"
        yield part.words
        if len(part.table):
            yield _table(part.table)


def _computed(report: Report) -> Iterator[str]:
    yield "## How it was computed"
    if report.worst is not None:
        yield f"Worst violation of the optimality conditions: {report.worst:.0e}."
    for heading, table in report.about.items():
        yield f"### {heading}"
        yield _table(table, index=False)
    yield "### Options, versions and hashes"
    yield _table(report.facts.rename("").to_frame())


def _table(table: pd.DataFrame, *, index: bool = True) -> str:
    safe = table.map(_cell).rename(index=_cell, columns=_cell)
    return str(safe.to_markdown(index=index, disable_numparse=True))


def _cell(value: object) -> object:
    """What stands in a cell: a bar or the end of a line would end it."""
    return value.replace("|", "\\|").replace("\n", " ") if isinstance(value, str) else value
