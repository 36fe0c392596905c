"""The report as one self-contained HTML page: charts, script and styles inside, no network. Claims stand beside it."""

import json
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from scenarios.report.content import Report
from scenarios.report.packing import DIGITS, packed
from scenarios.report.panel import panel_of
from scenarios.report.plotlyjs import facts as library_facts
from scenarios.report.plotlyjs import packed_library
from scenarios.report.solver import facts, packed_binary, packed_script

__all__ = ["appendix_page", "html_page"]


def html_page(report: Report, appendix: str = "", *, static: bool = False) -> str:
    """The page as HTML. `appendix` is the name of the file beside it that holds the claims, where there are any.

    It carries the programs of its cases and a solver, for its reader to move what they rest on; a `static` one does
    not.
    """
    figures = {part.ident: _drawn(part.chart, part.narrow) for part in report.parts if part.chart is not None}
    return _template("page.html").render(
        report=report,
        charts=packed(json.dumps(figures, ensure_ascii=False, separators=(",", ":")).encode()),
        library=packed_library(),
        digits=DIGITS,
        appendix=appendix,
        **({"programs": ""} if static else _panel(report)),
    )


def appendix_page(report: Report, page: str) -> str:
    """The published statements, claim by claim, as a page of their own; `page` is the name of the report's file."""
    return _template("appendix.html").render(report=report, page=page)


def _panel(report: Report) -> dict[str, Any]:
    """What the page needs to solve: the programs and the solver, compressed."""
    panel = panel_of([section.case for section in report.sections])
    if not panel.programs:
        return {"programs": ""}
    solver = {"script": packed_script(), "binary": packed_binary(), "version": facts()["version"]}
    return {"programs": packed(panel.text.encode()), "panel": panel, "solver": solver}


def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("scenarios.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _drawn(chart: go.Figure, narrow: go.Figure | None) -> dict[str, Any]:
    """What the browser draws, and what it draws in its place where the page is narrow or printed."""
    return {"wide": _read(chart), "narrow": None if narrow is None else _read(narrow)}


def _read(chart: go.Figure) -> dict[str, Any]:
    """A chart as a browser reads it; ValueError where the page's script would draw something else in its place."""
    other = {trace.type for trace in chart.data} - set(library_facts()["traces"])
    if other:
        raise ValueError(f"the script of pages does not draw {', '.join(sorted(other))}: see scenarios.report.plotlyjs")
    return dict(json.loads(chart.to_json(), parse_float=_as_drawn))


def _as_drawn(number: str) -> float:
    """A number with as many digits as a screen can show; tables and workbooks have the others."""
    return float(f"{float(number):.6g}")
