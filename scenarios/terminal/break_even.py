"""Break-even on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import BreakEven
from scenarios.terminal.tables import certified, number_table

__all__ = ["view"]


def view(chain: Chain, found: BreakEven) -> Group:
    """What would have to be true."""
    sentence = found.words[0].upper() + found.words[1:] + "."
    table = number_table(
        "Moving 1% of the budget", [], ["factor", f"fall in risk (points per {chain.money_unit} moved)"]
    )
    shown = found.curve[[0.1 <= factor <= 10 for factor in found.curve.index]]
    for factor, fall in shown.iloc[:: max(len(shown) // 15, 1)].items():
        table.add_row(f"{float(str(factor)):.3g}", f"{100 * fall:+.4f}")
    return Group(Text(sentence, style="bold"), table, certified(found))
