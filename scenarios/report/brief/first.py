"""The first page of a brief: question, answer, money by good, and what that does to losses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chains.tables.problems import listed
from scenarios.report.advice import LITTLE, differs
from scenarios.report.brief.content import Brief, Decision, Measure
from scenarios.report.brief.fitting import clipped, others
from scenarios.report.figures import money, share
from scenarios.report.naming import NOTHING

__all__ = ["FIRST", "Room", "cases_of", "first_page", "largest_sums"]

_WIDTH = 176 / 25.4
"""Inches between the margins of A4."""
_GAP = 3 / 25.4


Draw = Callable[[Decision, float, int], str]
"""A chart as SVG, of a decision, a width in inches and the most goods."""


@dataclass(frozen=True)
class Room:
    """How much of everything the first page shows: points of its letters, goods a chart, charts, cases, characters.

    Charts are drawn `scale` times as large.
    """

    size: float
    goods: int
    charts: int
    cases: int
    answer: int = 6_000
    names: int = 300
    scale: float = 1.0


FIRST = (
    Room(11.0, 16, 4, 12, scale=1.5),
    Room(10.5, 16, 4, 12, scale=1.25),
    Room(10.0, 16, 4, 12),
    Room(9.5, 12, 4, 12),
    Room(9.5, 16, 2, 12),
    Room(9.5, 12, 2, 10),
    Room(9.0, 12, 2, 8),
    Room(9.0, 10, 2, 8),
    Room(9.0, 9, 2, 7),
    Room(8.5, 8, 2, 7, 5_000),
    Room(8.5, 7, 2, 6, 4_000),
    Room(8.5, 6, 2, 5, 3_000),
    Room(8.5, 6, 1, 3, 2_000, 120),
    Room(8.5, 4, 1, 2, 1_200, 60),
)
"""From the roomiest down: the first that fits is taken. Letters do not get smaller than the last ones'."""


def first_page(brief: Brief, room: Room, drawn_as: Draw) -> dict[str, Any]:
    """The data of the page. What does not fit is named or counted, and is in the report."""
    report = brief.report
    drawn = brief.in_order[: room.charts]
    answer, answer_rest = _answer(brief.answer, room.answer)
    failed = [f"{title}: {reason}." for title, reason in report.failed.items()]
    return {
        "kind": "first",
        "size": room.size,
        "title": clipped(report.study.study.title, room.names),
        "question": clipped(report.study.study.question, 2 * room.names),
        "answer": answer,
        "answer_rest": answer_rest,
        "failed": [clipped(words, room.names) for words in failed[: room.cases]] + others(failed, room.cases, "case"),
        "charts": [_chart(decision, room, len(drawn), drawn_as) for decision in drawn],
        "charts_rest": _undrawn(brief, drawn),
        "cases": cases_of(brief, room.cases, room.names) | {"means": brief.means},
    }


def _answer(paragraphs: Sequence[str], most: int) -> tuple[list[str], str]:
    """Whole paragraphs as long as there is room for them, the last one cut; and that something is left out."""
    shown: list[str] = []
    left = most
    for words in paragraphs:
        if left <= 0:
            break
        shown.append(clipped(words, left))
        left -= len(words)
    whole = len(shown) == len(paragraphs) and left >= 0
    return shown, "" if whole else "The answer goes on in the report."


def _chart(decision: Decision, room: Room, count: int, drawn_as: Draw) -> dict[str, str]:
    width = _WIDTH if count == 1 else (_WIDTH - _GAP) / 2
    return {"title": clipped(decision.title, room.names), "svg": drawn_as(decision, width / room.scale, room.goods)}


def _undrawn(brief: Brief, drawn: Sequence[Decision]) -> str:
    """Which cases have no chart, so that the reader knows what the charts are of."""
    left = len(brief.decisions) - len(drawn)
    if not left:
        return ""
    which = "the other case" if left == 1 else f"the {left} other cases"
    return f"Drawn first are cases nearest to the packages as they are. Money by good of {which} stands in the report."


def cases_of(brief: Brief, most: int, names: int = 300) -> dict[str, Any]:
    """The table of cases: largest sums and measures of loss, of at most `most` cases; the others are named."""
    decisions, headers = brief.decisions, brief.measure_names
    largest = [
        max((max(one.measures[n].today, one.measures[n].advised) for one in decisions), default=0.0)
        for n in range(len(headers))
    ]
    rows = [
        {
            "title": clipped(decision.title, names),
            "money": clipped(largest_sums(decision), 2 * names),
            "cells": [_cell(measure, scale) for measure, scale in zip(decision.measures, largest, strict=True)],
        }
        for decision in decisions[:most]
    ]
    return {"headers": headers, "rows": rows, "rest": _left_out(decisions[most:], names)}


def _left_out(decisions: Sequence[Decision], names: int) -> str:
    if not decisions:
        return ""
    titles = clipped(listed([decision.title for decision in decisions]), 2 * names)
    return f"In the report alone: {len(decisions)} more ({titles})."


def largest_sums(decision: Decision, most: int = 2) -> str:
    """The goods that get most, each with what it gets today."""
    given = [good for good in decision.goods if good.total > LITTLE * decision.scale]
    first = sorted(given, key=lambda good: -good.total)
    if not first:
        return "nothing is spent"
    unit = decision.unit
    return listed(
        [f"{good.label} {money(good.total, unit)} (today {decision.told(good.today)})" for good in first[:most]]
    )


def _cell(measure: Measure, scale: float) -> dict[str, Any]:
    return {
        "text": " → ".join(_told(measure)),
        "today": measure.today / scale if scale > 0 else 0.0,
        "advised": max(measure.advised, 0.0) / scale if scale > 0 else 0.0,
    }


def _told(measure: Measure) -> tuple[str, str]:
    """Both numbers, with as many digits as tell them apart where they differ."""
    if abs(measure.today - measure.advised) <= NOTHING:
        return share(measure.today), share(measure.advised)
    return differs(measure.today, measure.advised)
