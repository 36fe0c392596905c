"""The two-stage program: the compiled recourse, replicated over scenarios, beside the first stage.

A compiled scenario block reads  W own + T links + P data (sense) b.  Scenario s has data theta_s, so its
right-hand side is b - P theta_s; rows that hold a single column of the scenario become bounds on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyomo.core as pyo
from scipy import sparse

from chains.numbers import Array, ChainNumbers
from optimize.ambiguity import LEVELS, measure
from optimize.compiling import Compiled, compile_model
from optimize.first_stage import COLUMNS
from optimize.linear import LinearProgram
from optimize.recourse import DATA

__all__ = ["Block", "TwoStage", "compile_block", "recourse_program", "scenario_data", "stacked", "two_stage"]


THICK = 1000.0
"""Largest density of the tail, p_s / (1 - alpha), that is written into a program; any from 1 on means the same."""


@dataclass(frozen=True)
class Block:
    """The recourse of all scenarios, ready to stack: own matrix W, link matrix T, bounds by scenario.

    Arrays over [scenario, row] and [scenario, column]; `groups` are slices of own columns, `costs` the objectives
    of the recourse as coefficients of own columns.
    """

    own: sparse.csr_array
    links: sparse.csr_array
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array
    groups: dict[str, slice]
    costs: dict[str, Array]

    def positions(self, name: str) -> np.ndarray:
        """Positions [scenario, k] of a group's columns where the scenarios stand side by side."""
        starts = np.arange(len(self.column_upper)) * self.own.shape[1]
        return np.asarray(starts[:, None] + np.arange(self.groups[name].start, self.groups[name].stop))


def compile_block(compiled: Compiled, data: dict[str, Array], links: Sequence[str], own: Sequence[str]) -> Block:
    """The block of every scenario from the compiled recourse; `data[name]` is as in `scenario_data`.

    Constraints on columns that are in none of the groups named are left out.
    """
    groups = compiled.groups
    parts = compiled.parts(tuple(own), tuple(links), tuple(data))
    scenarios = max(len(array) for array in data.values() if array.ndim == 2)
    theta = np.hstack([np.broadcast_to(array, (scenarios, array.shape[-1])) for array in data.values()]).T
    shift = (parts.data @ theta).T
    first = groups[own[0]].start
    last = groups[own[-1]].stop
    column_lower, column_upper = (
        np.tile(bound[first:last], (scenarios, 1)) for bound in (compiled.column_lower, compiled.column_upper)
    )
    rising, at, moved = parts.factors > 0, parts.bounded, (parts.bounds_data @ theta).T
    lower, upper = compiled.row_lower[parts.bounds], compiled.row_upper[parts.bounds]
    lower, upper = np.where(rising, lower, upper), np.where(rising, upper, lower)
    if np.isfinite(lower).any():
        column_lower[:, at] = np.maximum(column_lower[:, at], (lower - moved) / parts.factors)
    if np.isfinite(upper).any():
        column_upper[:, at] = np.minimum(column_upper[:, at], (upper - moved) / parts.factors)
    return Block(
        own=parts.own,
        links=parts.links,
        row_lower=compiled.row_lower[parts.rows] - shift,
        row_upper=compiled.row_upper[parts.rows] - shift,
        column_lower=column_lower,
        column_upper=column_upper,
        groups={name: slice(groups[name].start - first, groups[name].stop - first) for name in own},
        costs={name: cost[first:last] for name, cost in compiled.costs.items()},
    )


def recourse_program(compiled: Compiled, numbers: ChainNumbers) -> tuple[LinearProgram, Block]:
    """Least loss in every scenario at a given allocation: the supply added is data, not a decision.

    min sum_s L_s; scenarios do not touch, so each loss is least by itself. Home output is bounded by its
    capacity alone, so another allocation is only another bound.
    """
    none = np.zeros_like(numbers.home)
    data = {**scenario_data(numbers), "added": none}
    block = compile_block(compiled, data, (), ("y", "m", "u"))
    scenarios = len(numbers.scenarios)
    return (
        LinearProgram(
            cost=np.tile(block.costs["loss"], scenarios),
            matrix=_replicated(
                sparse.csr_array((0, 0)), sparse.csr_array((block.own.shape[0], 0)), block.own, scenarios
            ),
            row_lower=block.row_lower.ravel(),
            row_upper=block.row_upper.ravel(),
            column_lower=block.column_lower.ravel(),
            column_upper=block.column_upper.ravel(),
        ),
        block,
    )


@dataclass(frozen=True)
class TwoStage:
    """The program over an allocation and every scenario's recourse, and where its columns are.

    `block` is the recourse of all scenarios, from their `data`; `groups` are slices of first-stage columns.
    """

    program: LinearProgram
    block: Block
    data: dict[str, Array]
    groups: dict[str, slice]
    first_rows: tuple[str, ...]
    first_columns: int

    def columns(self, name: str) -> np.ndarray:
        """Positions of a group of first-stage columns."""
        return np.arange(self.groups[name].start, self.groups[name].stop)

    def rows(self, name: str) -> np.ndarray:
        """Positions of the first-stage rows of a constraint, in the order of its index."""
        return np.array([n for n, row in enumerate(self.first_rows) if row.partition("[")[0] == name], dtype=np.intp)

    def with_cost(self, cost: Array) -> LinearProgram:
        """The program with another cost on the same columns."""
        return replace(self.program, cost=cost)

    def cost_of(self, name: str) -> Array:
        """A cost of one on every column of a first-stage group."""
        cost = np.zeros(len(self.program.cost))
        cost[self.columns(name)] = 1.0
        return cost


