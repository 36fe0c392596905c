"""The parts on the least-risk answer: who gets the money, losses, where the next money works best."""

import pandas as pd

from scenarios.report.charts import (
    RANKED,
    loss_chart,
    next_unit_chart,
    tier_chart,
)
from scenarios.report.figures import amount, share
from scenarios.report.figures import money as money_of
from scenarios.report.naming import NOTHING, SAME_MONEY, money_unit, scenario_label, segment_label
from scenarios.report.part import Part
from scenarios.report.parts.levers import levers
from scenarios.report.words import explanation_in_words
from scenarios.storing import StoredCase

__all__ = ["losses", "money"]


def money(case: StoredCase) -> list[Part]:
    """Who gets the money, and what it buys where it may buy more than capacity."""
    return [_tiers(case), *levers(case)]


def losses(case: StoredCase) -> list[Part]:
    """What is lost then, and where the next money works best."""
    return [_loss(case), _next_unit(case)]


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
    return Part(
        f"{case.name}-tiers", heading, words, tiers.map(amount), tier_chart(case, tiers), finding=_gains_most(case)
    )


def _gains_most(case: StoredCase) -> str:
    """The tier that gains most money."""
    before, after = (case.optimize["tiers"][which] for which in ("observed", "optimal"))
    tier = max(after, key=lambda name: after[name] - before[name])
    gained = after[tier] - before[tier]
    if gained <= SAME_MONEY * max(sum(before.values()), sum(after.values())):
        return "No tier gets more than today"
    unit = money_unit(case)
    return f"{tier.capitalize()} gains most: {money_of(after[tier], unit)} instead of {amount(before[tier])}"


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
        losses.map(lambda loss: share(loss, 2)).rename(index=scenario_label),
        loss_chart(case) if losses.to_numpy().max() > NOTHING else None,
        finding=_scenarios_in_words(losses),
    )


def _scenarios_in_words(losses: pd.DataFrame) -> str:
    """In how many scenarios less is lost than today, and in how many more."""
    change = losses["least risk"] - losses["observed"]
    less, more = int((change < -NOTHING).sum()), int((change > NOTHING).sum())
    if not less and not more:
        return f"As much is lost as today in all {len(change)} scenarios"
    return f"Of {len(change)} scenarios less is lost in {less} and more in {more}"


def _next_unit(case: StoredCase) -> Part:
    unit = money_unit(case)
    falls = pd.Series(case.optimize["next_unit"], dtype=float).sort_values(ascending=False)
    tiers = case.chain.segments["tier"].reindex(falls.index)
    ranking = pd.DataFrame({"tier": tiers, f"points per {unit}": (100 * falls).map(lambda fall: f"{fall:.4g}")})
    ranking.index = pd.Index([segment_label(case, str(segment)) for segment in ranking.index])
    first = f" The chart shows at most the first {RANKED}." if len(falls) > RANKED else ""
    best = float(falls.max()) if falls.notna().any() else 0.0
    finding = "The next money alone lowers risk for no good"
    if best > NOTHING:
        finding = f"From today's allocation the next money does most for {ranking.index[0]} ({tiers.iloc[0]})"
    return Part(
        f"{case.name}-next",
        "Where the next 1% of the budget works best",
        f"Fall in risk per {unit} when the next 1% of the budget goes to one segment, from the observed allocation. "
        f"Zero says that this segment alone is not what limits delivery.{first}",
        ranking,
        next_unit_chart(case) if best > NOTHING else None,
        finding=finding,
    )
