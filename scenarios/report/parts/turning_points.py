"""Where the advice turns, in a report: who leads over the range of each number, and over two at once."""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.documents.turning_points import called, value_in_words
from scenarios.report.drawing import INK, NONE, TIER_STYLES, bars, chart
from scenarios.report.figures import share
from scenarios.report.naming import folded
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_TIE = "tie"
_STYLES = {**TIER_STYLES, _TIE: NONE}
_LETTERS = {"upstream": "U", "midstream": "M", "downstream": "D", _TIE: "=", None: ""}


def more(case: StoredCase) -> list[Part]:
    """Turning points, and the map where there is one."""
    found = case.answers["turning-points"]
    parts = [_points(case, found)] if found["searched"] else []
    return [*parts, _map(case, found["map"])] if found["map"] else parts


def _points(case: StoredCase, found: dict[str, Any]) -> Part:
    steps = {each["steps"] for each in found["searched"]}
    finely = (
        f"Each number was turned over its range in {' or '.join(map(str, sorted(steps)))} steps, halved up to four "
        "times where a rival came near; places are found to 0.0001. What turns and turns back inside a step is not "
        "seen."
    )
    return Part(
        f"{case.name}-turning",
        "Where the advice turns",
        f"{found['words']} {finely}",
        _table(found),
        _strips(found["searched"]),
        True,
        finding=_finding(found),
    )


def _finding(found: dict[str, Any]) -> str:
    """How many of the numbers turn the advice somewhere in their range."""
    turning, searched = len({point["number"] for point in found["points"]}), len(found["searched"])
    who = (
        f"{found['first'].capitalize()} gets the most as the package stands" if found["first"] else "It is a tie today"
    )
    return f"{who}; {turning} of {searched} numbers turn that in their range"


def _table(found: dict[str, Any]) -> pd.DataFrame:
    """The points, with the tiers' shares on both sides."""
    units = {each["number"]: each["unit"] for each in found["searched"]}
    rows = []
    for point in found["points"]:
        unit, shares = units[point["number"]], point["shares"]
        tie = "" if point["tie"] is None else " (tie from {:.4g} to {:.4g})".format(*point["tie"])
        row = {"where": value_in_words(unit, point["at"]) + tie, "from": point["before"], "to": point["after"]}
        row |= {tier: f"{share(shares['before'][tier])} to {share(shares['after'][tier])}" for tier in TIERS}
        rows.append(row)
    names = [called(point["number"]) for point in found["points"]]
    return pd.DataFrame(rows, index=pd.Index(names, name="number"))


def _strips(searched: list[dict[str, Any]]) -> go.Figure:
    """A strip for each number over its range, in the style of who leads; a stroke where the package stands."""
    names = [folded(f"{called(each['number'])}: {_range(each)}", 34) for each in searched]
    traces: list[object] = []
    for first, style in _STYLES.items():
        drawn = [
            (name, _place(each, lead["from"]), _place(each, lead["to"]))
            for name, each in zip(names, searched, strict=True)
            for lead in each["leads"]
            if (lead["first"] or _TIE) == first
        ]
        if drawn:
            places, starts, ends = (list(column) for column in zip(*drawn, strict=True))
            widths = [end - start for start, end in zip(starts, ends, strict=True)]
            traces.append(bars(first, style, x=widths, y=places, base=starts, orientation="h", width=0.6))
    traces.append(
        go.Scatter(
            name="today",
            x=[_place(each, each["now"]) for each in searched],
            y=names,
            mode="markers",
            marker={"symbol": "line-ns", "size": 24, "line": {"color": INK, "width": 4}},
        )
    )
    figure = chart(traces, "place in the range (%)", "", 130 + 44 * len(names)).update_layout(barmode="overlay")
    figure.update_xaxes(range=[-2, 102])
    return figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])


def _place(each: dict[str, Any], value: float) -> float:
    """Where a value stands between the ends of the range, in %; of slopes by ratio, as they are searched."""
    low, high = each["from"], each["to"]
    if each["number"].startswith("slope:"):
        low, high, value = (math.log(end) for end in (low, high, value))
    return 100.0 * float((value - low) / (high - low))


def _range(each: dict[str, Any]) -> str:
    if each["unit"] == "factor":
        return f"× {each['from']:.3g} to {each['to']:.3g}"
    if each["unit"] in ("share", "probability"):
        return f"{100 * each['from']:.3g} to {100 * each['to']:.3g}%"
    return f"{each['from']:.3g} to {each['to']:.3g} {each['unit']}"


def _map(case: StoredCase, found: dict[str, Any]) -> Part:
    """Who leads over two numbers: a field of colours, with a letter in each."""
    one, other = found["numbers"]
    table = pd.DataFrame(found["first"], index=found["values"][1], columns=found["values"][0])
    firsts = {first for row in found["first"] for first in row if first is not None}
    codes = {first: n for n, first in enumerate(_STYLES)}
    said = ", ".join(f"{_LETTERS[first]} {first}" for first in _STYLES if first in firsts)
    labels = [f"{called(each['number'])} ({each['unit']})" for each in (one, other)]
    shown = table.iloc[::-1]
    return Part(
        f"{case.name}-turning-map",
        f"Who leads over {called(one['number'])} and {called(other['number'])}",
        f"The tier with most money at least risk, at {table.size} pairs of values: {said}. As the package stands they "
        f"are {one['now']:.3g} and {other['now']:.3g}.",
        pd.DataFrame(
            [[first or "not possible" for first in row] for row in shown.to_numpy().tolist()],
            index=pd.Index([f"{value:.3g}" for value in shown.index], name=labels[1]),
            columns=[f"{value:.3g}" for value in shown.columns],
        ),
        _field(table, codes, labels),
        True,
        finding=_often(table),
    )


def _often(table: pd.DataFrame) -> str:
    """Who leads at most of the pairs, or that two lead at as many."""
    counted = table.stack().value_counts()
    if counted.empty:
        return "No pair of values is possible"
    first = "No tier alone" if counted.index[0] == _TIE else str(counted.index[0]).capitalize()
    if len(counted) > 1 and counted.iloc[0] == counted.iloc[1]:
        return f"No tier leads at most of the {table.size} pairs"
    return f"{first} leads at {int(counted.iloc[0])} of {table.size} pairs"


def _field(table: pd.DataFrame, codes: dict[str, int], labels: list[str]) -> go.Figure:
    cells = table.to_numpy().tolist()
    last = len(codes)
    scale = [(edge / last, style.colour) for n, style in enumerate(_STYLES.values()) for edge in (n, n + 1)]
    heat = go.Heatmap(
        x=[f"{value:.3g}" for value in table.columns],
        y=[f"{value:.3g}" for value in table.index],
        z=[[None if first is None else codes[first] + 0.5 for first in row] for row in cells],
        text=[[_LETTERS[first] for first in row] for row in cells],
        texttemplate="%{text}",
        textfont={"color": "white", "size": 12},
        colorscale=scale,
        zmin=0,
        zmax=last,
        showscale=False,
    )
    figure = chart([heat], labels[0], labels[1], 160 + 24 * len(cells))
    return figure.update_xaxes(type="category").update_yaxes(type="category")
