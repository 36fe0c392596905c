"""What every contestant is given: the arrays of one least-risk program, and what it must give back."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from scipy import sparse

from benchmarks.synthetic import synthetic
from chains import Chain
from chains.numbers import Array
from optimize.program.levers import LEVERS
from optimize.program.response import chords
from optimize.solving.units import OBJECTIVE, to_inner
from optimize.tolerances import TIE

__all__ = ["ALPHA", "BETA", "SIZES", "Answer", "Case", "Contestant", "case_of", "synthetic_chain"]

ALPHA, BETA, PIECES = 0.90, 0.5, 10
TOLERANCE = 1e-9
"""Feasibility and optimality tolerance of HiGHS, for every contestant; each runs on one thread."""
SIZES = {"tiny": (6, 5, 8), "small": (40, 30, 80), "medium": (40, 30, 2_000), "large": (40, 30, 18_000)}
"""Segments, countries and scenarios of the synthetic chains: 10 thousand, 240 thousand and 2.2 million columns."""


@dataclass(frozen=True)
class Case:
    """The model's arrays (docs/model.md, section 2) in inner units, so that all contestants solve the same numbers.

    home and foreign [s, k]; demand, weight, effective funds per unit of budget [k]... as in `ChainNumbers`; width and
    slope [k, j] of the chords; observed [k] and the budget, one instrument. Where the chain has tables of structure
    they do not tell all of it, and only the floor and Tierwise serve; `levers` is then what the money may buy.
    """

    chain: Chain
    probability: Array
    home: Array
    foreign: Array
    demand: Array
    weight: Array
    inputs: sparse.csr_array
    width: Array
    slope: Array
    observed: Array
    budget: float
    levers: tuple[str, ...] = ("capacity",)

    @property
    def tail(self) -> Array:
        """Cost of a unit of excess_s in the objective."""
        return BETA / (1.0 - ALPHA) * self.probability

    @property
    def slack(self) -> float:
        """How far above the least risk the nearest allocation may be."""
        return TIE * OBJECTIVE


@dataclass(frozen=True)
class Answer:
    """Least risk, and the least distance to the observed allocation at which it is reached; inner units."""

    risk: float
    distance: float


class Contestant(Protocol):
    """Least risk first, then the nearest allocation of that risk: the two solves of the model."""

    def __call__(self, case: Case) -> Answer:
        """Answer of both solves."""


def synthetic_chain(segments: int, countries: int, scenarios: int, *, structured: bool = False) -> Chain:
    """A synthetic chain; its package is read and forgotten."""
    with TemporaryDirectory() as folder:
        return synthetic(Path(folder) / "synthetic", segments, countries, scenarios, structured=structured)


def case_of(chain: Chain) -> Case:
    """The arrays of a chain with one instrument, as the synthetic ones have; every lever where there is structure."""
    inner, _ = to_inner(chain.numbers)
    curve = chords(inner.slope, inner.ceiling, PIECES)
    observed = inner.observed[:, 0]
    return Case(
        chain=chain,
        probability=inner.probability,
        home=inner.home,
        foreign=inner.foreign,
        demand=inner.demand,
        weight=inner.weight,
        inputs=inner.inputs,
        width=curve.width,
        slope=curve.slope,
        observed=observed,
        budget=float(np.sum(observed)),
        levers=tuple(LEVERS) if chain.numbers.parts else ("capacity",),
    )
