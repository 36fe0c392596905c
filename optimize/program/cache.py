"""Models that are compiled once and kept: compiling is most of what a small program costs beyond the solver.

The recourse depends on the numbers that enter it alone, the first stage on the response, the observed allocation, the
budget and its limits. What-ifs on disruptions and supply leave all of these alone (docs/performance.md). The last few
of each are kept (a cache); their arrays are shared and must not be written to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from chains.numbers import Array, ChainNumbers, Enters, key_of
from chains.recent import Recent
from optimize.program.ambiguity import LEVELS, ambiguous
from optimize.program.compiling import Compiled, compile_model
from optimize.program.first_stage import Limit, first_stage, stage_columns
from optimize.program.levers import Lever
from optimize.program.recourse import recourse, scenario_columns
from optimize.program.response import Chords

__all__ = ["CompiledRecourse", "compile_recourse", "compiled_first_stage", "compiled_recourse", "forget"]

KEPT = 32
"""Compiled models that are kept; each is of the size of the input coefficients or of the chords."""
_kept: Recent[tuple[object, ...], Compiled] = Recent(KEPT)


@dataclass(frozen=True)
class CompiledRecourse:
    """The compiled recourse of a scenario by its number of phases, with the levers that it takes up."""

    levers: tuple[Lever, ...]
    by_phases: Mapping[int, Compiled]

    def of(self, phases: int) -> Compiled:
        """The compiled recourse of a scenario with so many phases."""
        return self.by_phases[phases]


def compile_recourse(numbers: ChainNumbers, levers: Sequence[Lever], *, ambiguity: bool = False) -> CompiledRecourse:
    """The recourse of a chain, compiled for every number of phases that its scenarios have.

    With `ambiguity` it has the columns and rows of the worst distribution (program/ambiguity.py).
    """
    own = ("over", *LEVELS) if ambiguity else ()
    models = {}
    for phases in map(int, np.unique(numbers.phases)):
        model = recourse(numbers, levers, phases)
        models[phases] = compile_model(ambiguous(model) if ambiguity else model, scenario_columns(levers, own))
    return CompiledRecourse(tuple(levers), models)


def compiled_recourse(numbers: ChainNumbers, levers: Sequence[Lever]) -> CompiledRecourse:
    """The same, from the cache where it is there."""
    columns = scenario_columns(levers)
    key = (key_of(numbers, Enters.RECOURSE), tuple(levers))
    counts = [int(phases) for phases in np.unique(numbers.phases)]
    models = {
        phases: _kept.once((phases, *key), partial(_compiled, numbers, levers, phases, columns)) for phases in counts
    }
    return CompiledRecourse(tuple(levers), models)


def _compiled(numbers: ChainNumbers, levers: Sequence[Lever], phases: int, columns: Sequence[str]) -> Compiled:
    return compile_model(recourse(numbers, levers, phases), columns)


def compiled_first_stage(
    numbers: ChainNumbers,
    curve: Chords,
    budget: Array,
    levers: Sequence[Lever],
    limits: Sequence[Limit] = (),
    move: float | None = None,
) -> Compiled:
    """The compiled first stage in which the allocation is free within budgets[i], limits and what may move."""
    bits = tuple(np.ascontiguousarray(array).tobytes() for array in (curve.width, curve.slope, budget))
    key = (key_of(numbers, Enters.STAGE), bits, tuple(levers), tuple(limits), move)
    columns = (*stage_columns(levers), *LEVELS)
    return _kept.once(
        key,
        lambda: compile_model(first_stage(numbers, curve, budget, levers=levers, limits=limits, move=move), columns),
    )


def forget() -> None:
    """Keep nothing of what was compiled so far."""
    _kept.clear()
