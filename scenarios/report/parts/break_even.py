"""What would have to be true."""

import pandas as pd
import plotly.graph_objects as go

from scenarios.report.drawing import INK, LEAST, chart
from scenarios.report.naming import NOTHING, money_unit
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """How well money would have to work."""
    return [_part(case)]


def _part(case: StoredCase) -> Part:
    found = case.answers["break-even"]
    near = [(factor, fall) for factor, fall in found["curve"] if 0.01 <= factor <= 100]
    line = go.Scatter(x=[f for f, _ in near], y=[100 * fall for _, fall in near], mode="lines", name="fall in risk")
    figure = chart(
        [line.update(line={"color": LEAST.colour})],
        f"factor on how well {found['on']} money works (log scale)",
        f"points per {money_unit(case)} moved",
    )
    figure.update_xaxes(type="log", dtick=1)
    figure.add_hline(y=0, line={"color": INK, "width": 1})
    shown = near[:: max(len(near) // 20, 1)]
    return Part(
        f"{case.name}-break-even",
        "What would have to be true",
        f"As assumed, moving 1% of the budget from {found['from']} to "
        f"{found['to']} changes risk by {-100 * found['at_one']:+.3g} points per {money_unit(case)} moved. "
        f"{_evidence(case)}",
        pd.DataFrame({"points": [f"{100 * fall:.4g}" for _, fall in shown]}, index=[f"{f:.3g}" for f, _ in shown]),
        figure if any(abs(fall) > NOTHING for _, fall in near) else None,
        finding=f"{found['words'][0].upper()}{found['words'][1:]}",
    )


def _evidence(case: StoredCase) -> str:
    """How much the packages say of how well money works, and where that stands."""
    response = case.chain.table("response")
    slopes = response[response["parameter"] == "slope"]
    said = int((slopes["note"] != "").sum())
    if not said:
        return "The packages give no evidence on that assumption."
    return f"What is known of it stands with {said} of {len(slopes)} response slopes, under Evidence."
