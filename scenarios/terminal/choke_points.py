"""Choke points on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import WorstCuts
from optimize.questions.choke_points import MOST_MONTHS
from scenarios.asking.choke_points import Cuts
from scenarios.terminal.figures import percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view", "worst_in_words"]

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
        title,
        ["country or owner", "segment", "kind"],
        [*numbers, *(["recovers"] if recovers else [])],
        less=["recovers", "months, least risk"],
    )
    for row in found.single.head(SHOWN).to_dict(orient="records"):
        told = [percent(row["loss_observed"]), percent(row["loss_least_risk"])]
        told += [_months(row["survives_observed"]), _months(row["survives_least_risk"])]
        told += [_months(row["recovers"])] if recovers else []
        table.add_row(row["country"] or row["owner"], row["segment"], row["kind"], *told)
    parts: list[Table | Text] = [table]
    if worst is not None:
        parts.append(Text(worst_in_words(worst), style="bold"))
    return Group(*parts, certified(found))


def sentence(chain: Chain, cuts: Cuts) -> str:
    """The worst single cut, and the worst set where one was asked for."""
    worst = "" if cuts.worst is None else f" {worst_in_words(cuts.worst)}"
    if cuts.found.single.empty:
        return f"{chain.name}: there is nothing to cut.{worst}"
    first = cuts.found.single.iloc[0]
    name = " · ".join(str(first[part]) for part in ("country", "owner", "segment") if first[part])
    tied = " (others are as bad)" if _tied(cuts.found.single["loss_observed"]) else ""
    return (
        f"{chain.name}: of {len(cuts.found.single)} single cuts the worst is {first['kind']} {name}{tied}, which takes "
        f"{percent(first['loss_observed'])} of final demand with the observed subsidies.{worst}"
    )


def _tied(losses: pd.Series) -> bool:
    return len(losses) > 1 and losses.iloc[0] - losses.iloc[1] <= 1e-9


def worst_in_words(worst: WorstCuts) -> str:
    """The worst set of cuts."""
    names = ", ".join(str(cut) for cut in worst.cuts)
    tied = "" if worst.unique else " Other sets are as bad."
    which = {"countries": "country", "links": "link"}[worst.over] if worst.n == 1 else f"{worst.n} {worst.over}"
    return f"The worst {which}: {names}; loss {percent(worst.loss)}.{tied}"


def _months(months: float) -> str:
    """A time in months; nobody looked beyond the most that is told."""
    if pd.isna(months):
        return "-"
    return f"{months:.0f} or more" if months >= MOST_MONTHS else f"{months:.1f}"
