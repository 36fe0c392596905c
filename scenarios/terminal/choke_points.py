"""Choke points on a terminal."""

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from chains import Chain
from optimize.questions.choke_points import MOST_MONTHS
from scenarios.asking.choke_points import Cuts
from scenarios.terminal.tables import certified, number_table, percent

__all__ = ["view"]

SHOWN = 20
"""Cuts that the terminal shows; the JSON document has all."""


def view(chain: Chain, cuts: Cuts) -> Group:
    """The worst single cuts, and the worst set of cuts if it was asked for."""
    found, worst = cuts.found, cuts.worst
    title = (
        f"Loss when cut off completely (the worst {min(SHOWN, len(found.single))} of {len(found.single)}), and months "
        "without loss"
    )
    numbers = ["observed", "least risk", "months, observed", "months, least risk"]
    recovers = found.single["recovers"].notna().any()
    table = number_table(
        title, ["kind", "country or owner", "segment"], [*numbers, *(["recovers"] if recovers else [])]
    )
    for row in found.single.head(SHOWN).to_dict(orient="records"):
        told = [percent(row["loss_observed"]), percent(row["loss_least_risk"])]
        told += [_months(row["survives_observed"]), _months(row["survives_least_risk"])]
        told += [_months(row["recovers"])] if recovers else []
        table.add_row(row["kind"], row["country"] or row["owner"], row["segment"], *told)
    parts: list[Table | Text] = [table]
    if worst is not None:
        names = ", ".join(str(cut) for cut in worst.cuts)
        tied = "" if worst.unique else " Other sets are as bad."
        said = f"The worst {worst.n} {worst.over}: {names}; loss {percent(worst.loss)}.{tied}"
        parts.append(Text(said, style="bold"))
    return Group(*parts, certified(found))


def _months(months: float) -> str:
    """A time in months; nobody looked beyond the most that is told."""
    if pd.isna(months):
        return "-"
    return f"{months:.0f} or more" if months >= MOST_MONTHS else f"{months:.1f}"
