"""Losses by scenario and unmet final demand by segment, from the values of the recourse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from chains.numbers import Array, ChainNumbers
from chains.numbers.parts.substitution import Substitution
from optimize.program.blocks import Block
from optimize.program.two_stage import moved_to, recourse_program
from optimize.solver.linear import LinearProgram
from optimize.solving.units import OBJECTIVE

__all__ = ["LeastLosses", "Losses", "losses_of"]


@dataclass(frozen=True)
class Losses:
    """Weighted unmet final demand unmet[s, k], and the loss[s], which counts what is done without too.

    Shares of weighted final demand.
    """

    unmet: Array
    loss: Array


def losses_of(numbers: ChainNumbers, reached: Iterable[tuple[Block, Array]]) -> Losses:
    """Losses where the own columns of each block have these values [scenario, column]; all in inner units."""
    scenarios, segments = len(numbers.scenarios), len(numbers.segments)
    unmet, penalty, more = np.zeros((scenarios, segments)), np.zeros(scenarios), False
    substitution = numbers.part(Substitution)
    for block, values in reached:
        phases, mine = block.alike.phases, block.alike.scenarios
        weighted = np.maximum(values[:, block.groups["u"]], 0.0) * np.tile(numbers.weight, phases) / OBJECTIVE
        if weighted.shape[1] == segments:
            unmet[mine] = weighted
        else:
            np.add.at(unmet, (mine[:, None], np.tile(numbers.use_segment, phases)), weighted)
        if substitution is not None:
            without = np.maximum(values[:, block.groups["f"]], 0.0) * np.tile(substitution.penalty, phases)
            penalty[mine] = without.sum(axis=1) / OBJECTIVE
        other = block.costs["loss"].copy()  # what else the program counts as loss
        other[block.groups["u"]] = other[block.groups["f"]] = 0.0
        if other.any():
            penalty[mine] += values @ other / OBJECTIVE
            more = True
    loss = unmet.sum(axis=1)
    return Losses(unmet, loss + penalty if more or substitution is not None else loss)


class LeastLosses:
    """The program of least loss in every scenario at one decision."""

    def __init__(self, inner: ChainNumbers, blocks: Sequence[Block], like: LinearProgram | None = None) -> None:
        """`like` is the program of the same blocks at another decision, whose matrix is used again."""
        self._inner = inner
        self._blocks = blocks
        self.program: LinearProgram = recourse_program(blocks) if like is None else moved_to(like, blocks)

    def losses(self, values: Array) -> Losses:
        """Losses where the columns have these values."""
        ends = np.cumsum([block.column_upper.size for block in self._blocks])[:-1]
        parts = zip(self._blocks, np.split(values, ends), strict=True)
        return losses_of(self._inner, ((block, part.reshape(block.count, -1)) for block, part in parts))
