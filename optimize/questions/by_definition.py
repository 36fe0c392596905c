"""How sure: does the advice depend on what counts as domestic?

Plants at home that a definition does not count as domestic share the disruptions of their owner's country: an export
control by Japan then stops Japanese-owned plants in China too. They stay capacity at home that needs its inputs.
Hybrids have no country of their own, so `ownership` and `broad` give the same cuts.
"""

from typing import Unpack

import pandas as pd

from chains import Chain
from chains.numbers import Enters, key_of
from chains.tables.definitions import DEFINITIONS
from chains.tables.schema import TIERS
from optimize.questions.ranges import ranges
from optimize.solving.options import Arguments

__all__ = ["least_risk_by_definition"]


def least_risk_by_definition(chain: Chain, **options: Unpack[Arguments]) -> pd.DataFrame:
    """Least risk and the least and the most that each tier gets, under each definition of domestic.

    Index `definition`; columns risk (share of weighted final demand) and, for each tier, `TIER least` and `TIER most`:
    shares of the budget over all allocations whose risk is within 1e-9 of the least. Options as in `Options`.
    """
    rows, known = [], {}  # definitions under which the numbers are the same have the same answer
    for definition in DEFINITIONS:
        counted = chain.counting(definition)
        key = key_of(counted.numbers, *Enters)
        if key not in known:
            found = ranges(counted, **options)
            known[key] = [found.risk, *(found.tiers.to_numpy().ravel() / found.budget)]
        rows.append(known[key])
    columns = ["risk", *(f"{tier} {end}" for tier in TIERS for end in ("least", "most"))]
    return pd.DataFrame(rows, index=pd.Index(DEFINITIONS, name="definition"), columns=columns)
