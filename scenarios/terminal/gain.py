"""The reallocation curve on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Gain
from scenarios.terminal.figures import amount, points
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]

NO_GAIN = 1e-9
"""A fall in risk below this is none: solutions attain the least risk to no more."""


def sentence(chain: Chain, gain: Gain) -> str:
    """The peak of the curve; that there is none where moving money lowers no risk."""
    giving, receiving = gain.giving, gain.receiving
    if gain.peak_gain <= NO_GAIN:
        return (
            f"{chain.name}: no share of the {giving} funds lowers risk if it moves to {receiving}, pro rata within "
            "each."
        )
    return (
        f"{chain.name}: moving {gain.peak_share:.1%} of the {giving} funds ({amount(gain.funds * gain.peak_share)} "
        f"{chain.money_unit}) to {receiving}, pro rata within each, lowers risk most, by "
        f"{points(gain.peak_gain)} points."
    )


def view(chain: Chain, gain: Gain) -> Group:
    """The reallocation curve."""
    columns = ["share moved", f"money moved ({chain.money_unit})", "fall in risk (points)"]
    table = number_table("Reallocation curve", [], columns)
    for share, fall in gain.curve.items():
        moved = float(str(share))
        table.add_row(f"{moved:.0%}", amount(gain.funds * moved), points(float(fall)))
    return Group(Text(sentence(chain, gain), style="bold"), table, certified(gain))
