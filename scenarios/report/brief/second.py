"""The second page of a brief: who is worse off, what the answer rests on, what is known, proof and how to repeat it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.report.brief.content import Brief
from scenarios.report.brief.fitting import clipped, others
from scenarios.report.figures import share

__all__ = ["SECOND", "Room", "second_page"]


@dataclass(frozen=True)
class Room:
    """How much of everything the second page shows: points of its letters, rows, lines of each list, characters."""

    size: float
    worse: int
    holds: int
    known: int
    changes: int
    sources: int
    line: int = 900


SECOND = (
    Room(10.5, 14, 16, 12, 10, 60),
    Room(9.5, 14, 16, 12, 10, 40),
    Room(9.5, 12, 14, 10, 8, 24),
    Room(9.0, 12, 12, 8, 8, 20),
    Room(9.0, 10, 10, 8, 7, 16),
    Room(9.0, 8, 8, 7, 6, 12),
    Room(8.5, 8, 8, 6, 5, 10),
    Room(8.5, 6, 6, 6, 4, 8),
    Room(8.5, 5, 5, 5, 3, 6, 700),
    Room(8.5, 4, 4, 4, 3, 4, 500),
    Room(8.5, 3, 3, 3, 2, 4, 350),
    Room(8.5, 2, 2, 2, 1, 2, 200),
)
"""From the roomiest down: the first that fits is taken."""


def second_page(brief: Brief, room: Room, glyphs: str) -> dict[str, Any]:
    """The data of the page; `glyphs` says which characters cannot be printed."""
    changes = _changes(brief)
    packages = brief.report.evidence
    name = max(40, room.line // 4)
    return {
        "kind": "second",
        "size": room.size,
        "worse": _worse(brief, room.worse, name, room.line),
        "holds": _lines(brief.holds, room.holds, room.line, "sentence"),
        "known": {
            "lines": [clipped(words, room.line) for words in brief.report.headlines[: room.known]],
            "packages": [
                {"counts": list(package.counts.values()), "words": clipped(package.words, room.line)}
                for package in packages[: room.known]
            ],
            "rest": " ".join(
                [*others(brief.report.headlines, room.known, "sentence"), *others(packages, room.known, "package")]
            ),
        },
        "changes": _lines(changes, room.changes, room.line, "case"),
        "sources": _lines(brief.sources, room.sources, min(260, room.line), "source"),
        "proof": brief.certificate,
        "commands": [clipped(command, 100) for command in brief.commands],
        "versions": clipped(brief.versions, room.line),
        "glyphs": clipped(glyphs, room.line),
    }


def _lines(words: Sequence[str], most: int, longest: int, name: str) -> dict[str, Any]:
    """The first lines of a list, and how many more there are."""
    return {
        "lines": [clipped(line, longest) for line in words[:most]],
        "rest": " ".join(others(words, most, name)),
    }


def _worse(brief: Brief, most: int, name: int, line: int) -> dict[str, Any]:
    rows = [
        [
            clipped(row.scenario, name),
            clipped(row.case, name),
            share(row.probability, 1),
            share(row.today, 2),
            share(row.advised, 2),
            clipped(row.who, name),
        ]
        for row in brief.worse[:most]
    ]
    return {
        "words": clipped(brief.worse_in_words, line),
        "rows": rows,
        "rest": " ".join(others(brief.worse, most, "row")),
    }


def _changes(brief: Brief) -> list[str]:
    """What was changed in each case, beside its package."""
    made = {case.title: case.chain.changes for case in brief.report.study.cases if case.chain.changes}
    return [f"Changed in {title}: {'; '.join(changes)}." for title, changes in made.items()]
