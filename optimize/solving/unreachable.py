"""Why a self-sufficiency target cannot be reached, in words: who falls short, how far it gets, and what stops it."""

import math
from collections.abc import Sequence

import numpy as np

from chains import Chain
from chains.numbers import Array
from optimize.solving.evaluation import Evaluator
from optimize.solving.targets import Targets
from optimize.tolerances import EXACT_TARGET as EXACT

__all__ = ["in_percent", "unreachable"]


def unreachable(
    chain: Chain,
    evaluator: Evaluator,
    targets: Targets,
    members: Sequence[int],
    target: float,
    largest: float,
    prices: Array,
) -> str:
    """Why no money reaches a target: who falls short even if only its own share counts, or who stands in the way."""
    names, money = chain.numbers.segments, evaluator.units.money
    most_added = evaluator.curve.added(np.full(len(names), np.inf)) * money
    most_added[~(chain.numbers.effectiveness > 0).any(axis=1)] = 0.0
    short = []
    for k in members:
        alone, mine = targets.largest((k,))
        if alone < target:
            reasons = _reasons(k, targets.short_of(mine), names, most_added, chain.unit)
            short.append(f"{names[k]} reaches at most {in_percent(alone)} ({reasons})")
    if not short:
        inputs = ", ".join(names[k] for k in targets.short_of(prices))
        short = [f"each segment reaches it alone, but not all together: there is too little of {inputs}"]
    cost = targets.least_cost(members, largest) * money
    all_of_them = f"the largest target that can be reached is {in_percent(largest)}, for {cost:.4g} {chain.money_unit}"
    return f"no money reaches a self-sufficiency of {target:.6g}: {'; '.join([*short, all_of_them])}"


def _reasons(segment: int, short: Sequence[int], names: Sequence[str], most_added: Array, unit: str) -> str:
    """What keeps one segment from a larger share: its own response, or inputs that are short."""
    reasons = []
    if segment in short:
        ceiling = f"its response ends at {most_added[segment]:.4g} {unit} more"
        reasons.append(ceiling if most_added[segment] > 0 else "no subsidy adds to its supply")
    inputs = [names[k] for k in short if k != segment]
    if inputs:
        reasons.append(f"too little of its inputs: {', '.join(inputs)}")
    return "; ".join(reasons)


def in_percent(share: float) -> str:
    """A largest share in percent, rounded down from the 1e-6 to which it is known, so that what is shown is reached."""
    return f"{math.floor((share + EXACT) * 1e4) / 1e4:.2%}"
