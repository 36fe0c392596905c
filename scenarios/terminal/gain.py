"""The reallocation curve on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Gain
from scenarios.terminal.tables import certified, number_table

__all__ = ["view"]


def view(chain: Chain, gain: Gain) -> Group:
    """The reallocation curve."""
    columns = ["share moved", f"money moved ({chain.money_unit})", "fall in risk (points)"]
    table = number_table("Reallocation curve", [], columns)
    for share, fall in gain.curve.items():
        moved = float(str(share))
        table.add_row(f"{moved:.0%}", f"{gain.funds * moved:.4f}", f"{100 * fall:.4f}")
    sentence = (
        f"Moving {gain.peak_share:.1%} of the {gain.giving} funds ({gain.funds * gain.peak_share:.4g} "
        f"{chain.money_unit}) to {gain.receiving} lowers risk most, by {100 * gain.peak_gain:.3f} points."
    )
    return Group(Text(sentence, style="bold"), table, certified(gain))
