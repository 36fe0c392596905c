"""The chain by origin."""

import pandas as pd

from chains.indicators.flows import HOME_FIRMS, flows
from scenarios.report.figures import amount
from scenarios.report.naming import country_name, segment_label
from scenarios.report.part import Part
from scenarios.report.sankey import narrow_sankey, sankey_chart
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
        finding=_finding(moved),
        narrow=narrow_sankey(case, moved),
    )


def _finding(moved: pd.DataFrame) -> str:
    """What home firms add, and who comes next."""
    origins = moved[moved["kind"] == "origin"].groupby("source")["value"].sum()
    total, others = float(origins.sum()), origins.drop(HOME_FIRMS, errors="ignore")
    home = f"Home firms add {float(origins.get(HOME_FIRMS, 0.0)) / total:.0%} of the value"
    if others.empty:
        return home
    return f"{home}; next comes {country_name(str(others.idxmax()))} with {float(others.max()) / total:.0%}"
