"""The chain as a Sankey diagram: origins, segments by tier, final demand."""

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from chains.indicators.flows import HOME_FIRMS
from scenarios.report.drawing import INK, TIER_STYLES
from scenarios.report.naming import country_name, segment_label
from scenarios.storing import StoredCase

__all__ = ["sankey_chart"]

_HOME, _ABROAD, _INSIDE = "rgba(0,158,115,.35)", "rgba(213,94,0,.35)", "rgba(120,130,140,.28)"
_LABEL_WIDTH = 16


def sankey_chart(case: StoredCase, moved: pd.DataFrame) -> go.Figure:
    """Flows in the base year. Green comes from home firms, orange from abroad or from foreign-owned plants."""
    segments = case.chain.segments
    origins = list(dict.fromkeys(moved.loc[moved["kind"] == "origin", "source"]))
    uses = list(dict.fromkeys(moved.loc[moved["kind"] == "demand", "target"]))
    keys = [("origin", name) for name in origins] + [("segment", name) for name in segments.index]
    keys += [("use", name) for name in uses]
    place = {key: n for n, key in enumerate(keys)}
    labels = [country_name(name) for name in origins] + [segment_label(case, name) for name in segments.index]
    labels += [f"{name.replace('_', ' ') or 'final demand'}" for name in uses]
    colours = ["#5f6b76"] * len(origins) + [TIER_STYLES[tier].colour for tier in segments["tier"]] + [INK] * len(uses)
    ends = {"origin": ("origin", "segment"), "input": ("segment", "segment"), "demand": ("segment", "use")}
    source = [place[ends[kind][0], name] for kind, name in zip(moved["kind"], moved["source"], strict=True)]
    target = [place[ends[kind][1], name] for kind, name in zip(moved["kind"], moved["target"], strict=True)]
    figure = go.Figure(
        go.Sankey(
            node={
                "label": ["<br>".join(wrap(label, _LABEL_WIDTH, break_long_words=False)) for label in labels],
                "color": colours,
                "pad": 30,
                "thickness": 16,
            },
            link={
                "source": source,
                "target": target,
                "value": list(moved["value"]),
                "color": [_colour(row.kind, row.source) for row in moved.itertuples()],
            },
            valueformat=".3g",
            valuesuffix=f" {case.chain.unit}",
        )
    )
    figure.update_layout(
        height=max(560, 30 * len(labels)),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"family": "system-ui, sans-serif", "size": 11, "color": INK},
        autosize=True,
    )
    return figure


def _colour(kind: object, source: object) -> str:
    if kind != "origin":
        return _INSIDE
    return _HOME if source == HOME_FIRMS else _ABROAD
