"""The published finding, part by part: shape, explanation, claims.

Its third part, what reallocation brings, is `optimize` and `gain_curve`.
"""

from dataclasses import dataclass
from typing import Unpack

import pandas as pd

from chains import Chain
from chains.finding.claims import Claim, check_claims
from chains.finding.shape import Shape, correlations, shapes
from optimize import Explanation, RiskOptions, explain
from optimize.solving.options import RiskArguments

__all__ = ["Finding", "find"]


@dataclass(frozen=True)
class Finding:
    """What is published about a chain, recomputed.

    `claims` are those about the chains that the packages hold; `correlations` needs the user's own firms.
    """

    shapes: tuple[Shape, ...]
    correlations: pd.DataFrame
    explanation: Explanation
    claims: tuple[Claim, ...]
    options: RiskOptions


def find(chain: Chain, periods: tuple[str, ...] = (), **options: Unpack[RiskArguments]) -> Finding:
    """The finding for a chain. Options: alpha, beta, pieces. InputError where a period is not a year or two."""
    names = tuple(dict.fromkeys(chain.table("segments")["chain"]))
    return Finding(
        shapes=shapes(chain, periods),
        correlations=correlations(chain),
        explanation=explain(chain, **options),
        claims=check_claims(names),
        options=RiskOptions.model_validate(options),
    )
