"""Implied priorities on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Priorities
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]


def view(chain: Chain, found: Priorities) -> Group:
    """Which weights of goals the observed allocation is consistent with."""
    table = number_table(
        "Weights with which the observed allocation is least suboptimal",
        ["goal"],
        ["least weight", "most weight", "reached of the best"],
    )
    for goal, row in found.weights.iterrows():
        reached = f"{found.scaled[str(goal)]:.0%}"
        table.add_row(str(goal), f"{row['least']:.3f}", f"{row['most']:.3f}", reached)
    dropped = f"The budget cannot raise: {', '.join(found.dropped)}." if found.dropped else ""
    said = Text(sentence(chain, found), style="bold")
    return Group(said, table, Text(found.caution), Text(dropped), certified(found))


def sentence(chain: Chain, found: Priorities) -> str:
    """How near the observed allocation is to being best under some weights, and how many at random are as near."""
    return (
        f"{chain.name}: least relative gap {found.gap:.1%}; {found.as_consistent} of {len(found.random)} random "
        f"allocations of the same budget are at least as consistent ({found.share:.0%})."
    )
