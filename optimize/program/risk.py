"""Risk of a discrete distribution of losses: expected loss, value at risk, CVaR."""

from dataclasses import dataclass

import numpy as np

from chains.numbers import Array
from optimize.tolerances import PROBABILITY_ROUNDING

__all__ = ["Risk", "risk_of"]


@dataclass(frozen=True)
class Risk:
    """Risk and its parts, as shares of weighted final demand."""

    risk: float
    expected_loss: float
    cvar: float
    var: float


def risk_of(loss: Array, probability: Array, alpha: float, beta: float) -> Risk:
    """Risk = (1 - beta) E[L] + beta CVaR_alpha[L] of losses L[s] with probabilities p[s].

    VaR is the smallest loss l with P(L > l) <= 1 - alpha (counted from the largest, so that a thin tail keeps its
    digits), and
    CVaR = VaR + E[max(L - VaR, 0)] / (1 - alpha)  (Rockafellar and Uryasev, Journal of Risk 2, 2000).
    """
    expected = float(probability @ loss)
    order = np.argsort(loss, kind="stable")
    above = np.append(np.cumsum(probability[order][:0:-1])[::-1], 0.0)
    var = float(loss[order[int(np.argmax(above <= (1.0 - alpha) * (1.0 + PROBABILITY_ROUNDING)))]])
    cvar = var + float(probability @ np.maximum(loss - var, 0.0)) / (1.0 - alpha)
    return Risk((1.0 - beta) * expected + beta * cvar, expected, cvar, var)
