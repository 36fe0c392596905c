"""The plan over years: risk by year beside other ways of spending, and when who gets the money."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from chains.tables.problems import listed
from chains.tables.schema import TIERS
from scenarios.report.drawing import LEAST, OBSERVED, ROBUST, TIER_STYLES, Style, bars, chart, lines
from scenarios.report.figures import amount, money, points, share
from scenarios.report.naming import NOTHING, money_unit, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_NAMES = {
    "observed": ("observed every year", OBSERVED),
    "repeated": ("one-year answer repeated", ROBUST),
    "optimal": ("plan", LEAST),
}
_PATTERNS = {"capacity": "", "stocks": "/", "suppliers": "x", "procurement": "."}
_LITTLE = 1e-4
"""Money below this share of what is spent is nothing."""


def more(case: StoredCase) -> list[Part]:
    """Risk by year, and the money by tier and lever over the years."""
    return [_risk(case), _money(case)]


def _risk(case: StoredCase) -> Part:
    found = case.answers["plan"]
    risks = found["risk_by_year"]
    traces = [
        lines(name, style, found["years"], [100 * risk for risk in risks[key]]) for key, (name, style) in _NAMES.items()
    ]
    table = pd.DataFrame(
        {name: [share(risk, 2) for risk in risks[key]] for key, (name, _) in _NAMES.items()},
        index=pd.Index(found["years"], name="year"),
    )
    return Part(
        f"{case.name}-plan-risk",
        "Over the years: risk",
        f"{_discounted(found)} {_worse_years(found)}{_tail(case)}",
        table,
        chart(traces, "year", "risk (% of that year's final demand)").update_xaxes(dtick=_tick(found)),
    )


def _discounted(found: dict[str, Any]) -> str:
    """The plan beside observed spending and the one-year answer."""
    options, risk = found["provenance"]["options"], found["risk"]
    first, last = found["years"][0], found["years"][-1]
    span = f"In {first}" if first == last else f"Over {first} to {last}, discounted at {share(options['rate'])} a year"
    grown = f" while demand and supply change by {share(options['growth'])} a year" if options["growth"] else ""
    if risk["observed"] - risk["optimal"] <= NOTHING:
        said = f"no plan has less risk than observed spending every year, {share(risk['observed'], 2)} of final demand"
    else:
        said = (
            f"the plan lowers risk from {share(risk['observed'], 2)} of final demand, with observed spending every "
            f"year, to {share(risk['optimal'], 2)}"
        )
    gain = risk["repeated"] - risk["optimal"]
    if gain <= NOTHING:
        beside = "The one-year answer given every year does as well."
    else:
        beside = (
            f"The one-year answer given every year has {share(risk['repeated'], 2)}: to plan over the years lowers "
            f"risk by {points(gain)} more."
        )
    return f"{span}{grown}, {said}. {beside}"


def _worse_years(found: dict[str, Any]) -> str:
    """The years in which the plan has more risk than another way of spending."""
    said = []
    for key, words in (("observed", "observed spending"), ("repeated", "the one-year answer repeated")):
        pairs = zip(found["years"], found["risk_by_year"]["optimal"], found["risk_by_year"][key], strict=True)
        worse = [year for year, own, other in pairs if own - other > 2 * NOTHING]
        if worse:
            said.append(f"than {words} in {_spans(worse)}")
    return f"The plan has more risk {' and more '.join(said)}, for less in other years. " if said else ""


def _tail(case: StoredCase) -> str:
    """What risk is made of."""
    found = case.answers["plan"]
    loss, cvar, options = found["expected_loss"], found["cvar"], found["provenance"]["options"]
    each = ", ".join(f"{share(loss[key], 2)} and {share(cvar[key], 1)} ({name})" for key, (name, _) in _NAMES.items())
    return (
        f"Discounted expected loss and mean of the worst {share(1 - options['alpha'], 0)} of outcomes, which counts "
        f"{share(options['beta'], 0)} in risk: {each}."
    )


def _money(case: StoredCase) -> Part:
    found, unit = case.answers["plan"], money_unit(case)
    money = _by_tier_and_lever(case, found)
    traces = [
        bars(_label(tier, lever, money), _style(tier, lever, money), x=found["years"], y=paid)
        for (tier, lever), paid in money.items()
    ]
    figure = chart(traces, "year", f"money of the plan ({unit})").update_layout(barmode="stack")
    columns = {_label(tier, lever, money): [amount(own) for own in paid] for (tier, lever), paid in money.items()}
    columns["not needed"] = [amount(left) for left in found["not_needed"]]
    table = pd.DataFrame(columns, index=pd.Index(found["years"], name=f"year ({unit})"))
    return Part(
        f"{case.name}-plan-money",
        "Over the years: when to spend, and on whom",
        f"{_leaders(found)} {_most(case, found)}{_not_needed(found, unit)}".strip(),
        table,
        figure.update_xaxes(dtick=_tick(found)),
    )


def _by_tier_and_lever(case: StoredCase, found: dict[str, Any]) -> dict[tuple[str, str], list[float]]:
    """Money of the plan by year, of every tier and lever that gets any."""
    tiers, years = case.chain.segments["tier"], range(len(found["years"]))
    bought = {"capacity": found["allocation"]["optimal"], **found.get("levers", {}).get("optimal", {})}
    little = _LITTLE * _spent(found) / len(found["years"])
    money = {}
    for tier in TIERS:
        for lever, members in bought.items():
            mine = [paid for name, paid in members.items() if tiers[name.partition("@")[0]] == tier]
            paid = [float(sum(own[n] for own in mine)) for n in years]
            if max(paid) > little:
                money[tier, lever] = paid
    return money


def _spent(found: dict[str, Any]) -> float:
    """Money of the plan in all years: beside it small sums are nothing, not beside what may be spent."""
    return sum(sum(paid) for paid in found["tiers"]["optimal"].values())


def _label(tier: str, lever: str, money: dict[tuple[str, str], list[float]]) -> str:
    return tier if {used for _, used in money} == {"capacity"} else f"{tier}, {lever}"


def _style(tier: str, lever: str, money: dict[tuple[str, str], list[float]]) -> Style:
    """Colours of tiers; where several levers are bought the pattern tells the lever."""
    style = TIER_STYLES[tier]
    return style if {used for _, used in money} == {"capacity"} else style._replace(pattern=_PATTERNS.get(lever, "+"))


def _leaders(found: dict[str, Any]) -> str:
    """Which tier gets most money when."""
    little = _LITTLE * _spent(found) / len(found["years"])
    runs: list[tuple[str, list[int]]] = []
    for leader, group in groupby(range(len(found["years"])), lambda n: _leader(found, n, little)):
        runs.append((leader, [found["years"][n] for n in group]))
    said = [f"{leader} in {_spans(years)}" for leader, years in runs if leader]
    none = [year for leader, years in runs if not leader for year in years]
    words = (
        f"Most money of a year goes to {', then to '.join(said)}." if said else "No tier gets most money in any year."
    )
    return words + (f" In {_spans(none)} no tier alone gets most." if said and none else "")


def _leader(found: dict[str, Any], n: int, little: float) -> str:
    """The tier with most money in a year; none where others have as much."""
    paid = {tier: money[n] for tier, money in found["tiers"]["optimal"].items()}
    first, second = sorted(paid, key=lambda tier: paid[tier])[::-1][:2]
    return first if paid[first] > paid[second] + little else ""


def _most(case: StoredCase, found: dict[str, Any]) -> str:
    """The segment with most money of all years together; nothing where two have as much."""
    bought = [found["allocation"]["optimal"], *found.get("levers", {}).get("optimal", {}).values()]
    total: dict[str, float] = {}
    for members in bought:
        for name, paid in members.items():
            segment = name.partition("@")[0]
            total[segment] = total.get(segment, 0.0) + sum(paid)
    first = max(total, key=lambda segment: total[segment])
    whole, little = sum(found["budget"].values()) * len(found["years"]), _LITTLE * _spent(found)
    if total[first] <= little:
        return "The plan spends nothing. "
    second = max((own for segment, own in total.items() if segment != first), default=0.0)
    if total[first] - second <= little:
        return ""
    label = segment_label(case, first)
    return f"Of all years together {label} gets most: {amount(total[first])} of {money(whole, money_unit(case))}. "


def _not_needed(found: dict[str, Any], unit: str) -> str:
    left, whole = sum(found["not_needed"]), sum(found["budget"].values()) * len(found["years"])
    if left <= _LITTLE * whole:
        return ""
    return f"{money(left, unit)} are not needed: they would come too late or lower risk no further."


def _spans(years: Sequence[int]) -> str:
    """Years in words: 2023, 2025 to 2027."""
    runs = [list(group) for _, group in groupby(enumerate(years), lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1], run[-1][1]) for run in runs]
    return listed([str(first) if first == last else f"{first} to {last}" for first, last in ends])


def _tick(found: dict[str, Any]) -> int:
    """Years between ticks of the axis."""
    return max(1, len(found["years"]) // 12)
