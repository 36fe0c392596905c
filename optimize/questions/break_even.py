"""What would have to be true: how much worse (or better) money may work before the advice to move it turns.

The advice is to move 1% of the budget between two tiers. A factor multiplies one assumption (the slopes or the
ceilings of the response, or the disruption probabilities); the break-even factors are those at which the move
stops lowering risk.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, Unpack, get_args

import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.presenting import Shown
from chains.tables.problems import nearest
from chains.tables.schema import TIERS
from optimize.program.response import chords
from optimize.program.risk import risk_of
from optimize.questions.marginal import direction
from optimize.solver.linear import Certificate
from optimize.solving.along import Along, Recourses
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskArguments, RiskOptions, make_options
from optimize.tolerances import LOWERS

__all__ = ["SCANNED", "BreakEven", "Parameter", "break_even"]

Parameter = Literal["slope", "ceiling", "probability"]

SCANNED = (1e-4, 1e4)
"""Smallest and largest factor looked at; probabilities only until they sum to 1."""


_PHRASES = {
    "slope": ("money works", "money worked", "as well"),
    "ceiling": ("ceilings are", "ceilings were", "as high"),
    "probability": ("disruptions are", "disruptions were", "as likely"),
}

_Fall = Callable[[float], float]


@dataclass(frozen=True, repr=False)
class BreakEven(Shown):
    """The factors on one assumption between which moving money from one tier to another lowers risk.

    parameter: what is multiplied, in the segments of `on` (a tier or segment; "" for probabilities); `moved`: money.
    at_one: fall in risk per unit moved as assumed. interval: the connected set of factors that contains 1, else the
    nearest to 1 in ratio; an end is None where it lies outside the factors scanned, the interval is None where the
    move lowers risk at no factor. curve: index `factor` (those scanned), values fall in risk per unit moved.
    """

    chain: Chain
    giving: str
    receiving: str
    parameter: Parameter
    on: str
    moved: float
    at_one: float
    interval: tuple[float | None, float | None] | None
    curve: pd.Series
    options: RiskOptions
    certificate: Certificate

    @property
    def words(self) -> str:
        """The answer as one sentence, without a full stop."""
        works, worked, alike = _PHRASES[self.parameter]
        subject = f"{self.on} " if self.on else ""
        move = f"moving money from {self.giving} to {self.receiving}"
        scanned = " or ".join(_plain(factor) for factor in self.curve.index[[0, -1]])
        anywhere = f"whether {subject}{works} {scanned} times {alike} as assumed, or anything between"
        if self.interval is None:
            return f"{move} does not lower risk, {anywhere}"
        if self.interval == (None, None):
            return f"this advice holds {anywhere}"
        ends = zip(("at least", "at most"), self.interval, strict=True)
        between = " and ".join(f"{word} {_plain(end)}" for word, end in ends if end is not None)
        if self.at_one * self.moved > LOWERS:
            return f"this advice holds as long as {subject}{works} {between} times {alike} as assumed"
        return f"{move} does not lower risk as assumed; it would if {subject}{worked} {between} times {alike}"


def break_even(
    chain: Chain,
    giving: str,
    receiving: str,
    *,
    parameter: Parameter = "slope",
    on: str | None = None,
    **options: Unpack[RiskArguments],
) -> BreakEven:
    """Factors on an assumption between which moving 1% of the budget from one tier to another lowers risk.

    fall(factor) = risk(x0) - risk(x0 + move), both with the parameter multiplied by the factor: the response slopes r_k
    (ceilings unchanged) or the ceilings G_k (slopes unchanged) of the segments of `on`, a tier or a segment, by
    default the receiving tier; or all disruption probabilities (calm has the rest). The move is that of `transfers`:
    1% of the observed budget, or all that the giving tier has if less, pro rata. The move lowers risk where
    fall > LOWERS.

    The fall is piecewise linear in the factor, but neither monotone nor concave. It is evaluated at SCANNED, at ten
    factors a decade between, more finely around 1, and at every kink of the response; the ends are found in between
    to 1e-9. So a change of sign and back between two neighbouring factors is not seen. Most of these losses are proved
    by those of few factors (solving/along.py). Options: alpha, beta, pieces.
    InputError for tiers that cannot trade, NotOptimalError if the solver fails.
    """
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    evaluator.check()
    numbers = chain.numbers
    line = direction(numbers, giving, receiving)
    has = float(-line[line < 0].sum())
    moved = min(0.01 * float(numbers.observed.sum()), has)
    after = np.maximum(numbers.observed + line * (moved / has), 0.0)
    where = _target(numbers, parameter, receiving, on)
    if parameter == "probability":
        fall, factors = _by_probability(evaluator, after)
    else:
        fall, factors = _by_response(evaluator, after, parameter, where)
    falls = {factor: fall(factor) for factor in _halving(factors.tolist())}
    curve = pd.Series([falls[factor] for factor in factors], index=pd.Index(factors, name="factor"), name="fall")
    interval = _interval(fall, curve)
    return BreakEven(
        chain=chain,
        giving=giving,
        receiving=receiving,
        parameter=parameter,
        on="" if parameter == "probability" else on or receiving,
        moved=moved,
        at_one=float(curve.loc[1.0]) / moved,
        interval=interval,
        curve=curve / moved,
        options=evaluator.options,
        certificate=evaluator.certificate,
    )


def _target(numbers: ChainNumbers, parameter: str, receiving: str, on: str | None) -> np.ndarray:
    """Which segments' parameter is multiplied. InputError for a parameter, tier or segment that is not there."""
    if parameter not in get_args(Parameter):
        right = nearest(parameter, get_args(Parameter))
        raise InputError.single(f"parameter '{parameter}'", "has no break-even", right)
    if parameter == "probability" and on is not None:
        wrong = "is given, but probabilities belong to scenarios, not to segments"
        raise InputError.single(f"on '{on}'", wrong, "leave it out: all disruptions are scaled together")
    name = receiving if on is None else on
    where = np.array([name in names for names in zip(numbers.segments, numbers.tiers, strict=True)])
    if not where.any():
        wrong = "is neither a segment nor a tier with segments"
        raise InputError.single(f"on '{on}'", wrong, nearest(name, (*numbers.segments, *TIERS)))
    return where


