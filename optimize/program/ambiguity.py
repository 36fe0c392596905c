"""Risk when the probabilities are in doubt: the worst distribution in a ball around them.

The ball holds every distribution q over the listed scenarios (calm included) that moves at most a probability of rho:

    D_rho = {q >= 0, sum_s q_s = 1, 1/2 sum_s |q_s - p_s| <= rho}                     total variation, 0 <= rho <= 1

**The worst q** takes rho from the least losses and adds it to the largest: then P(L > l) = min(1, P_p(L > l) + rho)
for every l below the largest loss, and no q in D_rho has more. So its losses are largest in the sense of first-order
stochastic dominance, and it is the worst for both parts of risk at once. With it

    sup E_q[L]          = rho max_s L_s + (1 - rho) CVaR_rho[L]
    sup CVaR_alpha,q[L] = (r max_s L_s + (1 - alpha - r) CVaR_(alpha+r)[L]) / (1 - alpha),    r = min(rho, 1 - alpha)

where CVaR without q is under p. The first is Jiang and Guan, Risk-averse two-stage stochastic program with
distributional ambiguity, Operations Research 66(5), 2018; the second is the same mass moved within the worst
1 - alpha of outcomes. With CVaR as in Rockafellar and Uryasev (Journal of Risk 2, 2000) the sum is a linear program:

    min  (1 - beta) (rho worst + (1 - rho) threshold + E_p[over])
         + beta (r worst + (1 - alpha - r) eta + E_p[excess]) / (1 - alpha)
    worst >= L_s,   over_s >= L_s - threshold,   excess_s >= L_s - eta,   over, excess >= 0

With rho = 0 it is the program of least risk itself.
"""

from dataclasses import dataclass

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array

__all__ = ["LEVELS", "Measure", "ambiguous", "measure", "with_levels", "worst_distribution"]

LEVELS = ("threshold", "worst")
"""Columns that the first stage decides in addition, where the probabilities are in doubt."""
_DIGITS = 12
"""Losses (shares of final demand) that agree this far are equal."""


@dataclass(frozen=True)
class Measure:
    """Risk as weights of columns: by level of the first stage, and by objective of a scenario (times p_s).

    `own` are the columns of a scenario that measure its loss, `levels` those of the first stage that it is held
    against.
    """

    own: tuple[str, ...]
    levels: tuple[str, ...]
    stage: dict[str, float]
    scenario: dict[str, float]


def measure(alpha: float, beta: float, ambiguity: float = 0.0) -> Measure:
    """The weights of the module's program; with no ambiguity those of (1 - beta) E[L] + beta CVaR_alpha[L]."""
    tail = beta / (1.0 - alpha)
    if ambiguity == 0.0:
        return Measure(("excess",), ("eta",), {"eta": beta}, {"loss": 1.0 - beta, "tail": tail})
    moved = min(ambiguity, 1.0 - alpha)
    stage = {
        "eta": tail * (1.0 - alpha - moved),
        "threshold": (1.0 - beta) * (1.0 - ambiguity),
        "worst": (1.0 - beta) * ambiguity + tail * moved,
    }
    return Measure(("excess", "over"), ("eta", *LEVELS), stage, {"beyond": 1.0 - beta, "tail": tail})


def ambiguous(model: pyo.ConcreteModel) -> pyo.ConcreteModel:
    """The recourse with the columns and rows of the worst distribution."""
    loss = model.loss.expr
    model.threshold = pyo.Var()
    model.worst = pyo.Var()
    model.over = pyo.Var(within=pyo.NonNegativeReals)
    model.over_threshold = pyo.Constraint(expr=model.over >= loss - model.threshold, doc="over_s >= L_s - threshold")
    model.at_worst = pyo.Constraint(expr=model.worst >= loss, doc="worst >= L_s")
    model.beyond = pyo.Objective(expr=model.over, doc="max(L_s - threshold, 0)")
    return model


def with_levels(first: pyo.ConcreteModel) -> pyo.ConcreteModel:
    """The first stage, which decides the levels too (losses are never negative, so neither are these)."""
    first.threshold = pyo.Var(within=pyo.NonNegativeReals)
    first.worst = pyo.Var(within=pyo.NonNegativeReals)
    return first


def worst_distribution(loss: Array, probability: Array, ambiguity: float) -> Array:
    """The worst q[s] in D_rho for losses L[s] and probabilities p[s]; one of several where losses are equal.

    Probability leaves the least losses first, and among equals the last scenario (calm).
    """
    order = np.lexsort((-np.arange(len(loss)), np.round(loss, _DIGITS)))
    least, most = order[:-1], order[-1]
    before = np.cumsum(probability[least]) - probability[least]
    taken = np.clip(ambiguity - before, 0.0, probability[least])
    worst = probability.copy()
    worst[least] -= taken
    worst[most] += taken.sum()
    return worst
