"""Uses of final demand whose losses weigh differently, such as exports, which are given up first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.numbers.given import Given
from chains.numbers.quantities import Array, Positions
from chains.numbers.sums import summed
from chains.tables.matching import most_specific

__all__ = ["UsesWhere", "place_uses"]


@dataclass(frozen=True)
class UsesWhere:
    """Uses n that are told apart: their segment, the use of each row of demand.csv, their row of loss_weights.csv.

    Uses of a segment to which the same row of loss_weights.csv applies are one. Every segment has at least one.
    """

    segment: Positions
    use: Positions
    weight: Given

    def fill(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        """The share of its segment's demand and the weight of every use [n]."""
        count = len(self.segment)
        demand = summed(self.use, values["demand"], count)
        total = summed(self.segment, demand, int(self.segment.max(initial=-1)) + 1)[self.segment]
        first = np.diff(self.segment, prepend=-1) > 0
        alone = np.bincount(self.segment)[self.segment] == 1
        share = np.divide(demand, total, out=first.astype(np.float64), where=(total > 0) & ~alone)
        return share, self.weight.values(values["loss_weights"], 1.0)


def place_uses(demand: pd.DataFrame, weights: pd.DataFrame, segments: pd.Index) -> UsesWhere:
    """Which uses are told apart; the most specific row of loss_weights.csv counts."""
    keys = ("segment", "use")
    owner = segments.get_indexer(pd.Index(demand["segment"]))
    rule = most_specific(weights, demand, keys)
    bare = np.setdiff1d(np.arange(len(segments)), owner)
    blank = pd.DataFrame({"segment": segments[bare], "use": ""})
    pairs = np.concatenate([np.stack([owner, rule]), np.stack([bare, most_specific(weights, blank, keys)])], axis=1)
    found, use = np.unique(pairs, axis=1, return_inverse=True)
    return UsesWhere(found[0], use.ravel()[: len(demand)], Given(found[1]))
