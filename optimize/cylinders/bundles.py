"""The program cut into bundles of scenarios, each a Pyomo model of the first stage that stands on its recourse."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from mpisppy.utils import sputils

from chains.numbers import Array, ChainNumbers, Positions, of_scenarios
from optimize.cylinders.bundle_solver import Recourse
from optimize.program.ambiguity import LEVELS
from optimize.program.cache import CompiledRecourse, compile_recourse
from optimize.program.compiling import Compiled, compile_model
from optimize.program.decision import Decision
from optimize.program.first_stage import Limit, first_stage, stage_columns
from optimize.program.levers import Lever, levers_of, purchases_of
from optimize.program.response import Chords
from optimize.program.two_stage import TwoStage, stacked
from optimize.solving.options import Options
from optimize.solving.units import OBJECTIVE

__all__ = ["BundledProgram", "split"]


def split(probability: Array, bundles: int) -> tuple[Positions, ...]:
    """Positions of the scenarios of each bundle; scenarios that cannot happen are in none.

    Every bundle takes every n-th scenario, so that bundles are alike wherever the package lists what.
    """
    possible = np.flatnonzero(probability > 0)
    count = min(bundles, len(possible))
    return tuple(possible[first::count] for first in range(count))


@dataclass(frozen=True, eq=False)
class BundledProgram:
    """Least risk in inner units, bundle by bundle: no more of the program exists than is asked for.

    `bundles[b]`: positions of scenarios. Money, losses and the objective are inner (solving/units.py).
    """

    numbers: ChainNumbers
    curve: Chords
    budget: Array
    limits: Sequence[Limit]
    options: Options
    bundles: tuple[Positions, ...]

    @property
    def names(self) -> list[str]:
        """Names of the bundles, as mpi-sppy calls its scenarios."""
        return [f"bundle{number}" for number in range(len(self.bundles))]

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What the money may buy."""
        return levers_of(self.numbers, self.options.levers)

    @cached_property
    def compiled(self) -> CompiledRecourse:
        """The compiled recourse of one scenario, by its number of phases."""
        return compile_recourse(self.numbers, self.levers)

    def part(self, scenarios: Positions) -> ChainNumbers:
        """The numbers of some scenarios alone, with their probabilities given that one of them happens."""
        part = of_scenarios(self.numbers, scenarios)
        return replace(part, probability=part.probability / (part.probability.sum() or 1.0))

    def two_stage(self, scenarios: Positions) -> TwoStage:
        """The program of some scenarios alone, as arrays."""
        share = float(self.numbers.probability[scenarios].sum()) or 1.0
        alpha, beta = self.options.alpha, self.options.beta
        return stacked(self._stage, self.compiled, self.part(scenarios), alpha, beta, share=share)

    def decision(self, values: Array) -> Decision:
        """What is decided where the first stage has these values."""
        groups = self._stage.groups
        allocation = values[groups["x"]].reshape(self.numbers.observed.shape)
        bought = {lever.name: np.maximum(values[groups[lever.decided[0]]], 0.0) for lever in purchases_of(self.levers)}
        return Decision(np.maximum(allocation, 0.0), bought)

    def create(self, name: str, *, restricted: bool = True) -> pyo.ConcreteModel:
        """Scenario creator of mpi-sppy: min over the first stage of its cost plus the expected recourse of a bundle.

            min beta eta + total,   total >= sum_s (p_s / p_b) ((1 - beta) L_s + beta excess_s / (1 - alpha))

        With p_b = sum of p_s over the bundle, the sum of p_b times these objectives over all bundles is the risk. All
        first-stage variables, eta too, are the same in every bundle (nonanticipative). Not `restricted`, the model
        has no rows of the first stage: enough where a first stage that satisfies them is given.
        """
        scenarios = self.bundles[self.names.index(name)]
        stages = self.two_stage(scenarios)
        model = pyo.ConcreteModel(name)
        model.first = self._first_stage()  # a block of its own: mpi-sppy names its cuts' variables eta, too
        groups = [group for group in map(model.first.component, stage_columns(self.levers)) if group is not None]
        first = tuple(variable for group in groups for variable in group.values())
        model.total = pyo.Var()
        model.recourse = _recourse(stages, first, model.total)
        price = stages.program.cost[: stages.first_columns]
        staged = sum(float(c) * v for c, v in zip(price, first, strict=True) if c)
        model.objective = pyo.Objective(expr=staged + model.total)
        if not restricted:
            for constraint in list(model.first.component_objects(pyo.Constraint)):
                model.first.del_component(constraint)
        model._mpisppy_probability = float(self.numbers.probability[scenarios].sum())
        sputils.attach_root_node(model, staged, list(first))
        return model

    @cached_property
    def _stage(self) -> Compiled:
        return compile_model(self._first_stage(), (*stage_columns(self.levers), *LEVELS))

    def _first_stage(self) -> pyo.ConcreteModel:
        """The first stage without the distance to the observed allocation, which no bound needs."""
        levers, limits, move = self.levers, self.limits, self.options.move
        model = first_stage(self.numbers, self.curve, self.budget, levers=levers, limits=limits, move=move)
        for name in ("above", "below", "distance"):
            model.del_component(name)
        model.eta.setub(OBJECTIVE)  # no loss is larger, so no VaR is
        return model


def _recourse(stages: TwoStage, first: tuple[Any, ...], total: Any) -> Recourse:
    """The rows and columns of the recourse, cut out of the two-stage program."""
    program, rows, columns = stages.program, len(stages.first_rows), stages.first_columns
    below = program.matrix[rows:]
    return Recourse(
        first=first,
        total=total,
        links=below[:, :columns],
        own=below[:, columns:],
        cost=program.cost[columns:],
        row_lower=program.row_lower[rows:],
        row_upper=program.row_upper[rows:],
        column_lower=program.column_lower[columns:],
        column_upper=program.column_upper[columns:],
    )
