"""Which priorities the observed allocation is consistent with."""

import pandas as pd
import plotly.graph_objects as go

from scenarios.report.drawing import LEAST, chart
from scenarios.report.figures import share
from scenarios.report.naming import folded
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_ALL = 1e-3
"""Weights that may be anything but so much of it say nothing."""


def more(case: StoredCase) -> list[Part]:
    """The weights of goals."""
    return [_part(case)]


def _part(case: StoredCase) -> Part:
    found = case.answers["priorities"]
    goals = list(found["weights"])
    least = [found["weights"][goal][0] for goal in goals]
    most = [found["weights"][goal][1] for goal in goals]
    names = [folded(goal.replace("_", " ")) for goal in goals]
    middle = [(low + high) / 2 for low, high in zip(least, most, strict=True)]
    spread = [(high - low) / 2 for low, high in zip(least, most, strict=True)]
    dots = go.Scatter(
        x=middle,
        y=names,
        mode="markers",
        name="weight (interval)",
        marker={"size": 11, "color": LEAST.colour},
        error_x={"type": "data", "array": spread, "width": 8},
    )
    reached = [found["scaled"][goal] for goal in goals]
    random = found["random"]
    free = min(most) >= 1 - _ALL and max(least) <= _ALL
    return Part(
        f"{case.name}-priorities",
        "Which priorities the observed allocation is consistent with",
        f"Least relative gap {share(found['gap'])}; {random['as_consistent']} of {random['count']} random allocations "
        f"of the same budget are at least as consistent with some weights. Caution: {found['caution']}.",
        pd.DataFrame(
            {
                "least weight": [f"{weight:.3f}" for weight in least],
                "most weight": [f"{weight:.3f}" for weight in most],
                "reached of the best": [f"{part:.0%}" for part in reached],
            },
            index=[goal.replace("_", " ") for goal in goals],
        ),
        None if free else chart([dots], "weight of the goal (0 to 1)", "").update_xaxes(range=[-0.05, 1.05]),
        finding="Any weights at all are consistent with the observed allocation"
        if free
        else f"{random['as_consistent']} of {random['count']} random allocations are as consistent as the observed one",
    )
