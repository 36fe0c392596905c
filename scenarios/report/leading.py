"""The first page: the cases shown in full, each with its advice, today against advised good by good, and its facts."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from chains.tables.problems import listed
from chains.tables.schema import TIERS
from scenarios.documents.values import CAPACITY
from scenarios.report.advice import LITTLE, advice, answer, spending_of
from scenarios.report.drawing import OBSERVED, bars, chart
from scenarios.report.facts import Fact, facts
from scenarios.report.figures import amount, money
from scenarios.report.naming import SAME_MONEY, folded, money_unit
from scenarios.report.part import Part
from scenarios.report.spending import Spending, Spent, lever_style
from scenarios.storing import StoredCase, StoredStudy

__all__ = ["Lead", "leads_of"]

_FEW = 2
"""Up to so many cases are all shown in full; of more, those that say so, and else the first."""
_ROWS = 9
"""Goods that the chart names; the others are summed. Its table has all of them."""
_THICK = 0.36


@dataclass(frozen=True)
class Lead:
    """One case on the first page. `answer` is its `advice` under its title; `part` is None where no money is spent."""

    case: StoredCase
    answer: str
    advice: str
    part: Part | None
    facts: tuple[Fact, ...]


def leads_of(study: StoredStudy) -> tuple[Lead, ...]:
    """The solved cases that the study calls `lead`; of none all of two, and of more the first."""
    solved = [case for case in study.cases if case.solved]
    named = {case.name for case in study.study.cases if case.lead}
    chosen = [case for case in solved if case.name in named] or solved
    shown = chosen if named or len(chosen) <= _FEW else chosen[:1]
    return tuple(Lead(case, answer(case), advice(case), _part(case), facts(case)) for case in shown)


def _part(case: StoredCase) -> Part | None:
    spending = spending_of(case)
    if not spending.rows:
        return None
    unit, goods = money_unit(case), _goods(spending)
    shown = (
        f" The {_ROWS} goods with most money are drawn; the table has all {len(goods)}."
        if len(goods) > _ROWS + 1
        else ""
    )
    left = f" {amount(spending.not_needed)} is not needed." if spending.not_needed else ""
    return Part(
        f"lead.{case.name}",
        "Today against advised, good by good",
        f"Money in {unit}.{left}{shown}",
        spending.table,
        _chart(goods, unit, spending.scale),
        finding=_gains_most(goods, unit, spending.scale),
    )


def _gains_most(goods: Sequence[tuple[str, str, list[Spent]]], unit: str, scale: float) -> str:
    """The good that gets most more than today, or those that do."""
    sums = {label: [sum(getattr(row, end) for row in rows) for end in ("before", "after")] for label, _, rows in goods}
    gains = {label: after - before for label, (before, after) in sums.items()}
    most, same = max(gains.values()), SAME_MONEY * scale
    if most <= same:
        return "No good gets more money than today"
    first = [label for label, gain in gains.items() if gain >= most - same]
    if len(first) > 1:
        return f"Largest gains: {listed(first)}, {money(most, unit)} more each"
    before, after = sums[first[0]]
    return f"Largest gain: {first[0]}, {money(after, unit)} instead of {amount(before)}"


def _goods(spending: Spending) -> list[tuple[str, str, list[Spent]]]:
    """Label, tier and rows of every good, in the order of the tiers."""
    found: dict[str, list[Spent]] = {}
    for row in spending.rows:
        found.setdefault(row.segment, []).append(row)
    goods = [(rows[0].label, rows[0].tier, rows) for rows in found.values()]
    return sorted(goods, key=lambda good: list(TIERS).index(good[1]))


def _chart(goods: Sequence[tuple[str, str, list[Spent]]], unit: str, scale: float) -> go.Figure:
    """A pair of bars a good, from the top: what it gets today, and what it is advised, stacked by lever."""
    most = sorted(goods, key=lambda good: -max(sum(row.before for row in good[2]), sum(row.after for row in good[2])))
    named = {good[0] for good in (most if len(most) == _ROWS + 1 else most[:_ROWS])}
    shown = [good for good in goods if good[0] in named]
    if rest := [good for good in goods if good[0] not in named]:
        shown.append((f"{len(rest)} others", "", [row for good in rest for row in good[2]]))
    labels = [_label(label, tier) for label, tier, _ in shown]
    before = [sum(row.before for row in rows) for _, _, rows in shown]
    text = {"textposition": "outside", "cliponaxis": False, "textfont": {"size": 11}}
    today = bars("today", OBSERVED, x=before, y=[n - _THICK / 2 for n in range(len(shown))], width=_THICK)
    traces = [today.update(orientation="h", text=[amount(own) for own in before], **text)]
    starts = [0.0] * len(shown)
    totals = [sum(row.after for row in rows) for _, _, rows in shown]
    levers = _levers(shown)
    for lever in levers:
        paid = [sum(row.after for row in rows if row.lever == lever) for _, _, rows in shown]
        name = "advised" if levers == [CAPACITY] else f"advised: {lever}"
        ends = [start + own for start, own in zip(starts, paid, strict=True)]
        last = [
            (own > 0 or (total <= 0 and lever == levers[0])) and end >= total - SAME_MONEY * scale
            for own, end, total in zip(paid, ends, totals, strict=True)
        ]
        drawn = bars(name, lever_style(lever), x=paid, y=[n + _THICK / 2 for n in range(len(shown))], width=_THICK)
        said = [_told(total, scale) if is_last else "" for total, is_last in zip(totals, last, strict=True)]
        traces.append(drawn.update(orientation="h", base=starts, text=said, **text))
        starts = ends
    figure = chart(traces, f"money ({unit})", "", 96 + 52 * len(shown)).update_layout(barmode="overlay")
    figure.update_yaxes(tickvals=list(range(len(shown))), ticktext=labels, range=[len(shown) - 0.4, -0.6])
    return figure.update_xaxes(range=[0, 1.18 * max(*before, *totals)])


def _levers(shown: Sequence[tuple[str, str, list[Spent]]]) -> list[str]:
    """The levers that get money, capacity first."""
    used = dict.fromkeys(row.lever for _, _, rows in shown for row in rows if row.after > 0)
    return sorted(used, key=lambda lever: lever != CAPACITY)


def _told(paid: float, scale: float) -> str:
    return amount(paid) if paid > LITTLE * scale else "≈ 0" if paid > 0 else "0"


def _label(label: str, tier: str) -> str:
    return folded(label) + (f"<br><i>{tier}</i>" if tier else "")
