"""What-ifs: scattered changes of budget, cuts, demand and capacity, against a loop over highspy written by hand."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import highspy
import numpy as np
import pandas as pd
from pyomo.contrib.solver.common.factory import SolverFactory

from benchmarks.case import ALPHA, BETA, PIECES, SIZES, Case, case_of, synthetic_chain
from benchmarks.contestants import floor
from benchmarks.contestants.with_pyomo import OPTIONS, model_of
from benchmarks.measure import as_table, silence
from chains.numbers import Array, ChainNumbers
from optimize import WhatIfs
from optimize.program.response import chords
from optimize.solving.units import OBJECTIVE

__all__ = ["question"]

HAND, TIERWISE, REBUILT = "highspy loop by hand", "Tierwise", "Pyomo model rebuilt"
SAME = 1e-8


@dataclass(frozen=True)
class Change:
    """One what-if: the numbers of the chain after it, and its budget."""

    numbers: ChainNumbers
    budget: float


def question(count: int, rebuilt: int, size: str = "small") -> pd.DataFrame:
    """Seconds a what-if, medians over `count` of them; the Pyomo model is rebuilt for the first `rebuilt` only.

    The loop by hand knows which bounds each what-if changes and asks for the objective alone; Tierwise finds them from
    the changed numbers, and recomputes the certificate of every answer.
    """
    case = case_of(synthetic_chain(*SIZES[size]))
    asked, loop = WhatIfs(case.chain, alpha=ALPHA, beta=BETA), _Loop(case)
    ways: dict[str, Callable[[Change], float]] = {
        HAND: loop.risk,
        TIERWISE: lambda change: asked.risk(change.numbers, budget=change.budget),
        REBUILT: partial(_rebuilt, case),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for n, change in enumerate(_changes(case.chain.numbers, count)):
        answers = {}
        for name, way in ways.items():
            if name != REBUILT or n < rebuilt:
                with silence():
                    start = time.perf_counter()
                    answers[name] = way(change)
                    seconds[name].append(time.perf_counter() - start)
        if not np.allclose(list(answers.values()), answers[HAND], rtol=SAME, atol=1e-12):
            raise RuntimeError(f"what-if {n} has different answers: {answers}")
    return as_table(seconds, (HAND, TIERWISE))


def _changes(numbers: ChainNumbers, count: int) -> Iterator[Change]:
    """Budget, the cuts of one scenario, demand, ceilings of the response: in turn, each drawn anew from the base."""
    rng = np.random.default_rng(5)
    budget = float(numbers.observed.sum())
    for n in range(count):
        kind, changed, given = n % 4, numbers, budget
        if kind == 0:
            given = budget * rng.uniform(0.3, 2.0)
        elif kind == 1:
            foreign, scenario = numbers.foreign.copy(), rng.integers(numbers.calm)
            foreign[scenario] *= rng.uniform(0.2, 1.0, len(numbers.segments))
            changed = replace(numbers, foreign=foreign)
        elif kind == 2:
            changed = replace(numbers, demand=numbers.demand * rng.uniform(0.8, 1.0, len(numbers.segments)))
        else:
            changed = replace(numbers, ceiling=numbers.ceiling * rng.uniform(0.5, 1.5, len(numbers.segments)))
        yield Change(changed, given)


class _Loop:
    """What one would write by hand: one Highs, the base's basis before each solve, only the bounds that changed."""

    def __init__(self, case: Case) -> None:
        prepared = floor.prepare(case)
        self._highs, _ = floor.first_solve(prepared)
        self._basis = self._highs.getBasis()
        self._highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        numbers = case.chain.numbers
        self._base = self._now = Change(numbers, float(numbers.observed.sum()))
        self._money = float(numbers.demand.sum()) / OBJECTIVE
        scenarios, segments = numbers.home.shape
        columns, rows = 3 * segments + 1, 2 * segments + 1
        each = np.arange(scenarios)[:, None]
        own = len(prepared.program.cost) - scenarios * columns + columns * each + np.arange(segments)
        self._imports, self._unmet = own + segments, own + 2 * segments
        first = len(prepared.program.row_lower) - scenarios * rows
        self._balances = first + segments + rows * each + np.arange(segments)
        self._chords = np.arange(segments, segments * (1 + PIECES))
        self._budget = np.array([2 * segments])

    def risk(self, change: Change) -> float:
        """Least risk of a what-if, as a share of its weighted final demand."""
        self._go_to(self._base)
        self._go_to(change)
        self._highs.setBasis(self._basis)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("the what-if was not solved")
        found = self._highs.getInfo().objective_function_value
        return float(found * self._money / change.numbers.demand.sum())

    def _go_to(self, change: Change) -> None:
        """Send the bounds that differ from those of the what-if before, in the base's inner units."""
        new, old = change.numbers, self._now.numbers
        if change.budget != self._now.budget:
            self._rows(self._budget, np.array([change.budget]))
        if new.foreign is not old.foreign:
            cut = np.flatnonzero((new.foreign != old.foreign).any(axis=1))
            self._columns(self._imports[cut], new.foreign[cut])
        if new.demand is not old.demand:
            demand = np.broadcast_to(new.demand, new.home.shape)
            self._columns(self._unmet, demand)
            self._rows(self._balances, -demand)
        if new.ceiling is not old.ceiling:
            self._columns(self._chords, chords(new.slope, new.ceiling, PIECES).width)
        self._now = change

    def _columns(self, at: np.ndarray, upper: Array) -> None:
        count = at.size
        self._highs.changeColsBounds(count, at.ravel().astype(np.int32), np.zeros(count), upper.ravel() / self._money)

    def _rows(self, at: np.ndarray, upper: Array) -> None:
        count = at.size
        lower = np.full(count, -highspy.kHighsInf)
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]  # not in its stubs
            count, at.ravel().astype(np.int32), lower, upper.ravel() / self._money
        )


def _changed(case: Case, change: Change) -> Case:
    """The arrays of a what-if in the base's inner units, for the model that is built again."""
    money = float(case.chain.numbers.demand.sum()) / OBJECTIVE
    numbers = change.numbers
    return replace(
        case,
        home=numbers.home / money,
        foreign=numbers.foreign / money,
        demand=numbers.demand / money,
        width=chords(numbers.slope, numbers.ceiling / money, PIECES).width,
        budget=change.budget / money,
    )


def _rebuilt(case: Case, change: Change) -> float:
    """Least risk of a what-if by plain Pyomo and its HiGHS interface, the model built anew."""
    model = model_of(_changed(case, change))
    model.distance_alone.deactivate()
    found = SolverFactory("highs").solve(model, solver_options=OPTIONS).incumbent_objective
    return float(found / OBJECTIVE * case.chain.numbers.demand.sum() / change.numbers.demand.sum())
