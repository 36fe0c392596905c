"""The reallocation curve: how far risk falls as a share of one tier's funds moves to another tier.

Risk is convex in the allocation, so the fall is concave in the share: it rises to one peak (or plateau) and falls.
"""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from chains import Chain
from chains.presenting import Shown
from optimize.program.first_stage import Shift, first_stage
from optimize.program.two_stage import two_stage
from optimize.questions.marginal import direction
from optimize.solver.linear import Certificate, Solver, among_best
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import check_attained
from optimize.solving.options import RiskArguments, RiskOptions, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import PLATEAU

__all__ = ["Gain", "gain_curve"]


@dataclass(frozen=True, repr=False)
class Gain(Shown):
    """Fall in risk against the share of the giving tier's funds that moves; the peak is exact.

    curve: index `share`, values fall in risk. The peak is the least share that reaches the largest fall.
    """

    chain: Chain
    giving: str
    receiving: str
    funds: float
    curve: pd.Series
    peak_share: float
    peak_gain: float
    options: RiskOptions
    certificate: Certificate


def gain_curve(chain: Chain, giving: str, receiving: str, **options: Unpack[RiskArguments]) -> Gain:
    """Reallocation curve from one tier to another at shares 0, 0.1, ..., 1, and its exact peak.

    Options: alpha, beta, pieces. InputError for a tier that is not there or has nothing to give.
    """
    chosen = make_options(RiskOptions, options)
    evaluator = Evaluator(chain, chosen)
    evaluator.check()
    line = direction(chain.numbers, giving, receiving)
    observed = chain.numbers.observed
    before = evaluator.risk(observed).risk
    shares = np.arange(11) / 10
    falls = [before - evaluator.risk(np.maximum(observed + share * line, 0.0)).risk for share in shares]
    share, least, certificate = _peak(evaluator, line)
    at_peak = evaluator.risk(np.maximum(observed + share * line, 0.0)).risk
    check_attained(at_peak, least)
    return Gain(
        chain=chain,
        giving=giving,
        receiving=receiving,
        funds=float(-line[line < 0].sum()),
        curve=pd.Series(falls, index=pd.Index(shares, name="share"), name="gain"),
        peak_share=share,
        peak_gain=before - at_peak,
        options=chosen,
        certificate=certificate.worse(evaluator.certificate),
    )


def _peak(evaluator: Evaluator, line: np.ndarray) -> tuple[float, float, Certificate]:
    """The least share t that minimises risk(x0 + t * direction), a linear program in t and the recourse; that risk."""
    numbers, money = evaluator.inner, evaluator.units.money
    budget = numbers.observed.sum(axis=0)
    shift = Shift(numbers.observed, line / money)
    first = first_stage(numbers, evaluator.curve, budget, shift=shift)
    stages = two_stage(first, evaluator.compiled, numbers, evaluator.options.alpha, evaluator.options.beta)
    solver = Solver(stages.program)
    least = solver.solve()
    smallest = among_best(solver, least, PLATEAU * OBJECTIVE, stages.cost_of("share"))
    share = float(np.clip(smallest.values[stages.columns("share")][0], 0.0, 1.0))
    return share, least.objective / OBJECTIVE, least.certificate.worse(smallest.certificate)
