"""The plan: when to spend the budget of every year, and on whom, so that discounted risk is least."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Unpack

import numpy as np
import pandas as pd
from pydantic import Field

from chains import Chain, InputError
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.schema import TIERS
from optimize.program.decision import Decision
from optimize.program.levers import Purchase, purchases_of
from optimize.program.over_years import Horizon
from optimize.program.years import compile_years, in_time, provided_by_year
from optimize.solver.linear import Certificate
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import idle_money, usable
from optimize.solving.nearest import Method, check_attained, nearest_least_risk
from optimize.solving.options import BudgetArguments, BudgetOptions, Options, make_options
from optimize.solving.plans import FoundPlan, YearsRisk, least_over_years

__all__ = ["Course", "Plan", "PlanArguments", "PlanOptions", "plan"]


_MOST_GROWTH = 1e4
"""Times that demand may grow: a solver's digits are too few for much more in one program."""


class PlanArguments(BudgetArguments, total=False):
    """Keyword arguments of `plan`: see `PlanOptions`."""

    years: int
    growth: float
    rate: float
    budget: float | None


class PlanOptions(BudgetOptions):
    """How many years, what changes from one to the next, and the budget of each (the chain's money)."""

    years: Annotated[int, Field(ge=1, le=100, description="years after the base year")] = 10
    growth: Annotated[
        float, Field(gt=-1, allow_inf_nan=False, description="by which demand and supply grow every year")
    ] = 0.0
    rate: Annotated[float, Field(gt=-1, allow_inf_nan=False, description="at which later risk counts less")] = 0.03
    budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="budget of every year; None: the observed total, by instrument"
    )

    def one_year(self) -> Options:
        """The same for one year."""
        return Options(**{name: getattr(self, name) for name in ("alpha", "beta", "pieces", "levers", "budget")})


@dataclass(frozen=True, repr=False)
class Course(Shown):
    """A way of spending over the years, and the risk of each.

    allocation[(segment, instrument), year], capacity[segment, year], which is that of all instruments, and
    `levers[name][member, year]` are money in the chain's unit; the cost of a stock is its price in the year in which it
    is bought, and its holding in every year. `by_year` has, for every year,
    risk, expected_loss, cvar and var as shares of that year's weighted final demand; `risk` is the discounted one.
    """

    allocation: pd.DataFrame
    capacity: pd.DataFrame
    levers: dict[str, pd.DataFrame]
    by_year: pd.DataFrame
    risk: float

    @property
    def money(self) -> pd.DataFrame:
        """Money [segment, year] of every lever and instrument."""
        money = self.capacity
        for bought in self.levers.values():
            at = bought.index.str.partition("@").get_level_values(0)
            money = money.add(bought.groupby(at).sum(), fill_value=0.0).reindex(money.index)
        return money

    @property
    def spent(self) -> pd.Series:
        """Money spent in every year."""
        return self.money.sum().rename("spent")


@dataclass(frozen=True, repr=False)
class Plan(Shown):
    """The answer: observed spending every year, the one-year answer given every year, and the plan of least risk.

    `risk` is the least discounted risk; `optimal` attains it to 1e-9 and is, of the plans that do, the nearest to
    observed spending in the years in which that comes in time. `weight` [year] sums to 1. `budget` [instrument] is that
    of every year. `certificate` is the worst over every solve.
    """

    chain: Chain
    options: PlanOptions
    budget: pd.Series
    weight: pd.Series
    observed: Course
    repeated: Course
    optimal: Course
    risk: float
    method: Method
    certificate: Certificate

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plan: the base year + 1..T (of several packages the latest base year)."""
        return tuple(int(year) for year in self.weight.index)

    @property
    def not_needed(self) -> pd.Series:
        """Money of each year's budget that the plan leaves unspent; it lapses."""
        return (float(self.budget.sum()) - self.optimal.spent).clip(lower=0.0).rename("not_needed")

    @property
    def courses(self) -> dict[str, Course]:
        """The three ways of spending by name."""
        return {"observed": self.observed, "repeated": self.repeated, "optimal": self.optimal}

    def discounted(self, measure: str) -> dict[str, float]:
        """A column of `by_year`, such as `expected_loss`, weighted over the years, of the three ways of spending."""
        weight = self.weight.to_numpy()
        return {name: float(weight @ course.by_year[measure].to_numpy()) for name, course in self.courses.items()}

    def tiers(self, course: Course) -> pd.DataFrame:
        """Money of every lever [tier, year]."""
        tier = self.chain.segments["tier"].reindex(course.money.index)
        return course.money.groupby(tier.to_numpy()).sum().reindex(TIERS, fill_value=0.0).rename_axis("tier")


