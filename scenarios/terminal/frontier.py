"""The frontier on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Frontier
from scenarios.terminal.figures import amount, percent, points
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]


def sentence(chain: Chain, found: Frontier) -> str:
    """From what risk without money to what risk with how much, and how exact that is."""
    turns, unit = found.breakpoints, chain.money_unit
    first, last = turns.iloc[0], turns.iloc[-1]
    beyond = (
        "more money lowers risk up to the last budget shown"
        if found.useless_beyond is None
        else f"beyond {amount(found.useless_beyond)} {unit} money buys nothing"
    )
    kind = "every breakpoint exact" if found.exact else f"certified to {found.gap:.2g} of final demand"
    return (
        f"{chain.name}: least risk falls from {percent(first['risk'])} with {amount(first['budget'])} {unit} to "
        f"{percent(last['risk'])} with {amount(last['budget'])}; {beyond}. {len(turns)} points, {kind}."
    )


def view(chain: Chain, found: Frontier) -> Group:
    """Least risk against the budget."""
    unit = chain.money_unit
    table = number_table(
        "Least risk against the budget",
        [],
        [f"budget ({unit})", "least risk", f"points per {unit} below", f"points per {unit} above"],
    )
    for row in found.breakpoints.to_dict(orient="records"):
        slopes = (points(row[side], signed=True) for side in ("slope_left", "slope_right"))
        table.add_row(amount(row["budget"]), percent(row["risk"]), *slopes)
    return Group(Text(sentence(chain, found), style="bold"), table, certified(found))
