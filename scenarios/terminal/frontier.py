"""The frontier on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Frontier
from scenarios.terminal.tables import certified, number_table, percent

__all__ = ["view"]


def view(chain: Chain, found: Frontier) -> Group:
    """Least risk against the budget."""
    unit = chain.money_unit
    table = number_table(
        "Least risk against the budget",
        [],
        [f"budget ({unit})", "least risk", f"points per {unit} below", f"points per {unit} above"],
    )
    for row in found.breakpoints.to_dict(orient="records"):
        slopes = ("-" if pd.isna(row[side]) else f"{100 * row[side]:+.4f}" for side in ("slope_left", "slope_right"))
        table.add_row(f"{row['budget']:.4f}", percent(row["risk"]), *slopes)
    beyond = found.useless_beyond
    said = "More money lowers risk up to the last budget shown." if beyond is None else ""
    said = said or f"Beyond {beyond:.4g} {unit} money buys nothing."
    kind = "every breakpoint exact" if found.exact else f"certified to {found.gap:.2g} of final demand"
    return Group(Text(f"{said} {len(found.breakpoints)} points, {kind}.", style="bold"), table, certified(found))
