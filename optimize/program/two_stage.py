"""The two-stage program: the recourse of every scenario beside the first stage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Enters, parameters
from optimize.program.ambiguity import LEVELS, Measure, measure
from optimize.program.blocks import Block, GivenBlock, compile_block, compile_given
from optimize.program.cache import CompiledRecourse
from optimize.program.compiling import Compiled, compile_model
from optimize.program.decision import Decision
from optimize.program.first_stage import AWAY, stage_columns
from optimize.program.levers import Lever, purchases_of
from optimize.program.links import Alike, alike_scenarios, same
from optimize.program.recourse import links_of, own_columns
from optimize.program.squares import squares_of
from optimize.program.stacking import Stacked, blocks_alone, with_blocks
from optimize.solver.linear import LinearProgram, Squares

__all__ = [
    "THICK",
    "TwoStage",
    "compiled_blocks",
    "given_block",
    "given_blocks",
    "moved_to",
    "recourse_program",
    "scenario_costs",
    "stacked",
    "two_stage",
]


THICK = 1000.0
"""Largest density of the tail, p_s / (1 - alpha), that is written into a program; any from 1 on means the same."""


def given_blocks(compiled: CompiledRecourse, numbers: ChainNumbers) -> list[GivenBlock]:
    """The recourse of every scenario where the first stage is given, without the tail of risk."""
    return [given_block(compiled, numbers, alike) for alike in alike_scenarios(numbers)]


def given_block(compiled: CompiledRecourse, numbers: ChainNumbers, alike: Alike) -> GivenBlock:
    """The same of some alike scenarios."""
    links, own, without = links_of(compiled.levers), own_columns(compiled.levers), ("excess", "eta")
    return compile_given(compiled.of(alike.phases), numbers, alike, links, own, without)


def recourse_program(blocks: Sequence[Block]) -> LinearProgram:
    """Least loss in every scenario of the blocks: min sum_s L_s; scenarios do not touch, so each loss is least."""
    return LinearProgram(
        cost=np.concatenate([np.tile(block.costs["loss"], block.count) for block in blocks]),
        matrix=blocks_alone(blocks),
        row_lower=np.concatenate([block.row_lower.ravel() for block in blocks]),
        row_upper=np.concatenate([block.row_upper.ravel() for block in blocks]),
        column_lower=np.concatenate([block.column_lower.ravel() for block in blocks]),
        column_upper=np.concatenate([block.column_upper.ravel() for block in blocks]),
    )


def moved_to(program: LinearProgram, blocks: Sequence[Block]) -> LinearProgram:
    """A program of `recourse_program` with the bounds of the same blocks at another decision."""
    bounds = ("row_lower", "row_upper", "column_lower", "column_upper")
    moved: dict[str, Any] = {
        name: np.concatenate([getattr(block, name).ravel() for block in blocks]) for name in bounds
    }
    return replace(program, **moved)


@dataclass(frozen=True)
class TwoStage:
    """The program over a first stage and every scenario's recourse, and where its columns are.

    `blocks` are the recourse of all scenarios, from their `data`; `groups` are slices of first-stage columns. What is
    `stacked` is the matrix of the program.
    """

    program: LinearProgram
    stacked: Stacked
    blocks: tuple[Block, ...]
    data: list[Array]
    levers: tuple[Lever, ...]
    groups: dict[str, slice]
    first_rows: tuple[str, ...]
    first_columns: int

    def columns(self, name: str) -> np.ndarray:
        """Positions of a group of first-stage columns."""
        return np.arange(self.groups[name].start, self.groups[name].stop)

    def rows(self, name: str) -> np.ndarray:
        """Positions of the first-stage rows of a constraint, in the order of its index."""
        return np.array([n for n, row in enumerate(self.first_rows) if row.partition("[")[0] == name], dtype=np.intp)

    def own(self, values: Array) -> Iterator[tuple[Block, Array]]:
        """Each block with the values [scenario, column] of its own columns."""
        start = self.first_columns
        for block in self.blocks:
            size = block.column_upper.size
            yield block, values[start : start + size].reshape(block.count, -1)
            start += size

    def prices(self, duals: Array) -> Iterator[tuple[Block, Array]]:
        """Each block with the duals [scenario, row] of its rows."""
        start = len(self.first_rows)
        for block in self.blocks:
            size = block.row_upper.size
            yield block, duals[start : start + size].reshape(block.count, -1)
            start += size

    def with_cost(self, cost: Array) -> LinearProgram:
        """The program with another cost on the same columns."""
        return replace(self.program, cost=cost)

    def cost_of(self, *names: str) -> Array:
        """A cost of one on every column of some first-stage groups."""
        cost = np.zeros(len(self.program.cost))
        for name in names:
            cost[self.columns(name)] = 1.0
        return cost

    def decision(self, values: Array, numbers: ChainNumbers) -> Decision:
        """What is decided where the columns have these values."""
        allocation = np.maximum(values[self.columns("x")].reshape(numbers.observed.shape), 0.0)
        bought = {
            lever.name: np.maximum(values[self.columns(lever.decided[0])], 0.0) for lever in purchases_of(self.levers)
        }
        return Decision(allocation, bought)

    def money(self, numbers: ChainNumbers) -> Array:
        """Coefficients [segment, column] of the money spent on each segment, through every lever and instrument."""
        money = np.zeros((len(numbers.segments), len(self.program.cost)))
        x = self.columns("x").reshape(numbers.observed.shape)
        money[np.arange(len(x))[:, None], x] = 1.0
        for lever in purchases_of(self.levers):
            money[lever.segment(numbers), self.columns(lever.decided[0])] = lever.unit_cost(numbers)
        return money

    @property
    def distance(self) -> Array:
        """The distance from the observed allocation as a cost."""
        return self.cost_of(*AWAY)

    def squares(self, numbers: ChainNumbers, idle: Array | float = 0.0) -> Squares:
        """Which of several decisions that are equally near is taken; money x[k, i] that is `idle` is left out."""
        return squares_of([self.groups], numbers, self.levers, numbers.observed - idle)


def two_stage(
    first: pyo.ConcreteModel,
    compiled: CompiledRecourse,
    numbers: ChainNumbers,
    alpha: float,
    beta: float,
    ambiguity: float = 0.0,
) -> TwoStage:
    """Least risk: min (1 - beta) sum_s p_s L_s + beta (eta + sum_s p_s excess_s / (1 - alpha)).

    CVaR as in Rockafellar and Uryasev, Optimization of conditional value-at-risk, Journal of Risk 2 (2000). Its density
    p_s / (1 - alpha) is written as `THICK` where it is more: no scenario has more than all of the tail, so from 1 on it
    is the same to the optimum, and a solver that leaves an excess a little below 0 gains nothing by it. With
    `ambiguity` the risk is that of the worst distribution (program/ambiguity.py): then `first` and `compiled` must
    have its columns.
    """
    stage = compile_model(first, (*stage_columns(compiled.levers), *LEVELS))
    return stacked(stage, compiled, numbers, alpha, beta, ambiguity)


def stacked(
    stage: Compiled,
    compiled: CompiledRecourse,
    numbers: ChainNumbers,
    alpha: float,
    beta: float,
    ambiguity: float = 0.0,
    like: TwoStage | None = None,
    share: float = 1.0,
    pattern: Stacked | None = None,
) -> TwoStage:
    """The same from a first stage that is compiled already, with the columns (*stage_columns, *LEVELS).

    `share` is the probability that one of these scenarios happens, where their probabilities are given that one does.
    `like` is an earlier program with the same matrix, which is used again, and so are its blocks if the data of the
    scenarios are the same arrays. `pattern` is an earlier matrix with the same pattern, if there is one.
    """
    risk = measure(alpha, beta, ambiguity)
    data = parameters(numbers, Enters.SCENARIO)
    if like is not None and all(new is old for new, old in zip(data, like.data, strict=True)):
        blocks = like.blocks
    else:
        blocks = compiled_blocks(compiled, numbers, risk)
    width = len(stage.column_lower)
    cost = np.zeros(width)
    for name, weight in risk.stage.items():
        cost[stage.groups[name]] = weight
    if like is None:
        matrix = with_blocks(stage.matrix, [(block, stage.groups) for block in blocks], pattern)
    else:
        matrix = like.stacked
    program = LinearProgram(
        cost=np.concatenate(
            [cost, *(scenario_costs(block, numbers.probability, risk, beta * THICK / share) for block in blocks)]
        ),
        matrix=matrix.matrix,
        row_lower=np.concatenate([stage.row_lower, *(block.row_lower.ravel() for block in blocks)]),
        row_upper=np.concatenate([stage.row_upper, *(block.row_upper.ravel() for block in blocks)]),
        column_lower=np.concatenate([stage.column_lower, *(block.column_lower.ravel() for block in blocks)]),
        column_upper=np.concatenate([stage.column_upper, *(block.column_upper.ravel() for block in blocks)]),
    )
    return TwoStage(program, matrix, blocks, data, compiled.levers, stage.groups, stage.row_names, width)


def compiled_blocks(compiled: CompiledRecourse, numbers: ChainNumbers, risk: Measure) -> tuple[Block, ...]:
    """The recourse of every scenario as it links to the first stage, its loss measured."""
    links = (*links_of(compiled.levers), *(same(level) for level in risk.levels))
    own = (*own_columns(compiled.levers), *risk.own)
    return tuple(
        compile_block(compiled.of(alike.phases), numbers, alike, links, own) for alike in alike_scenarios(numbers)
    )


def scenario_costs(block: Block, probability: Array, risk: Measure, thickest: float) -> Array:
    """Costs of a block's columns, scenario by scenario; that of an excess is `thickest` at most."""
    per_scenario = np.sum([weight * block.costs[name] for name, weight in risk.scenario.items()], axis=0)
    costs = np.outer(probability[block.alike.scenarios], per_scenario)
    tail = block.groups["excess"]
    costs[:, tail] = np.minimum(costs[:, tail], thickest)
    return np.asarray(costs.ravel())
