"""The recourse of many scenarios, exact, a few hundred at a time in one program whose bounds change (hot starts)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from chains.numbers import Array, ChainNumbers, Positions
from optimize.program.compiling import Compiled
from optimize.program.two_stage import compile_block, recourse_program, scenario_data
from optimize.solver.linear import Certificate, Solver
from optimize.solving.least_losses import DECIDED, some_scenarios

__all__ = ["SIZE", "Batch", "Batches", "merge_scenarios"]

SIZE = 200
"""Scenarios solved together: measured, larger and smaller batches take as long or longer."""


@dataclass(frozen=True)
class Batch:
    """Least losses L[n] of some scenarios (inner units), the values[n, column] and prices[n, row] that prove them."""

    scenarios: Positions
    loss: Array
    values: Array
    prices: Array
    certificate: Certificate


class Batches:
    """Least losses of every scenario at any supply added, in batches."""

    def __init__(self, compiled: Compiled, numbers: ChainNumbers) -> None:
        data = {**scenario_data(numbers), "added": np.zeros_like(numbers.home)}
        self.block = compile_block(compiled, data, (), DECIDED)
        self._count = len(numbers.scenarios)
        self._size = min(SIZE, self._count)
        program, _ = recourse_program(compiled, some_scenarios(numbers, slice(self._size)))
        self._solver = Solver(program)
        self._columns = np.arange(program.matrix.shape[1])
        self._started = False

    def solve(self, added: Array) -> Iterator[Batch]:
        """Every scenario once when g[k] is added, batch after batch; only bounds of columns differ between them."""
        for start in range(0, self._count, self._size):
            members = np.arange(start, min(start + self._size, self._count))
            filled = np.pad(members, (0, self._size - len(members)), mode="edge")
            upper = self.block.column_upper[filled]
            upper[:, self.block.groups["y"]] += added
            self._solver.limit_columns(self._columns, upper.ravel())
            optimum = self._solver.solve()
            if not self._started:
                self._solver.keep_basis()
                self._started = True
            values = optimum.values.reshape(self._size, -1)[: len(members)]
            prices = optimum.duals.reshape(self._size, -1)[: len(members)]
            yield Batch(members, values @ self.block.costs["loss"], values, prices, optimum.certificate)


def merge_scenarios(numbers: ChainNumbers) -> tuple[ChainNumbers, Positions]:
    """The numbers with scenarios that leave the same supply taken as one, and the group[s] that each then is in.

    Risk is the same: their probabilities are added. A group is known by its first scenario; `calm` may be among
    others, so it need not stand last.
    """
    left = np.hstack([numbers.home, numbers.foreign])
    _, first, group = np.unique(left, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    groups = place[group.ravel()]
    probability = np.bincount(groups, numbers.probability, len(order)).astype(np.float64)
    return replace(some_scenarios(numbers, first[order]), probability=probability), groups
