"""Ranges on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Ranges
from scenarios.terminal.figures import NOTHING, amount, percent
from scenarios.terminal.tables import number_table

__all__ = ["sentence", "unique", "view"]


_UNIQUE = "The least-risk allocation is unique."
_OTHERS = "Other allocations are as good, or as good to 1e-9 of final demand"


def view(chain: Chain, found: Ranges) -> Group:
    """What each segment gets in any least-risk allocation."""
    title = f"Least and most in any least-risk allocation ({chain.money_unit})"
    table = number_table(title, ["segment"], ["least", "most"])
    whole = float(found.amounts["most"].max())
    for segment, row in found.amounts.iterrows():
        table.add_row(str(segment), amount(row["least"], whole), amount(row["most"], whole))
    return Group(table, unique(found))


def unique(found: Ranges) -> Text:
    """Whether the least-risk allocation is proven to be the only one."""
    if found.unique:
        return Text(_UNIQUE)
    return Text(f"{_OTHERS}: see --ranges.")


def sentence(chain: Chain, found: Ranges) -> str:
    """Whether it is the only one, and if not how many segments may get more or less."""
    of = f"of {amount(found.budget)} {chain.money_unit}, with a risk of {percent(found.risk)} of final demand"
    if found.unique:
        return f"{chain.name}: the least-risk allocation {of}, is unique."
    spans = found.amounts["most"] - found.amounts["least"]
    free = int((spans > NOTHING * found.amounts["most"].max()).sum())
    return (
        f"{chain.name}: other least-risk allocations {of}, are as good as the one shown, to 1e-9; {free} of "
        f"{len(spans)} segments may get more or less."
    )
