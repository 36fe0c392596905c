"""The published finding, part by part: shape, explanation, claims.

Its third part, what reallocation brings, is the least-risk answer.
"""

from dataclasses import dataclass
from typing import Unpack

import pandas as pd

from chains import Chain
from chains.finding.claims import Claim, check_claims
from chains.finding.shape import Shape, correlations, shapes
from chains.presenting import Shown
from optimize import Explanation, Result, RiskOptions, explain, optimize
from optimize.solving.options import RiskArguments

__all__ = ["Finding", "ask"]


@dataclass(frozen=True, repr=False)
class Finding(Shown):
    """What is published about a chain, recomputed.

    `claims` are those about the chains that the packages hold; `correlations` needs the user's own firms.
    `best` is None where it was not asked for.
    """

    shapes: tuple[Shape, ...]
    correlations: pd.DataFrame
    explanation: Explanation
    claims: tuple[Claim, ...]
    options: RiskOptions
    best: Result | None


def ask(
    chain: Chain, *, periods: tuple[str, ...] = (), reallocation: bool = True, **options: Unpack[RiskArguments]
) -> Finding:
    """The finding for a chain. Options: alpha, beta, pieces. InputError where a period is not a year or two."""
    names = tuple(dict.fromkeys(chain.table("segments")["chain"]))
    return Finding(
        shapes=shapes(chain, periods),
        correlations=correlations(chain),
        explanation=explain(chain, **options),
        claims=check_claims(names),
        options=RiskOptions.model_validate(options),
        best=optimize(chain, **options) if reallocation else None,
    )
