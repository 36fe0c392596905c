"""What a whole inter-country table says by its Leontief inverse: reliance on foreign inputs, and upstreamness.

With L = (I - A)^-1, A = Z diag(x)^-1 over all industries n of all countries. Dense and in place: of 4,000 industries of
countries I - A has 128 MB and is factorised in seconds, while the inverse itself is never written out.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from chains.importing.intercountry import InterCountry
from chains.numbers import Array
from chains.tables.problems import InputError

__all__ = ["Reliance", "reliance"]


@dataclass(frozen=True)
class Reliance:
    """Inputs of the home country's industries by country of origin, and how far industries are from final use.

    `direct[c, j]` is what industry j of the home country takes of all industries of country c, per unit of its output,
    1'A; `total[c, j]` the same with all inputs of inputs, 1'(L - I): what is made anywhere in c for a unit of j, that
    unit itself left out. `stages[i]` is the mean upstreamness of industry i over the world, by output; 1 where none is
    made.
    """

    home: int
    direct: Array
    total: Array
    stages: Array

    def face_value(self, weights: Array) -> float:
        """Foreign over all direct inputs of a group of industries with these outputs; NaN without any input."""
        return self._share(self.direct @ weights)

    def look_through(self, weights: Array) -> float:
        """Foreign over all inputs, direct and indirect, of a group of industries; NaN without any input.

        After R. Baldwin, R. Freeman and A. Theodorakopoulos, Hidden Exposure: Measuring US Supply Chain Reliance,
        Brookings Papers on Economic Activity 54(2), 2023, who tell face value from look-through. As a share here:
        sum over c abroad of 1'(L - I) over the sum over all c.
        """
        return self._share(self.total @ weights)

    def most(self, weights: Array) -> tuple[int, float]:
        """The foreign country with most of the inputs, looked through, and its share of all."""
        inputs = self.total @ weights
        abroad = np.where(np.arange(len(inputs)) == self.home, -np.inf, inputs)
        at = int(abroad.argmax())
        return at, float(inputs[at] / inputs.sum()) if inputs.sum() > 0 else float("nan")

    def _share(self, inputs: Array) -> float:
        whole = float(inputs.sum())
        return float((whole - inputs[self.home]) / whole) if whole > 0 else float("nan")


def reliance(table: InterCountry, home: str) -> Reliance:
    """Reliance and stages of a table. InputError where it is not productive: some output takes itself or more.

    Upstreamness is that of the closed world economy, U = (I - B)^-1 1 with B = diag(x)^-1 Z (Antras, Chor, Fally and
    Hillberry, American Economic Review 102(3), 2012); as (I - B)^-1 = diag(x)^-1 L diag(x), U = diag(x)^-1 L x.
    """
    from scipy.linalg import LinAlgWarning, lu_factor, lu_solve

    output, size = table.output, len(table.industries)
    made = np.where(output > 0, output, np.inf)
    remaining = np.empty(table.use.shape, order="F")  # as LAPACK wants it: factorised where it stands
    np.divide(table.use, -made, out=remaining)
    remaining[np.diag_indices_from(remaining)] += 1.0
    direct = table.use[:, table.rows(home)] / made[table.rows(home)]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", LinAlgWarning)  # a singular matrix fails the check below
        factors = lu_factor(remaining, overwrite_a=True, check_finite=False)
        needed = lu_solve(factors, np.ones(len(output)), check_finite=False)
    # A >= 0 is productive exactly if L 1 >= 0: Leontief in chains.indicators.look_through
    if not (np.isfinite(needed).all() and (needed >= 0).all()):
        wrong = "the table is not productive: a unit of some output takes a unit of itself or more"
        raise InputError.single(table.source.locator, wrong, "check the file: are columns inputs, rows deliveries?")
    origins = np.repeat(np.eye(len(table.countries)), size, axis=0)  # [n, c]: 1 where n is of c
    content = lu_solve(factors, origins, trans=1, check_finite=False)[table.rows(home)].T
    passed = lu_solve(factors, output, check_finite=False)
    at = table.countries.index(home)
    total = content - (np.arange(len(table.countries)) == at)[:, None]
    world, far = output.reshape(-1, size).sum(axis=0), passed.reshape(-1, size).sum(axis=0)
    stages = np.divide(far, world, out=np.ones(size), where=world > 0)
    return Reliance(at, origins.T @ direct, total, stages)
