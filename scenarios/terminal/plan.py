"""The plan over years on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Plan
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, number_table, period_line

__all__ = ["sentence", "view"]

NAMES = {"observed": "observed every year", "repeated": "one-year answer repeated", "optimal": "plan"}
"""The ways of spending, for people."""
_SAME = 1e-9


def view(chain: Chain, found: Plan) -> Group:
    """Risk by year of the three ways of spending, and the money of the plan by tier, lever and segment."""
    return Group(
        Text(sentence(chain, found), style="bold"),
        period_line(chain),
        _risks(found),
        _money(found),
        _segments(found),
        *_not_needed(found),
        certified(found),
    )


def sentence(chain: Chain, found: Plan) -> str:
    """The answer in one sentence: the plan beside observed spending and the one-year answer."""
    first, last = found.years[0], found.years[-1]
    observed, repeated, least = found.observed.risk, found.repeated.risk, found.risk
    span = (
        f"in {first}"
        if first == last
        else f"over {first} to {last}, discounted at {100 * found.options.rate:.3g}% a year"
    )
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
    columns["not needed"], whole = found.not_needed, _largest(found)
    table = number_table(f"Money of the plan ({found.chain.money_unit})", ["year"], list(columns), goes_on=True)
    for year in found.years:
        table.add_row(str(year), *(amount(money[year], whole) for money in columns.values()))
    return table


def _largest(found: Plan) -> float:
    """The most money that is spent in a year."""
    return max(float(found.tiers(found.optimal).sum().max()), 0.0)


def _segments(found: Plan) -> Table:
    """Money by segment and year; who never gets any is left out."""
    years, whole = list(found.years), _largest(found)
    title = f"Who gets it ({found.chain.money_unit})"
    table = number_table(title, ["for", "lever"], [str(year) for year in years], goes_on=True)
    for lever, money in {"capacity": found.optimal.capacity, **found.optimal.levers}.items():
        for member, paid in money[years].iterrows():
            told = [amount(own, whole) for own in paid]
            if set(told) != {"0"}:
                table.add_row(str(member), lever, *told)
    return table


def _not_needed(found: Plan) -> list[Text]:
    left, total = float(found.not_needed.sum()), float(found.budget.sum()) * len(found.years)
    if left <= 1e-6 * total:
        return []
    words = f"not needed: {amount(left)} of {amount(total)} {found.chain.money_unit}"
    words += "; it would come too late or lower risk no more"
    return [Text(words)]
