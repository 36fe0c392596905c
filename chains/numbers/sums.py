"""Sums that do not depend on the order of rows, to the last bit."""

import numpy as np

from chains.numbers.quantities import Array, Positions

__all__ = ["summed"]


def summed(at: Positions, values: Array, count: int) -> Array:
    """Sum of the values at each of `count` positions, the least first: rounding then knows no order of rows."""
    order = np.argsort(values)  # numpy adds up in this order, whatever stands between values of one position
    return np.asarray(np.bincount(at[order], values[order], count), dtype=np.float64)
