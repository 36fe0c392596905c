"""Cases side by side: the one chart and the one table that a minister sees."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.report.drawing import INK, LEAST, NONE, OBSERVED, ROBUST, Style, bars, chart
from scenarios.report.figures import amount, share
from scenarios.report.naming import folded, money_unit
from scenarios.report.part import Part
from scenarios.report.parts.uncertainty import has_draws
from scenarios.storing import StoredCase

__all__ = ["comparison"]

_BARS = 6
"""So many cases have bars; more have points, which take less room."""


class _Measure(NamedTuple):
    """A risk that every case has, or may have: its style, and what its draws are called (none for the robust one)."""

    name: str
    style: Style
    drawn: str

    def risk(self, case: StoredCase) -> float | None:
        """The risk in % of final demand."""
        if self.name == "robust":
            found = case.answers.get("robust")
            return None if found is None else 100 * float(found["risk"]["robust"]["nominal"])
        key = {"no subsidy": "none", "observed": "observed", "least risk": "optimal"}[self.name]
        return 100 * float(case.optimize["risk"][key])

    def drawn_between(self, case: StoredCase) -> tuple[float, float] | None:
        """The 5% and 95% quantiles of the draws, in % of final demand; None where there are no draws."""
        if not has_draws(case) or not self.drawn:
            return None
        found = case.answers["uncertainty"]["distribution"][self.drawn]
        return 100 * found["q5"][0], 100 * found["q95"][0]


_MEASURES = (
    _Measure("no subsidy", NONE, "risk_none"),
    _Measure("observed", OBSERVED, "risk_observed"),
    _Measure("least risk", LEAST, "risk_least"),
    _Measure("robust", ROBUST, ""),
)


def comparison(cases: Sequence[StoredCase]) -> Part:
    """Risk of every solved case, and what its least-risk allocation gives to each tier."""
    units = {money_unit(case) for case in cases}
    one = units.pop() if len(units) == 1 else ""
    measures = [measure for measure in _MEASURES if any(measure.risk(case) is not None for case in cases)]
    drawn = any(has_draws(case) for case in cases)
    whiskers = " Whiskers: 5% to 95% of draws." if drawn else ""
    money = f"Money in {one}" if one else "Money"
    return Part(
        "comparison",
        "Risk, case by case" if len(cases) > 1 else "Risk",
        f"Risk in % of final demand.{whiskers} {money}: what the least-risk allocation gives to each tier.",
        pd.DataFrame([_row(case, "" if one else f" {money_unit(case)}") for case in cases]).set_index("case"),
        _chart(cases, measures),
    )


def _row(case: StoredCase, unit: str) -> dict[str, str]:
    risk, tiers = case.optimize["risk"], case.optimize["tiers"]["optimal"]
    return {
        "case": case.title,
        "observed risk": share(risk["observed"]),
        "least risk": share(risk["optimal"]),
        "fall (points)": f"{100 * (risk['observed'] - risk['optimal']):z.1f}",
        **{tier: amount(tiers[tier]) + unit for tier in TIERS},
        "budget": amount(sum(case.optimize["budget"].values())) + unit,
    }


def _chart(cases: Sequence[StoredCase], measures: list[_Measure]) -> go.Figure:
    """Rows of cases from the top; in each a bar, or a point, for every measure."""
    as_bars = len(cases) <= _BARS
    room = 0.8 if as_bars else 0.5
    thick = room / len(measures)
    traces: list[object] = []
    for n, measure in enumerate(measures):
        found = [(row, risk) for row, case in enumerate(cases) if (risk := measure.risk(case)) is not None]
        places = [row + thick * (n + 0.5) - room / 2 for row, _ in found]
        risks = [risk for _, risk in found]
        traces.append(_bars(measure, risks, places, thick) if as_bars else _points(measure, risks, places))
        spans = [measure.drawn_between(cases[row]) for row, _ in found]
        if any(spans):
            traces.append(_whiskers(spans, places))
    height = 84 + len(cases) * (24 * len(measures) + 12) if as_bars else 100 + 34 * len(cases)
    figure = chart(traces, "risk (% of final demand)", "", height)
    figure.update_layout(barmode="overlay")
    titles = [folded(case.title, 24 if as_bars else 36) for case in cases]
    figure.update_yaxes(tickvals=list(range(len(cases))), ticktext=titles, range=[len(cases) - 0.5, -0.5])
    return figure.update_xaxes(rangemode="tozero")


def _bars(measure: _Measure, risks: list[float], places: list[float], thick: float) -> go.Bar:
    return bars(measure.name, measure.style, x=risks, y=places, width=0.9 * thick, orientation="h")


def _points(measure: _Measure, risks: list[float], places: list[float]) -> go.Scatter:
    marker = {"color": measure.style.colour, "symbol": measure.style.symbol, "size": 10}
    return go.Scatter(name=measure.name, x=risks, y=places, mode="markers", marker=marker)


def _whiskers(spans: list[tuple[float, float] | None], places: list[float]) -> go.Scatter:
    drawn = [(span, place) for span, place in zip(spans, places, strict=True) if span is not None]
    return go.Scatter(
        x=[(low + high) / 2 for (low, high), _ in drawn],
        y=[place for _, place in drawn],
        mode="markers",
        marker={"size": 1, "color": INK},
        error_x={"type": "data", "array": [(high - low) / 2 for (low, high), _ in drawn], "color": INK, "width": 4},
        showlegend=False,
        hoverinfo="skip",
    )
