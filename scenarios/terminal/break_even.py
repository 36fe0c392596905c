"""Break-even on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import BreakEven
from scenarios.terminal.figures import points
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]


def sentence(chain: Chain, found: BreakEven) -> str:
    """What would have to be true."""
    return f"{found.words[0].upper()}{found.words[1:]}."


def view(chain: Chain, found: BreakEven) -> Group:
    """What would have to be true."""
    title = f"Moving 1% of the budget from {found.giving} to {found.receiving}, from the observed allocation"
    table = number_table(title, [], ["factor", f"fall in risk (points per {chain.money_unit} moved)"])
    shown = found.curve[[0.1 <= factor <= 10 for factor in found.curve.index]]
    for factor, fall in shown.iloc[:: max(len(shown) // 15, 1)].items():
        table.add_row(f"{float(str(factor)):.3g}", points(float(fall), signed=True))
    return Group(Text(sentence(chain, found), style="bold"), table, certified(found))
