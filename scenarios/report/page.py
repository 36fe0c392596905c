"""The report as one self-contained HTML page: charts, script and styles inside, no network."""

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
    charts = {part.ident: part.chart.to_json() for section in report.sections for part in section.parts}
    return template.render(report=report, charts=charts, plotly=get_plotlyjs())
