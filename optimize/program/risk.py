"""Risk of a discrete distribution of losses: expected loss, value at risk, CVaR."""

from dataclasses import dataclass

import numpy as np

from chains.numbers import Array

__all__ = ["Risk", "risk_of"]

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Risk:
    """Risk and its parts, as shares of weighted final demand."""

    risk: float
    expected_loss: float
    cvar: float
    var: float


def risk_of(loss: Array, probability: Array, alpha: float, beta: float) -> Risk:
    """Risk = (1 - beta) E[L] + beta CVaR_alpha[L] of losses L[s] with probabilities p[s].

    VaR is the smallest loss l with P(L <= l) >= alpha, and
    CVaR = VaR + E[max(L - VaR, 0)] / (1 - alpha)  (Rockafellar and Uryasev, Journal of Risk 2, 2000).
    """
    expected = float(probability @ loss)
    order = np.argsort(loss, kind="stable")
    reached = np.cumsum(probability[order])
    first = min(int(np.searchsorted(reached, alpha - _ROUNDING)), len(loss) - 1)
    var = float(loss[order[first]])
    cvar = var + float(probability @ np.maximum(loss - var, 0.0)) / (1.0 - alpha)
    return Risk((1.0 - beta) * expected + beta * cvar, expected, cvar, var)
