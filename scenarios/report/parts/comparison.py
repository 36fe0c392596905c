"""Cases side by side: the one chart and the one table that a minister sees."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.report.advice import LITTLE, differs
from scenarios.report.drawing import INK, LEAST, NONE, OBSERVED, ROBUST, Style, bars, chart
from scenarios.report.figures import amount
from scenarios.report.naming import NOTHING, folded, money_unit
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
        finding=_finding(cases),
    )


def _finding(cases: Sequence[StoredCase]) -> str:
    """In how many cases risk falls, and in which most, where it is one."""
    falls = {n: _fall(case) for n, case in enumerate(cases)}
    most = max(falls, key=lambda n: falls[n])
    if falls[most] <= NOTHING:
        return "Risk falls in no case" if len(cases) > 1 else "Risk does not fall"
    if len(cases) == 1:
        return f"Risk falls by {_told(falls[most])} points"
    falling = sum(fall > NOTHING for fall in falls.values())
    every = "both" if len(cases) == 2 else f"all {len(cases)}"
    often = f"{every if falling == len(cases) else f'{falling} of {len(cases)}'} cases"
    if sum(fall >= falls[most] - NOTHING for fall in falls.values()) > 1:
        return f"Risk falls in {often}, by {_told(falls[most])} points at most"
    return f"Risk falls in {often}, most in {cases[most].title}: {_told(falls[most])} points"


def _fall(case: StoredCase) -> float:
    """How far risk falls from the observed allocation to the one of least risk, as a share of final demand."""
    risk = case.optimize["risk"]
    return float(risk["observed"] - risk["optimal"])


def _told(fall: float) -> str:
    """A fall in points with three digits, however small it is; what is rounding is 0."""
    return amount(100 * fall) if abs(fall) > NOTHING else "0"


def _row(case: StoredCase, unit: str) -> dict[str, str]:
    risk, tiers = case.optimize["risk"], case.optimize["tiers"]["optimal"]
    before, after = differs(risk["observed"], risk["optimal"])
    little = LITTLE * sum(tiers.values())
    return {
        "case": case.title,
        "observed risk": before,
        "least risk": after,
        "fall (points)": _told(_fall(case)),
        **{tier: (amount(tiers[tier]) if not 0 < tiers[tier] <= little else "≈ 0") + unit for tier in TIERS},
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
