"""The house style of charts: units on axes, colours that colour-blind readers tell apart, and patterns beside them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from chains.tables.schema import TIERS

__all__ = ["INK", "LEAST", "NONE", "OBSERVED", "ROBUST", "TIER_STYLES", "Style", "bands", "bars", "chart", "lines"]


class Style(NamedTuple):
    """How something is drawn: colour, pattern of its bars, dash of its line, symbol of its points."""

    colour: str
    pattern: str = ""
    dash: str = "solid"
    symbol: str = "circle"


# Colours after Okabe and Ito's colour-blind safe palette.
NONE = Style("#9aa0a6", ".", "dot", "triangle-up")
OBSERVED = Style("#e69f00", "/", "dash", "square")
LEAST = Style("#0072b2")
ROBUST = Style("#cc79a7", "x", "dashdot", "diamond")
TIER_STYLES = dict(
    zip(
        TIERS,
        (LEAST, Style("#e69f00", "/", "dash", "square"), Style("#009e73", ".", "dot", "triangle-up")),
        strict=True,
    )
)
INK = "#1f2933"


_AXIS = {
    "automargin": True,
    "gridcolor": "#ebf0f8",
    "linecolor": "#ebf0f8",
    "zerolinecolor": "#ebf0f8",
    "zerolinewidth": 2,
    "ticks": "",
}
_BAR = {"marker": {"line": {"color": "white", "width": 0.5}, "pattern": {"fillmode": "overlay", "solidity": 0.2}}}
_HOUSE = go.layout.Template(
    layout={
        "xaxis": {**_AXIS, "title": {"standoff": 15}},
        "yaxis": {**_AXIS, "title": {"standoff": 15}},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "margin": {"l": 10, "r": 16, "t": 34, "b": 10},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "bargap": 0.25,
    },
    data={"bar": [_BAR], "heatmap": [{"colorbar": {"outlinewidth": 0, "ticks": ""}}]},
)
"""What every chart has in common; plotly's own templates are large, and a chart copies its template several times."""


def chart(traces: Sequence[object], x: str, y: str, height: int = 340) -> go.Figure:
    """A chart in the house style, with units on its axes."""
    return go.Figure(
        list(traces),
        {
            "template": _HOUSE,
            "height": height,
            "autosize": True,
            "showlegend": True,
            "barmode": "group",
            "xaxis": {"title": {"text": x}},
            "yaxis": {"title": {"text": y}},
        },
    )


def bars(name: str, style: Style, **data: object) -> go.Bar:
    """Bars in a colour and a pattern, so that they differ without colour vision."""
    return go.Bar(name=name, marker={"color": style.colour, "pattern": {"shape": style.pattern, "size": 6}}, **data)


def lines(name: str, style: Style, x: Sequence[float], y: Sequence[float | None]) -> go.Scatter:
    """A line with its points; a gap where y is None."""
    return go.Scatter(
        name=name,
        x=list(x),
        y=list(y),
        mode="lines+markers",
        line={"color": style.colour, "dash": style.dash, "width": 2},
        marker={"symbol": style.symbol, "size": 8},
    )


def bands(rows: Mapping[str, Mapping[str, float]], now: Mapping[str, float], x: str) -> go.Figure:
    """Distributions, one a row from the top: q5 to q95 thin, q25 to q75 thick, the median as a stroke.

    `rows` holds q5, q25, median, q75 and q95 by name; `now` the value with the figures as they stand.
    """
    names = list(rows)[::-1]

    def span(low: str, high: str, width: int, colour: str, name: str) -> go.Scatter:
        ends = [value for row in names for value in (rows[row][low], rows[row][high], None)]
        places = [place for row in names for place in (row, row, None)]
        return go.Scatter(name=name, x=ends, y=places, mode="lines", line={"color": colour, "width": width})

    def points(values: list[float], symbol: str, name: str, colour: str, size: int) -> go.Scatter:
        marker = {"symbol": symbol, "size": size, "color": colour, "line": {"color": INK, "width": 2}}
        return go.Scatter(name=name, x=values, y=names, mode="markers", marker=marker)

    traces = [
        span("q5", "q95", 10, "#a6cbe3", "5% to 95% of draws"),
        span("q25", "q75", 22, LEAST.colour, "25% to 75%"),
        points([rows[row]["median"] for row in names], "line-ns", "median", INK, 20),
        points([now[row] for row in names], "diamond", "figures as they stand", OBSERVED.colour, 10),
    ]
    figure = chart(traces, x, "", 130 + 56 * len(names))
    return figure.update_yaxes(range=[-0.6, len(names) - 0.4])
