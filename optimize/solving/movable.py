"""The program of least risk as sliders move it: compiled once, and how each of its numbers follows what moves.

Every number of the program (a coefficient, a bound, a cost) is affine in the numbers that sliders move: the lengths of
phases, what is done without, probabilities, the budget. The factors come from compiling the model itself at a few
settings (program/filling.py); so whoever has them needs no mathematics to write down the program of any position:

    numbers = constant + factor @ parameters,      parameters = base + sum over sliders (setting at position - base)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from chains import Chain
from chains.numbers import Array, ChainNumbers, Enters, Positions, key_of, parameters, with_parameters
from chains.recent import Recent
from optimize.program.cache import compiled_first_stage, compiled_recourse
from optimize.program.compiling import Compiled
from optimize.program.filling import AffineModel, compile_affine
from optimize.program.levers import levers_of, purchases_of
from optimize.program.response import chords
from optimize.program.two_stage import THICK, TwoStage, stacked
from optimize.solver.linear import LinearProgram
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import idle_of
from optimize.solving.options import Options
from optimize.solving.sliders import PROBABILITY, Slider, Sliders, budget_slider
from optimize.solving.units import OBJECTIVE, Units, to_inner
from optimize.tolerances import TIE

__all__ = ["Movable", "NotMovableError", "movable"]

_LARGEST = 60_000
"""Phases times segments and inputs: a program that a browser solves within seconds."""
_ENTERING = (Enters.RECOURSE, Enters.SCENARIO, Enters.RISK)
"""Where numbers enter that sliders may move; the last of all is the probability of calm."""
_FIXED = (Enters.STAGE, Enters.CURVE, Enters.PLAN)
_CHOICE = ("budgets", "limited", "moves", "movement")
"""Rows of the first stage on what may be chosen, which do not hold for a decision that is given."""
_UNCAPPED = 1e-9
"""The share for which no density of the tail is above `THICK`, so that costs are lines in the probabilities."""


_KEPT = 8
"""Models that are kept, each of the size of a page's program."""
_kept: Recent[tuple[object, ...], AffineModel] = Recent(_KEPT)


class NotMovableError(Exception):
    """Why a chain's program cannot be moved by sliders."""


@dataclass(frozen=True)
class Moves:
    """What one slider does to the parameters: those at `at` are settings[position, at]."""

    slider: Slider
    at: Positions
    settings: Array


@dataclass(frozen=True)
class Movable:
    """The program of least risk of a chain under options, and what its sliders move. Inner units.

    `model` has the numbers of the program in the order matrix, row_lower, row_upper, column_lower, column_upper, cost,
    as affine in `base` [parameter], the last of which is the budget; `calm` is the one that is calm's probability, None
    where nothing moves it. `stages` is the program where all start.
    """

    chain: Chain
    options: Options
    units: Units
    numbers: ChainNumbers
    model: AffineModel
    base: Array
    moves: tuple[Moves, ...]
    calm: int | None
    stages: TwoStage

    risk = 1.0 / OBJECTIVE
    """Risk, a share of weighted final demand, per unit of the objective."""
    tie = TIE * OBJECTIVE
    """How far above the least objective an allocation may be that is as good."""

    def parameters(self, positions: Sequence[int]) -> Array:
        """The parameters at a position of each slider."""
        moved = self.base.copy()
        for moves, position in zip(self.moves, positions, strict=True):
            moved[moves.at] += moves.settings[position] - moves.settings[moves.slider.start]
        return moved

    def at(self, positions: Sequence[int]) -> LinearProgram:
        """The program at a position of each slider."""
        return _program(self.model.at(self.parameters(positions)))

    @property
    def starts(self) -> list[int]:
        """The position of each slider at which the chain is as it is."""
        return [moves.slider.start for moves in self.moves]

    @property
    def chosen_rows(self) -> Positions:
        """Rows on what may be chosen; a decision that is given need not keep to them."""
        return np.concatenate([np.empty(0, np.intp), *(self.stages.rows(name) for name in _CHOICE)])

    @property
    def decided_columns(self) -> Positions:
        """Columns of what is decided: the allocation x[k, i], then what other levers buy."""
        bought = [self.stages.columns(lever.decided[0]) for lever in purchases_of(self.stages.levers)]
        return np.concatenate([self.stages.columns("x"), *bought])

    @property
    def money(self) -> Array:
        """Money [segment, column] of the chain per unit of a column."""
        return self.stages.money(self.numbers) * self.units.money


