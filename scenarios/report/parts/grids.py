"""Grids: what the answer becomes along one axis, or over two; for more axes a table."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from chains.tables.schema import TIERS
from scenarios.report.drawing import LEAST, NONE, OBSERVED, ROBUST, TIER_STYLES, Style, chart, lines
from scenarios.report.figures import amount, share
from scenarios.report.naming import money_unit, reason_in_words
from scenarios.report.part import Part
from scenarios.storing import StoredCase, StoredStudy
from scenarios.studies import Axis, Grid

__all__ = ["grid_parts"]

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
    labels = {axis.name: _label(axis, money_unit(points[0])) for axis in grid.axes}
    ident, over = f"grid.{grid.name}.{points[0].case}", " and ".join(labels.values())
    kept = (
        " The observed allocation keeps its own budget." if any(axis.option == "budget" for axis in grid.axes) else ""
    )
    words = f"Each point is solved anew.{kept}{_unsolved(grid, points)}"
    table = _table(grid, points, labels)
    if len(grid.axes) == 1:
        name = grid.axes[0].name
        yield Part(f"{ident}-risk", f"{title}: risk over {over}", words, table, _risks(points, name, labels[name]))
        shares = "Shares of the budget in the least-risk allocation nearest to the observed one."
        yield Part(f"{ident}-tiers", f"{title}: who gets the money", shares, table, _tiers(points, name, labels[name]))
    elif len(grid.axes) == 2:
        yield Part(
            f"{ident}-risk", f"{title}: least risk over {over}", words, table, _surface(grid, points, labels), True
        )
    else:
        yield Part(f"{ident}-risk", f"{title}: least risk over {over}", words, table, None, True)


def _label(axis: Axis, unit: str) -> str:
    """What an axis counts, with its unit."""
    if axis.option is not None:
        return f"budget ({unit})" if axis.option == "budget" else _OPTIONS[axis.option]
    wanted = ((column, [value] if isinstance(value, str) else value) for column, value in axis.where.items())
    where = " and ".join(f"{column}={' or '.join(values)}" for column, values in wanted)
    how = "× factor" if axis.multiply else "+ amount" if axis.add else "set to"
    return f"{axis.table}{f' where {where}' if where else ''} {how}"


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
                f"{second} {down.told(value)}",
                style,
                beside,
                [None if pd.isna(y) else y for y in row],
            )
            for style, (value, row) in zip(styles, zip(below, table.to_numpy(), strict=True), strict=False)
        ]
        figure = chart(drawn, labels[first], f"least {_RISK}", 380).update_yaxes(rangemode="tozero")
        return figure.update_layout(legend_title_text=labels[second])
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
