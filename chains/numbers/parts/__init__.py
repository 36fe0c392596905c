"""The numbers of optional tables: where their rows stand, and the arrays that they fill. One kind a file."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.numbers.chain_numbers import Part
from chains.numbers.parts.base import Base, Where
from chains.numbers.parts.procurement import place_procurement
from chains.numbers.parts.stocks import place_stocks
from chains.numbers.parts.substitution import place_substitution
from chains.numbers.parts.suppliers import place_suppliers
from chains.numbers.quantities import Array

__all__ = ["Base", "PartsWhere", "Where", "place_parts"]


@dataclass(frozen=True)
class PartsWhere:
    """Where the rows of every part that a chain has stand."""

    found: tuple[Where, ...]

    def fill(self, values: Mapping[str, Array], base: Base) -> dict[type[Part], Part]:
        """The parts from the values of the tables, by kind."""
        parts = [where.fill(values, base) for where in self.found]
        return {type(part): part for part in parts}


def place_parts(
    tables: Mapping[str, pd.DataFrame],
    segments: pd.Index,
    scenarios: tuple[str, ...],
    indices: npt.NDArray[np.int32],
    indptr: npt.NDArray[np.int32],
) -> PartsWhere:
    """Where the rows of every optional table stand; kinds without a row are left out."""
    found: tuple[Where | None, ...] = (
        place_substitution(tables["criticality"], tables["segments"], indices, indptr),
        place_stocks(tables["stocks"], segments),
        place_suppliers(tables["suppliers"], tables["disruptions"], segments, scenarios),
        place_procurement(tables["procurement"], segments),
    )
    return PartsWhere(tuple(where for where in found if where is not None))
