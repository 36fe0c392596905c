"""The programs of a chain whose numbers are drawn again and again: compiled once, filled in for every draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from chains.numbers import Array, ChainNumbers
from optimize.program.ambiguity import LEVELS
from optimize.program.compiling import Compiled, compile_model
from optimize.program.filling import compile_affine
from optimize.program.first_stage import COLUMNS, Limit, first_stage
from optimize.program.recourse import DATA, LINKS, OWN, recourse
from optimize.program.response import Chords, chords
from optimize.program.two_stage import TwoStage, recourse_program, stacked
from optimize.solver.linear import LinearProgram
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.options import Options
from optimize.solving.units import Units, to_inner

__all__ = ["DrawPrograms", "DrawnProgram"]


class DrawPrograms:
    """Programs of all draws of one chain: `numbers` are its own, whose pattern every draw shares."""

    def __init__(self, numbers: ChainNumbers, options: Options) -> None:
        self.options = options
        self._pattern = numbers
        self._limits = limits_of(numbers, options, 1.0)
        self._recourse = compile_affine(
            self._compiled_recourse, len(numbers.inputs.data) + len(numbers.weight), [self._all_of_recourse()]
        )
        sizes = self._sizes()
        self._first = compile_affine(self._compiled_first, sum(sizes), _first_groups(sizes, numbers.observed.shape))

    def at(self, numbers: ChainNumbers, units: Units | None = None) -> "DrawnProgram":
        """The programs of a draw, in units of its own or others; InputError if it has no weighted final demand."""
        inner, units = to_inner(numbers, units)
        curve = chords(inner.slope, inner.ceiling, self.options.pieces)
        budget = budget_of(numbers, self.options.budget) / units.money
        ends = np.array([_end(limit) for limit in self._limits]) / units.money
        first = [inner.effectiveness, curve.slope, curve.width, ends, inner.observed, budget]
        return DrawnProgram(
            inner=inner,
            units=units,
            curve=curve,
            options=self.options,
            recourse=self._recourse.at(np.concatenate([inner.inputs.data, inner.weight])),
            first=self._first.at(np.concatenate([np.ravel(part) for part in first])),
        )

    def _all_of_recourse(self) -> np.ndarray:
        return np.arange(len(self._pattern.inputs.data) + len(self._pattern.weight))

    def _compiled_recourse(self, parameters: Array) -> Compiled:
        """The recourse with input coefficients a_kl (as stored) and weights w_k."""
        known = self._pattern.inputs
        data, weight = np.split(parameters, [known.nnz])
        inputs = sparse.csr_array((data, known.indices, known.indptr), shape=known.shape)
        return compile_model(recourse(replace(self._pattern, inputs=inputs, weight=weight)), (*OWN, *LINKS, *DATA))

    def _sizes(self) -> list[int]:
        """Numbers of effectivenesses, slopes, widths, limits, observed amounts, budgets."""
        segments, instruments = self._pattern.observed.shape
        pieces = segments * self.options.pieces
        return [instruments, pieces, pieces, len(self._limits), segments * instruments, instruments]

    def _compiled_first(self, parameters: Array) -> Compiled:
        """The first stage with the parameters of `_sizes`, in that order."""
        effectiveness, slope, width, ends, observed, budget = np.split(parameters, np.cumsum(self._sizes())[:-1])
        shape = self._pattern.observed.shape
        numbers = replace(self._pattern, effectiveness=effectiveness, observed=observed.reshape(shape))
        curve = Chords(width.reshape(shape[0], -1), slope.reshape(shape[0], -1))
        limits = [_with_end(limit, float(end)) for limit, end in zip(self._limits, ends, strict=True)]
        model = first_stage(numbers, curve, budget, limits=limits, move=self.options.move)
        return compile_model(model, (*COLUMNS, *LEVELS))


def _first_groups(sizes: Sequence[int], shape: tuple[int, ...]) -> list[np.ndarray]:
    """Groups of parameters of which no number of the first stage depends on two.

    Limits on what moves sum over instruments, so each instrument's observed amounts and budget are a group.
    """
    alone, amounts = sum(sizes[:4]), sizes[4]
    observed = alone + np.arange(amounts).reshape(shape)
    by_instrument = [np.append(observed[:, i], alone + amounts + i) for i in range(shape[1])]
    return [np.arange(alone), *by_instrument]


def _end(limit: Limit) -> float:
    """The one bound of a limit that a user gave."""
    return float(limit.upper if limit.lower is None else limit.lower)  # type: ignore[arg-type]


def _with_end(limit: Limit, end: float) -> Limit:
    return replace(limit, upper=end) if limit.lower is None else replace(limit, lower=end)


@dataclass(frozen=True)
class DrawnProgram:
    """The programs of one draw, in inner units."""

    inner: ChainNumbers
    units: Units
    curve: Chords
    options: Options
    recourse: Compiled
    first: Compiled

    def least_risk(self, like: TwoStage | None = None) -> TwoStage:
        """The program of least risk (`stacked`); `like` is another draw's with the same matrix."""
        return stacked(self.first, self.recourse, self.inner, self.options.alpha, self.options.beta, like=like)

    def least_losses(self, allocations: Sequence[Array]) -> tuple[list[LinearProgram], np.ndarray]:
        """The programs of least loss at allocations x[k, i] (inner money), and where unmet demand [s, k] stands."""
        program, block = recourse_program(self.recourse, self.inner)
        output = block.positions("y").ravel()
        programs = []
        for allocation in allocations:
            upper = program.column_upper.copy()
            upper[output] = (self.inner.home + self.curve.added(allocation @ self.inner.effectiveness)).ravel()
            programs.append(replace(program, column_upper=upper))
        return programs, block.positions("u")
