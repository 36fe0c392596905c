"""One disruption for certain: what it costs today and at least, and what to buy for that."""

from typing import Any

import pandas as pd

from chains.tables.problems import listed
from scenarios.report.drawing import LEAST, NONE, OBSERVED, bars, chart
from scenarios.report.figures import amount, money, share
from scenarios.report.naming import NOTHING, country_name, money_unit, segment_label
from scenarios.report.part import Part
from scenarios.report.spending import Spending
from scenarios.storing import StoredCase

__all__ = ["more"]

_DECISIONS = {"none": "no subsidy", "observed": "observed", "least": "least loss"}


def more(case: StoredCase) -> list[Part]:
    """What is lost; and what to buy, where that loses less."""
    found = case.answers["what-if"]
    parts = [_losses(case, found)]
    if found["loss"]["observed"] - found["loss"]["least"] > NOTHING:
        parts.append(_money(case, found))
    return parts


def _losses(case: StoredCase, found: dict[str, Any]) -> Part:
    losses = {name: found["loss"][key] for key, name in _DECISIONS.items()}
    styles = (NONE, OBSERVED, LEAST)
    traces = [
        bars(name, style, x=[100 * loss], y=[name], orientation="h")
        for (name, loss), style in zip(losses.items(), styles, strict=True)
    ]
    figure = chart(traces, "loss (% of a year's final demand)", "", 220).update_layout(barmode="overlay")
    return Part(
        f"{case.name}-what-if",
        f"What if: {_cuts(case, found)} cut off for {found['months']:g} months",
        f"{_stock(case, found)}{_sentence(case, found)} It happens for certain here, and nothing else does.",
        pd.DataFrame({"loss": {name: share(loss, 2) for name, loss in losses.items()}}),
        figure.update_yaxes(autorange="reversed"),
    )


def _sentence(case: StoredCase, found: dict[str, Any]) -> str:
    """Losses with the observed subsidies and at least, and what budget the latter has."""
    today, least, unit = found["loss"]["observed"], found["loss"]["least"], money_unit(case)
    lost = f"{share(today, 2)} of a year's final demand is lost with the observed subsidies"
    with_budget = f"with a budget of {money(found['budget'], unit)}"
    if today <= NOTHING and least <= NOTHING:
        return "Nothing is lost with the observed subsidies."
    if today - least > NOTHING:
        could = f"{share(least, 2)}, and no less" if least > NOTHING else "nothing"
        return f"{lost}; {with_budget} it could be {could}."
    if least - today > NOTHING:
        return f"{lost}; {with_budget}, within the limits set, it is {share(least, 2)} at least."
    return f"{lost}, and {with_budget} no use of it that was allowed loses less."


def _money(case: StoredCase, found: dict[str, Any]) -> Part:
    spending = Spending.of(case, found, "least", found["budget"], "least loss")
    unit = money_unit(case)
    split = listed([f"{amount(paid)} on {lever}" for lever, paid in spending.by_lever.items()])
    left = (
        f" {money(spending.not_needed, unit)} of the budget is not needed: no use of it that was allowed loses less."
        if spending.not_needed
        else ""
    )
    spent = f"{money(spending.spent, unit)}: {split}" if spending.by_lever else "nothing"
    return Part(
        f"{case.name}-what-if-money",
        "What to buy against it",
        f"The decision of least loss spends {spent}.{left} Where several lose as little, this is the one nearest to "
        "what was observed.",
        spending.table,
        spending.chart,
    )


def _cuts(case: StoredCase, found: dict[str, Any]) -> str:
    """What is cut off, in words: all from a country, or some of its goods."""
    said = []
    for cut in found["cuts"]:
        country, _, goods = cut.partition(":")
        names = [segment_label(case, name.strip()) for name in goods.split(",") if name.strip()]
        said.append(f"{listed(names)} from {country_name(country)}" if names else f"all from {country_name(country)}")
    return listed(said)


def _stock(case: StoredCase, found: dict[str, Any]) -> str:
    """The stock that is held then."""
    held = [f"{segment_label(case, name)} for {months:g} months of calm use" for name, months in found["stock"].items()]
    return f"With {listed(held)} in stock: " if held else ""
