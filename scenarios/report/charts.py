"""Charts of a stored case, as plotly figures. Two colours that colour-blind readers tell apart, and patterns."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chains.schema import TIERS
from scenarios.report.words import amount, folded, indicator_name, money_unit, segment_label, share
from scenarios.storing import StoredCase

__all__ = [
    "LEAST",
    "OBSERVED",
    "RANKED",
    "bars",
    "chart",
    "correlation_chart",
    "gain_chart",
    "loss_chart",
    "next_unit_chart",
    "shape_chart",
    "tier_chart",
]

NONE, OBSERVED, LEAST = "#9aa0a6", "#e69f00", "#0072b2"  # after Okabe and Ito's colour-blind safe palette
_TIER_COLOURS = {"upstream": "#0072b2", "midstream": "#e69f00", "downstream": "#009e73"}
_INK = "#1f2933"
RANKED = 12
"""Segments that the ranking draws; its table has all of them."""


def chart(traces: Sequence[go.Bar | go.Scatter], x: str, y: str, height: int = 340) -> go.Figure:
    """A chart in the house style, with units on its axes."""
    figure = go.Figure(list(traces))
    figure.update_layout(
        template="plotly_white",
        height=height,
        autosize=True,
        margin={"l": 10, "r": 16, "t": 34, "b": 10},
        font={"family": "system-ui, sans-serif", "size": 13, "color": _INK},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="group",
        bargap=0.25,
    )
    figure.update_xaxes(title=x, automargin=True)
    figure.update_yaxes(title=y, automargin=True)
    return figure


def bars(name: str, colour: str, shape: str, **data: object) -> go.Bar:
    """Bars in a colour and a pattern, so that they differ without colour vision."""
    return go.Bar(name=name, marker={"color": colour, "pattern": {"shape": shape, "size": 6}}, **data)


def tier_chart(case: StoredCase, tiers: pd.DataFrame) -> go.Figure:
    """Money by tier: one group of bars a tier, one bar a column of `tiers`."""
    traces = []
    styles = {"observed": (OBSERVED, "/"), "most output": (NONE, "."), "least risk": (LEAST, "")}
    for name in tiers.columns:
        colour, shape = styles[name]
        amounts = list(tiers[name])
        text = [amount(money) for money in amounts]
        drawn = bars(name, colour, shape, x=list(TIERS), y=amounts, text=text)
        traces.append(drawn.update(textposition="outside", cliponaxis=False))
    return chart(traces, "tier", f"subsidy ({money_unit(case)})")


def shape_chart(profiles: list[dict[str, Any]]) -> go.Figure:
    """Published indicators over the tiers, with their intervals."""
    traces = []
    styles = zip((OBSERVED, LEAST, "#009e73"), ("circle", "square", "diamond"), ("solid", "dash", "dot"), strict=True)
    for profile, (colour, symbol, dash) in zip(profiles, styles, strict=False):
        values = [100 * profile[tier] for tier in TIERS]
        low, high = profile["low"] or [v / 100 for v in values], profile["high"] or [v / 100 for v in values]
        above = [100 * h - v for h, v in zip(high, values, strict=True)]
        below = [v - 100 * lower for lower, v in zip(low, values, strict=True)]
        traces.append(
            go.Scatter(
                name=f"{indicator_name(profile['indicator'])}, {profile['period']}",
                x=list(TIERS),
                y=values,
                mode="lines+markers",
                line={"color": colour, "dash": dash},
                marker={"symbol": symbol, "size": 10},
                error_y={"type": "data", "array": above, "arrayminus": below, "width": 6},
            )
        )
    figure = chart(traces, "tier", "% of sales")
    return figure.update_yaxes(rangemode="tozero")


def correlation_chart(found: pd.DataFrame) -> go.Figure:
    """Correlations by pair of indicators, one bar a tier."""
    pairs = found["first"].map(indicator_name) + " and " + found["second"].map(indicator_name)
    traces = []
    for tier, shape in zip(TIERS, ("", "/", "."), strict=True):
        mine = found["tier"] == tier
        labels = ["<br>".join(wrap(pair, 24)) for pair in pairs[mine]]
        traces.append(bars(tier, _TIER_COLOURS[tier], shape, x=labels, y=list(found.loc[mine, "r"])))
    return chart(traces, "indicators", "correlation r").update_yaxes(range=[-1, 1])


def gain_chart(case: StoredCase) -> go.Figure:
    """Fall in risk against the share of funds moved, its peak marked."""
    gain = case.answers["gain"]
    points = sorted({*zip(gain["shares"], gain["gain"], strict=True), (gain["peak"]["share"], gain["peak"]["gain"])})
    line = go.Scatter(
        x=[100 * at for at, _ in points],
        y=[100 * fall for _, fall in points],
        mode="lines+markers",
        name="fall in risk",
        line={"color": LEAST, "width": 3},
        marker={"size": 5},
    )
    peak = go.Scatter(
        x=[100 * gain["peak"]["share"]],
        y=[100 * gain["peak"]["gain"]],
        mode="markers",
        name=f"peak: {share(gain['peak']['share'], 0)} moved, {100 * gain['peak']['gain']:.2f} points",
        marker={"size": 14, "symbol": "diamond", "color": OBSERVED, "line": {"color": _INK, "width": 1.5}},
    )
    return chart(
        [line, peak],
        f"share of {gain['from']} funds moved to {gain['to']} (%)",
        "fall in risk (points of final demand)",
    )


def loss_chart(case: StoredCase) -> go.Figure:
    """Loss by scenario for no subsidy, the observed and the least-risk allocation."""
    loss = case.optimize["loss"]
    scenarios = [name for name in loss["none"] if name != "calm"]
    scenarios.sort(key=lambda name: loss["observed"][name])
    labels = [name.replace("_", " ") for name in scenarios]
    traces = [
        bars(name, colour, shape, x=[100 * loss[key][s] for s in scenarios], y=labels, orientation="h")
        for name, key, colour, shape in (
            ("least risk", "optimal", LEAST, ""),
            ("observed", "observed", OBSERVED, "/"),
            ("no subsidy", "none", NONE, "."),
        )
    ]
    figure = chart(traces, "loss (% of final demand)", "", height=110 + 62 * len(scenarios))
    figure.update_layout(legend_traceorder="reversed")
    return figure


def next_unit_chart(case: StoredCase) -> go.Figure:
    """Fall in risk per unit of money when the next 1% of the budget goes to a segment, ranked."""
    falls = {segment: fall for segment, fall in case.optimize["next_unit"].items() if fall is not None}
    ranked = sorted(falls, key=lambda segment: falls[segment])[-RANKED:]
    tiers = case.chain.segments["tier"]
    traces = []
    for tier, shape in zip(TIERS, ("", "/", "."), strict=True):
        mine = [segment for segment in ranked if tiers[segment] == tier]
        labels = [folded(segment_label(case, segment)) for segment in mine]
        points = [100 * max(falls[segment], 0.0) for segment in mine]
        traces.append(bars(tier, _TIER_COLOURS[tier], shape, x=points, y=labels, orientation="h"))
    height = 120 + 34 * len(ranked)
    figure = chart(traces, f"points per {money_unit(case)}", "", height)
    order = [folded(segment_label(case, segment)) for segment in ranked]
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=order)
    return figure
