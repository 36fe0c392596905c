"""Self-sufficiency: what a target costs, what it reaches, and what the same money could do to risk."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from scenarios.report.drawing import INK, LEAST, NONE, OBSERVED, bars, chart
from scenarios.report.figures import amount, money, share
from scenarios.report.naming import folded, money_unit, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """The shares that the target asks for, or the largest that can be reached, and the cost of each target."""
    found = case.answers["self-sufficiency"]
    if "curve" not in found:  # one of the two alone, as Python asks for it
        return [_shares(case, found, "")] if "cost" in found else [_curve(case, found, found["costs"])]
    return [_shares(case, found["plan"], found["reason"]), _curve(case, found["plan"], found["curve"]["costs"])]


def _shares(case: StoredCase, found: dict[str, Any], unreached: str) -> Part:
    """Shares made at home before and after, of the segments that the target is about; why none reach what was asked."""
    unit, risk, today, reached = money_unit(case), found["risk"], found["share"]["today"], found["share"]["reached"]
    used = [segment for segment in found["segments"] if today[segment] is not None]
    labels = [folded(segment_label(case, segment)) for segment in used[::-1]]
    traces = [
        bars(name, style, y=labels, x=[100 * shares[segment] for segment in used[::-1]], orientation="h")
        for name, shares, style in (("with the plan", reached, LEAST), ("today, no subsidy", today, NONE))
    ]
    figure = chart(traces, "share of use made at home (%)", "", 120 + 46 * len(used)).update_xaxes(range=[0, 105])
    figure.update_layout(legend_traceorder="reversed")
    figure.add_vline(x=100 * found["target"], line={"color": INK, "dash": "dash", "width": 1.5})
    times = "" if found["factor"] is None else f", {found['factor']:.2g} times the observed budget"
    return Part(
        f"{case.name}-self-shares",
        f"Self-sufficiency: {share(found['target'], 0)} made at home",
        (f"{unreached[0].upper()}{unreached[1:]}. That largest" if unreached else "The")
        + f" target (dashed) costs at least {money(found['cost'], unit)}{times}. Risk is then "
        f"{share(risk['planned'])} of final demand; the same money spent for least risk would bring it to "
        f"{share(risk['least_risk'])}."
        + ("" if unreached else f" The largest target that money reaches is {share(found['largest'])}."),
        _table(case, found),
        figure,
        finding=f"Money reaches {share(found['target'], 0)} at most"
        if unreached
        else f"{share(found['target'], 0)} made at home costs at least {money(found['cost'], unit)}",
    )


def _table(case: StoredCase, found: dict[str, Any]) -> pd.DataFrame:
    """Every segment: money observed, of the plan and at least risk, supply added and shares."""
    unit, shares = money_unit(case), found["share"]
    segments = list(found["added"])
    table = pd.DataFrame(
        {
            "target": ["yes" if segment in found["segments"] else "" for segment in segments],
            **{
                f"{name} ({unit})": [amount(found["allocation"][key][segment]) for segment in segments]
                for key, name in (("observed", "observed"), ("planned", "plan"), ("least_risk", "least risk"))
            },
            f"added supply ({case.chain.unit})": [amount(found["added"][segment]) for segment in segments],
            "today": [_percent(shares["today"][segment]) for segment in segments],
            "reached": [_percent(shares["reached"][segment]) for segment in segments],
        }
    )
    return table.set_axis([segment_label(case, segment) for segment in segments], axis=0)


def _percent(value: float | None) -> str:
    return "not used" if value is None else share(value)


def _curve(case: StoredCase, found: dict[str, Any], curve: list[list[float]]) -> Part:
    """The least budget against the target."""
    unit = money_unit(case)
    targets, costs = zip(*curve, strict=True)
    line = go.Scatter(
        x=[100 * target for target in targets], y=costs, mode="lines", name="least budget", line={"color": LEAST.colour}
    )
    asked = [_asked(found)] if "target" in found else []
    figure = chart([line, *asked], "target: share of use made at home (%)", f"least budget ({unit})").update_xaxes(
        range=[0, 100]
    )
    figure.add_hline(y=sum(case.optimize["budget"].values()), line={"color": INK, "dash": "dot", "width": 1})
    return Part(
        f"{case.name}-self-cost",
        "Self-sufficiency: what each target costs",
        f"The least budget for every target up to {share(found['largest'])}, the largest that money reaches. Dotted: "
        "the case's budget.",
        pd.DataFrame(
            {f"least budget ({unit})": [amount(cost) for cost in costs]}, index=[share(t) for t in targets]
        ).rename_axis("target"),
        figure,
    )


def _asked(found: dict[str, Any]) -> go.Scatter:
    """The target that was asked for, on the curve."""
    return go.Scatter(
        x=[100 * found["target"]],
        y=[found["cost"]],
        mode="markers",
        name=f"target {share(found['target'], 0)}",
        marker={"size": 12, "symbol": "diamond", "color": OBSERVED.colour, "line": {"color": INK, "width": 1}},
    )
