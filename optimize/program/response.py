"""Response curves: home supply added by effective funds, and the chords that stand in for it.

g_k(e) = G_k (1 - exp(-r_k e / G_k)) is concave: slope r_k at the first unit of funds, never above G_k.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from chains.numbers import Array

__all__ = ["LAST_FRACTION", "Chords", "chords"]

LAST_FRACTION = 0.99
"""Fraction of the ceiling at which the last chord ends; more funds add nothing."""


@dataclass(frozen=True)
class Chords:
    """Chords of every segment's response curve: width[k, j] in funds, slope[k, j] in supply per fund.

    Slopes fall with j (the curve is concave). A segment that does not respond has widths of 0.
    """

    width: Array
    slope: Array

    def added(self, funds: Array) -> Array:
        """Supply added in each segment by effective funds e[k]."""
        before = np.cumsum(self.width, axis=1) - self.width
        used = np.clip(funds[:, None] - before, 0.0, self.width)
        return np.asarray((self.slope * used).sum(axis=1), dtype=np.float64)


def chords(slope: Array, ceiling: Array, pieces: int) -> Chords:
    """Chords between the points where a fraction phi of the ceiling is reached (docs/model.md, section 2).

    phi = 0, 1/J, ..., (J-1)/J, 0.99;  e(phi) = -(G/r) ln(1 - phi)
    width_j = e(phi_{j+1}) - e(phi_j);  slope_j = G (phi_{j+1} - phi_j) / width_j
    """
    funds, supply = _steps(pieces)
    responds = (slope > 0) & (ceiling > 0)
    with np.errstate(over="ignore"):
        scale = np.divide(ceiling, slope, out=np.zeros_like(ceiling), where=responds)
    responds &= np.isfinite(scale)  # no money is enough for a response so weak
    scale[~responds] = 0.0
    width = scale[:, None] * funds
    rise = np.where(responds, ceiling, 0.0)[:, None] * supply
    return Chords(width, np.divide(rise, width, out=np.zeros_like(width), where=width > 0))


@cache
def _steps(pieces: int) -> tuple[Array, Array]:
    """Steps of -ln(1 - phi) and of phi."""
    phi = np.append(np.arange(pieces) / pieces, LAST_FRACTION)
    return np.diff(-np.log1p(-phi)), np.diff(phi)