def plan(chain: Chain, **options: Unpack[PlanArguments]) -> Plan:
    """The budget over years with least discounted risk (docs/questions/plan.md). Options: `PlanOptions`.

    Money of years before the first is in supply already. `repeated` gives the least-risk allocation of one year in
    every year: the same money to the same uses, of which stocks that last are bought again until the limit. Raises
    InputError where the input is wrong, NotOptimalError if the solver does not prove optimality.
    """
    chosen = make_options(PlanOptions, options)
    _check_growth(chosen)
    evaluator = Evaluator(chain, chosen.one_year().risk_options(), chosen.levers)
    evaluator.check_balance()
    budget = budget_of(chain.numbers, chosen.budget)
    horizon = Horizon.of(chosen.years, chosen.growth, chosen.rate)
    risk = YearsRisk(evaluator, horizon)
    one_year = nearest_least_risk(evaluator, chosen.one_year(), budget)
    observed = _every_year(evaluator, Decision(chain.numbers.observed / evaluator.units.money), chosen.years)
    repeated = _every_year(evaluator, one_year.decision.scaled(1.0 / evaluator.units.money), chosen.years)
    found = _least(evaluator, chosen, budget, risk, repeated)
    courses = [_course(evaluator, risk, decisions) for decisions in (observed, repeated, found.decisions)]
    check_attained(courses[2].risk, found.risk)
    return Plan(
        chain=chain,
        options=chosen,
        budget=pd.Series(budget, index=pd.Index(chain.numbers.instruments, name="instrument"), name="budget"),
        weight=pd.Series(horizon.weight, index=_years(chain, chosen.years), name="weight"),
        observed=courses[0],
        repeated=courses[1],
        optimal=courses[2],
        risk=found.risk,
        method=found.method,
        certificate=found.certificate.worse(one_year.certificate).worse(risk.certificate).worse(evaluator.certificate),
    )


def _check_growth(options: PlanOptions) -> None:
    """InputError where demand changes by so much that what is added in one year is nothing in another."""
    decades = options.years * float(np.log1p(options.growth)) / np.log(10.0)
    if abs(decades) > np.log10(_MOST_GROWTH):
        wrong = f"{options.growth:g} makes demand 10^{decades:.1f} times as much after {options.years} years"
        right = f"choose growth or years so that it becomes {_MOST_GROWTH:g} times as much at most, or as little"
        raise InputError.single("option growth", wrong, right)


def _every_year(evaluator: Evaluator, decision: Decision, years: int) -> list[Decision]:
    """The same money to the same uses in every year; inner units."""
    numbers = evaluator.inner
    bought = {
        lever.name: lever.given_every_year(
            numbers, decision.bought.get(lever.name, np.zeros(len(lever.segment(numbers)))), years
        )
        for lever in purchases_of(evaluator.levers)
    }
    return [Decision(decision.allocation, {name: amounts[t] for name, amounts in bought.items()}) for t in range(years)]


def _least(
    evaluator: Evaluator, options: PlanOptions, budget: Array, risk: YearsRisk, start: Sequence[Decision]
) -> FoundPlan:
    """The plan of least risk; money that nobody can use is left out, and put back where it comes in time."""
    numbers, curve, levers = evaluator.inner, evaluator.curve, evaluator.levers
    within = usable(evaluator, options.one_year(), budget) / evaluator.units.money
    idle = idle_money(numbers, curve, within, levers)
    used = replace(numbers, observed=numbers.observed - idle)
    stage = compile_years(used, curve, within - idle.sum(axis=0), options.years, levers)
    found = least_over_years(evaluator, risk, stage, start)
    back = idle * in_time(numbers, options.years)
    return replace(
        found, decisions=[decision.with_more(own) for decision, own in zip(found.decisions, back, strict=True)]
    )


def _course(evaluator: Evaluator, risk: YearsRisk, decisions: Sequence[Decision]) -> Course:
    """A way of spending in the chain's money, and the risk of every year."""
    numbers, levers = evaluator.inner, evaluator.levers
    risk.learn(risk.linked(provided_by_year(decisions, numbers, evaluator.curve, levers)))
    years = _years(evaluator.chain, len(decisions))
    own = [(year.risk, year.expected_loss, year.cvar, year.var) for year in risk.by_year]
    by_year = pd.DataFrame(own, index=years, columns=["risk", "expected_loss", "cvar", "var"])
    segments = pd.MultiIndex.from_product([numbers.segments, numbers.instruments], names=["segment", "instrument"])
    money = np.stack([decision.allocation for decision in decisions], axis=2) * evaluator.units.money
    alone = pd.Index(numbers.segments, name="segment")
    return Course(
        allocation=pd.DataFrame(money.reshape(-1, len(years)), index=segments, columns=years),
        capacity=pd.DataFrame(money.sum(axis=1), index=alone, columns=years),
        levers={lever.name: _paid(lever, evaluator, decisions, years) for lever in purchases_of(levers)},
        by_year=by_year,
        risk=float(risk.horizon.weight @ by_year["risk"].to_numpy()),
    )


def _paid(lever: Purchase, evaluator: Evaluator, decisions: Sequence[Decision], years: pd.Index) -> pd.DataFrame:
    """Money [member, year] that goes through a lever, in the chain's unit."""
    amounts = np.stack([decision.bought[lever.name] for decision in decisions])
    money = lever.money_by_year(evaluator.inner, amounts).T * evaluator.units.money
    members = pd.Index(lever.labels(evaluator.numbers), name="segment", dtype=object)
    return pd.DataFrame(np.maximum(money, 0.0), index=members, columns=years)


def _years(chain: Chain, count: int) -> pd.Index:
    return pd.RangeIndex(max(chain.years) + 1, max(chain.years) + count + 1, name="year")
