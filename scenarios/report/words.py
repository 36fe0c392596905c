"""Answers in words, for a reader who has one minute."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from chains.indicators.flows import HOME_FIRMS
from chains.tables.problems import listed
from scenarios.report.figures import amount, points, share
from scenarios.report.naming import NOTHING, SAME_MONEY, country_name, indicator_name, money_unit, segment_label
from scenarios.storing import StoredCase, StoredStudy

__all__ = [
    "answer",
    "explanation_in_words",
    "fall_in_words",
    "origin_in_words",
    "rests_on_in_words",
    "shape_in_words",
    "summary",
]


def answer(case: StoredCase) -> str:
    """Where the money should go, how much risk falls, and where the next unit works best."""
    best = case.optimize
    observed, least = best["risk"]["observed"], best["risk"]["optimal"]
    budget, spent = sum(best["budget"].values()), sum(best["tiers"]["observed"].values())
    other = abs(budget - spent) > SAME_MONEY * max(budget, spent)
    with_budget = f" with a budget of {amount(budget)} {money_unit(case)} instead of {amount(spent)}" if other else ""
    if observed - least > NOTHING:
        risks = f"risk falls from {share(observed)} to {share(least)} of final demand{with_budget}"
        fall = _points(observed - least)
        return f"{case.title}: {_advice(case, budget)}, and {risks}, by {fall}; {_parts(case)}. {_next(case)}"
    if least - observed > NOTHING:
        within = with_budget or " within the limits set"
        risk = f"risk is {share(least)} of final demand at least{within}"
        return f"{case.title}: {risk}; observed, it is {share(observed)}."
    within = " within the limits set" if _limited(case) else ""
    return f"{case.title}: no reallocation lowers risk below {share(observed)} of final demand{within}. {_next(case)}"


def _limited(case: StoredCase) -> bool:
    """Whether more than the budget limits what the money may do."""
    options = case.options
    return options.move is not None or bool(options.minimum) or bool(options.maximum)


def _advice(case: StoredCase, budget: float) -> str:
    """What to do with the money: for the tier that gains most, or where none does for the segment or the lever."""
    best, unit = case.optimize, money_unit(case)
    before, after = best["tiers"]["observed"], best["tiers"]["optimal"]
    tier = max(after, key=lambda name: after[name] - before[name])
    if after[tier] - before[tier] > SAME_MONEY * budget:
        whose, given, had = tier, after[tier], before[tier]
    else:
        segments = best["allocation"]
        spent = _by_segment(best)
        first = max(spent, key=lambda name: spent[name] - segments["observed"][name])
        whose, given, had = segment_label(case, first), spent[first], segments["observed"][first]
        if given - had <= SAME_MONEY * budget:
            return f"give no segment more than observed{_other_levers(case)}"
    total = amount(budget)
    part = f"all {amount(given)}" if amount(given) == total else f"{amount(given)} of the {total}"
    return f"give {whose} {part} {unit} instead of {amount(had)}{_other_levers(case)}"


def _by_segment(best: Mapping[str, Any]) -> dict[str, float]:
    """Money of the least-risk decision by segment, of every lever."""
    money = dict(best["allocation"]["optimal"])
    for bought in best.get("levers", {}).get("optimal", {}).values():
        for member, spent in bought.items():
            money[member.partition("@")[0]] += spent
    return money


def _other_levers(case: StoredCase) -> str:
    """What of the money buys other things than capacity."""
    best = case.optimize
    bought = {lever: sum(of.values()) for lever, of in best.get("levers", {}).get("optimal", {}).items()}
    least = SAME_MONEY * sum(best["budget"].values())
    said = [f"{amount(money)} on {lever}" for lever, money in bought.items() if money > least]
    return f", with {listed(said)}" if said else ""


def _parts(case: StoredCase) -> str:
    """What it brings to move money within tiers alone, and across them alone, whatever the budget."""
    parts = case.optimize["parts"]
    kept = {"within": "each tier's share of the money", "across": "the split inside tiers"}
    said = []
    for part, what in kept.items():
        fall = parts[part]
        if fall is None:
            said.append(f"no allocation allowed keeps {what} as observed")
        elif abs(fall) <= NOTHING:
            said.append(f"with {what} as observed it does not fall")
        else:
            said.append(f"with {what} as observed it {'falls' if fall > 0.0 else 'rises'} by {_points(abs(fall))}")
    return ", ".join(said)


def _points(fall: float) -> str:
    """A fall in risk that is more than nothing."""
    return points(fall) if fall >= 5e-5 else "less than 0.01 points"


def _next(case: StoredCase) -> str:
    """Where the next 1% of the budget works best, from the observed allocation."""
    best = case.optimize
    falls = {segment: fall for segment, fall in best["next_unit"].items() if fall is not None}
    first = max(falls, key=lambda segment: falls[segment], default=None)
    if first is None or falls[first] <= NOTHING:
        return "The next unit of money lowers risk in no single segment."
    one_percent = 0.01 * sum(best["budget"].values())
    label, tier = segment_label(case, first), str(case.chain.segments.at[first, "tier"])
    return (
        f"The next money should go to {label} ({tier}): 1% of the budget there lowers risk by "
        f"{100 * falls[first] * one_percent:.2g} points."
    )


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
        f"({amount(peak['share'] * gain['funds'])} {unit}) have moved to {gain['to']}: risk falls by "
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
        "hybrids, foreign-owned plants and abroad, grey ones pass from segment to segment."
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
