"""Every question's answer on a terminal of 80 columns: no name and no number is halved, no line too long."""

import io
from typing import Any

import pytest
from rich.console import Console, RenderableType

from chains import Chain, load
from scenarios.questions import QUESTIONS
from tests.small import Small

ASKED: dict[str, dict[str, Any]] = {
    "optimize": {"ambiguity": 0.1, "slope_budget": 1, "ranges": True},
    "gain": {"giving": "midstream", "receiving": "upstream"},
    "break-even": {"giving": "midstream", "receiving": "upstream", "parameter": "slope", "on": None},
    "frontier": {},
    "plan": {"years": 10},
    "finding": {},
    "choke-points": {"worst": 2},
    "turning-points": {"of": ("dispensable",), "steps": 4},
    "against": {"n": 2, "over": "links"},
    "what-if": {"cuts": ("JPN",), "months": 6.0},
    "priorities": {"draws": 3},
    "self-sufficiency": {"target": 0.3},
    "indicators": {},
    "quality": {"outcome": "regret", "trajectories": 0},
}
"""What each question that is a command is asked; two need a file or several processes."""

UNANSWERED = {
    *(("japan", question) for question in ("gain", "break-even", "self-sufficiency", "what-if")),
    *(("chips", "self-sufficiency"), ("ai", "what-if")),
}
"""Japan's midstream has nothing to give; a target is out of reach; nothing comes from Japan."""

MANY_COLUMNS = ["optimize", "plan", "choke-points", "indicators", "finding"]


def shown(view: RenderableType, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width, markup=False, emoji=False, highlight=False).print(view, crop=False)
    return out.getvalue()


def words_of(text: str) -> set[str]:
    return set(text.replace("│", " ").replace("┃", " ").split())


def check(chain: Chain, question: str) -> None:
    """The words at 80 columns are words of what is shown where there is room for all; so no part of a word is shown."""
    asked = QUESTIONS[question]
    view = asked.view(chain, asked.ask(chain, **ASKED[question]))
    narrow, wide = shown(view, 80), shown(view, 10_000)
    assert "…" not in narrow + wide
    assert max(len(line.rstrip()) for line in narrow.splitlines()) <= 80
    lines = [line for line in narrow.splitlines() if not line.startswith("Left out at this width:")]
    frame = {word for word in words_of("\n".join(lines)) if set(word) <= set("━─┏┓┗┛┡┩╇┳┴├┤┼└┘")}
    assert words_of("\n".join(lines)) - frame - words_of(wide) == set()
    assert "Left out at this width" not in wide


def test_every_command_is_looked_at() -> None:
    commands = {name for name, question in QUESTIONS.items() if question.example}
    assert commands - set(ASKED) == {"evaluate", "optimize-mpi"}


@pytest.mark.slow
@pytest.mark.parametrize("question", [name for name in ASKED if name not in ("quality", "break-even")])
def test_nothing_is_halved_at_80_columns(small: Small, question: str) -> None:
    check(small.load(), question)


@pytest.mark.slow
@pytest.mark.parametrize("question", MANY_COLUMNS)
def test_nothing_is_halved_of_two_chains_together(question: str) -> None:
    check(load("robots", "chips", "coupled"), question)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "chips", "japan", "ai"])
@pytest.mark.parametrize("question", [name for name in ASKED if name not in MANY_COLUMNS])
def test_nothing_is_halved_of_what_ships(package: str, question: str) -> None:
    if (package, question) not in UNANSWERED:
        check(load(package), question)
