"""Values of a table whose rows name a parameter: which row gives it for which member, and what holds else."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.numbers.quantities import Array, Positions
from chains.tables.matching import most_specific

__all__ = ["Given", "by_key", "by_rule"]


@dataclass(frozen=True)
class Given:
    """The row of a table that gives a parameter of each member; -1 where none does."""

    row: npt.NDArray[np.intp]

    def values(self, given: Array, default: Array | float) -> Array:
        """The parameter of each member, from the values of the table's rows."""
        if not len(given):
            return np.broadcast_to(np.asarray(default, dtype=np.float64), self.row.shape).copy()
        return np.where(self.row >= 0, given[self.row], default)


def by_key(rows: pd.DataFrame, parameter: str, members: Positions, count: int) -> Given:
    """Rows of a parameter, `members` [row] being the member that each row speaks of."""
    row: Positions = np.full(count, -1, dtype=np.intp)
    own = _of(parameter, rows)
    row[members[own]] = own
    return Given(row)


def by_rule(
    rows: pd.DataFrame,
    parameter: str,
    members: pd.DataFrame,
    keys: tuple[str, ...],
    within: Mapping[str, str] | None = None,
) -> Given:
    """Rows of a parameter whose keys may be blank: for each member (a row with these keys) the most specific.

    `within` as in `most_specific`.
    """
    own = _of(parameter, rows)
    if not len(own):
        return Given(np.full(len(members), -1, dtype=np.intp))
    best = most_specific(rows.iloc[own], members, keys, within)
    return Given(np.where(best >= 0, own[best], -1))


def _of(parameter: str, rows: pd.DataFrame) -> Positions:
    """Positions of the rows of a parameter."""
    return np.flatnonzero(rows["parameter"].to_numpy(dtype=object) == parameter)