def movable(chain: Chain, options: Options) -> Movable:
    """The movable program of a chain. NotMovableError where there is none.

    RuntimeError where the program is not affine in what the sliders move.
    """
    sliders = Sliders(chain)
    inner, units = to_inner(sliders.numbers)
    budget = budget_of(chain.numbers, options.budget)
    _check(chain, inner, options, budget)
    total = float(budget.sum())
    shares = budget / total if total > 0.0 else budget
    first, *others = (_flat(inner, place) for place in (_ENTERING, _FIXED))
    tables = [(slider, _settings(sliders, slider, units, others[0])) for slider in sliders]
    moved = np.flatnonzero(np.any([(table != table[slider.start]).any(axis=0) for slider, table in tables], axis=0))
    levers, curve = levers_of(inner, options.levers), chords(inner.slope, inner.ceiling, options.pieces)
    limits = limits_of(inner, options, units.money)

    def stages(given: Array) -> TwoStage:
        flat = first.copy()
        flat[moved] = given[:-1]
        numbers = _with_flat(inner, flat)
        stage = compiled_first_stage(numbers, curve, given[-1] * shares, levers, limits, options.move)
        recourse = compiled_recourse(numbers, levers)
        return stacked(stage, recourse, numbers, options.alpha, options.beta, share=_UNCAPPED)

    base = np.append(first[moved], total / units.money)
    fixed = _with_flat(inner, np.where(np.isin(np.arange(len(first)), moved), 0.0, first))
    asked = options.alpha, options.beta, options.pieces, options.levers, options.move, tuple(limits)
    key = (*_key(fixed), moved.tobytes(), shares.tobytes(), *asked)
    model = _kept.once(key, partial(_affine, stages, len(base)))
    moves = [_moves(slider, table[:, moved]) for slider, table in tables]
    if total > 0.0:
        slider = budget_slider(total)
        moves.insert(0, Moves(slider, np.array([len(moved)]), slider.values[:, None] / units.money))
    calm = int(np.searchsorted(moved, len(first) - 1)) if len(first) - 1 in moved else None
    return Movable(chain, options, units, inner, model, base, tuple(moves), calm, stages(base))


def _affine(stages: Callable[[Array], TwoStage], count: int) -> AffineModel:
    return compile_affine(lambda given: _compiled(stages(given)), count, [np.arange(count)])


def _key(fixed: ChainNumbers) -> tuple[object, ...]:
    """Equal where programs are the same whatever is moved: cases that differ in what sliders move share one model."""
    where = fixed.phase_scenario.tobytes(), fixed.disrupted.tobytes()
    return (*key_of(fixed, *_ENTERING, *_FIXED), *where, fixed.scenarios, fixed.segments, fixed.tiers)


def _check(chain: Chain, inner: ChainNumbers, options: Options, budget: Array) -> None:
    if len(inner.phase_scenario) * (len(inner.segments) + inner.inputs.nnz) > _LARGEST:
        raise NotMovableError("its program is too large for a browser")
    if 1.0 / (1.0 - options.alpha) > THICK:
        raise NotMovableError(f"a confidence level of {options.alpha:g} leaves too thin a tail")
    evaluator = Evaluator(chain, options.risk_options(), options.levers)
    if idle_of(evaluator, options, budget).any():
        raise NotMovableError("of its money far more is spent than can be of use")


def _settings(sliders: Sliders, slider: Slider, units: Units, fixed: Array) -> Array:
    """The numbers that enter [position, number] at every position of a slider; all others must stay as they are.

    A probability enters as it is, and calm has the rest: both are lines between the ends.
    """
    count, line = len(slider.values), slider.kind == PROBABILITY
    table = []
    for position in (0, count - 1) if line else range(count):
        numbers, _ = to_inner(sliders.at(slider, position), units)
        if not np.array_equal(_flat(numbers, _FIXED), fixed, equal_nan=True):
            raise RuntimeError(f"the slider {slider.kind} moves numbers of the first stage")
        table.append(_flat(numbers, _ENTERING))
    if not line:
        return np.array(table)
    way: Array = (slider.values - slider.values[0]) / (slider.values[-1] - slider.values[0])
    return np.asarray(table[0] + way[:, None] * (table[1] - table[0]))


def _moves(slider: Slider, table: Array) -> Moves:
    at = np.flatnonzero((table != table[slider.start]).any(axis=0))
    return Moves(slider, at, table[:, at])


def _flat(numbers: ChainNumbers, places: Sequence[Enters]) -> Array:
    return np.concatenate([np.ravel(array) for place in places for array in parameters(numbers, place)])


def _with_flat(numbers: ChainNumbers, flat: Array) -> ChainNumbers:
    """The numbers with those of `_flat` replaced."""
    for place in _ENTERING:
        size = sum(array.size for array in parameters(numbers, place))
        numbers, flat = with_parameters(numbers, place, flat[:size]), flat[size:]
    return numbers


def _compiled(stages: TwoStage) -> Compiled:
    program = stages.program
    return Compiled(
        matrix=program.matrix,
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        column_lower=program.column_lower,
        column_upper=program.column_upper,
        groups=stages.groups,
        costs={"risk": program.cost},
        row_names=stages.first_rows,
    )


def _program(compiled: Compiled) -> LinearProgram:
    return LinearProgram(
        cost=compiled.costs["risk"],
        matrix=compiled.matrix,
        row_lower=compiled.row_lower,
        row_upper=compiled.row_upper,
        column_lower=compiled.column_lower,
        column_upper=compiled.column_upper,
    )
