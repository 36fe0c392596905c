"""Choke points in a report."""

import pandas as pd

from chains.tables.definitions import HYBRID
from scenarios.report.drawing import LEAST, OBSERVED, bars, chart
from scenarios.report.figures import share
from scenarios.report.naming import country_name, folded, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_SHOWN = 12


def more(case: StoredCase) -> list[Part]:
    """The worst cuts, and the worst pair of countries."""
    return [_part(case)]


def _part(case: StoredCase) -> Part:
    found = case.answers["choke-points"]
    single = pd.DataFrame(found["single"])
    labels = [_cut(case, row) for row in found["single"]]
    top = single.head(_SHOWN).iloc[::-1]
    names = labels[: len(top)][::-1]
    figure = chart(
        [
            bars("least risk", LEAST, x=list(100 * top["loss_least_risk"]), y=names, orientation="h"),
            bars("observed", OBSERVED, x=list(100 * top["loss"]), y=names, orientation="h"),
        ],
        "loss (% of final demand)",
        "",
        110 + 44 * len(top),
    ).update_layout(legend_traceorder="reversed")
    worst = found["worst"]
    cut = " and ".join(country_name(country) for country in worst["cuts"])
    losses = {"observed": single["loss"], "least risk": single["loss_least_risk"]}
    table = pd.DataFrame({name: loss.map(lambda value: share(value, 2)) for name, loss in losses.items()})
    return Part(
        f"{case.name}-choke",
        "Choke points: what is lost when one is cut off completely",
        f"Cut off entirely, {labels[0].replace('<br>', ' ')} costs most, {share(single['loss'].iloc[0])} of final "
        f"demand. The worst pair of countries is {cut}: {share(worst['loss'])}, found exactly.",
        table.set_axis([label.replace("<br>", " ") for label in labels], axis=0),
        figure,
    )


def _cut(case: StoredCase, row: dict[str, str]) -> str:
    if row["kind"] == "owner":
        return folded(f"owners in {country_name(row['owner'])}" if row["owner"] != HYBRID else "hybrid firms")
    place = country_name(row["country"])
    return folded(f"{place}: {segment_label(case, row['segment'])}" if row["segment"] else f"all from {place}")
