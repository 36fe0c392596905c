"""What more or less money would bring."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from scenarios.report.drawing import INK, LEAST, OBSERVED, chart
from scenarios.report.figures import amount, money, share
from scenarios.report.naming import NOTHING, money_unit
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """Least risk against the budget."""
    return [_part(case)]


def _part(case: StoredCase) -> Part:
    found, unit = case.answers["frontier"], money_unit(case)
    budgets, risks = zip(*found["breakpoints"], strict=True)
    observed = sum(case.optimize["budget"].values())
    line = go.Scatter(
        x=budgets, y=[100 * risk for risk in risks], mode="lines", name="least risk", line={"color": LEAST.colour}
    )
    now = go.Scatter(
        x=[observed],
        y=[100 * case.optimize["risk"]["optimal"]],
        mode="markers",
        name=f"observed budget {amount(observed)}",
        marker={"size": 12, "symbol": "diamond", "color": OBSERVED.colour, "line": {"color": INK, "width": 1}},
    )
    table = pd.DataFrame({"least risk": [share(risk, 2) for risk in risks]}, index=[amount(b) for b in budgets])
    kind = "each exact" if found["exact"] else f"certified to {found['gap']:.1g} of final demand"
    beyond = found["useless_beyond"]
    said = "" if beyond is None else f" Beyond {money(beyond, unit)} it buys nothing."
    bought = risks[0] - risks[-1] > NOTHING
    return Part(
        f"{case.name}-frontier",
        "What more or less money would bring",
        f"Least risk against the budget has {len(budgets)} breakpoints, {kind}.{said}",
        table.rename_axis(f"budget ({unit})"),
        chart([line, now], f"budget ({unit})", "least risk (% of final demand)") if bought else None,
        finding=_finding(found, unit),
    )


def _finding(found: dict[str, Any], unit: str) -> str:
    """From which budget on money buys nothing, or how far the largest one looked at brings risk."""
    (_, first), (most, last) = found["breakpoints"][0], found["breakpoints"][-1]
    if first - last <= NOTHING:
        return "No budget that was looked at lowers risk"
    if found["useless_beyond"] is not None:
        return f"Money lowers risk up to {money(found['useless_beyond'], unit)}, to {share(last)}"
    return f"Even {money(most, unit)} leaves a risk of {share(last)}, and more would lower it"
