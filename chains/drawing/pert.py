"""The PERT distribution: a lowest, a most likely and a highest value, smoothly between.

A beta distribution on [low, high] with mode `mode` and mean (low + 4 mode + high) / 6: Malcolm, Roseboom, Clark and
Fazar, Application of a technique for research and development program evaluation, Operations Research 7 (1959);
Clark, The PERT model for the distribution of an activity time, Operations Research 10 (1962).
"""

import numpy as np
from scipy.special import betaincinv

from chains.numbers import Array

__all__ = ["WEIGHT", "pert"]

WEIGHT = 4.0
"""Weight of the mode in the mean, against 1 of each end."""


def pert(quantile: Array, low: Array, mode: Array, high: Array) -> Array:
    """Values at quantiles in [0, 1]; low <= mode <= high and low < high, arrays that broadcast.

    Beta(a, b) with a = 1 + 4 (mode - low) / (high - low), b = 1 + 4 (high - mode) / (high - low).
    """
    width = high - low
    a = 1.0 + WEIGHT * (mode - low) / width
    b = 1.0 + WEIGHT * (high - mode) / width
    return np.clip(low + width * betaincinv(a, b, quantile), low, high)
