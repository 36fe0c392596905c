"""Domestic shares under the three definitions of `chains.tables.definitions`, and where the rest comes from."""

import numpy as np
import pandas as pd

from chains.chain import Chain
from chains.tables.definitions import is_domestic

__all__ = ["domestic_share", "places"]


def domestic_share(chain: Chain, definition: str) -> pd.Series:
    """Domestic over total supply in the base year, 0 to 1; index `segment`. NaN where a segment has no supply."""
    supply = chain.table("supply")
    supply["domestic"] = supply["value"].where(is_domestic(supply, chain.home, definition), 0.0)
    totals = supply.groupby("segment")[["domestic", "value"]].sum()
    share = totals["domestic"] / totals["value"].where(totals["value"] > 0, np.nan)
    segments = pd.Index(chain.numbers.segments, name="segment")
    return share.reindex(segments).rename("domestic_share")


def places(supply: pd.DataFrame, home: str) -> pd.Series:
    """Where supply that is not domestic counts as coming from; index of `supply`.

    Abroad: its location. At home (a foreign-owned plant under `ownership`): its owner's country, since the location
    is home and what makes it foreign is the owner; HYB counts as a place of its own.
    """
    return supply["location"].where(supply["location"] != home, supply["owner"])