def two_stage(
    first: pyo.ConcreteModel,
    compiled: Compiled,
    numbers: ChainNumbers,
    alpha: float,
    beta: float,
    ambiguity: float = 0.0,
) -> TwoStage:
    """Least risk: min (1 - beta) sum_s p_s L_s + beta (eta + sum_s p_s excess_s / (1 - alpha)).

    CVaR as in Rockafellar and Uryasev, Optimization of conditional value-at-risk, Journal of Risk 2 (2000). Its density
    p_s / (1 - alpha) is written as `THICK` where it is more: no scenario has more than all of the tail, so from 1 on it
    is the same to the optimum, and a solver that leaves an excess a little below 0 gains nothing by it. With
    `ambiguity` the risk is that of the worst distribution (optimize/ambiguity.py): then `first` and `compiled` must
    have its columns.
    """
    return stacked(compile_model(first, (*COLUMNS, *LEVELS)), compiled, numbers, alpha, beta, ambiguity)


def stacked(
    stage: Compiled,
    compiled: Compiled,
    numbers: ChainNumbers,
    alpha: float,
    beta: float,
    ambiguity: float = 0.0,
    like: TwoStage | None = None,
    share: float = 1.0,
) -> TwoStage:
    """The same from a first stage that is compiled already, with the columns (*COLUMNS, *LEVELS).

    `share` is the probability that one of these scenarios happens, where their probabilities are given that one does.
    `like` is an earlier program with the same matrix, which is used again, and so is its block if the data of the
    scenarios are the same arrays.
    """
    risk = measure(alpha, beta, ambiguity)
    data = scenario_data(numbers)
    if like is not None and all(array is like.data[name] for name, array in data.items()):
        block = like.block
    else:
        block = compile_block(compiled, data, risk.links, risk.own)
    scenarios, probability = len(numbers.scenarios), numbers.probability
    width = len(stage.column_lower)
    cost = np.zeros(width)
    for name, weight in risk.stage.items():
        cost[stage.groups[name]] = weight
    per_scenario = np.sum([weight * block.costs[name] for name, weight in risk.scenario.items()], axis=0)
    costs = np.outer(probability, per_scenario)
    tail = block.groups["excess"]
    costs[:, tail] = np.minimum(costs[:, tail], beta * THICK / share)
    program = LinearProgram(
        cost=np.concatenate([cost, costs.ravel()]),
        matrix=_whole_matrix(stage, block, risk.links, scenarios) if like is None else like.program.matrix,
        row_lower=np.concatenate([stage.row_lower, block.row_lower.ravel()]),
        row_upper=np.concatenate([stage.row_upper, block.row_upper.ravel()]),
        column_lower=np.concatenate([stage.column_lower, block.column_lower.ravel()]),
        column_upper=np.concatenate([stage.column_upper, block.column_upper.ravel()]),
    )
    return TwoStage(program, block, data, stage.groups, stage.row_names, width)


def _whole_matrix(stage: Compiled, block: Block, links: Sequence[str], scenarios: int) -> sparse.csr_array:
    """The matrix of the two-stage program; the block's links are columns of the first stage."""
    width = len(stage.column_lower)
    at = np.concatenate([np.arange(stage.groups[name].start, stage.groups[name].stop) for name in links])
    spread = (block.links.data, at[block.links.indices], block.links.indptr)
    return _replicated(stage.matrix, sparse.csr_array(spread, (block.links.shape[0], width)), block.own, scenarios)


def _replicated(
    stage: sparse.csr_array, links: sparse.csr_array, own: sparse.csr_array, scenarios: int
) -> sparse.csr_array:
    """The first stage above [links | own] of every scenario, each with own columns of its own.

    Written into one set of arrays with 32-bit indices, as HiGHS takes them: stacking sparse matrices would copy them
    several times over.
    """
    one = sparse.csr_array(sparse.hstack([links, own], format="csr"))
    width, rows = links.shape[1], stage.shape[0] + scenarios * one.shape[0]
    shift = np.where(one.indices >= width, own.shape[1], 0).astype(np.int32)
    indices = one.indices.astype(np.int32) + np.arange(scenarios, dtype=np.int32)[:, None] * shift
    starts = stage.nnz + np.arange(scenarios, dtype=np.int32)[:, None] * one.nnz + one.indptr[:-1].astype(np.int32)
    return sparse.csr_array(
        (
            np.concatenate([stage.data, np.tile(one.data, scenarios)]),
            np.concatenate([stage.indices.astype(np.int32), indices.ravel()], dtype=np.int32),
            np.concatenate([stage.indptr[:-1], starts.ravel(), [stage.nnz + scenarios * one.nnz]], dtype=np.int32),
        ),
        shape=(rows, width + scenarios * own.shape[1]),
    )


def scenario_data(numbers: ChainNumbers) -> dict[str, Array]:
    """What each scenario leaves, theta_s, by the column of the recourse that it fixes.

    Arrays [scenario, segment], or [segment] of what is the same in all scenarios.
    """
    return dict(zip(DATA, (numbers.home, numbers.foreign, numbers.demand), strict=True))
