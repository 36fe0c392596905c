"""The parts of a report on the main question: the chain by origin, the published shape, who gets the money, losses."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from chains.indicators.flows import flows
from scenarios.report.charts import (
    RANKED,
    correlation_chart,
    gain_chart,
    loss_chart,
    next_unit_chart,
    shape_chart,
    tier_chart,
)
from scenarios.report.naming import amount, indicator_name, money_unit, segment_label, share
from scenarios.report.part import Part
from scenarios.report.sankey import sankey_chart
from scenarios.report.words import explanation_in_words, fall_in_words, origin_in_words, shape_in_words
from scenarios.storing import StoredCase

__all__ = ["case_parts", "chain_parts"]


def chain_parts(case: StoredCase) -> Iterator[Part]:
    """The parts on a chain that stands alone, whatever is decided: origins and published figures."""
    alone, found = case.chain.segments["package"].nunique() == 1, case.answers.get("finding")
    if alone:
        yield _origins(case)
    if alone and found and _profiles(case):
        yield _shape(case)
    if alone and found and found["correlations"]:
        yield _correlations(case)


def case_parts(case: StoredCase) -> Iterator[Part]:
    """The parts on the main question, as far as the study asked for what they say."""
    yield _tiers(case)
    if "gain" in case.answers:
        yield _gain(case)
    yield _loss(case)
    yield _next_unit(case)


def _origins(case: StoredCase) -> Part:
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
    )


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


def _tiers(case: StoredCase) -> Part:
    tiers = pd.DataFrame(case.optimize["tiers"]).rename(columns={"optimal": "least risk"})
    heading, words = (
        "Observed and least-risk profile",
        "Money by tier: as observed, and in the allocation of least risk.",
    )
    if "finding" in case.answers:
        mixtures = {row["weight"]: row for row in case.answers["finding"]["explanation"]["mixtures"]}
        tiers.insert(1, "most output", [mixtures[0.0][tier] for tier in tiers.index])
        heading, words = "Observed, output-maximising and least-risk profile", explanation_in_words(case)
    return Part(f"{case.name}-tiers", heading, words, tiers.map(amount), tier_chart(case, tiers))


def _gain(case: StoredCase) -> Part:
    gain = case.answers["gain"]
    curve = pd.DataFrame({"share moved": gain["shares"], "points": [100 * fall for fall in gain["gain"]]})
    return Part(
        f"{case.name}-gain",
        f"What moving money from {gain['from']} to {gain['to']} brings",
        fall_in_words(case),
        curve.map(lambda number: f"{number:.3g}").set_index("share moved"),
        gain_chart(case),
    )


def _loss(case: StoredCase) -> Part:
    best = case.optimize
    losses = pd.DataFrame(best["loss"]).rename(columns={"none": "no subsidy", "optimal": "least risk"})
    tail = share(1 - best["provenance"]["options"]["alpha"], 0)
    return Part(
        f"{case.name}-loss",
        "Loss by disruption scenario",
        f"Expected loss falls from {share(best['expected_loss']['observed'], 2)} to "
        f"{share(best['expected_loss']['optimal'], 2)} of final demand, and the mean of the worst {tail} of outcomes "
        f"(CVaR) from {share(best['cvar']['observed'])} to {share(best['cvar']['optimal'])}.",
        losses.map(lambda loss: share(loss, 2)),
        loss_chart(case),
    )


def _next_unit(case: StoredCase) -> Part:
    unit = money_unit(case)
    falls = pd.Series(case.optimize["next_unit"], dtype=float).sort_values(ascending=False)
    tiers = case.chain.segments["tier"].reindex(falls.index)
    ranking = pd.DataFrame({"tier": tiers, f"points per {unit}": (100 * falls).map(lambda fall: f"{fall:.4g}")})
    ranking.index = pd.Index([segment_label(case, str(segment)) for segment in ranking.index])
    first = f" The chart shows the first {RANKED}." if len(falls) > RANKED else ""
    return Part(
        f"{case.name}-next",
        "Where the next 1% of the budget works best",
        f"Fall in risk per {unit} when the next 1% of the budget goes to one segment, from the observed allocation. "
        f"Zero says that this segment alone is not what limits delivery.{first}",
        ranking,
        next_unit_chart(case),
    )
