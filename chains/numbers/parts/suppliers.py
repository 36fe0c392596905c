"""Further foreign supply that can be contracted (suppliers.csv)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chains.numbers.given import Given, by_key
from chains.numbers.parts.base import Base
from chains.numbers.parts.bought import Bought
from chains.numbers.quantities import Array, Enters, Positions, Unit, declared, label, quantity
from chains.tables.matching import match

__all__ = ["Suppliers", "place_suppliers"]

_KEYS = ("package", "segment", "location", "owner")


@declared
@dataclass(frozen=True)
class Suppliers(Bought):
    """Contracts c for supply of segment[c] from location[c], owned there.

    most[c]: money per year; unit_cost[c]: money per year and unit contracted; available[t, c]: the share that a phase
    leaves.
    """

    location: tuple[str, ...] = label("member")
    available: Array = quantity("phase", "member", unit=Unit.RATIO, enters=Enters.SCENARIO)

    def cut(self, taken: Callable[[str, str, int], bool]) -> "Suppliers":
        """A cut takes the contracts with whoever is located there, and so owned there."""
        kept = [not taken(at, at, int(k)) for at, k in zip(self.location, self.segment, strict=True)]
        return replace(self, available=np.array([kept], dtype=np.float64))


@dataclass(frozen=True)
class _Where:
    """Rows of the parameters, and all pairs (row of disruptions.csv, its scenario, contract) that match."""

    segment: Positions
    location: tuple[str, ...]
    limit: Given
    cost: Given
    rule: Positions
    scenario: Positions
    cut: Positions
    scenarios: int

    def fill(self, values: Mapping[str, Array], base: Base) -> Suppliers:
        lost = np.zeros((self.scenarios, len(self.segment)))
        np.maximum.at(lost, (self.scenario, self.cut), values["disruptions"][self.rule])
        phases = base.phases
        available = 1.0 - lost[phases.scenario] * phases.cut[:, None]
        limit, cost = (given.values(values["suppliers"], np.nan) for given in (self.limit, self.cost))
        return Suppliers(self.segment, limit, cost, self.location, available)


def place_suppliers(
    suppliers: pd.DataFrame, disruptions: pd.DataFrame, segments: pd.Index, scenarios: tuple[str, ...]
) -> _Where | None:
    """Where the parameters of each contract stand, and what cuts it; None where there is none."""
    if suppliers.empty:
        return None
    contracts = suppliers.drop_duplicates(["segment", "location"]).reset_index(drop=True)
    place = pd.MultiIndex.from_frame(contracts[["segment", "location"]])
    member = place.get_indexer(pd.MultiIndex.from_frame(suppliers[["segment", "location"]]))
    limit, cost = (by_key(suppliers, name, member, len(contracts)) for name in ("limit", "cost"))
    rule, cut = match(disruptions, contracts.assign(owner=contracts["location"]), _KEYS)
    scenario = pd.Index(scenarios, dtype=object).get_indexer(pd.Index(disruptions["scenario"]))[rule]
    at = segments.get_indexer(pd.Index(contracts["segment"]))
    return _Where(at, tuple(contracts["location"]), limit, cost, rule, scenario, cut, len(scenarios))