def _by_probability(evaluator: Evaluator, after: Array) -> tuple[_Fall, Array]:
    """Fall in risk by factor on the disruption probabilities, up to where they sum to 1. Losses do not change."""
    numbers, options = evaluator.numbers, evaluator.options
    losses = [evaluator.solution(x).loss.to_numpy() for x in (numbers.observed, after)]
    total = float(np.delete(numbers.probability, numbers.calm).sum())

    def fall(factor: float) -> float:
        probability = numbers.probability * factor
        probability[numbers.calm] = max(0.0, 1.0 - factor * total)
        before, then = (risk_of(loss, probability, options.alpha, options.beta).risk for loss in losses)
        return before - then

    largest = min(SCANNED[1], max(1.0, 1.0 / total)) if total > 0 else SCANNED[1]
    return fall, _factors(np.empty(0), largest)


def _by_response(evaluator: Evaluator, after: Array, parameter: str, where: np.ndarray) -> tuple[_Fall, Array]:
    """Fall in risk by factor on the slopes or ceilings; only the home capacity of the recourse changes."""
    inner, pieces = evaluator.inner, evaluator.options.pieces
    observed = evaluator.numbers.observed

    def provided(decision: Array, factor: float) -> dict[str, Array]:
        scale = np.where(where, factor, 1.0)
        slope, ceiling = (
            (inner.slope * scale, inner.ceiling) if parameter == "slope" else (inner.slope, inner.ceiling * scale)
        )
        return evaluator.provided(decision, chords(slope, ceiling, pieces))

    # Of slopes and of ceilings times f a curve A adds A(f e) and f A(e / f): concave in f, as A is in e.
    recourses = Recourses(evaluator)
    before, then = (Along(recourses, partial(provided, decision)) for decision in (observed, after))

    def fall(factor: float) -> float:
        risks = [evaluator.risk_of_losses(along.losses(factor)) for along in (before, then)]
        evaluator.certificate = evaluator.certificate.worse(recourses.certificate)
        return risks[0] - risks[1]

    # Slopes times a factor add what that factor times the funds would; ceilings times a factor stretch the curve.
    # So funds e meet the end E of a chord at the factor E / e on slopes, and at e / E on ceilings.
    ends = np.cumsum(evaluator.curve.width[where], axis=1)[:, :, None]
    money = evaluator.units.money
    funds = np.stack([inner.funds(x / money) for x in (observed, after)]).T[where][:, None, :]
    above, below = (ends, funds) if parameter == "slope" else (funds, ends)
    above, below = np.broadcast_arrays(above, below)
    kinks = above[(above > 0) & (below > 0)] / below[(above > 0) & (below > 0)]
    return fall, _factors(kinks, SCANNED[1])


