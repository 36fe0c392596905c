"""Money that nobody can use: what is left out of a program, whose digits it would swamp, and put back afterwards.

All chords of a segment k together take W_k = sum_j width_kj of effective funds. So no more than

    R_i = sum_k W_k / effectiveness_ki  +  what all that other levers offer costs

can be of use through instrument i, whoever gets it. A budget or an observed allocation may be larger by many powers of
ten (a user's money in another unit); tolerances and digits of a solver are too few for both sizes at once.
"""

from collections.abc import Sequence

import numpy as np

from chains.numbers import Array, ChainNumbers
from optimize.program.levers import CAPACITY, Lever, purchases_of
from optimize.program.response import Chords
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import Options

__all__ = ["idle_money", "idle_of", "usable"]

SWAMPS = 1e6
"""Times what can be used from which on money is left out."""
_ANY = 1e200


def _useful(numbers: ChainNumbers, curve: Chords, levers: Sequence[Lever]) -> Array:
    """R[i], the most that can be of use through each instrument; infinite where money of any amount is."""
    bought = sum(float(lever.most(numbers) @ lever.unit_cost(numbers)) for lever in purchases_of(levers))
    with np.errstate(over="ignore"):
        funds = np.broadcast_to(curve.width.sum(axis=1)[:, None], numbers.effectiveness.shape)
        without = np.full(funds.shape, np.inf)
        most = (
            np.divide(funds, numbers.effectiveness, out=without, where=numbers.effectiveness > 0).sum(axis=0) + bought
        )
    return np.asarray(np.where(most < _ANY, most, np.inf))


def usable(evaluator: Evaluator, options: Options, budget: Array) -> Array:
    """The budget[i], or where it is far larger twice what can be used, is observed, or falls under a limit.

    More does not change the least risk, and to what somebody gets in a least-risk allocation it adds all or nothing.
    The chain's money.
    """
    limits = sum(options.minimum.values()) + sum(options.maximum.values())
    observed = evaluator.numbers.observed.sum(axis=0)
    most = _useful(evaluator.inner, evaluator.curve, evaluator.levers) * evaluator.units.money + observed + limits
    return np.asarray(np.where(budget > SWAMPS * most, 2.0 * most, budget))


def idle_of(evaluator: Evaluator, options: Options, budget: Array) -> Array:
    """What `idle_money` leaves out of a budget[i] in the chain's money: nothing where limits may move any of it."""
    if options.limited:
        return np.zeros_like(evaluator.inner.observed)
    return idle_money(evaluator.inner, evaluator.curve, budget / evaluator.units.money, evaluator.levers)


def idle_money(numbers: ChainNumbers, curve: Chords, budget: Array, levers: Sequence[Lever] = (CAPACITY,)) -> Array:
    """What of the observed allocation x0[k, i] stays where it is in any least-risk allocation that is nearest to it.

    With a budget of no less than was observed, and without limits, money leaves a segment only to be of use elsewhere:
    no more than R_i, beside which a segment must keep R_i at most. Of what is far more than both, the rest is idle.
    Inner units.
    """
    enough = np.maximum(2.0 * _useful(numbers, curve, levers), 1.0)
    swamps = (numbers.observed > SWAMPS * enough) & (budget >= numbers.observed.sum(axis=0))
    return np.where(swamps, numbers.observed - enough, 0.0)
