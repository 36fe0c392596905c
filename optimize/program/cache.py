"""Models that are compiled once and kept: compiling is most of what a small program costs beyond the solver.

The recourse depends on input coefficients and loss weights alone, the first stage on the response, the observed
allocation, the budget and its limits. What-ifs on disruptions and supply leave all of these alone
(docs/performance.md). The last few of each are kept; their arrays are shared and must not be written to.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from chains.numbers import Array, ChainNumbers
from optimize.program.ambiguity import LEVELS
from optimize.program.compiling import Compiled, compile_model
from optimize.program.first_stage import COLUMNS, Limit, first_stage
from optimize.program.recourse import DATA, LINKS, OWN, recourse
from optimize.program.response import Chords

__all__ = ["compiled_first_stage", "compiled_recourse", "forget"]

KEPT = 16
"""Compiled models that are kept; each is of the size of the input coefficients or of the chords."""
_kept: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()


def compiled_recourse(numbers: ChainNumbers) -> Compiled:
    """The compiled recourse of a chain."""
    inputs = numbers.inputs
    key = _key("recourse", inputs.data, inputs.indices, inputs.indptr, numbers.weight)
    return _keep(key, lambda: compile_model(recourse(numbers), (*OWN, *LINKS, *DATA)))


def compiled_first_stage(
    numbers: ChainNumbers, curve: Chords, budget: Array, limits: Sequence[Limit] = (), move: float | None = None
) -> Compiled:
    """The compiled first stage in which the allocation is free within budgets[i], limits and what may move."""
    arrays = (numbers.effectiveness, numbers.observed, curve.width, curve.slope, budget)
    key = (*_key("first stage", *arrays), numbers.observed.shape, tuple(limits), move)
    columns = (*COLUMNS, *LEVELS)
    return _keep(key, lambda: compile_model(first_stage(numbers, curve, budget, limits=limits, move=move), columns))


def forget() -> None:
    """Keep nothing of what was compiled so far."""
    _kept.clear()


def _key(name: str, *arrays: np.ndarray) -> tuple[object, ...]:
    """Equal where all numbers are, to the last bit."""
    return (name, *(np.ascontiguousarray(array).tobytes() for array in arrays))


def _keep(key: tuple[object, ...], build: Callable[[], Compiled]) -> Compiled:
    if key not in _kept:
        _kept[key] = build()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]
