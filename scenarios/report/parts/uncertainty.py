"""How sure: what the answer becomes when every number is drawn from its range."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from chains.tables.schema import TIERS
from scenarios.report.drawing import bands
from scenarios.report.figures import share
from scenarios.report.part import Part
from scenarios.report.parts.sensitivity import sensitivity_parts, structure_parts
from scenarios.storing import StoredCase

__all__ = ["common_headline", "has_draws", "headline", "outside_in_words", "sure"]

_RISKS = {"risk_none": "no subsidy", "risk_observed": "observed", "risk_least": "least risk"}
_QUANTILES = {"q5": "5%", "q25": "25%", "median": "median", "q75": "75%", "q95": "95%"}


def has_draws(case: StoredCase) -> bool:
    """Whether any draw of the case's figures has a solution in which money is spent."""
    found = case.answers.get("uncertainty")
    return found is not None and None not in [found["distribution"][f"share_{tier}"]["median"][0] for tier in TIERS]


def headline(case: StoredCase) -> str:
    """Which tier comes first, how often, and what the observed allocation costs: the answer of the draws."""
    found = case.answers["uncertainty"]
    first = _first(case)
    often, low, high = found["first"][first]
    regret = found["distribution"]["regret"]
    return (
        f"{case.title}: {first} gets the most money in {often:.0%} of draws ({low:.0%} to {high:.0%}), and the "
        f"observed allocation's risk is {100 * regret['median'][0]:.1f} points above the least (median; "
        f"{100 * regret['q5'][0]:.1f} to {100 * regret['q95'][0]:.1f} in nine draws of ten). "
        f"{found['structure']['said']}"
    )


def common_headline(cases: Sequence[StoredCase]) -> str:
    """Which tier comes first over the draws of many cases, and between what bounds of how often."""
    firsts = [_first(case) for case in cases]
    first = max(firsts, key=firsts.count)
    often = [case.answers["uncertainty"]["first"].get(first, [0.0])[0] for case in cases]
    varied = sum(any(group["drawn"] for group in _groups(case)) for case in cases)
    structure = "Structure was varied in none" if not varied else f"Structure was varied in {varied}"
    return (
        f"With every figure that has a range drawn from it, {first} gets the most money in {min(often):.0%} to "
        f"{max(often):.0%} of draws over {len(cases)} cases; each case says how sure it is. {structure} of them."
    )


def _groups(case: StoredCase) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = case.answers["uncertainty"]["structure"]["groups"]
    return groups


def _first(case: StoredCase) -> str:
    """The tier that most often gets the most money."""
    found = case.answers["uncertainty"]["first"]
    return str(max(found, key=lambda tier: found[tier][0]))


def sure(case: StoredCase) -> list[Part]:
    """The parts on the least-risk allocation and on the risk over all draws, on what was drawn, and what moves them."""
    return [*_drawn(case), *sensitivity_parts(case), *structure_parts(case)]


def _drawn(case: StoredCase) -> list[Part]:
    if not has_draws(case):
        found = case.answers["uncertainty"]
        return [Part(f"{case.name}-drawn", "How sure: no draw has a solution", _draws_in_words(found), pd.DataFrame())]
    return [_shares(case), _risks(case)]


def _shares(case: StoredCase) -> Part:
    found = case.answers["uncertainty"]
    distribution = {tier: found["distribution"][f"share_{tier}"] for tier in TIERS}
    tiers = case.optimize["tiers"]["optimal"]
    spent = sum(tiers.values())
    now = {tier: 100 * tiers[tier] / spent if spent > 0 else 0.0 for tier in TIERS}
    chances = {tier: found["first"].get(tier, [0.0, 0.0, 0.0]) for tier in TIERS}
    table = _table(distribution, 1).assign(
        **{"gets the most in": [f"{chance[0]:.0%} ({chance[1]:.0%} to {chance[2]:.0%})" for chance in chances.values()]}
    )
    return Part(
        f"{case.name}-drawn-shares",
        "How sure: who gets the money when every figure is drawn",
        f"{headline(case)} {_draws_in_words(found)} Behind each quantile in the table: its 95% confidence interval.",
        table,
        bands(_percent(distribution), now, "share of the money in the least-risk allocation (%)").update_xaxes(
            range=[-3, 103]
        ),
        finding=f"{_first(case).capitalize()} gets the most money in {chances[_first(case)][0]:.0%} of draws",
    )


def _risks(case: StoredCase) -> Part:
    found, risk = case.answers["uncertainty"]["distribution"], case.optimize["risk"]
    distribution = {name: found[quantity] for quantity, name in _RISKS.items()}
    now = dict(zip(_RISKS.values(), (100 * risk[which] for which in ("none", "observed", "optimal")), strict=True))
    regret = {"observed less least (points)": found["regret"]}
    cut = found["reduction"]
    most = 105 * max(one["q95"][0] for one in distribution.values())
    return Part(
        f"{case.name}-drawn-risk",
        "How sure: risk when every figure is drawn",
        "There is no risk to lower in any draw."
        if cut["median"][0] is None
        else f"Reallocating the same money lowers the risk by {share(cut['median'][0], 0)} of itself (median; "
        f"{share(cut['q5'][0], 0)} to {share(cut['q95'][0], 0)} in nine draws of ten).",
        _table(distribution | regret, 1),
        bands(_percent(distribution), now, "risk (% of final demand)").update_xaxes(range=[0, most]),
        finding="There is no risk to lower in any draw"
        if cut["median"][0] is None
        else f"Reallocating lowers the risk by {share(cut['q5'][0], 0)} to {share(cut['q95'][0], 0)} of itself in nine "
        "draws of ten",
    )


def _percent(distribution: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {name: {q: 100 * found[q][0] for q in _QUANTILES} for name, found in distribution.items()}


def _table(distribution: dict[str, Any], digits: int) -> pd.DataFrame:
    """Quantiles in %, each with its confidence interval."""

    def cell(value: float, low: float | None, high: float | None) -> str:
        between = "" if low is None or high is None else f" ({100 * low:z.{digits}f} to {100 * high:z.{digits}f})"
        return f"{100 * value:z.{digits}f}{between}"

    rows = {name: {words: cell(*found[q]) for q, words in _QUANTILES.items()} for name, found in distribution.items()}
    return pd.DataFrame(rows).T.rename_axis("%")


def _draws_in_words(found: dict[str, Any]) -> str:
    """How many draws there are, and how many of them have no solution."""
    reasons = "; ".join(f"{count} times {why}" for why, count in found["problems"].items())
    missing = (
        f" {found['unsolved']} had no solution and are left out: {reasons}." if reasons else " All had a solution."
    )
    draws = f"{found['points']} draws in {found['replicates']} independent replicates.{missing}"
    return f"{draws} {outside_in_words(found['outside'])}"


def outside_in_words(outside: dict[str, dict[str, float]]) -> str:
    """How many figures a draw takes out of their range, so that what must hold still holds."""
    left = {table: told for table, told in outside.items() if told["share"] > 0}
    if not left:
        return "No figure left its range when balance, budgets and probabilities were put right."
    told = [
        f"{one['mean']:.2g} of {one['drawn']} numbers of {table} on average (some in {one['share']:.0%} of draws)"
        for table, one in left.items()
    ]
    return f"Putting balance, budgets and probabilities right takes figures out of their range: {'; '.join(told)}."
