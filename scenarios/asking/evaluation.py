"""The risk of an allocation that stands in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from chains import Chain, read_allocation
from chains.presenting import Shown
from optimize import RiskOptions, Solution, evaluate
from optimize.solving.options import RiskArguments

__all__ = ["Evaluation", "ask"]


@dataclass(frozen=True, repr=False)
class Evaluation(Shown):
    """What follows from the allocation, and how risk was measured."""

    solution: Solution
    options: RiskOptions


def ask(chain: Chain, *, allocation: Path, **options: Unpack[RiskArguments]) -> Evaluation:
    """The risk of the allocation in a CSV file. Options: alpha, beta, pieces."""
    solution = evaluate(chain, read_allocation(allocation, chain), **options)
    return Evaluation(solution, RiskOptions.model_validate(options))
