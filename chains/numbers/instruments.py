"""Effective funds per unit of budget, and how much later they come, by segment and instrument.

A row of instruments.csv may speak of one tier or of all; the one that names the tier counts. `effectiveness` is given,
or else it is the product of `raised` (share of the planned money that came), `additional` (1 less crowding out) and
`survival` (1 less failure and waste), each 1 where not given. `lag` is what an instrument adds to the years until funds
of the segment add supply.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.numbers.given import Given, by_rule
from chains.numbers.quantities import Array
from chains.tables.schema import FACTORS

__all__ = ["InstrumentsWhere", "place_instruments"]


@dataclass(frozen=True)
class InstrumentsWhere:
    """Rows of instruments.csv that give each parameter of every segment and instrument [k * i]."""

    shape: tuple[int, int]
    effectiveness: Given
    factors: tuple[Given, ...]
    lag: Given

    def fill(self, values: Mapping[str, Array]) -> Array:
        """effectiveness[k, i]."""
        given = values["instruments"]
        product = np.ones(len(self.effectiveness.row))
        for factor in self.factors:
            product = product * factor.values(given, 1.0)
        return self.effectiveness.values(given, product).reshape(self.shape)

    def delays(self, values: Mapping[str, Array]) -> Array:
        """delay[k, i], years."""
        return self.lag.values(values["instruments"], 0.0).reshape(self.shape)


def place_instruments(rows: pd.DataFrame, tiers: tuple[str, ...], instruments: pd.Index) -> InstrumentsWhere:
    """Where the parameters of each instrument stand for each segment, by its tier."""
    members = pd.DataFrame(
        {
            "instrument": np.tile(np.asarray(instruments, dtype=object), len(tiers)),
            "tier": np.repeat(tiers, len(instruments)),
        }
    ).astype(object)
    keys = ("instrument", "tier")
    found = {name: by_rule(rows, name, members, keys) for name in ("effectiveness", "lag", *FACTORS)}
    shape = (len(tiers), len(instruments))
    return InstrumentsWhere(shape, found["effectiveness"], tuple(found[name] for name in FACTORS), found["lag"])
