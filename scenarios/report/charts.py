"""Charts of a stored case, as plotly figures."""

from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.report.drawing import INK, LEAST, NONE, OBSERVED, ROBUST, TIER_STYLES, bars, chart
from scenarios.report.figures import amount, share
from scenarios.report.naming import NOTHING, folded, indicator_name, money_unit, scenario_label, segment_label
from scenarios.storing import StoredCase

__all__ = [
    "RANKED",
    "correlation_chart",
    "gain_chart",
    "loss_chart",
    "next_unit_chart",
    "shape_chart",
    "tier_chart",
]

RANKED = 12
"""Segments that the ranking draws at most; its table has all of them."""
_SEEN = 1e-3
"""Part of the longest bar below which none is seen."""


def tier_chart(case: StoredCase, tiers: pd.DataFrame) -> go.Figure:
    """Money by tier: one group of bars a tier, one bar a column of `tiers`."""
    traces = []
    styles = {"observed": OBSERVED, "most output": NONE, "least risk": LEAST, "robust": ROBUST, "insured": ROBUST}
    for name in tiers.columns:
        amounts = list(tiers[name])
        text = [amount(money) for money in amounts]
        drawn = bars(name, styles[name], x=list(TIERS), y=amounts, text=text)
        traces.append(drawn.update(textposition="outside", cliponaxis=False))
    return chart(traces, "tier", f"money ({money_unit(case)})")


def shape_chart(profiles: list[dict[str, Any]]) -> go.Figure:
    """Published indicators over the tiers, with their intervals."""
    traces = []
    for profile, style in zip(profiles, TIER_STYLES.values(), strict=False):
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
                line={"color": style.colour, "dash": style.dash},
                marker={"symbol": style.symbol, "size": 10},
                error_y={"type": "data", "array": above, "arrayminus": below, "width": 6},
            )
        )
    figure = chart(traces, "tier", "% of sales")
    return figure.update_yaxes(rangemode="tozero")


def correlation_chart(found: pd.DataFrame) -> go.Figure:
    """Correlations by pair of indicators, one bar a tier."""
    pairs = found["first"].map(indicator_name) + " and " + found["second"].map(indicator_name)
    traces = []
    for tier, style in TIER_STYLES.items():
        mine = found["tier"] == tier
        labels = ["<br>".join(wrap(pair, 24)) for pair in pairs[mine]]
        traces.append(bars(tier, style, x=labels, y=list(found.loc[mine, "r"])))
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
        line={"color": LEAST.colour, "width": 3},
        marker={"size": 5},
    )
    peak = go.Scatter(
        x=[100 * gain["peak"]["share"]],
        y=[100 * gain["peak"]["gain"]],
        mode="markers",
        name=f"peak: {share(gain['peak']['share'], 0)} moved, {100 * gain['peak']['gain']:.2f} points",
        marker={"size": 14, "symbol": "diamond", "color": OBSERVED.colour, "line": {"color": INK, "width": 1.5}},
    )
    return chart(
        [line, peak],
        f"share of {gain['from']} funds moved to {gain['to']} (%)",
        "fall in risk (points of final demand)",
    )


def loss_chart(case: StoredCase) -> go.Figure:
    """Loss by scenario for no subsidy, the observed and the least-risk allocation."""
    loss = case.optimize["loss"]
    scenarios = [name for name in loss["none"] if max(loss[which][name] for which in loss) > NOTHING]
    scenarios.sort(key=lambda name: loss["observed"][name])
    labels = [folded(scenario_label(name)) for name in scenarios]
    traces = [
        bars(name, style, x=[100 * loss[key][s] for s in scenarios], y=labels, orientation="h")
        for name, key, style in (
            ("least risk", "optimal", LEAST),
            ("observed", "observed", OBSERVED),
            ("no subsidy", "none", NONE),
        )
    ]
    figure = chart(traces, "loss (% of final demand)", "", height=110 + 62 * len(scenarios))
    figure.update_layout(legend_traceorder="reversed")
    return figure


def next_unit_chart(case: StoredCase) -> go.Figure:
    """Fall in risk per unit of money when the next 1% of the budget goes to a segment, ranked."""
    found = {segment: fall for segment, fall in case.optimize["next_unit"].items() if fall is not None}
    least = _SEEN * max(found.values(), default=0.0)
    falls = {segment: fall for segment, fall in found.items() if fall > least}
    ranked = sorted(falls, key=lambda segment: falls[segment])[-RANKED:]
    tiers = case.chain.segments["tier"]
    traces = []
    for tier, style in TIER_STYLES.items():
        mine = [segment for segment in ranked if tiers[segment] == tier]
        labels = [folded(segment_label(case, segment)) for segment in mine]
        points = [100 * max(falls[segment], 0.0) for segment in mine]
        traces.append(bars(tier, style, x=points, y=labels, orientation="h"))
    height = 120 + 34 * len(ranked)
    figure = chart(traces, f"points per {money_unit(case)}", "", height)
    order = [folded(segment_label(case, segment)) for segment in ranked]
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=order)
    return figure
