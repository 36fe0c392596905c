"""Choke points in a report."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from chains.tables.definitions import HYBRID
from optimize.questions.choke_points import MOST_MONTHS
from scenarios.report.drawing import INK, LEAST, OBSERVED, bars, chart
from scenarios.report.figures import share
from scenarios.report.naming import NOTHING, country_name, folded, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_SHOWN = 12


def more(case: StoredCase) -> list[Part]:
    """The worst cuts, and the worst pair of countries; how long each cut lasts without loss."""
    return [_part(case), _survival(case)]


def _part(case: StoredCase) -> Part:
    found = case.answers["choke-points"]
    single = pd.DataFrame(found["single"])
    labels = [_cut(case, row) for row in found["single"]]
    top = single.head(_SHOWN).iloc[::-1]
    names = labels[: len(top)][::-1]
    figure = chart(
        [
            bars("least risk", LEAST, x=list(100 * top["loss_least_risk"]), y=names, orientation="h"),
            bars("observed", OBSERVED, x=list(100 * top["loss"]), y=names, orientation="h"),
        ],
        "loss (% of final demand)",
        "",
        110 + 44 * len(top),
    ).update_layout(legend_traceorder="reversed")
    worst = found["worst"]
    cut = " and ".join(country_name(country) for country in worst["cuts"])
    losses = {"observed": single["loss"], "least risk": single["loss_least_risk"]}
    table = pd.DataFrame({name: loss.map(lambda value: share(value, 2)) for name, loss in losses.items()})
    return Part(
        f"{case.name}-choke",
        "Choke points: what is lost when one is cut off completely",
        "Loss as a share of final demand, with today's allocation and the least-risk one. "
        f"The worst pair of countries is {cut}: {share(worst['loss'])}, found exactly.",
        table.set_axis([label.replace("<br>", " ") for label in labels], axis=0),
        figure if single["loss"].max() > NOTHING or single["loss_least_risk"].max() > NOTHING else None,
        finding=f"Cut off entirely, {labels[0].replace('<br>', ' ')} costs most: {share(single['loss'].iloc[0])}",
    )


def _survival(case: StoredCase) -> Part:
    """Time to survive beside time to recover; drawn where some cut begins to cost between the first day and the last.

    Drawn are those that are the first to cost, whichever allocation.
    """
    single = pd.DataFrame(case.answers["choke-points"]["single"])
    labels = pd.Series([_cut(case, row) for row in case.answers["choke-points"]["single"]], index=single.index)
    columns = {"observed": "survives", "least risk": "survives_least_risk"}
    table = pd.DataFrame({name: single[column].map(_months) for name, column in columns.items()})
    if single["recovers"].notna().any():
        table["supply is back after"] = single["recovers"].map(_months)
    months = single[list(columns.values())].to_numpy(dtype=float)
    between = single.iloc[np.flatnonzero(((months > 0.0) & (months < MOST_MONTHS)).any(axis=1))]
    return Part(
        f"{case.name}-survives",
        "How long a cut lasts without loss",
        f"Months of a complete cut before any final demand is lost, at the stock that is held. {_survived(single)}",
        table.set_axis([label.replace("<br>", " ") for label in labels], axis=0),
        _survival_chart(between.sort_values(["survives", "survives_least_risk"]).head(_SHOWN), labels),
        finding=f"{int((single['survives'] <= 0.0).sum())} of {len(single)} cuts cost from the first day",
    )


def _survived(single: pd.DataFrame) -> str:
    """At the observed allocation: how many cuts cost at once, later or not at all, and before supply is back."""
    months = single["survives"]
    at_once, never = int((months <= 0.0).sum()), int((months >= MOST_MONTHS).sum())
    later = months[(months > 0.0) & (months < MOST_MONTHS)]
    said = (
        f"At the observed allocation {at_once} of {len(months)} cuts cost from the first day, {len(later)} later, and "
        f"{never} nothing in {MOST_MONTHS:.0f} months."
    )
    if len(later):
        said += f" The first of those that cost later does after {later.min():.1f} months."
    known = single[single["recovers"].notna()]
    if len(known):
        short = int((known["survives"] < known["recovers"]).sum())
        said += (
            f" For {len(known)} cuts the package says when supply is back (the longest scenario that cuts all of it): "
            f"{short} of them cost before that."
        )
    return said


def _survival_chart(shown: pd.DataFrame, labels: pd.Series) -> go.Figure | None:
    if shown.empty:
        return None
    shown = shown.iloc[::-1]
    names = list(labels[shown.index])
    traces: list[object] = [
        bars("least risk", LEAST, x=list(shown["survives_least_risk"]), y=names, orientation="h"),
        bars("observed", OBSERVED, x=list(shown["survives"]), y=names, orientation="h"),
    ]
    known = shown["recovers"].notna()
    if known.any():
        back = {"symbol": "diamond", "size": 11, "color": INK}
        there = [name for name, is_known in zip(names, known, strict=True) if is_known]
        traces.append(
            go.Scatter(name="supply is back", x=list(shown["recovers"][known]), y=there, mode="markers", marker=back)
        )
    figure = chart(traces, f"months without loss (at most {MOST_MONTHS:.0f} looked at)", "", 130 + 44 * len(shown))
    return figure.update_layout(legend_traceorder="reversed").update_xaxes(rangemode="tozero")


def _months(months: float) -> str:
    if pd.isna(months):
        return "not said"
    return f"{months:.0f} or more" if months >= MOST_MONTHS else f"{months:.1f}"


def _cut(case: StoredCase, row: dict[str, str]) -> str:
    if row["kind"] == "owner":
        return folded(f"owners in {country_name(row['owner'])}" if row["owner"] != HYBRID else "hybrid firms")
    place = country_name(row["country"])
    return folded(f"{place}: {segment_label(case, row['segment'])}" if row["segment"] else f"all from {place}")
