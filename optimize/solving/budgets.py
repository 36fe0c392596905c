"""What may be chosen: the budget by instrument, and bounds on what segments and tiers get."""

from collections.abc import Mapping, Sequence

import numpy as np

from chains import InputError
from chains.numbers import Array, ChainNumbers
from chains.tables.problems import Problem, nearest
from chains.tables.schema import TIERS
from optimize.program.first_stage import Limit
from optimize.program.levers import LEVERS, Purchase
from optimize.solving.conflict import EXCLUDED, NoSolutionError
from optimize.solving.options import Options

__all__ = ["budget_of", "limits_of"]


def budget_of(numbers: ChainNumbers, total: float | None) -> Array:
    """Budget by instrument: as observed, or a given total split as observed.

    InputError where a total is given for several instruments and nothing was observed to split it by.
    """
    observed = numbers.observed.sum(axis=0)
    if total is None:
        return np.asarray(observed)
    if len(observed) == 0:
        wrong = "a budget needs an instrument to be given through"
        raise InputError.single("subsidies.csv", wrong, "add a row that names one")
    if len(observed) == 1:
        return np.array([total])
    if observed.sum() <= 0:
        wrong = "the budget cannot be split over instruments: none was observed to get money"
        raise InputError.single("subsidies.csv", wrong, "give the observed allocation")
    return np.asarray(total * observed / observed.sum())


def limits_of(numbers: ChainNumbers, options: Options, money: float) -> list[Limit]:
    """Bounds on segments and tiers from the options, in inner units.

    InputError where an option names what there is not, NoSolutionError where it asks for money that can buy nothing.
    """
    problems, limits, in_vain = [], [], list[str]()
    bounds: tuple[tuple[str, Mapping[str, float]], ...] = (("min", options.minimum), ("max", options.maximum))
    for kind, given in bounds:
        for name, amount in given.items():
            lever, _, who = name.rpartition(":") if name.partition(":")[0] in LEVERS else ("", "", name)
            members = _members(numbers, who)
            if not members:
                wrong = f"'{who}' is neither a segment nor a tier with segments"
                right = nearest(who, (*numbers.segments, *TIERS))
                problems.append(Problem(f"option {kind}", 0, "", wrong, right))
            elif lever and lever not in options.levers:
                wrong = f"'{name}' limits the lever {lever}, which the money may not buy"
                problems.append(Problem(f"option {kind}", 0, "", wrong, f"add {lever} to levers"))
            label = f"{kind}imum of {name}: {amount:g}"
            if kind == "min" and (offer := _offer(numbers, lever, members) * money) < amount:
                label += f" (no more than {offer:g} can be bought there)"
                in_vain += [label] if offer == 0.0 else []
            lower, upper = (amount / money, None) if kind == "min" else (None, amount / money)
            limits.append(Limit(label, members, lower, upper, lever or None))
    if problems:
        raise InputError(problems)
    if in_vain:
        raise NoSolutionError(f"{EXCLUDED}{'; '.join(in_vain)}")
    return limits


def _offer(numbers: ChainNumbers, lever: str, members: Sequence[int]) -> float:
    """What all that a lever offers these segments costs; infinite for capacity, and where no lever is named.

    Nothing where no instrument gives money.
    """
    if not numbers.instruments:
        return 0.0
    bought = LEVERS.get(lever)
    if not isinstance(bought, Purchase):
        return np.inf
    if not bought.applies(numbers):
        return 0.0
    return float((bought.most(numbers) * bought.unit_cost(numbers))[np.isin(bought.segment(numbers), members)].sum())


def _members(numbers: ChainNumbers, name: str) -> tuple[int, ...]:
    if name in numbers.segments:
        return (numbers.segments.index(name),)
    return tuple(k for k, tier in enumerate(numbers.tiers) if tier == name)
