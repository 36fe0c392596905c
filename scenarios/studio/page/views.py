"""What an answer looks like on the page: words, tables and charts."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html

from chains import Chain, Problem
from optimize import Advice
from scenarios.report.naming import country_name
from scenarios.studio.answering import Answer
from scenarios.studio.charts import by_segment, origins
from scenarios.terminal.figures import amount, percent

__all__ = [
    "answer_table",
    "comparison",
    "differences",
    "drawn",
    "graph",
    "moved_in_words",
    "nothing_drawn",
    "origin_table",
    "problem_list",
]

_DRAWN: Any = {"displayModeBar": False, "responsive": True, "topojsonURL": "/assets/topojson/"}
SAME = 1e-9


def graph(name: str, figure: go.Figure | None = None) -> dcc.Graph:
    """A chart; its map, where it is one, comes from our own files."""
    chart, style = drawn(figure or nothing_drawn())
    return dcc.Graph(id=name, figure=chart, style=style, config=_DRAWN, responsive=True)


def drawn(figure: go.Figure) -> tuple[go.Figure, dict[str, str]]:
    """A chart and the style that gives it its height: when the window changes, a chart takes that of its frame."""
    return figure, {"height": f"{figure.layout.height}px"}


def nothing_drawn() -> go.Figure:
    """A chart of nothing."""
    figure = go.Figure()
    figure.update_layout(height=10, margin={"l": 0, "r": 0, "t": 0, "b": 0}, template="plotly_white")
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)


def problem_list(problems: Iterable[Problem]) -> list[html.Li]:
    """Problems, one a line, as `tierwise validate` says them."""
    return [html.Li(str(problem)) for problem in problems]


def wrong(title: str, problems: Sequence[Problem]) -> list[Any]:
    """A title and problems; nothing where there are none."""
    return [html.P(title), html.Ul(problem_list(problems), className="wrong")] if problems else []


def moved_in_words(answer: Answer) -> str:
    """What is moved, and how long the answer took."""
    source = answer.source
    said = answer.state.moves.words("" if source is None else source.money_unit)
    edited = [package.name for package in answer.state.packages if not package.shipped]
    parts = [f"Moved: {'; '.join(said)}." if said else "Nothing is moved."]
    if edited:
        parts.append(f"Edited or uploaded: {', '.join(edited)}.")
    return " ".join([*parts, f"Answered in {1000 * answer.seconds:.0f} ms."])


def answer_table(advice: Advice) -> html.Table:
    """Money by segment and loss of the three allocations."""
    unit = advice.chain.money_unit
    money = by_segment(advice)
    whole = float(advice.budget.sum())
    rows = [
        [label, tier, amount(before, whole), amount(after, whole)]
        for tier, label, before, after in money.itertuples(index=False, name=None)
    ]
    return table(["segment", "tier", f"observed ({unit})", f"least risk ({unit})"], rows)


def origin_table(chain: Chain, segment: str) -> html.Table:
    """Supply by country."""
    made = origins(chain, segment)
    whole = float(made.sum())
    rows = [
        [country_name(str(code)), amount(value), f"{value / whole:.1%}"] for code, value in made.items() if value > 0
    ]
    return table(["country", chain.unit, "share"], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> html.Table:
    """A table; its first column names the rows."""
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(cell, scope="col") for cell in head])),
            html.Tbody(
                [
                    html.Tr([html.Th(str(first), scope="row"), *(html.Td(str(cell)) for cell in rest)])
                    for first, *rest in rows
                ]
            ),
        ]
    )


def differences(kept: Answer, now: Answer) -> tuple[list[str], list[str]]:
    """What is moved or edited in each of two states and not in the other, in words."""
    said = []
    for answer in (kept, now):
        words = list(answer.state.moves.words("" if answer.source is None else answer.source.money_unit))
        words += [
            f"{package.name} as it ships" if package.shipped else f"{package.name} {package.sha256[:6]}"
            for package in answer.state.packages
        ]
        said.append(words)
    one, two = said
    return [words for words in one if words not in two], [words for words in two if words not in one]


def comparison(kept: Answer, now: Answer) -> list[Any]:
    """Two answers side by side, in words and as a table."""
    one, two = differences(kept, now)
    words = [
        html.Div([html.H3("Kept"), html.P(kept.sentence or "It has no answer."), html.P(_alone(one))]),
        html.Div([html.H3("Now"), html.P(now.sentence or "It has no answer."), html.P(_alone(two))]),
    ]
    found: list[Any] = [html.Div(words, className="two")]
    if kept.advice is not None and now.advice is not None:
        found.append(html.Div(_comparison_table(kept.advice, now.advice), className="scroll"))
    return found


def _alone(words: Sequence[str]) -> str:
    return f"Here alone: {'; '.join(words)}." if words else "Nothing here that is not in the other."


def _comparison_table(kept: Advice, now: Advice) -> html.Table:
    unit = now.chain.money_unit
    same_money = kept.chain.money_unit == unit
    rows: list[list[str]] = []
    rows.append(_shares("risk with observed subsidies", kept.observed.risk, now.observed.risk))
    rows.append(_shares("least risk", kept.risk, now.risk))
    if same_money:
        budgets = float(kept.budget.sum()), float(now.budget.sum())
        whole = max(budgets)
        rows.append(_amounts(f"budget ({unit})", *budgets, whole))
        rows.append(_amounts(f"spent ({unit})", kept.optimal.spent, now.optimal.spent, whole))
        one, two = by_segment(kept), by_segment(now)
        labels = {**one["label"].to_dict(), **two["label"].to_dict()}
        first, second = (money["advised"].reindex(list(labels)) for money in (one, two))
        rows += [
            _amounts(f"{labels[name]} ({unit})", a, b, whole) for name, a, b in zip(labels, first, second, strict=True)
        ]
    return table(["", "kept", "now", "difference"], rows)


def _shares(label: str, kept: float, now: float) -> list[str]:
    return [label, percent(kept), percent(now), _points(now - kept)]


def _amounts(label: str, kept: float, now: float, whole: float) -> list[str]:
    return [label, _cell(kept, whole), _cell(now, whole), _more(now - kept, whole)]


def _cell(value: float, whole: float) -> str:
    return "not in it" if pd.isna(value) else amount(value, whole)


def _points(change: float) -> str:
    return "0" if abs(change) < SAME else f"{100 * change:+.3g} points"


def _more(change: float, whole: float) -> str:
    if pd.isna(change):
        return "-"
    told = amount(abs(change), whole)
    return told if told == "0" else f"{'+' if change > 0 else '-'}{told}"
