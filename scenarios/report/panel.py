"""The programs that a page carries, so that its reader may move what they rest on: one for each case."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimize.solving.movable import Movable, Moves, NotMovableError, movable
from optimize.solving.options import Options, make_options
from optimize.solving.sliders import BUDGET, DISPENSABLE, OUTAGE, PROBABILITY, Slider
from scenarios.report.figures import amount, money
from scenarios.report.naming import money_unit, scenario_label, segment_label
from scenarios.storing import StoredCase

__all__ = ["Panel", "panel_of"]

_MOST = 8
"""Cases whose programs a page carries, about 15 kB each."""
_NEVER = 1e300
"""Stands for an infinite bound, which JSON has no number for."""


@dataclass(frozen=True)
class Panel:
    """What a reader may move: `programs` as JSON can hold them, and `left` in words, the cases without and why."""

    programs: tuple[dict[str, Any], ...]
    left: tuple[str, ...]

    @property
    def text(self) -> str:
        """The programs as JSON."""
        return json.dumps(self.programs, ensure_ascii=False, separators=(",", ":"))


def panel_of(cases: Sequence[StoredCase]) -> Panel:
    """The panel of solved cases; without programs where none of them can be moved."""
    programs: list[dict[str, Any]] = []
    left: list[str] = []
    for case in cases:
        if len(programs) == _MOST:
            left.append(f"{case.title}: a page has the first {_MOST} cases")
            continue
        try:
            programs.append(_program(case, movable(case.chain, make_options(Options, case.options.nominal()))))
        except NotMovableError as error:
            left.append(f"{case.title}: {error}")
    return Panel(tuple(programs), tuple(left))


def _program(case: StoredCase, found: Movable) -> dict[str, Any]:
    pattern, factor = found.model.pattern, found.model.factor.tocoo()
    spent = found.money
    money_of = np.nonzero(spent)
    last, squares = len(found.base) - 1, found.stages.squares(found.numbers)
    terms = squares.rows.tocoo()
    observed = found.numbers.observed
    decided = np.zeros(len(found.decided_columns))
    decided[: observed.size] = observed.ravel()
    return {
        "title": case.title,
        "unit": money_unit(case),
        "segments": [
            {"label": segment_label(case, name), "tier": tier}
            for name, tier in zip(found.numbers.segments, found.numbers.tiers, strict=True)
        ],
        "sliders": [_slider(case, moves) for moves in found.moves],
        "base": found.base.tolist(),
        "constant": np.clip(found.model.constant, -_NEVER, _NEVER).tolist(),
        "factor": {
            "number": _steps(factor.row),
            "parameter": factor.col.tolist(),
            "value": factor.data.tolist(),
        },
        "columns": pattern.matrix.shape[1],
        "starts": _steps(pattern.matrix.indptr),
        "indices": _steps(pattern.matrix.indices),
        "risk": found.risk,
        "tie": found.tie,
        "distance": np.flatnonzero(found.stages.distance).tolist(),
        "squares": {
            "term": terms.row.tolist(),
            "column": terms.col.tolist(),
            "value": terms.data.tolist(),
            "target": squares.target.tolist(),
        },
        "choice": found.chosen_rows.tolist(),
        "decided": found.decided_columns.tolist(),
        "observed": decided.tolist(),
        "before": (observed.sum(axis=1) * found.units.money).tolist(),
        "money": {
            "segment": money_of[0].tolist(),
            "column": money_of[1].tolist(),
            "value": spent[money_of].tolist(),
        },
        "unit_of_money": found.units.money,
        "budget": last if found.base[last] > 0.0 else None,
        "calm": found.calm,
    }


def _steps(places: np.ndarray) -> list[int]:
    """Places as the step to each from the one before: these pack to half."""
    return [int(step) for step in np.diff(places, prepend=0)]


def _slider(case: StoredCase, moves: Moves) -> dict[str, Any]:
    slider = moves.slider
    return {
        "name": f"{slider.kind} {slider.scenario}".strip(),
        "label": scenario_label(slider.scenario) if slider.scenario else _LABELS[slider.kind],
        "texts": [_text(case, slider, position) for position in range(len(slider.values))],
        "start": slider.start,
        "at": moves.at.tolist(),
        "settings": moves.settings.tolist(),
    }


_LABELS = {
    BUDGET: "Budget",
    DISPENSABLE: "What can be done without of an input",
    OUTAGE: "How long outages last",
}


def _text(case: StoredCase, slider: Slider, position: int) -> str:
    """A position in words."""
    low, high = float(slider.low[position]), float(slider.high[position])
    if slider.kind == BUDGET:
        return money(high, money_unit(case))
    if slider.kind == PROBABILITY:
        return f"{amount(100.0 * high)}% a year"
    scale, unit = (100.0, "%") if slider.kind == DISPENSABLE else (1.0, " months")
    if low == high:
        return f"{amount(scale * high)}{unit}"
    times = "" if position == slider.start else f"{slider.values[position]:g} times: "
    return f"{times}{amount(scale * low)} to {amount(scale * high)}{unit}"
