"""The type of all numbers of a linear program; the solver knows no chain."""

import numpy as np
import numpy.typing as npt

__all__ = ["Array"]

Array = npt.NDArray[np.float64]
