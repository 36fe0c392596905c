"""Bounds on least risk on a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from chains import Chain
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.tables import certified, number_table

if TYPE_CHECKING:
    from optimize.cylinders import Bounds

__all__ = ["sentence", "view"]

_STOPPED = {
    "gap": "the gap asked for is reached",
    "optimal": "no cut was left to add",
    "rounds": "the rounds are used up",
    "time": "the time is used up",
}


def sentence(chain: Chain, found: "Bounds") -> str:
    """Between what bounds least risk lies, and why the search ended."""
    low, high = percent(found.lower), percent(found.risk.risk)
    if found.exact:
        return f"Least risk is {high}: the bounds meet."
    return f"Least risk lies between {low} and {high} (gap {found.gap:.1e}): {_STOPPED[found.stopped]}."


def view(chain: Chain, found: "Bounds") -> Group:
    """Bounds on least risk, and the allocation that attains the upper one."""
    work = (
        f"{found.scenarios} scenarios in {found.bundles} bundles, {found.rounds} rounds of cuts, "
        f"{found.ranks} processes. The allocation's risk is exact."
    )
    unit = chain.money_unit
    table = number_table(f"Allocation ({unit})", ["segment"], ["observed", f"risk at most {percent(found.risk.risk)}"])
    whole = float(found.allocation.to_numpy().sum()) + sum(float(bought.sum()) for bought in found.levers.values())
    observed = chain.numbers.observed.sum(axis=1)
    for (segment, money), before in zip(found.allocation.sum(axis=1).items(), observed, strict=True):
        table.add_row(str(segment), amount(before, observed.sum()), amount(money, whole))
    for lever, members in found.levers.items():
        for member, money in members.items():
            table.add_row(f"{member} ({lever})", "", amount(money, whole))
    return Group(Text(sentence(chain, found), style="bold"), Text(work), table, certified(found))
