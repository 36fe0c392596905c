"""Answers in words, for a reader who has one minute."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from chains.indicators.flows import HOME_FIRMS
from chains.tables.problems import listed
from scenarios.report.figures import money, share
from scenarios.report.naming import NOTHING, country_name, indicator_name, money_unit
from scenarios.storing import StoredCase, StoredStudy

__all__ = [
    "explanation_in_words",
    "fall_in_words",
    "origin_in_words",
    "rests_on_in_words",
    "shape_in_words",
    "summary",
]


def summary(cases: Sequence[StoredCase]) -> str:
    """What many solved cases say together: which tier gains most, and between what bounds risk falls."""
    falls = {case.title: case.optimize["risk"]["observed"] - case.optimize["risk"]["optimal"] for case in cases}
    firsts = [
        max(tiers, key=lambda tier: tiers[tier]) for tiers in (case.optimize["tiers"]["optimal"] for case in cases)
    ]
    first = max(firsts, key=firsts.count)
    least, most = min(falls, key=lambda title: falls[title]), max(falls, key=lambda title: falls[title])
    often = "all" if firsts.count(first) == len(cases) else f"{firsts.count(first)} of"
    return (
        f"In {often} {len(cases)} cases the least-risk allocation gives {first} the most money. With the same budget "
        f"risk falls by {100 * falls[least]:z.1f} points of final demand ({least}) to {100 * falls[most]:z.1f} "
        f"({most})."
    )


def fall_in_words(case: StoredCase) -> str:
    """The peak of the reallocation curve in a sentence."""
    gain = case.answers["gain"]
    peak, unit = gain["peak"], money_unit(case)
    if peak["gain"] <= NOTHING:
        return f"Moving {gain['from']} funds to {gain['to']} does not lower risk."
    falls_after = gain["gain"][-1] < peak["gain"] - NOTHING
    past = "; moving more brings less" if falls_after else ": the curve rises to its end"
    return (
        f"Pro rata within tiers, the curve peaks where {share(peak['share'], 0)} of the {gain['from']} funds "
        f"({money(peak['share'] * gain['funds'], unit)}) have moved to {gain['to']}: risk falls by "
        f"{100 * peak['gain']:.2f} points{past}."
    )


def origin_in_words(case: StoredCase, moved: pd.DataFrame) -> str:
    """Which part of the value comes from home firms, from foreign-owned plants at home and from abroad."""
    origins = moved[moved["kind"] == "origin"].groupby("source")["value"].sum()
    total, home = float(origins.sum()), float(origins.get(HOME_FIRMS, 0.0))
    others = origins.drop(HOME_FIRMS, errors="ignore").nlargest(4)
    largest = ", ".join(f"{country_name(str(name))} {value / total:.0%}" for name, value in others.items())
    return (
        f"Where the value of a year's supply comes from ({case.chain.unit}, {case.chain.years[0]}): home firms add "
        f"{home / total:.0%}; next come {largest}. Green flows come from home firms, orange ones from "
        "hybrids, foreign-owned plants and abroad, grey ones pass from good to good. Where there is little room the "
        "goods of a tier are drawn together."
    )


def shape_in_words(profiles: list[dict[str, Any]]) -> str:
    """Which published indicators peak midstream."""
    peaked = [f"{indicator_name(p['indicator'])} ({p['period']})" for p in profiles if p["inverted_u"]]
    others = [f"{indicator_name(p['indicator'])} ({p['period']})" for p in profiles if not p["inverted_u"]]
    said = f"Highest midstream, an inverted U: {', '.join(peaked)}. " if peaked else "No indicator peaks midstream. "
    return (
        said
        + (f"Not so: {', '.join(others)}. " if others else "")
        + (
            "An indicator counts as an inverted U where its whole interval midstream lies above both ends (or, from "
            "firms, where both one-sided tests reject)."
        )
    )


def explanation_in_words(case: StoredCase) -> str:
    """Which planner the observed profile resembles."""
    explanation = case.answers["finding"]["explanation"]
    mixtures = {row["weight"]: row for row in explanation["mixtures"]}
    weights = explanation["nearest"]
    span = f"{weights[0]:.2f}" if len(weights) == 1 else f"{weights[0]:.2f} to {weights[-1]:.2f}"
    return (
        f"A planner who maximises visible home output would move {mixtures[0.0]['moved']:.0%} of the observed budget, "
        f"one who minimises risk {mixtures[1.0]['moved']:.0%}. The mixture nearest to the observed allocation weighs "
        f"risk at {span} (0: output only, 1: risk only) and differs by {mixtures[weights[0]]['moved']:.0%}. Three "
        "tiers can be consistent with a motive; they cannot prove one."
    )


def rests_on_in_words(study: StoredStudy) -> str:
    """What all answers rest on: structure first, then how far money turns into supply."""
    return f"{_structure_in_words(study)} {_slopes_in_words(study)}"


_STRUCTURE = {
    "criticality": "what can be done without",
    "stocks": "what is in stock",
    "durations": "how long outages last",
}


def _structure_in_words(study: StoredStudy) -> str:
    """What the packages say of structure, and what is taken where they say nothing."""
    told = [what for table, what in _STRUCTURE.items() if any(len(case.chain.table(table)) for case in study.cases)]
    turns = "`tierwise turning-points` finds the values from which another tier should get the most."
    if not told:
        return (
            "The packages tell of no stocks, no substitutes and no shorter outages: a part that is missing is taken to "
            f"stop the product for the year. {turns}"
        )
    return f"The premises on {listed(told)}, which each case takes from its packages and its changes. {turns}"


def _slopes_in_words(study: StoredStudy) -> str:
    """What is assumed of how far money turns into supply."""
    tables = [case.chain.table("response").assign(case=case.name) for case in study.cases]
    slopes = pd.concat([table[table["parameter"] == "slope"] for table in tables])
    if slopes.empty:
        return "No segment responds to money: no allocation can lower risk."
    low, high = slopes["low"].fillna(slopes["value"]).min(), slopes["high"].fillna(slopes["value"]).max()
    asked = any("break-even" in case.answers for case in study.cases)
    see = ': see "What would have to be true" in each chain' if asked else ""
    if slopes.groupby(["case", "package"])["value"].nunique().max() == 1:
        return (
            "The response slope, how far money turns into home supply, is assumed to be the same in every segment of a "
            f"chain (range {low:g} to {high:g}). Whether it turns the advice if it is lower in the tier that gains, "
            f"`tierwise break-even` tells{see}."
        )
    return (
        f"Response slopes, how far money turns into home supply, differ by segment (ranges from {low:g} to {high:g})."
    )
