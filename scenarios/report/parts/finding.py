"""The published shape, and correlations over firms."""

from typing import Any

import pandas as pd

from chains.tables.problems import listed
from scenarios.report.charts import (
    correlation_chart,
    shape_chart,
)
from scenarios.report.naming import indicator_name
from scenarios.report.part import Part
from scenarios.report.words import shape_in_words
from scenarios.storing import StoredCase

__all__ = ["chain"]


def chain(case: StoredCase) -> list[Part]:
    """The published figures of the chain, whatever is decided."""
    parts = [_shape(case)] if _profiles(case) else []
    return parts + ([_correlations(case)] if case.answers["finding"]["correlations"] else [])


def _profiles(case: StoredCase) -> list[dict[str, Any]]:
    """Intensities and margins, the latest period of each indicator."""
    latest: dict[str, dict[str, Any]] = {}
    for shape in case.answers["finding"]["shape"]:
        if shape["indicator"].endswith(("intensity", "margin")):
            known = latest.setdefault(shape["indicator"], shape)
            latest[shape["indicator"]] = max(known, shape, key=lambda found: str(found["period"]))
    return list(latest.values())


def _shape(case: StoredCase) -> Part:
    shapes = [
        {
            "indicator": indicator_name(shape["indicator"]),
            "period": shape["period"],
            **{tier: f"{shape[tier]:.4g}" for tier in ("upstream", "midstream", "downstream")},
            "inverted U": "yes" if shape["inverted_u"] else "no",
            "p": "" if shape["p"] is None else f"{shape['p']:.2g}",
        }
        for shape in case.answers["finding"]["shape"]
    ]
    profiles = _profiles(case)
    return Part(
        f"{case.name}-shape",
        "The published shape over the tiers",
        shape_in_words(profiles),
        pd.DataFrame(shapes).set_index("indicator"),
        shape_chart(profiles),
        finding=_finding(profiles),
    )


def _finding(profiles: list[dict[str, Any]]) -> str:
    """Which published indicators peak midstream."""
    peaked = [indicator_name(profile["indicator"]) for profile in profiles if profile["inverted_u"]]
    if not peaked:
        return "As published, no indicator peaks midstream"
    verb = "peaks" if len(peaked) == 1 else "peak"
    return f"As published, {listed(peaked)} {verb} midstream"


def _correlations(case: StoredCase) -> Part:
    found = pd.DataFrame(case.answers["finding"]["correlations"])
    names = found["tier"] + ": " + found["first"].map(indicator_name) + " and " + found["second"].map(indicator_name)
    table = pd.DataFrame(
        {
            "r": found["r"].map(lambda r: "-" if pd.isna(r) else f"{r:.3f}"),
            "p": found["p"].map(lambda p: "-" if pd.isna(p) else f"{p:.2g}"),
            "firm-years": found["n"].astype(str),
        }
    ).set_axis(pd.Index(names), axis=0)
    return Part(
        f"{case.name}-correlations",
        "Correlations over the firms given",
        "Pearson correlations between ratios to sales over firm-years, by tier, in the layout of Table 5-9 of the JST "
        "report; p is two-sided and treats firm-years as independent.",
        table,
        correlation_chart(found),
    )
