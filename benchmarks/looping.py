"""A loop over what-ifs as one would write it by hand: one Highs, the base's basis, only the bounds that change."""

from collections.abc import Iterator

import highspy
import numpy as np

from benchmarks.case import PIECES, Case
from benchmarks.contestants import floor
from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.stocks import Stocks
from optimize.program.response import chords
from optimize.program.two_stage import TwoStage
from optimize.solving.evaluation import Evaluator
from optimize.solving.units import OBJECTIVE

__all__ = ["Loop"]


class Loop:
    """One Highs, the base's basis before each solve, only the bounds that changed; asked for the objective alone.

    It knows where each number stands: imports [t, k], unmet demand [t, n] and balances [t, k] of every phase, stocks
    [s, q] of every scenario, and the columns and the row of the first stage.
    """

    def __init__(self, case: Case) -> None:
        stages, evaluator = floor.program_of(case)
        self._highs, _ = floor.first_solve(floor.prepare(case))
        self._basis = self._highs.getBasis()
        self._highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        self._base = self._now = case.chain.numbers
        self._spent = self._budget = float(self._base.observed.sum())
        self._money = float(self._base.demand.sum()) / OBJECTIVE
        self._imports = _by_phase(stages, self._base, _columns(stages, "m"))
        self._unmet = _by_phase(stages, self._base, _columns(stages, "u"))
        self._balances = _by_phase(stages, self._base, _rows(stages, evaluator, "balance"))
        self._stocks = np.concatenate([at for _, at in _rows(stages, evaluator, "stock_drawn")])
        self._chords, self._budgets = stages.columns("z"), stages.rows("budgets")
        self._bought = stages.columns("bought") if self._stocks.size else np.empty(0, dtype=np.intp)

    def risk(self, numbers: ChainNumbers, budget: float) -> float:
        """Least risk of a what-if, as a share of its weighted final demand."""
        self._go_to(self._base, self._budget)
        self._go_to(numbers, budget)
        self._highs.setBasis(self._basis)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("the what-if was not solved")
        found = self._highs.getInfo().objective_function_value
        return float(found / OBJECTIVE * self._base.weighted_demand / numbers.weighted_demand)

    def _go_to(self, new: ChainNumbers, budget: float) -> None:
        """Send the bounds that differ from those of the what-if before, in the base's inner units."""
        old, length = self._now, new.phase_length[:, None]
        if budget != self._spent:
            self._row_bounds(self._budgets, np.array([budget]))
        if new.foreign is not old.foreign:
            cut = np.flatnonzero((new.foreign != old.foreign).any(axis=1))
            self._column_bounds(self._imports[cut], new.foreign[cut] * length[cut])
        if new.demand is not old.demand:
            self._column_bounds(self._unmet, new.use_demand * length)
            self._row_bounds(self._balances, -new.demand * length)
        if new.ceiling is not old.ceiling:
            self._column_bounds(self._chords, chords(new.slope, new.ceiling, PIECES).width)
        stocks, before = new.part(Stocks), old.part(Stocks)
        if stocks is not None and stocks is not before:
            self._row_bounds(self._stocks, np.broadcast_to(stocks.held, self._stocks.shape))
            self._column_bounds(self._bought, stocks.most)
        self._now, self._spent = new, budget

    def _column_bounds(self, at: Positions, upper: Array) -> None:
        count = at.size
        self._highs.changeColsBounds(count, at.ravel().astype(np.int32), np.zeros(count), upper.ravel() / self._money)

    def _row_bounds(self, at: Positions, upper: Array) -> None:
        count = at.size
        lower = np.full(count, -highspy.kHighsInf)
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]  # not in its stubs
            count, at.ravel().astype(np.int32), lower, upper.ravel() / self._money
        )


_Placed = tuple[Positions, Positions]
"""Phases [s, p] of some scenarios, and where [s, member] something of them stands, members phase by phase."""


def _columns(stages: TwoStage, group: str) -> Iterator[_Placed]:
    """A group of own columns of every block."""
    start = stages.first_columns
    for block in stages.blocks:
        each = start + block.own.shape[1] * np.arange(block.count)[:, None]
        own = block.groups[group]
        yield block.alike.rows, each + np.arange(own.start, own.stop)
        start += block.column_upper.size


def _rows(stages: TwoStage, evaluator: Evaluator, name: str) -> Iterator[_Placed]:
    """The rows of a constraint of every block."""
    start = len(stages.first_rows)
    for block in stages.blocks:
        names = evaluator.compiled.of(block.alike.phases).row_names
        own = np.array([n for n, row in enumerate(block.rows) if names[row].partition("[")[0] == name], dtype=np.intp)
        yield block.alike.rows, start + block.own.shape[0] * np.arange(block.count)[:, None] + own
        start += block.row_upper.size


def _by_phase(stages: TwoStage, numbers: ChainNumbers, placed: Iterator[_Placed]) -> Positions:
    """Where the members stand in every phase [t, member]."""
    found = list(placed)
    each = found[0][1].shape[1] // stages.blocks[0].alike.phases
    where = np.empty((len(numbers.phase_scenario), each), dtype=np.intp)
    for phases, at in found:
        where[phases] = at.reshape(*phases.shape, each)
    return where
