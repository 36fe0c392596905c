"""What counts as domestic: three definitions, because the answer to "how dependent are we?" turns on them.

`location`  made at home, whoever owns the plant
`ownership` made at home by home-owned firms
`broad`     `ownership`, and what hybrid firms (owner HYB) make at home

Home-owned plants abroad are domestic under none of them. Source of the distinction: Ding J. (2023), on metrics of
technological self-sufficiency (docs/sources.md).
"""

import numpy as np
import pandas as pd

from chains.chain import Chain
from chains.problems import InputError, nearest

__all__ = ["DEFINITIONS", "HYBRID", "check_definition", "domestic_share", "is_domestic", "places"]

DEFINITIONS = ("location", "ownership", "broad")
HYBRID = "HYB"
"""Owner of supply by hybrid firms: home base, foreign capital or leadership."""


def check_definition(definition: str) -> None:
    """InputError unless `definition` is one of DEFINITIONS."""
    if definition not in DEFINITIONS:
        wrong = "is not a definition of domestic"
        raise InputError.single(f"definition '{definition}'", wrong, nearest(definition, DEFINITIONS))


def is_domestic(supply: pd.DataFrame, home: str, definition: str) -> "pd.Series[bool]":
    """Whether each row of supply.csv is domestic under a definition; index of `supply`."""
    check_definition(definition)
    at_home = supply["location"] == home
    if definition == "location":
        return at_home
    owners = [home] if definition == "ownership" else [home, HYBRID]
    return at_home & supply["owner"].isin(owners)


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
