"""The programs of a chain whose numbers are drawn again and again: compiled once, filled in for every draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from chains.numbers import Array, ChainNumbers, Enters, key_of, parameters, with_parameters
from chains.recent import Recent
from optimize.program.ambiguity import LEVELS
from optimize.program.cache import CompiledRecourse
from optimize.program.compiling import Compiled, compile_model
from optimize.program.filling import AffineModel, compile_affine
from optimize.program.first_stage import RESTRICTING, Limit, first_stage, stage_columns
from optimize.program.levers import levers_of, purchases_of
from optimize.program.recourse import recourse, scenario_columns
from optimize.program.response import Chords, chords
from optimize.program.stacking import Stacked
from optimize.program.two_stage import TwoStage, stacked
from optimize.solver.linear import LinearProgram
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.options import Options
from optimize.solving.units import Units, to_inner

__all__ = ["DrawPrograms", "DrawnProgram"]

_KEPT = 16
"""Models that are kept for chains of the same pattern: three or four a chain."""
_kept: Recent[tuple[object, ...], AffineModel] = Recent(_KEPT)


@dataclass
class _Pattern:
    """The first matrix that was stacked; that of every draw has its pattern."""

    stacked: Stacked | None = None


class DrawPrograms:
    """Programs of all draws of one chain: `numbers` are its own, whose pattern every draw shares."""

    def __init__(self, numbers: ChainNumbers, options: Options) -> None:
        self.options = options
        self._pattern = numbers
        self._levers = levers_of(numbers, options.levers)
        self._limits = limits_of(numbers, options, 1.0)
        count = sum(array.size for array in parameters(numbers, Enters.RECOURSE))
        self._recourse = {
            phases: _kept.once(
                ("recourse", phases, *self._pattern_of(Enters.RECOURSE)),
                partial(compile_affine, partial(self._compiled_recourse, phases), count, [np.arange(count)]),
            )
            for phases in map(int, np.unique(numbers.phases))
        }
        limits = tuple(_with_end(limit, 0.0) for limit in self._limits)
        asked = options.pieces, options.move, limits
        self._stacked = _Pattern()
        self._first = _kept.once(("first stage", *asked, *self._pattern_of(Enters.STAGE)), self._affine_first)

    def _pattern_of(self, place: Enters) -> tuple[object, ...]:
        """Equal where compiled models differ in the numbers alone that enter at this place."""
        count = sum(array.size for array in parameters(self._pattern, place))
        return (*key_of(with_parameters(self._pattern, place, np.zeros(count)), place), self._levers)

    def at(self, numbers: ChainNumbers, units: Units | None = None) -> "DrawnProgram":
        """The programs of a draw, in units of its own or others; InputError if it has no weighted final demand."""
        inner, units = to_inner(numbers, units)
        curve = chords(inner.slope, inner.ceiling, self.options.pieces)
        budget = budget_of(numbers, self.options.budget) / units.money
        ends = np.array([_end(limit) for limit in self._limits]) / units.money
        first = [*parameters(inner, Enters.STAGE), curve.slope, curve.width, ends, budget]
        return DrawnProgram(
            inner=inner,
            units=units,
            curve=curve,
            options=self.options,
            recourse=self.recourse(inner),
            first=self._first.at(_flat(first)),
            pattern=self._stacked,
        )

    def recourse(self, inner: ChainNumbers) -> CompiledRecourse:
        """The compiled recourse of a draw, in inner units."""
        entering = _flat(parameters(inner, Enters.RECOURSE))
        return CompiledRecourse(self._levers, {phases: model.at(entering) for phases, model in self._recourse.items()})

    def _compiled_recourse(self, phases: int, given: Array) -> Compiled:
        """The recourse with other numbers that enter it: input coefficients as stored, weights, ..."""
        numbers = with_parameters(self._pattern, Enters.RECOURSE, given)
        return compile_model(recourse(numbers, self._levers, phases), scenario_columns(self._levers))

    def _affine_first(self) -> AffineModel:
        """The first stage with the numbers that enter it, the chords, the ends of limits and the budgets."""
        own = parameters(self._pattern, Enters.STAGE)
        segments, instruments = self._pattern.observed.shape
        pieces = segments * self.options.pieces
        sizes = [*(array.size for array in own), pieces, pieces, len(self._limits), instruments]
        observed = next(n for n, array in enumerate(own) if array is self._pattern.observed)
        return compile_affine(
            lambda given: self._compiled_first(given, sizes),
            sum(sizes),
            _first_groups(sizes, observed, self._pattern.observed.shape),
        )

    def _compiled_first(self, given: Array, sizes: Sequence[int]) -> Compiled:
        """The first stage with the parameters of these sizes."""
        *own, slope, width, ends, budget = np.split(given, np.cumsum(sizes)[:-1])
        numbers = with_parameters(self._pattern, Enters.STAGE, _flat(own))
        segments = len(numbers.segments)
        curve = Chords(width.reshape(segments, -1), slope.reshape(segments, -1))
        limits = [_with_end(limit, float(end)) for limit, end in zip(self._limits, ends, strict=True)]
        levers, move = self._levers, self.options.move
        model = first_stage(numbers, curve, budget, levers=levers, limits=limits, move=move)
        return compile_model(model, (*stage_columns(levers), *LEVELS))


def _flat(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.empty(0), *(np.ravel(array) for array in arrays)])


def _first_groups(sizes: Sequence[int], observed: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Groups of parameters of which no number of the first stage depends on two.

    Limits on what moves sum over instruments, so each instrument's observed amounts and budget are a group.
    """
    starts = np.cumsum([0, *sizes])
    amounts = starts[observed] + np.arange(sizes[observed]).reshape(shape)
    by_instrument = [np.append(amounts[:, i], starts[-2] + i) for i in range(shape[1])]
    alone = np.setdiff1d(np.arange(starts[-1]), np.concatenate([np.empty(0, np.intp), *by_instrument]))
    return [alone, *by_instrument]


