"""Grids: what the answer becomes along one axis, or over two; for more axes a table."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.report.advice import differs
from scenarios.report.drawing import LEAST, NONE, OBSERVED, ROBUST, TIER_STYLES, Style, chart, lines
from scenarios.report.figures import amount, share
from scenarios.report.naming import (
    NOTHING,
    SAME_MONEY,
    country_name,
    folded,
    money_unit,
    reason_in_words,
    scenario_label,
)
from scenarios.report.part import Part
from scenarios.storing import StoredCase, StoredStudy
from scenarios.studies import Axis, Grid

__all__ = ["grid_parts", "grids_in_words"]

_RISK = "risk (% of final demand)"
_LINES = 4
"""Up to so many values of a second axis are lines; more are a heat map."""
_OPTIONS = {
    "move": "share of the budget that may move",
    "alpha": "CVaR level alpha",
    "beta": "weight of CVaR in risk, beta",
    "pieces": "pieces of the response curve",
    "ambiguity": "probability that may be elsewhere",
    "slope_budget": "responses that may be low at once",
}


def grid_parts(study: StoredStudy) -> list[Part]:
    """The parts of every grid: one or two for each case that it starts from."""
    titles = {case.name: case.title for case in study.cases}
    return [
        part
        for grid in study.study.grids
        for case, points in _by_case(study.grid(grid.name)).items()
        for part in _parts(grid, titles[case], points)
    ]


def _by_case(points: Sequence[StoredCase]) -> dict[str, list[StoredCase]]:
    found: dict[str, list[StoredCase]] = {}
    for point in points:
        found.setdefault(point.case, []).append(point)
    return found


def _parts(grid: Grid, title: str, points: list[StoredCase]) -> Iterator[Part]:
    labels = _labels(grid, points)
    ident = f"grid.{grid.name}.{points[0].case}"
    over = " and ".join(_plain(label) for label in labels.values())
    kept = (
        " The observed allocation keeps its own budget." if any(axis.option == "budget" for axis in grid.axes) else ""
    )
    words = f"{_in_words(grid, points)} Each point is solved anew.{kept}{_unsolved(grid, points)}".strip()
    solved = [point for point in points if point.solved]
    found, leads = (_risk_in_words(grid, solved), _leads_in_words(grid, solved)) if len(solved) > 1 else ("", "")
    table = _table(grid, points, labels)
    name, axes = grid.axes[0].name, len(grid.axes)
    chart = _risks(points, name, labels[name]) if axes == 1 else _surface(grid, points, labels) if axes == 2 else None
    risk = f"{title}: {'risk' if axes == 1 else 'least risk'} over {over}"
    yield Part(f"{ident}-risk", risk, words, table, chart, axes > 1, finding=found[:-1])
    if axes == 1:
        yield Part(
            f"{ident}-tiers",
            f"{title}: who gets the money over {over}",
            "Shares of the money spent, in the least-risk allocation nearest to today's.",
            table,
            _tiers(points, name, labels[name]),
            finding=leads[:-1],
        )


def grids_in_words(study: StoredStudy) -> list[str]:
    """What each grid says of each case that it starts from, in a sentence or two."""
    titles = {case.name: case.title for case in study.cases}
    return [
        f"{f'{grid.title}. ' if grid.title else ''}{titles[case]}: {said[0].lower()}{said[1:]}"
        for grid in study.study.grids
        for case, points in _by_case(study.grid(grid.name)).items()
        if (said := _in_words(grid, points))
    ]


def _in_words(grid: Grid, points: Sequence[StoredCase]) -> str:
    """Least risk over the points, and which tier gets the most where; nothing where fewer than two are solved."""
    solved = [point for point in points if point.solved]
    if len(solved) < 2:
        return ""
    return f"{_risk_in_words(grid, solved)} {_leads_in_words(grid, solved)}"


def _risk_in_words(grid: Grid, solved: Sequence[StoredCase]) -> str:
    least = {_place(grid, point): point.optimize["risk"]["optimal"] for point in solved}
    low, high = min(least, key=lambda at: least[at]), max(least, key=lambda at: least[at])
    if least[high] - least[low] <= NOTHING:
        return f"The least risk is {share(least[low])} of final demand at all {len(solved)} points."
    lowest, highest = differs(least[low], least[high])
    return f"The least risk lies between {lowest} of final demand ({low}) and {highest} ({high})."


def _leads_in_words(grid: Grid, solved: Sequence[StoredCase]) -> str:
    """Along one axis who gets the most from where to where; over several at how many points."""
    leaders = [_leader(point) for point in solved]
    if len(set(leaders)) == 1:
        return f"{_most(leaders[0])} at {'both' if len(solved) == 2 else f'all {len(solved)}'} points."
    if len(grid.axes) > 1:
        counted = {leader: leaders.count(leader) for leader in dict.fromkeys(leaders)}
        first = max(counted, key=lambda leader: counted[leader])
        others = ", ".join(f"{leader or 'no tier alone'} at {n}" for leader, n in counted.items() if leader != first)
        return f"{_most(first)} at {counted[first]} of {len(solved)} points, {others}."
    (axis,) = grid.axes
    along = sorted(range(len(solved)), key=lambda n: solved[n].point[axis.name])
    runs = [
        (leader, [axis.told(solved[n].point[axis.name]) for n in run])
        for leader, run in groupby(along, lambda n: leaders[n])
    ]
    spans = [
        f"{leader or 'no tier alone'} at {at[0] if len(at) == 1 else f'{at[0]} to {at[-1]}'}" for leader, at in runs
    ]
    return f"The most money goes {', then '.join(spans)} ({_plain(_labels(grid, solved)[axis.name])})."


def _most(leader: str) -> str:
    return f"{leader.capitalize()} gets the most money" if leader else "No tier alone gets the most money"


def _leader(point: StoredCase) -> str:
    """The tier with most money at a point; none where two have as much, or nothing is spent."""
    tiers = point.optimize["tiers"]["optimal"]
    first, second = sorted(tiers, key=lambda tier: tiers[tier])[::-1][:2]
    return first if tiers[first] - tiers[second] > SAME_MONEY * sum(tiers.values()) else ""


def _place(grid: Grid, point: StoredCase) -> str:
    labels = _labels(grid, [point])
    return ", ".join(f"{_plain(labels[name])} {value}" for name, value in grid.told(point.point).items())


def _plain(label: str) -> str:
    """A label without its unit in parentheses: `budget (RMB billion)` is `budget`."""
    return label.partition(" (")[0]


def _labels(grid: Grid, points: Sequence[StoredCase]) -> dict[str, str]:
    return {axis.name: axis.title or _label(axis, money_unit(points[0])) for axis in grid.axes}


def _label(axis: Axis, unit: str) -> str:
    """What an axis without a title counts, with its unit."""
    if axis.option is not None:
        return f"budget ({unit})" if axis.option == "budget" else _OPTIONS[axis.option]
    wanted = ((column, [value] if isinstance(value, str) else value) for column, value in axis.where.items())
    where = ", ".join(f"{' or '.join(_called(column, value) for value in values)}" for column, values in wanted)
    how = "times as they are" if axis.multiply else "more than they are" if axis.add else "set to"
    return f"{axis.table}{f' of {where}' if where else ''} ({how})"


def _called(column: str, value: str) -> str:
    """A value of a key column for people."""
    if column == "scenario":
        return scenario_label(value)
    return country_name(value) if column in ("location", "owner") else value.replace("_", " ")


def _unsolved(grid: Grid, points: list[StoredCase]) -> str:
    """Which points have no answer, and why: each reason once."""
    reasons: dict[str, list[str]] = {}
    for point in points:
        if not point.solved:
            reasons.setdefault(reason_in_words(point.failed["optimize"]), []).append(_at(grid, point))
    return "".join(f" No answer at {'; '.join(places)}: {reason}." for reason, places in reasons.items())


def _at(grid: Grid, point: StoredCase) -> str:
    return ", ".join(f"{name} {value}" for name, value in grid.told(point.point).items())


def _table(grid: Grid, points: list[StoredCase], labels: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for point in points:
        row = {labels[name]: value for name, value in grid.told(point.point).items()}
        rows.append(row | (_solved(point) if point.solved else {"least risk": "no answer"}))
    return pd.DataFrame(rows).fillna("").set_index(next(iter(labels.values())))


def _solved(point: StoredCase) -> dict[str, str]:
    best, unit = point.optimize, money_unit(point)
    row = {"observed risk": share(best["risk"]["observed"], 2), "least risk": share(best["risk"]["optimal"], 2)}
    if "robust" in point.answers:
        worst = point.answers["robust"]["risk"]["robust"]
        row |= {"robust": share(worst["nominal"], 2), "robust, worst case": share(worst["worst_case"], 2)}
    return row | {f"{tier} ({unit})": amount(best["tiers"]["optimal"][tier]) for tier in TIERS}


def _risk(point: StoredCase, which: str) -> float | None:
    """A risk in % of final demand; None where the point has no such answer."""
    if which == "robust":
        found = point.answers.get("robust")
        return None if found is None else 100 * float(found["risk"]["robust"]["nominal"])
    return 100 * float(point.optimize["risk"][which]) if point.solved else None


def _risks(points: list[StoredCase], axis: str, label: str) -> go.Figure:
    styles = {"no subsidy": ("none", NONE), "observed": ("observed", OBSERVED), "least risk": ("optimal", LEAST)}
    if any("robust" in point.answers for point in points):
        styles["robust"] = ("robust", ROBUST)
    at = [point.point[axis] for point in points]
    drawn = [lines(name, style, at, [_risk(p, which) for p in points]) for name, (which, style) in styles.items()]
    return chart(drawn, label, _RISK).update_yaxes(rangemode="tozero")


def _tiers(points: list[StoredCase], axis: str, label: str) -> go.Figure:
    at = [point.point[axis] for point in points]
    drawn = [lines(tier, style, at, [_share(p, tier) for p in points]) for tier, style in TIER_STYLES.items()]
    return chart(drawn, label, "share of the money spent (%)").update_yaxes(range=[-4, 104])


def _share(point: StoredCase, tier: str) -> float | None:
    """Share in the least-risk allocation, in %; None where the point is not solved or nothing is spent."""
    tiers = point.optimize["tiers"]["optimal"] if point.solved else {}
    spent = sum(tiers.values())
    return 100 * float(tiers[tier]) / spent if spent > 0 else None


def _surface(grid: Grid, points: list[StoredCase], labels: Mapping[str, str]) -> go.Figure:
    """Least risk over two axes: a line for each value of the second, or a heat map where those are many."""
    first, second = labels
    across, down = grid.axes
    values = pd.DataFrame([{**point.point, "risk": _risk(point, "optimal")} for point in points])
    table = values.astype(float).pivot(index=second, columns=first, values="risk")
    beside, below = (along.to_numpy(dtype=float).tolist() for along in (table.columns, table.index))
    if len(table) <= _LINES:
        styles = [Style(style.colour, "", style.dash, style.symbol) for style in (LEAST, OBSERVED, ROBUST, NONE)]
        drawn = [
            lines(
                folded(f"{_plain(labels[second])}: {down.told(value)}", 30),
                style,
                beside,
                [None if pd.isna(y) else y for y in row],
            )
            for style, (value, row) in zip(styles, zip(below, table.to_numpy(), strict=True), strict=False)
        ]
        return chart(drawn, labels[first], f"least {_RISK}", 380).update_yaxes(rangemode="tozero")
    cells = go.Heatmap(
        x=[across.told(value) for value in beside],
        y=[down.told(value) for value in below],
        z=[[None if pd.isna(risk) else float(risk) for risk in row] for row in table.to_numpy()],
        colorscale="Cividis",
        colorbar={"title": {"text": f"least {_RISK}", "side": "right"}},
    )
    figure = chart([cells], labels[first], labels[second], 160 + 30 * len(table))
    figure.update_xaxes(type="category")
    return figure.update_yaxes(type="category")
