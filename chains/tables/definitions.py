"""What counts as domestic: three definitions, because the answer to "how dependent are we?" turns on them.

`location`  made at home, whoever owns the plant
`ownership` made at home by home-owned firms
`broad`     `ownership`, and what hybrid firms (owner HYB) make at home

Home-owned plants abroad are domestic under none of them. Source of the distinction: Ding J. (2023), on metrics of
technological self-sufficiency (docs/sources.md).
"""

import pandas as pd

from chains.tables.problems import InputError, nearest

__all__ = ["DEFINITIONS", "HYBRID", "check_definition", "is_domestic"]

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
