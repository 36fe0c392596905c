"""The recourse of many scenarios, exact, a few hundred at a time in one program whose bounds change (hot starts)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, Positions
from optimize.program.blocks import GivenBlock
from optimize.program.two_stage import moved_to, recourse_program
from optimize.solver.linear import Certificate, Solver

__all__ = ["SIZE", "Batch", "Batches"]

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
    """Least losses of alike scenarios whatever the first stage provides, in batches."""

    def __init__(self, given: GivenBlock) -> None:
        self.given = given
        self._count = given.block.count
        self._size = min(SIZE, self._count)
        self._solver = Solver(recourse_program([given.block.of(np.arange(self._size))]))
        self._started = False

    def solve(self, linked: Array) -> Iterator[Batch]:
        """Every scenario once where g[link] is provided, batch after batch; only bounds differ between them."""
        block = self.given.moved_by(linked)
        for start in range(0, self._count, self._size):
            members = np.arange(start, min(start + self._size, self._count))
            filled = block.of(np.pad(members, (0, self._size - len(members)), mode="edge"))
            self._solver.turn_into(moved_to(self._solver.program, [filled]))
            optimum = self._solver.solve()
            if not self._started:
                self._solver.keep_basis()
                self._started = True
            values = optimum.values.reshape(self._size, -1)[: len(members)]
            prices = optimum.duals.reshape(self._size, -1)[: len(members)]
            yield Batch(members, values @ block.costs["loss"], values, prices, optimum.certificate)
