"""The type of all numbers of a linear program, and their scalar product; the solver knows no chain."""

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "dot"]

Array = npt.NDArray[np.float64]


def dot(left: Array, right: Array) -> float:
    """The scalar product, without BLAS: its threads cost more than they save on vectors of some thousands."""
    return float((left * right).sum())
