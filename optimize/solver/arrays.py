"""The type of all numbers of a linear program, their scalar product and their bounds; the solver knows no chain."""

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "dot", "within"]

Array = npt.NDArray[np.float64]


def dot(left: Array, right: Array) -> float:
    """The scalar product, without BLAS: its threads cost more than they save on vectors of some thousands."""
    return float((left * right).sum())


def within(lower: Array, level: Array, upper: Array, room: float) -> bool:
    """Whether every level is between its bounds, or beyond them by no more than the room."""
    return bool(((lower - room <= level) & (level <= upper + room)).all())
