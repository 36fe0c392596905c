"""What matters: which figures move the answer, so which to collect next."""

from typing import Any

import pandas as pd

from optimize.sampling.sensitivity import OTHERS
from scenarios.report.drawing import INK, LEAST, OBSERVED, bars, chart
from scenarios.report.figures import amount
from scenarios.report.naming import NOTHING, figure_label, folded
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["SHOWN", "sensitivity_parts", "structure_parts"]

SHOWN = 12
"""Figures that a chart shows; its table has all of them."""
_FALL = "fall in risk by reallocation (points of final demand)"


def sensitivity_parts(case: StoredCase) -> list[Part]:
    """The tornado and, where they were asked for, the Sobol indices or the Morris screen."""
    found = case.answers["uncertainty"]
    if not found.get("tornado"):
        return []
    base, figures = found["tornado"]["base"], [one for one in found["tornado"]["factors"] if one["swing"] is not None]
    parts = [_tornado(case, base, figures)] if figures else []
    shares = [one for one in found["sobol"] if one["S1"] is not None and one["ST"] is not None]
    effects = [one for one in found["morris"] if one["mu_star"] is not None]
    if shares:
        parts.append(_sobol(case, shares, figures))
    elif effects:
        parts.append(_morris(case, effects, figures))
    return parts


def structure_parts(case: StoredCase) -> list[Part]:
    """What of structure was varied, and which of it decides."""
    found = case.answers["uncertainty"]["structure"]
    groups = pd.DataFrame(found["groups"]).rename(columns={"group": "structure", "given": "figures"})
    groups = groups.set_index("structure")
    shares = [one for one in found["sobol"] if one["ST"] is not None]
    if shares:
        by_name = {one["factor"]: f"{one['ST']:.3f} ± {one['ST_conf']:.3f}" for one in shares}
        groups["total Sobol index"] = [by_name.get(name, "") for name in groups.index]
    figure = None
    if shares:
        drawn = bars(
            "total Sobol index",
            LEAST,
            y=[folded(one["factor"], 30) for one in shares[::-1]],
            x=[one["ST"] for one in shares[::-1]],
            error_x={"type": "data", "array": [one["ST_conf"] for one in shares[::-1]], "color": INK, "width": 4},
            orientation="h",
        )
        axis = "total Sobol index (share of the variance of the fall in risk)"
        figure = chart([drawn], axis, "", 120 + 44 * len(shares)).update_xaxes(rangemode="tozero")
    words = f"{found['said']} {found['decides']}".strip()
    varied = int(groups["drawn"].sum())
    finding = (
        f"{varied} numbers of structure were varied"
        if varied > 1
        else "One number was varied"
        if varied
        else "No number was varied"
    )
    return [Part(f"{case.name}-structure", "What matters: structure", words, groups, figure, finding=finding)]


def _tornado(case: StoredCase, outcome: float, found: list[dict[str, Any]]) -> Part:
    top = found[:SHOWN][::-1]
    names = [folded(figure_label(case, one["factor"]), 30) for one in top]
    base = 100 * outcome
    traces = [
        bars(name, style, y=names, x=[100 * one[end] - base for one in top], base=base, orientation="h")
        for name, end, style in (
            ("figure low (its 5% quantile)", "at_low", OBSERVED),
            ("high (95%)", "at_high", LEAST),
        )
    ]
    figure = chart(traces, _FALL, "", 120 + 40 * len(top)).update_layout(barmode="overlay")
    figure.add_vline(x=base, line={"color": INK, "width": 1})
    first = found[0]
    ends = sorted((100 * first["at_low"], 100 * first["at_high"]))
    label = figure_label(case, first["factor"])
    moves = ends[1] - ends[0] > 100 * NOTHING
    span = f"from {amount(ends[0])} to {amount(ends[1])}"
    alone = f"{label} alone, {first['low']:.3g} to {first['high']:.3g} (5% to 95%), moves that {span}."
    return Part(
        f"{case.name}-tornado",
        "What matters: one figure at a time",
        f"As the figures stand, the same money reallocated lowers risk by {amount(base)} points. "
        f"{alone if moves else 'No figure alone moves that.'}{_of(len(found))}",
        pd.DataFrame(
            {
                "at its low": [f"{100 * one['at_low']:.2f}" for one in found],
                "at its high": [f"{100 * one['at_high']:.2f}" for one in found],
                "low to high": [f"{one['low']:.4g} to {one['high']:.4g}" for one in found],
                "status": [one["status"] for one in found],
                "source": [one["source"] for one in found],
            },
            index=pd.Index([figure_label(case, one["factor"]) for one in found], name="figure"),
        ),
        figure,
        wide=True,
        finding=f"{label} alone moves the fall in risk {span} points"
        if moves
        else "No figure alone moves the fall in risk",
    )


