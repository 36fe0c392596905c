"""The report as an Excel workbook: the decision in all its digits with charts, then one sheet a table."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from scenarios.report.brief.content import Brief, Decision, brief_of
from scenarios.report.cells import as_numbers, kind_of
from scenarios.report.claims import claimed_units
from scenarios.report.content import Report
from scenarios.report.drawing import LEAST, NONE, OBSERVED
from scenarios.report.naming import money_unit
from scenarios.report.part import Part
from scenarios.storing.workbooks import Plot, Sheet, workbook_bytes

__all__ = ["report_workbook"]

_NAME = 31
"""Characters of a sheet's name that Excel allows."""
_DRAWN = 20
"""Rows that a chart shows, and cases with a chart of their own: the first."""
_BOTH = ("today", "advised")
_PAINT = (OBSERVED.colour, LEAST.colour)
_COLOURS = {"observed": OBSERVED.colour, "least risk": LEAST.colour, "no subsidy": NONE.colour}


def report_workbook(report: Report) -> bytes:
    """A workbook: answer, decision, contents, parts of grids and cases, claims, evidence and facts as sheets."""
    return workbook_bytes(_sheets(report))


def _sheets(report: Report) -> list[Sheet]:
    brief = brief_of(report)
    sheets = [Sheet("answer", pd.DataFrame({report.study.study.title: list(_said(report))}))]
    if brief.decisions:
        sheets += [_money(brief), _losses(brief), *([_worse(brief)] if brief.worse else [])]
    parts = list(_parts(report, {"contents", *(sheet.name for sheet in sheets)}))
    contents = [{"sheet": sheet.name, "what": part.heading, "in words": part.words} for sheet, part in parts]
    sheets.append(Sheet("contents", pd.DataFrame(contents, columns=["sheet", "what", "in words"])))
    sheets += [sheet for sheet, _ in parts]
    if len(report.claims):
        sheets.append(Sheet("claims", as_numbers(report.claims.set_index("place"), claimed_units(report.study))))
    assumptions = pd.concat([package.assumptions for package in report.evidence], ignore_index=True)
    sources = [package.sources.assign(package=package.name) for package in report.evidence]
    sheets += [Sheet("assumptions", assumptions), Sheet("sources", pd.concat(sources, ignore_index=True))]
    sheets += [Sheet(heading.lower(), table) for heading, table in report.about.items()]
    return [*sheets, Sheet("facts", report.facts.rename("value").rename_axis("what").reset_index())]


def _said(report: Report) -> Iterator[str]:
    """The lines of the first sheet."""
    yield report.study.study.question
    yield from dict.fromkeys([*report.first, *report.answers, *report.headlines, *report.along])
    for title, reason in report.failed.items():
        yield f"{title}: {reason}"
    yield report.rests_on
    for package in report.evidence:
        yield package.words


def _money(brief: Brief) -> Sheet:
    """Money by good of every case, with all its digits, and a chart for each of the first."""
    levers = dict.fromkeys(lever for decision in brief.decisions for lever in decision.levers)
    rows: list[dict[str, Any]] = []
    charts: list[Plot] = []
    for decision in brief.decisions:
        first = len(rows)
        rows += _goods(decision, tuple(levers))
        if decision.goods and len(charts) < _DRAWN:
            axis = f"money ({decision.unit})"
            charts.append(Plot(decision.title, "for", _BOTH, axis, first, len(rows) - 1, colours=_PAINT))
    columns = ["case", "for", "tier", *_BOTH, *(f"advised: {lever}" for lever in levers), "unit"]
    return Sheet("money", pd.DataFrame(rows, columns=columns), charts=tuple(charts))


def _goods(decision: Decision, levers: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for good in decision.goods:
        row: dict[str, Any] = {"case": decision.title, "for": good.label, "tier": good.tier, "unit": decision.unit}
        row |= {"today": good.today, "advised": good.total}
        yield row | {f"advised: {lever}": good.advised.get(lever, 0.0) for lever in levers}


def _losses(brief: Brief) -> Sheet:
    """The measures of loss of every case, as shares of final demand, and a chart of each."""
    names = brief.measure_names
    rows: list[dict[str, Any]] = []
    for decision in brief.decisions:
        row: dict[str, Any] = {"case": decision.title}
        for name, measure in zip(names, decision.measures, strict=True):
            row[f"{name}, today"], row[f"{name}, advised"] = measure.today, measure.advised
        rows.append(row)
    last = min(len(rows), _DRAWN) - 1
    axis = "share of final demand"
    charts = [
        Plot(name, "case", (f"{name}, today", f"{name}, advised"), axis, 0, last, colours=_PAINT) for name in names
    ]
    table = pd.DataFrame(rows)
    return Sheet("losses", table, dict.fromkeys(map(str, table.columns[1:]), "0.00%"), tuple(charts))


def _worse(brief: Brief) -> Sheet:
    """The scenarios in which the advised allocation loses more than today's."""
    table = pd.DataFrame([vars(row) for row in brief.worse])
    return Sheet("worse off", table, dict.fromkeys(("probability", "today", "advised"), "0.00%"))


def _parts(report: Report, taken: set[str]) -> Iterator[tuple[Sheet, Part]]:
    """A sheet for every part with a table, with its chart where that draws columns of the table."""
    units = {money_unit(case) for case in report.study.all_cases}
    for part in report.parts:
        if len(part.table):
            name = _name(part.ident, taken)
            taken.add(name)
            table = as_numbers(part.table, sorted(units))
            yield Sheet(name, table, charts=_chart(part, table)), part


def _chart(part: Part, table: pd.DataFrame) -> tuple[Plot, ...]:
    """A native chart of the columns that the page's chart draws; none where it draws something else."""
    if part.chart is None:
        return ()
    shown = table.head(_DRAWN)
    kinds = {str(column): kind_of(shown[column].tolist()) for column in table.columns[1:]}
    traces = part.chart.data
    drawn = [name for name in kinds if kinds[name] is not None and name in {trace.name for trace in traces}]
    alone = [name for name, kind in kinds.items() if kind is not None and ": " not in name]
    bars = sum(trace.type == "bar" for trace in traces)
    values = drawn or (alone if len(alone) in (1, bars) else [])
    if not values or len({kinds[name] for name in values}) > 1:
        return ()
    lying = any(getattr(trace, "orientation", None) == "h" for trace in traces)
    axis = (part.chart.layout.xaxis if lying else part.chart.layout.yaxis).title.text or ""
    kind = "scatter" if kind_of(table.iloc[:, 0].tolist()) is not None else "bar"
    last = (len(table) if kind == "scatter" else len(shown)) - 1
    colours = tuple(_COLOURS[name] for name in values) if all(name in _COLOURS for name in values) else ()
    return (Plot(part.heading, str(table.columns[0]), tuple(values), axis, 0, last, kind, colours),)


def _name(ident: str, taken: set[str]) -> str:
    """A sheet's name that Excel allows and no other sheet has."""
    name, number = ident[:_NAME], 1
    while name in taken:
        number += 1
        end = f"~{number}"
        name = ident[: _NAME - len(end)] + end
    return name
