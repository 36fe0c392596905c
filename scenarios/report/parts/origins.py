"""The chain by origin."""

import pandas as pd

from chains.indicators.flows import flows
from scenarios.report.figures import amount
from scenarios.report.naming import segment_label
from scenarios.report.part import Part
from scenarios.report.sankey import sankey_chart
from scenarios.report.words import origin_in_words
from scenarios.storing import StoredCase

__all__ = ["origins"]


def origins(case: StoredCase) -> Part:
    """Where the value of a year's supply comes from."""
    moved = flows(case.chain)
    table = moved[moved["kind"] == "origin"].pivot(index="target", columns="source", values="value").fillna(0.0)
    table.index = pd.Index([segment_label(case, segment) for segment in table.index])
    return Part(
        f"{case.name}-origins",
        "The chain by origin",
        origin_in_words(case, moved),
        table.map(amount),
        sankey_chart(case, moved),
        wide=True,
    )