def _sobol(case: StoredCase, found: list[dict[str, Any]], figures: list[dict[str, Any]]) -> Part:
    ranked = sorted(found, key=lambda one: -one["ST"])
    first = next(one for one in ranked if one["factor"] != OTHERS)
    top = ranked[:SHOWN][::-1]
    names = [folded(figure_label(case, one["factor"]), 30) for one in top]
    traces = [
        bars(
            name,
            style,
            y=names,
            x=[one[key] for one in top],
            error_x={"type": "data", "array": [one[f"{key}_conf"] for one in top], "color": INK, "width": 4},
            orientation="h",
        )
        for name, key, style in (("first order (alone)", "S1", OBSERVED), ("total (with others)", "ST", LEAST))
    ]
    figure = chart(traces, "Sobol index (share of the variance of the fall in risk)", "", 120 + 44 * len(top))
    return Part(
        f"{case.name}-sobol",
        "What matters: which figure to collect next",
        f"{_collect(case, first, 'ST', figures)} Whiskers: 95% confidence.{_of(len(found))}",
        pd.DataFrame(
            {
                "first order": [f"{one['S1']:.3f} ± {one['S1_conf']:.3f}" for one in ranked],
                "total": [f"{one['ST']:.3f} ± {one['ST_conf']:.3f}" for one in ranked],
            },
            index=pd.Index([figure_label(case, one["factor"]) for one in ranked], name="figure"),
        ),
        figure.update_xaxes(rangemode="tozero"),
        wide=True,
        finding=f"Collect next: {figure_label(case, first['factor'])}"
        if first["ST"] > first["ST_conf"]
        else "These draws are too few to say which figure to collect next",
    )


def _morris(case: StoredCase, found: list[dict[str, Any]], figures: list[dict[str, Any]]) -> Part:
    ranked = sorted(found, key=lambda one: -one["mu_star"])
    top = ranked[:SHOWN][::-1]
    drawn = bars(
        "mean absolute effect",
        LEAST,
        y=[folded(figure_label(case, one["factor"]), 30) for one in top],
        x=[100 * one["mu_star"] for one in top],
        error_x={"type": "data", "array": [100 * one["mu_star_conf"] for one in top], "color": INK, "width": 4},
        orientation="h",
    )
    return Part(
        f"{case.name}-morris",
        "What matters: which figure to collect next",
        f"{_collect(case, ranked[0], 'mu_star', figures)} Morris screen: mean absolute change of the fall in risk when "
        f"one figure goes through its range from many starting points. Whiskers: 95% confidence.{_of(len(found))}",
        pd.DataFrame(
            {
                "mean absolute effect (points)": [f"{100 * one['mu_star']:.3f}" for one in ranked],
                "confidence": [f"± {100 * one['mu_star_conf']:.3f}" for one in ranked],
                "spread (sigma)": [f"{100 * one['sigma']:.3f}" for one in ranked],
            },
            index=pd.Index([figure_label(case, one["factor"]) for one in ranked], name="figure"),
        ),
        chart([drawn], "points of final demand", "", 120 + 34 * len(top)).update_xaxes(rangemode="tozero"),
        wide=True,
        finding=f"Collect next: {figure_label(case, ranked[0]['factor'])}"
        if ranked[0]["mu_star"] > NOTHING
        else "No figure moves the fall in risk",
    )


def _collect(case: StoredCase, first: dict[str, Any], measure: str, figures: list[dict[str, Any]]) -> str:
    """Which figure to collect next, and what is known of it today."""
    known = next((one for one in figures if one["factor"] == first["factor"]), None)
    today = (
        f" (today {known['status']}, {known['low']:.3g} to {known['high']:.3g}, '{known['source']}')" if known else ""
    )
    moves = "It moves the answer most."
    if measure == "ST":
        moves = f"It accounts for {first['ST']:.0%} of the variance (± {first['ST_conf']:.0%}), alone and with others."
        if first["ST"] <= first["ST_conf"]:
            moves += " That is no more than these draws can tell from nothing."
    return f"Collect next: {figure_label(case, first['factor'])}{today}. {moves}"


def _of(count: int) -> str:
    return f" The chart shows the first {SHOWN} of {count}; the table has all." if count > SHOWN else ""
