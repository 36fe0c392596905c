"""Ranges on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Ranges
from scenarios.terminal.tables import number_table

__all__ = ["unique", "view"]


def view(chain: Chain, found: Ranges) -> Group:
    """What each segment gets in any least-risk allocation."""
    title = f"Least and most in any least-risk allocation ({chain.money_unit})"
    table = number_table(title, ["segment"], ["least", "most"])
    for segment, row in found.amounts.iterrows():
        table.add_row(str(segment), f"{row['least']:.4f}", f"{row['most']:.4f}")
    return Group(table, unique(found))


def unique(found: Ranges) -> Text:
    """Whether the least-risk allocation is proven to be the only one."""
    if found.unique:
        return Text("The least-risk allocation is unique.")
    return Text("Other allocations are as good, or as good to 1e-9 of final demand: see --ranges.")
