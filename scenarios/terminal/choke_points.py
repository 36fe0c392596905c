"""Choke points on a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from chains import Chain
from scenarios.asking.choke_points import Cuts
from scenarios.terminal.tables import certified, number_table, percent

__all__ = ["view"]

SHOWN = 20
"""Cuts that the terminal shows; the JSON document has all."""


def view(chain: Chain, cuts: Cuts) -> Group:
    """The worst single cuts, and the worst set of cuts if it was asked for."""
    found, worst = cuts.found, cuts.worst
    title = f"Loss when cut off completely (the worst {min(SHOWN, len(found.single))} of {len(found.single)})"
    table = number_table(title, ["kind", "country or owner", "segment"], ["observed", "least risk"])
    for row in found.single.head(SHOWN).to_dict(orient="records"):
        losses = (percent(row["loss_observed"]), percent(row["loss_least_risk"]))
        table.add_row(row["kind"], row["country"] or row["owner"], row["segment"], *losses)
    parts: list[Table | Text] = [table]
    if worst is not None:
        names = ", ".join(str(cut) for cut in worst.cuts)
        tied = "" if worst.unique else " Other sets are as bad."
        said = f"The worst {worst.n} {worst.over}: {names}; loss {percent(worst.loss)}.{tied}"
        parts.append(Text(said, style="bold"))
    return Group(*parts, certified(found))
