"""The risk of an allocation that stands in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from chains import Chain, read_allocation
from chains.presenting import Shown
from optimize import Exact, RiskOptions, Solution, evaluate, prove_risk
from optimize.questions.exact import check_exact
from optimize.solving.options import RiskArguments, make_options

__all__ = ["Evaluation", "ask"]


@dataclass(frozen=True, repr=False)
class Evaluation(Shown):
    """What follows from the allocation, and how risk was measured."""

    solution: Solution
    options: RiskOptions
    exact: Exact | None = None


def ask(chain: Chain, *, allocation: Path, exact: bool = False, **options: Unpack[RiskArguments]) -> Evaluation:
    """The risk of the allocation in a CSV file. Options: alpha, beta, pieces.

    `exact`: prove it in exact arithmetic as well; InputError, before anything is solved, where the chain is too large.
    """
    given, chosen = read_allocation(allocation, chain), make_options(RiskOptions, options)
    if exact:
        check_exact(chain, chosen)
    solution = evaluate(chain, given, **options)
    return Evaluation(solution, chosen, prove_risk(chain, solution, chosen) if exact else None)
