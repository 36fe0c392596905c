"""The chain as a Sankey diagram: origins, segments by tier, final demand."""

from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chains.indicators.flows import HOME_FIRMS
from chains.tables.schema import TIERS
from scenarios.report.drawing import INK, TIER_STYLES
from scenarios.report.naming import country_name, segment_label
from scenarios.storing import StoredCase

__all__ = ["narrow_sankey", "sankey_chart"]

_HOME, _ABROAD, _INSIDE = "rgba(0,158,115,.35)", "rgba(213,94,0,.35)", "rgba(120,130,140,.28)"
_LABEL_WIDTH = 16
_USE = "final demand"
_IN_TWO = {"downstream": "down-<br>stream", _USE: "final<br>demand"}
"""The last two labels of a narrow diagram, which stand side by side between its last two columns."""


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
    links = {
        "source": source,
        "target": target,
        "value": list(moved["value"]),
        "color": [_colour(row.kind, row.source) for row in moved.itertuples()],
    }
    return _drawn(case, labels, colours, links, max(560, 30 * len(labels)), _LABEL_WIDTH)


def narrow_sankey(case: StoredCase, moved: pd.DataFrame) -> go.Figure:
    """The same for little room: the goods of a tier taken together, without what flows inside it or back, one use."""
    tiers = dict(case.chain.segments["tier"])
    ends = moved.assign(
        source=[
            name if kind == "origin" else tiers[name] for kind, name in zip(moved["kind"], moved["source"], strict=True)
        ],
        target=[
            _USE if kind == "demand" else tiers[name] for kind, name in zip(moved["kind"], moved["target"], strict=True)
        ],
    )
    place = {tier: n for n, tier in enumerate(TIERS)}
    forward = (ends["kind"] != "input") | (ends["source"].map(place) < ends["target"].map(place))
    summed = ends[forward].groupby(["kind", "source", "target"], sort=False)["value"].sum().reset_index()
    origins = list(dict.fromkeys(summed.loc[summed["kind"] == "origin", "source"]))
    names = [*origins, *TIERS, _USE]
    links = {
        "source": [names.index(name) for name in summed["source"]],
        "target": [names.index(name) for name in summed["target"]],
        "value": list(summed["value"]),
        "color": [_colour(row.kind, row.source) for row in summed.itertuples()],
    }
    colours = ["#5f6b76"] * len(origins) + [TIER_STYLES[tier].colour for tier in TIERS] + [INK]
    drawn = _drawn(case, [country_name(name) for name in names], colours, links, 420, 12)
    return drawn.update_traces(node_label=[_IN_TWO.get(label, label) for label in drawn.data[0].node.label])


def _drawn(
    case: StoredCase, labels: list[str], colours: list[str], links: dict[str, list[Any]], height: int, width: int
) -> go.Figure:
    nodes = {
        "label": ["<br>".join(wrap(label, width, break_long_words=False)) for label in labels],
        "color": colours,
        "pad": 30,
        "thickness": 16,
    }
    unit = f" {case.chain.unit}"
    return go.Figure(
        go.Sankey(node=nodes, link=links, valueformat=".3g", valuesuffix=unit),
        {
            "template": "none",
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "font": {"family": "system-ui, sans-serif", "size": 11, "color": INK},
            "autosize": True,
        },
    )


def _colour(kind: object, source: object) -> str:
    if kind != "origin":
        return _INSIDE
    return _HOME if source == HOME_FIRMS else _ABROAD
