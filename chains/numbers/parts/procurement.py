"""Public purchases that preference can turn to home supply (procurement.csv)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.numbers.given import Given, by_key
from chains.numbers.parts.bought import Bought
from chains.numbers.quantities import Array, Enters, Positions, Unit, declared, quantity

__all__ = ["Procurement", "place_procurement"]


@declared
@dataclass(frozen=True)
class Procurement(Bought):
    """Segments b whose purchases can be turned, segment[b].

    most[b]: purchases, money per year; unit_cost[b]: premium per unit turned; response[b]: home capacity added per
    unit turned.
    """

    response: Array = quantity("member", unit=Unit.RATIO, enters=Enters.STAGE)


@dataclass(frozen=True)
class _Where:
    segment: Positions
    parameters: tuple[Given, Given, Given]

    def fill(self, values: Mapping[str, Array], _: object) -> Procurement:
        return Procurement(self.segment, *(given.values(values["procurement"], np.nan) for given in self.parameters))


def place_procurement(procurement: pd.DataFrame, segments: pd.Index) -> _Where | None:
    """Where the parameters of each segment stand; None where preference can turn nothing."""
    if procurement.empty:
        return None
    found, member = np.unique(segments.get_indexer(pd.Index(procurement["segment"])), return_inverse=True)
    limit, premium, response = (
        by_key(procurement, name, member, len(found)) for name in ("limit", "premium", "response")
    )
    return _Where(found, (limit, premium, response))
