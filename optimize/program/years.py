"""The first stage of a plan over years: what every year's budget buys, when it adds supply, how long that lasts.

Years t = 1..T; every year has the budget B_i, and what is not spent lapses (docs/questions/plan.md):

    Z_kjt = (1 - 1/life_k) Z_kj,t-1 + z_kjt <= width_kj         funds that stand in chord j, Z_kj0 = 0
    sum_j z_kjt <= sum_i effectiveness_ki x_ki,t-lag_k-lag_ki   money takes effect after its lag, x_ki,t = 0 before 1
    added_kt = sum_j slope_kj Z_kjt + response_k preferred_kt
    sum_k x_kit + s_it <= B_i ,  sum_i s_it = spent_t           as in one year; what lasts of other levers they say

The chords of a segment share lag and life, so it is best to fill the steepest that has room, in every year at once.
Let S_jt = sum_(i<=j) Z_kit, W_j = sum_(i<=j) width_ki. Any plan has S_jt <= min(W_j, (1 - 1/life) S_j,t-1 + funds_t);
that order attains it for every j and t; and added_kt = sum_j (slope_j - slope_(j+1)) S_jt, with slopes that fall. So
what a decision adds is a recursion (`added_by_year`), and the program needs no order of filling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Enters, Positions, entering
from optimize.program.compiling import Compiled, compile_columns
from optimize.program.decision import Decision, beside
from optimize.program.expressions import FirstStageExpressions, check_closed
from optimize.program.first_stage import AWAY, pay
from optimize.program.levers import NO_CAPACITY, Lever, purchases_of
from optimize.program.response import Chords
from optimize.program.squares import squares_of
from optimize.solver.linear import Squares

__all__ = ["YearsStage", "added_by_year", "compile_years", "in_time", "kept", "provided_by_year"]

_COLUMNS = ("x", "standing", "added", "eta", "distance", "spent", "paid")


def _wait(numbers: ChainNumbers) -> Positions:
    """Years until money adds supply [k, i]: lag_k + lag_ki."""
    return np.rint(numbers.lag[:, None] + numbers.delay).astype(np.intp)


def kept(numbers: ChainNumbers) -> Array:
    """1 - 1/life_k, the share of added supply that is there a year later [k]; 0 where it lasts a year or less."""
    return np.maximum(1.0 - 1.0 / numbers.life, 0.0)


def in_time(numbers: ChainNumbers, years: int) -> npt.NDArray[np.bool_]:
    """Whether money of year t adds supply within the plan [t, k, i]; later money is of no use to it."""
    return np.arange(years)[:, None, None] + _wait(numbers) < years


def _funds(numbers: ChainNumbers, allocation: Array) -> Array:
    """Effective funds that arrive in each year [t, k], of allocations x[t, k, i]."""
    effective, wait = numbers.effectiveness * allocation, _wait(numbers)
    funds = np.zeros(allocation.shape[:2])
    for years in np.unique(wait):
        arriving = np.where(wait == years, effective, 0.0).sum(axis=2)
        funds[years:] += arriving[: max(len(funds) - years, 0)]
    return funds


def added_by_year(numbers: ChainNumbers, curve: Chords, allocation: Array) -> Array:
    """Supply that allocations x[t, k, i] add in each year [t, k], each chord filled before the next, less steep one."""
    standing = np.zeros_like(curve.width)
    full, keep = np.cumsum(curve.width, axis=1), kept(numbers)[:, None]
    added = np.empty(allocation.shape[:2])
    for t, funds in enumerate(_funds(numbers, allocation)):
        standing = np.minimum(full, keep * standing + funds[:, None])  # S_jt
        added[t] = (curve.slope * np.diff(standing, axis=1, prepend=0.0)).sum(axis=1)
    return added


def provided_by_year(
    decisions: Sequence[Decision], numbers: ChainNumbers, curve: Chords, levers: Sequence[Lever]
) -> list[dict[str, Array]]:
    """What the decision of each year gives its recourse, by the group of first-stage columns that it links to.

    Amounts of other levers are those that serve in the year.
    """
    added = added_by_year(numbers, curve, np.stack([decision.allocation for decision in decisions]))
    return [beside(own, decision, numbers, levers) for own, decision in zip(added, decisions, strict=True)]


@dataclass(frozen=True)
class YearsStage:
    """The compiled first stage over years; each group of columns stands year by year."""

    compiled: Compiled
    years: int

    def groups(self, year: int) -> dict[str, slice]:
        """Where the columns of a year (from 0) are."""
        found = {}
        for name, whole in self.compiled.groups.items():
            size = (whole.stop - whole.start) // self.years
            found[name] = slice(whole.start + year * size, whole.start + (year + 1) * size)
        return found

    def decisions(self, values: Array, numbers: ChainNumbers, levers: Sequence[Lever]) -> list[Decision]:
        """What is decided in every year where the columns have these values."""
        found = []
        for t in range(self.years):
            groups = self.groups(t)
            bought = {lever.name: np.maximum(values[groups[lever.decided[0]]], 0.0) for lever in purchases_of(levers)}
            found.append(Decision(np.maximum(values[groups["x"]].reshape(numbers.observed.shape), 0.0), bought))
        return found

    def squares(self, numbers: ChainNumbers, levers: Sequence[Lever]) -> Squares:
        """Which of several plans that are equally near is taken."""
        years = [self.groups(t) for t in range(self.years)]
        return squares_of(years, numbers, levers, numbers.observed)

    def distance(self, columns: int) -> Array:
        """The distance from observed spending every year as a cost of so many columns, these first."""
        cost = np.zeros(columns)
        for name in AWAY:
            cost[self.compiled.groups[name]] = 1.0
        return cost


def compile_years(
    numbers: ChainNumbers, curve: Chords, budget: Array, years: int, levers: Sequence[Lever]
) -> YearsStage:
    """The first stage of a plan of so many years with the budget B[i] in each, without money that comes too late."""
    model = _stage(entering(numbers, Enters.STAGE, Enters.PLAN), curve, budget, years, levers)
    names = (*_COLUMNS, *(column for lever in purchases_of(levers) for column in lever.decided))
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for t in model.T:
        for name in names:
            component = model.year[t].component(name)
            columns[name] += [] if component is None else component.values()
    return YearsStage(compile_columns(model, columns), years)


def _stage(
    numbers: ChainNumbers, curve: Chords, budget: Array, years: int, levers: Sequence[Lever]
) -> pyo.ConcreteModel:
    model: Any = pyo.ConcreteModel()
    model.T = pyo.RangeSet(0, years - 1)
    model.year = pyo.Block(model.T)
    useful = in_time(numbers, years)
    for t in model.T:
        before = model.year[t - 1] if t > 0 else None
        _year(model.year[t], before, numbers, curve, budget, levers, useful[t])
        _funded(model, t, numbers, curve)
    return model


def _year(
    year: Any,
    before: Any,
    numbers: ChainNumbers,
    curve: Chords,
    budget: Array,
    levers: Sequence[Lever],
    useful: npt.NDArray[np.bool_],
) -> None:
    """What a year decides, what it costs, and what then stands."""
    segments, instruments = numbers.observed.shape
    year.K, year.I = pyo.RangeSet(0, segments - 1), pyo.RangeSet(0, instruments - 1)
    year.J = pyo.RangeSet(0, curve.width.shape[1] - 1)
    free = useful & (NO_CAPACITY not in levers)
    year.x = pyo.Var(year.K, year.I, bounds=lambda _, k, i: (0.0, None if free[k, i] else 0.0))
    year.standing = pyo.Var(year.K, year.J, bounds=lambda _, k, j: (0.0, float(curve.width[k, j])))
    year.added = pyo.Var(year.K, within=pyo.NonNegativeReals)
    year.eta = pyo.Var(within=pyo.NonNegativeReals)
    year.distance = pyo.Var(year.K, year.I, within=pyo.NonNegativeReals)
    opened = FirstStageExpressions()
    for lever in levers:
        lever.in_year(year, before, numbers, opened)

    @year.Constraint(year.K, doc="added_kt = sum_j slope_kj Z_kjt + response_k preferred_kt")
    def response(_: object, k: int) -> object:
        risen = sum(float(curve.slope[k, j]) * year.standing[k, j] for j in year.J)
        return year.added[k] - risen - opened.added.at(k) == 0

    _pay_within(year, budget, levers, opened)
    _measure_distance(year, numbers.observed, free)
    check_closed(added=opened.added, spent=opened.spent)


def _pay_within(year: Any, budget: Array, levers: Sequence[Lever], opened: FirstStageExpressions) -> None:
    bought = bool(purchases_of(levers))
    if bought:
        pay(year, opened)

    @year.Constraint(year.I, doc="sum_k x_kit + s_it <= B_i")
    def budgets(_: object, i: int) -> object:
        return sum(year.x[k, i] for k in year.K) + (year.paid[i] if bought else 0) <= float(budget[i])


def _measure_distance(year: Any, observed: Array, free: npt.NDArray[np.bool_]) -> None:
    @year.Constraint(year.K, year.I, (1, -1), doc="distance_kit >= |x_kit - x0_ki|, where money comes in time")
    def away(_: object, k: int, i: int, sign: int) -> object:
        if not free[k, i]:
            return pyo.Constraint.Skip
        return year.distance[k, i] - sign * year.x[k, i] >= -sign * float(observed[k, i])


def _funded(model: Any, t: int, numbers: ChainNumbers, curve: Chords) -> None:
    """What stands in a year is what is left of the year before, and what money that arrives adds."""
    year, wait, keep = model.year[t], _wait(numbers), kept(numbers)

    def stood(k: int, j: int) -> Any:
        return float(keep[k]) * model.year[t - 1].standing[k, j] if t > 0 else 0.0

    @year.Constraint(year.K, doc="sum_j z_kjt <= sum_i effectiveness_ki x_ki,t-lag_k-lag_ki")
    def funds(_: object, k: int) -> object:
        arrived = sum(
            float(numbers.effectiveness[k, i]) * model.year[t - wait[k, i]].x[k, i] for i in year.I if wait[k, i] <= t
        )
        return sum(year.standing[k, j] - stood(k, j) for j in year.J) - arrived <= 0

    if t > 0:

        @year.Constraint(year.K, year.J, doc="z_kjt = Z_kjt - (1 - 1/life_k) Z_kj,t-1 >= 0")
        def lasts(_: object, k: int, j: int) -> object:
            if keep[k] == 0.0 or curve.width[k, j] == 0.0:
                return pyo.Constraint.Skip
            return year.standing[k, j] - stood(k, j) >= 0
