"""The plan over years on a terminal."""

from collections.abc import Iterator

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from chains import Chain
from optimize import Plan
from scenarios.terminal.tables import certified, number_table, percent, period_line

__all__ = ["plan_sentence", "view"]

NAMES = {"observed": "observed every year", "repeated": "one-year answer repeated", "optimal": "plan"}
"""The ways of spending, for people."""
_SAME = 1e-9
_ACROSS = 8
"""Years beside each other in a table."""


def view(chain: Chain, found: Plan) -> Group:
    """Risk by year of the three ways of spending, and the money of the plan by tier, lever and segment."""
    return Group(
        Text(plan_sentence(found), style="bold"),
        period_line(chain),
        _risks(found),
        _money(found),
        *_segments(found),
        *_not_needed(found),
        certified(found),
    )


def plan_sentence(found: Plan) -> str:
    """The answer in one sentence: the plan beside observed spending and the one-year answer."""
    chain, first, last = found.chain, found.years[0], found.years[-1]
    observed, repeated, least = found.observed.risk, found.repeated.risk, found.risk
    span = f"in {first}" if first == last else f"over {first} to {last}, discounted at {found.options.rate:.3g}"
    if observed - least <= _SAME:
        return f"{chain.name}: {span}, no plan has less risk than observed spending every year, {percent(observed)}."
    beside = (
        "and the one-year answer, given every year, does as well"
        if repeated - least <= _SAME
        else f"while the one-year answer, given every year, has {percent(repeated)}"
    )
    return (
        f"{chain.name}: {span}, the plan lowers risk from {percent(observed)} to {percent(least)} of final demand, "
        f"{beside}."
    )


def _risks(found: Plan) -> Table:
    table = number_table("Risk by year, share of that year's final demand", ["year"], list(NAMES.values()))
    risks = {name: course.by_year["risk"].to_numpy() for name, course in found.courses.items()}
    for n, year in enumerate(found.years):
        table.add_row(str(year), *(percent(risks[name][n]) for name in NAMES))
    table.add_section()
    for measure in ("risk", "expected_loss", "cvar"):
        discounted = found.discounted(measure)
        table.add_row(f"{measure.replace('_', ' ')}, discounted", *(percent(discounted[name]) for name in NAMES))
    return table


def _money(found: Plan) -> Table:
    """Money of the plan by tier, and by lever where it may buy more than capacity."""
    course = found.optimal
    columns = {str(tier): money for tier, money in found.tiers(course).iterrows()}
    if course.levers:
        columns |= {"for capacity": course.capacity.sum()}
        columns |= {f"for {name}": paid.sum() for name, paid in course.levers.items()}
    columns["not needed"] = found.not_needed
    table = number_table(f"Money of the plan ({found.chain.money_unit})", ["year"], list(columns))
    for year in found.years:
        table.add_row(str(year), *(_amount(money[year]) for money in columns.values()))
    return table


def _segments(found: Plan) -> Iterator[Table]:
    """Money by segment and year, some years at a time; who never gets any is left out."""
    rows = {"capacity": found.optimal.capacity, **found.optimal.levers}
    for start in range(0, len(found.years), _ACROSS):
        years = found.years[start : start + _ACROSS]
        title = f"Who gets it ({found.chain.money_unit})"
        table = number_table(title, ["for", "lever"], [str(year) for year in years])
        for lever, money in rows.items():
            for member, paid in money[list(years)].iterrows():
                if _nonzero(paid):
                    table.add_row(str(member), lever, *(_amount(own) for own in paid))
        yield table


def _nonzero(money: pd.Series) -> bool:
    return any(_amount(own) != "0" for own in money)


def _amount(money: float) -> str:
    return f"{money:.3g}" if money >= 5e-4 else "0"


def _not_needed(found: Plan) -> list[Text]:
    left, total = float(found.not_needed.sum()), float(found.budget.sum()) * len(found.years)
    if left <= 1e-6 * total:
        return []
    words = (
        f"not needed: {left:.4g} of {total:.4g} {found.chain.money_unit}; it would come too late or lower risk no more"
    )
    return [Text(words)]
