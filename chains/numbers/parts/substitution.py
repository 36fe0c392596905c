"""Inputs that can partly be done without in a disruption (criticality.csv)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.numbers.chain_numbers import Part
from chains.numbers.given import Given, by_rule
from chains.numbers.parts.base import Base
from chains.numbers.quantities import Array, Enters, Positions, Unit, declared, label, quantity

__all__ = ["Substitution", "place_substitution"]

_KEYS = ("input", "user")
_WITHIN = {"input": "of_input", "user": "of_user"}


@declared
@dataclass(frozen=True)
class Substitution(Part):
    """Entries e of the input coefficients a_kl of which some can be done without: of input[e] by user[e].

    dispensed[e] = sigma_kl a_kl, input that can be done without per unit of home output of the user; penalty[e] is the
    loss per unit done without. `entry` is the place among the stored coefficients.
    """

    entry: Positions = label("dispensable")
    input: Positions = label("dispensable")
    user: Positions = label("dispensable")
    dispensed: Array = quantity("dispensable", unit=Unit.RATIO, enters=Enters.RECOURSE)
    penalty: Array = quantity("dispensable", unit=Unit.LOSS, enters=Enters.RECOURSE)


@dataclass(frozen=True)
class _Where:
    entry: Positions
    input: Positions
    user: Positions
    share: Given
    penalty: Given

    def fill(self, values: Mapping[str, Array], base: Base) -> Substitution:
        share, penalty = (given.values(values["criticality"], 0.0) for given in (self.share, self.penalty))
        return Substitution(self.entry, self.input, self.user, share * base.coefficients[self.entry], penalty)


def place_substitution(
    criticality: pd.DataFrame,
    segments: pd.DataFrame,
    indices: npt.NDArray[np.int32],
    indptr: npt.NDArray[np.int32],
) -> _Where | None:
    """Which entries some row of criticality.csv makes dispensable; None where none is.

    A blank key means any segment of the row's own package; the most specific row counts.
    """
    if not len(criticality):
        return None
    name, package = (segments[column].to_numpy(dtype=object) for column in ("segment", "package"))
    row = np.repeat(np.arange(len(name)), np.diff(indptr))
    pairs = pd.DataFrame(
        {"input": name[row], "user": name[indices], "of_input": package[row], "of_user": package[indices]}
    )
    share, penalty = (
        by_rule(criticality, parameter, pairs, _KEYS, _WITHIN) for parameter in ("dispensable", "penalty")
    )
    entry = np.flatnonzero(share.row >= 0)
    if not len(entry):
        return None
    return _Where(entry, row[entry], indices[entry].astype(np.intp), Given(share.row[entry]), Given(penalty.row[entry]))
