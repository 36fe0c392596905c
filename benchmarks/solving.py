"""One solve: from a Chain to the least-risk allocation with its certificate, against peers and the solver alone."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.case import SIZES, Answer, Case, case_of, synthetic_chain
from benchmarks.contestants import CONTESTANTS, contestant
from benchmarks.contestants import floor as floor_alone
from benchmarks.measure import Clock, as_table, take_turns
from optimize.program.cache import forget

__all__ = ["FLOOR", "question"]

FLOOR, FIRST, OURS = "floor", "floor, first solve", "Tierwise"
SAME = 1e-8
"""Relative difference of objectives that is allowed."""
SLOW = ("PuLP", "Pyomo, contrib highs", "Pyomo, appsi_highs")
"""Contestants that run fewer times at the medium size, and not at all at the large one (memory)."""


def question(size: str, repeats: int, *, structured: bool = False, clock: Clock = time.perf_counter) -> pd.DataFrame:
    """Table of one size. Every contestant finds least risk, then the nearest allocation of that risk.

    `structured`: with all tables of structure and every lever; then Tierwise alone takes part beside the floor.

    The floor has its arrays prepared in advance; "floor, first solve" leaves out the second solve. All others start
    from a Chain whose numbers are read already; "nothing kept" compiles anew what Tierwise keeps between solves.
    RuntimeError where two of them do not agree.
    """
    case = case_of(synthetic_chain(*SIZES[size], structured=structured))
    prepared = floor_alone.prepare(case)
    answers: dict[str, Answer] = {}

    def floor() -> None:
        answers[FLOOR] = floor_alone.second_solve(prepared, *floor_alone.first_solve(prepared))

    def run(name: str) -> None:
        solve = contestant(name)
        assert solve is not None
        answers[name] = solve(case)

    invited = [OURS] if structured else list(CONTESTANTS)
    chosen = [name for name in invited if contestant(name) is not None and not (size == "large" and name in SLOW)]
    runs: dict[str, Callable[[], object]] = {FLOOR: floor, FIRST: partial(floor_alone.first_solve, prepared)}
    runs |= {name: partial(run, name) for name in chosen}

    def anew() -> None:
        forget()
        run(OURS)

    runs[f"{OURS}, nothing kept"] = anew
    table = as_table(take_turns(runs, {name: _times(name, size, repeats) for name in runs}, clock), (FLOOR, FIRST))
    _check(answers, case)
    left_out = [name for name in invited if name not in chosen]
    table.attrs["note"] = f"left out: {', '.join(left_out)}" if left_out else ""
    return table


def _times(name: str, size: str, repeats: int) -> int:
    """How often a contestant runs."""
    return 1 if size == "medium" and name in SLOW else repeats


def _check(answers: dict[str, Answer], case: Case) -> None:
    """Every contestant has the floor's objectives."""
    best = answers[FLOOR]
    for name, answer in answers.items():
        for what in ("risk", "distance"):
            mine, right = getattr(answer, what), getattr(best, what)
            if not np.isclose(mine, right, rtol=SAME, atol=SAME * case.slack):
                raise RuntimeError(f"{name} has the {what} {mine!r}, the floor {right!r}")
