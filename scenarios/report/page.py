"""The report as one self-contained HTML page: charts, script and styles inside, no network."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from scenarios.report.content import Report

__all__ = ["html_page"]


def html_page(report: Report) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("scenarios.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    charts = {part.ident: part.chart.to_json() for part in report.parts if part.chart is not None}
    return template.render(report=report, charts=charts, plotly=_script())


def _script() -> str:
    """Plotly's script with the control characters in its literals escaped: HTML may not contain them as they are."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", get_plotlyjs())