def _factors(kinks: Array, largest: float) -> Array:
    """The factors to scan: ten a decade, more finely around 1, and the kinks in between."""
    smallest = SCANNED[0]
    around = np.concatenate([np.geomspace(smallest, SCANNED[1], 81), np.geomspace(0.5, 2.0, 41), kinks])
    inside = around[(around > smallest) & (around < largest)]
    return np.unique(np.concatenate([[smallest, 1.0, largest], inside]))


def _halving(factors: Sequence[float]) -> Iterator[float]:
    """Every factor once: both ends, then the middle of what lies between two of them, the widest first."""
    yield from dict.fromkeys((factors[0], factors[-1]))
    open_ = deque([(0, len(factors) - 1)])
    while open_:
        low, high = open_.popleft()
        if high - low > 1:
            middle = (low + high) // 2
            yield factors[middle]
            open_ += [(low, middle), (middle, high)]


def _interval(fall: _Fall, curve: pd.Series) -> tuple[float | None, float | None] | None:
    """The connected set of factors with fall > LOWERS that contains 1, else the one nearest to 1 in ratio."""
    factors, lowers = curve.index.to_numpy(), curve.to_numpy() > LOWERS
    one = int(np.searchsorted(factors, 1.0))
    if lowers[one]:
        return _around(fall, factors, lowers, one)
    found = [
        _around(fall, factors, lowers, int(at))
        for side in (np.flatnonzero(lowers[:one])[-1:], one + np.flatnonzero(lowers[one:])[:1])
        for at in side
    ]
    return min(found, key=lambda ends: min(abs(np.log(end)) for end in ends if end is not None), default=None)


def _around(fall: _Fall, factors: Array, lowers: np.ndarray, at: int) -> tuple[float | None, float | None]:
    """Both ends of the connected set that contains a scanned factor; None for an end that is open."""
    others = np.flatnonzero(~lowers)
    left, right = others[others < at][-1:], others[others > at][:1]
    low = _end(fall, float(factors[left[0] + 1]), float(factors[left[0]])) if len(left) else None
    high = _end(fall, float(factors[right[0] - 1]), float(factors[right[0]])) if len(right) else None
    return low, high


def _end(fall: _Fall, inside: float, outside: float) -> float:
    """Where the fall reaches 0 between a factor at which the move lowers risk and one at which it does not.

    The fall may stay at 0 from there on, so the levels LOWERS and 2 LOWERS are found, and the line through them
    followed to 0: the fall is piecewise linear.
    """

    def reaches(level: float) -> float:
        from scipy.optimize import brentq  # here: it takes long to import, and few questions need it

        return float(brentq(lambda factor: fall(factor) - level, inside, outside, xtol=1e-15, rtol=1e-13))

    end = reaches(LOWERS)
    return 2.0 * end - reaches(2.0 * LOWERS) if fall(inside) > 2.0 * LOWERS else end


def _plain(factor: float) -> str:
    """A factor in three figures, without an exponent."""
    return f"{float(f'{factor:.3g}'):g}"
