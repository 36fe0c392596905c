"""How sure: who counts as domestic."""

import pandas as pd
import plotly.graph_objects as go

from chains.tables.definitions import DEFINITIONS
from scenarios.report.drawing import LEAST, chart
from scenarios.report.figures import share
from scenarios.report.naming import segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """One part, where indicators and ranges were asked for too; none otherwise."""
    return [_part(case)] if {"indicators", "ranges"} <= set(case.answers) else []


def _part(case: StoredCase) -> Part:
    found = pd.DataFrame(case.answers["definitions"]).T
    ranks = pd.DataFrame(case.answers["indicators"]["ranking"]["ranks"]).T
    moved = str(ranks["moves"].idxmax())
    low, high = (100 * found[f"upstream {end}"] for end in ("least", "most"))
    middle, spread = list((low + high) / 2), list((high - low) / 2)
    dots = go.Scatter(
        x=list(found.index),
        y=middle,
        mode="markers",
        name="upstream share at least risk (interval)",
        marker={"size": 11, "color": LEAST.colour},
        error_y={"type": "data", "array": spread, "width": 8},
    )
    table = found.map(lambda part: share(part))
    same = float(high.max() - low.min()) < 1
    unique = "unique" if case.answers["ranges"]["unique"] else "one of several equally good ones"
    return Part(
        f"{case.name}-definitions",
        "How sure: who counts as domestic",
        f"The least-risk allocation is {unique}. Upstream gets {_span(low, high)} of the budget in any least-risk "
        f"allocation, under all of {', '.join(DEFINITIONS)}: plants at home that are not domestic share the "
        f"disruptions of their owner's country. By import share, {segment_label(case, moved)} moves most in rank with "
        f"the definition, by {float(ranks['moves'].max()):.0f}.",
        table,
        None
        if same
        else chart([dots], "definition of domestic", "share of the budget (%)").update_yaxes(range=[0, 105]),
        finding=f"Upstream gets {_span(low, high)} of the money {'whoever' if same else 'by who'} counts as domestic",
    )


def _span(low: pd.Series, high: pd.Series) -> str:
    least, most = float(low.min()), float(high.max())
    return f"{most:.0f}%" if most - least < 1 else f"{least:.0f}% to {most:.0f}%"