def _end(limit: Limit) -> float:
    """The one bound of a limit that a user gave."""
    return float(limit.upper if limit.lower is None else limit.lower)  # type: ignore[arg-type]


def _with_end(limit: Limit, end: float) -> Limit:
    return replace(limit, upper=end) if limit.lower is None else replace(limit, lower=end)


@dataclass(frozen=True)
class DrawnProgram:
    """The programs of one draw, in inner units; `pattern` is shared by all draws."""

    inner: ChainNumbers
    units: Units
    curve: Chords
    options: Options
    recourse: CompiledRecourse
    first: Compiled
    pattern: _Pattern

    def least_risk(self, like: TwoStage | None = None) -> TwoStage:
        """The program of least risk (`stacked`); `like` is another draw's with the same matrix."""
        alpha, beta = self.options.alpha, self.options.beta
        found = stacked(self.first, self.recourse, self.inner, alpha, beta, like=like, pattern=self.pattern.stacked)
        self.pattern.stacked = self.pattern.stacked or found.stacked
        return found

    def held(self, stages: TwoStage, allocation: Array) -> LinearProgram:
        """Least risk where the money is this, x[k, i] (inner units), and nothing else is bought.

        It need not keep to budgets, to limits or to how much may move: their rows are open.
        """
        lower, upper = stages.program.column_lower.copy(), stages.program.column_upper.copy()
        for lever in purchases_of(stages.levers):
            bought = stages.columns(lever.decided[0])
            lower[bought] = upper[bought] = 0.0
        money = stages.columns("x")
        lower[money] = upper[money] = allocation.ravel()
        values = np.zeros_like(lower)
        values[money] = allocation.ravel()
        if self.options.move is not None:
            values[stages.columns("moved")] = np.abs((allocation - self.inner.observed).sum(axis=1))
        level = stages.program.levels(values)
        least, most = stages.program.row_lower.copy(), stages.program.row_upper.copy()
        for name in RESTRICTING:
            rows = stages.rows(name)
            least[rows], most[rows] = np.minimum(least[rows], level[rows]), np.maximum(most[rows], level[rows])
        return replace(stages.program, column_lower=lower, column_upper=upper, row_lower=least, row_upper=most)
