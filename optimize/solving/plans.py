"""The least discounted risk over years, and of the plans that attain it the nearest to observed spending every year.

As one program over years and scenarios (the deterministic equivalent) or, where there are so many scenarios that it
is the faster way, by decomposition, with planes below the risk of every year. Both prove the risk they report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, ChainNumbers, merge_alike
from optimize.program.cache import compiled_recourse
from optimize.program.decision import Decision
from optimize.program.over_years import Horizon, in_year, over_years
from optimize.program.risk import Risk, risk_of
from optimize.program.years import YearsStage, provided_by_year
from optimize.solver.linear import Certificate, Solver, among_best
from optimize.solving.decomposition import ScenarioRisk, attain, come_near
from optimize.solving.evaluation import Evaluator
from optimize.solving.master import Master, Theta
from optimize.solving.nearest import Method
from optimize.solving.price_pool import Plane
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["FoundPlan", "YearsRisk", "least_over_years", "plan_by_decomposition", "plan_directly"]

_SCENARIOS_A_SEGMENT = 3
"""Where decomposition becomes the faster, for ten years (docs/performance.md)."""


@dataclass(frozen=True)
class FoundPlan:
    """What is decided every year (inner units), the least discounted risk, how it was found, and how exactly."""

    decisions: list[Decision]
    risk: float
    method: Method
    certificate: Certificate


@dataclass(frozen=True)
class YearPlanes:
    """A plane below the risk of every year, and their weighted sum."""

    each: Sequence[Plane]
    weight: Array

    def at(self, provided: Array) -> float:
        """The bound on discounted risk where g[link] is provided, year after year."""
        parts = np.split(provided, len(self.each))
        return sum(
            float(weight) * plane.at(own) for weight, plane, own in zip(self.weight, self.each, parts, strict=True)
        )


class YearsRisk:
    """Discounted risk as a function of what every year provides, g[link] year after year, in that year's scale.

    Years whose recourse is the same share their prices. Scenarios that leave the same are taken as one.
    """

    def __init__(self, evaluator: Evaluator, horizon: Horizon) -> None:
        self.numbers: ChainNumbers = merge_alike(evaluator.inner)[0]
        self.horizon = horizon
        self._options = evaluator.options
        compiled = compiled_recourse(self.numbers, evaluator.levers)
        made: dict[bytes, ScenarioRisk] = {}
        self._years: list[ScenarioRisk] = []
        for scale in horizon.scale:
            numbers = in_year(self.numbers, float(scale))
            key = b"" if numbers is self.numbers else np.float64(scale).tobytes()
            if key not in made:
                made[key] = ScenarioRisk(compiled, numbers, evaluator.options)
            self._years.append(made[key])
        self._own = list(made.values())
        self.by_year: list[Risk] = []

    def thetas(self, stage: YearsStage) -> list[Theta]:
        """The risk of every year as a column of a master program."""
        parts = zip(self._years, self.horizon.weight, self.horizon.scale, strict=True)
        return [
            Theta(year.members(stage.groups(t)), float(weight), float(scale))
            for t, (year, weight, scale) in enumerate(parts)
        ]

    def linked(self, provided: Sequence[Mapping[str, Array]]) -> Array:
        """What is provided in every year, g[link] in its scale."""
        parts = zip(self._years, provided, self.horizon.scale, strict=True)
        return np.concatenate([year.linked(own) * scale for year, own, scale in parts])

    def plane(self, linked: Array) -> YearPlanes:
        """The plane below the risk of every year, as far as it is known, that touches it there."""
        parts = zip(self._years, np.split(linked, len(self._years)), strict=True)
        return YearPlanes([year.plane(own) for year, own in parts], self.horizon.weight)

    def learn(self, linked: Array) -> tuple[float, bool]:
        """Discounted risk (inner units) from the recourse of every scenario in every year; whether more is known now.

        `by_year` is then the risk of each year, as shares of its demand.
        """
        total, learned, self.by_year = 0.0, False, []
        for year, own, weight in zip(self._years, np.split(linked, len(self._years)), self.horizon.weight, strict=True):
            risk, more = year.learn(own)
            total, learned = total + float(weight) * risk, learned or more
            probability, options = self.numbers.probability, self._options
            self.by_year.append(risk_of(year.loss / OBJECTIVE, probability, options.alpha, options.beta))
        return total, learned

    @property
    def passes(self) -> int:
        """How often the recourse of every scenario of a year was solved."""
        return sum(own.passes for own in self._own)

    @property
    def certificate(self) -> Certificate:
        """The worst of these solves."""
        worst = Certificate(0.0, 0.0, 0.0, 0.0)
        for own in self._own:
            worst = worst.worse(own.certificate)
        return worst


def least_over_years(evaluator: Evaluator, risk: YearsRisk, stage: YearsStage, start: Sequence[Decision]) -> FoundPlan:
    """The plan of least discounted risk that is nearest to observed spending every year, of those within 1e-9 of it.

    `start` is a plan at which decomposition looks first. Inner units.
    """
    if len(risk.numbers.scenarios) >= _SCENARIOS_A_SEGMENT * len(risk.numbers.segments):
        return plan_by_decomposition(evaluator, risk, stage, start)
    return plan_directly(evaluator, risk, stage)


def plan_directly(evaluator: Evaluator, risk: YearsRisk, stage: YearsStage) -> FoundPlan:
    """By one program over years and scenarios; as `least_over_years`."""
    options, levers = evaluator.options, evaluator.levers
    compiled = compiled_recourse(risk.numbers, levers)
    program = over_years(stage, compiled, risk.numbers, risk.horizon, options.alpha, options.beta)
    solver = Solver(program)
    least = solver.solve()
    squares = stage.squares(evaluator.inner, levers)
    near = among_best(solver, least, TIE * OBJECTIVE, stage.distance(len(program.cost)), squares)
    return FoundPlan(
        decisions=stage.decisions(near.values, evaluator.inner, levers),
        risk=max(least.objective, 0.0) / OBJECTIVE,
        method=Method("deterministic equivalent", len(risk.numbers.scenarios)),
        certificate=least.certificate.worse(near.certificate),
    )


def plan_by_decomposition(
    evaluator: Evaluator, risk: YearsRisk, stage: YearsStage, start: Sequence[Decision]
) -> FoundPlan:
    """By planes below the risk of every year; as `least_over_years`."""
    levers = evaluator.levers
    master = Master(stage.compiled, stage.distance(len(stage.compiled.column_lower)), risk.thetas(stage))
    linked = risk.linked(provided_by_year(start, evaluator.inner, evaluator.curve, levers))
    risk.learn(linked)
    master.add(risk.plane(linked))
    lower, upper, gap = attain(master, risk)
    nearest = come_near(master, risk, max(lower + TIE * OBJECTIVE, upper), stage.squares(evaluator.inner, levers))
    return FoundPlan(
        decisions=stage.decisions(nearest, evaluator.inner, levers),
        risk=max(upper, 0.0) / OBJECTIVE,
        method=Method("decomposition", len(risk.numbers.scenarios), master.planes, risk.passes, gap),
        certificate=master.certificate.worse(risk.certificate).worse(Certificate(0.0, 0.0, 0.0, gap)),
    )
