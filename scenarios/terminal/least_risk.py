"""The least-risk answer on a terminal."""

from collections.abc import Callable, Sequence

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from chains.tables.problems import listed
from optimize import Advice, Result
from scenarios.asking.least_risk import LeastRisk
from scenarios.documents.values import CAPACITY
from scenarios.terminal import exact, ranges, robust
from scenarios.terminal.figures import NOTHING, amount, percent, points
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, loss_table, nothing_to_buy, number_table, period_line

__all__ = ["result_sentence", "result_view", "sentence", "view"]

SAME = 1e-9
"""Risks nearer than this are one: a least-risk allocation attains the least to no more."""
NAMED = 3
"""Segments that the sentence names."""


def view(chain: Chain, found: LeastRisk) -> Group:
    """The answer; then, as far as they were asked for, the robust one, and how far every other may differ."""
    parts: list[Group | Text] = [result_view(found.result)]
    if found.exact:
        parts.append(exact.line(found.exact))
    if found.robust:
        parts.append(robust.view(chain, found.robust))
    if found.spans:
        parts.append(ranges.view(chain, found.spans) if found.in_full else Group(ranges.unique(found.spans)))
    return Group(*parts)


def result_view(result: Result) -> Group:
    """The answer, where the money goes, and what that does to risk; then what a next unit and a transfer would do."""
    chain = result.chain
    return Group(
        Text(result_sentence(result), style="bold"),
        period_line(chain),
        _allocation(result),
        *_levers(result),
        *_not_needed(result),
        _risks(result),
        _parts(result),
        loss_table(chain, {"none": result.none, "observed": result.observed, "least risk": result.optimal}),
        _next_unit(result),
        _transfers(result.transfer, chain.money_unit),
        certified(result),
    )


def sentence(chain: Chain, found: LeastRisk) -> str:
    """The answer in two sentences, and in another what guarding against doubt costs, where that was asked."""
    guarded = f" {robust.sentence(chain, found.robust)}" if found.robust else ""
    return result_sentence(found.result) + guarded


def result_sentence(result: Result | Advice, called: Callable[[str], str] = str) -> str:
    """What risk the budget leaves at least, beside the observed allocation, and who gets the money.

    `called` names a segment: by its key, as the tables here and the options of commands do, unless it is given.
    """
    unit, budget, observed = result.chain.money_unit, float(result.budget.sum()), result.observed
    least, before = percent(result.risk), percent(observed.risk)
    if budget <= NOTHING * observed.spent:
        return f"{result.chain.name}: without money risk is {least} of final demand, with the observed {before}."
    if abs(budget - observed.spent) <= NOTHING * budget:
        said = _reallocated(result, f"the observed budget of {amount(budget)} {unit}")
    else:
        limits = ", within the limits set," if result.options.limited else ""
        said = (
            f"with a budget of {amount(budget)} {unit}{limits} risk is at least {least} of final demand; it is "
            f"{before} with the {amount(observed.spent)} that is observed"
        )
    return f"{result.chain.name}: {said}. {_who_gets(result, called)}"


def _reallocated(result: Result | Advice, budget: str) -> str:
    """What another allocation of the same money does to risk."""
    least, before = percent(result.risk), percent(result.observed.risk)
    limits = " within the limits set" if result.options.limited else ""
    fall = result.observed.risk - result.risk
    if fall > SAME:
        return f"reallocating {budget}{limits} lowers risk from {before} to {least} of final demand"
    if fall >= -SAME:
        return f"no other allocation of {budget}{limits} lowers risk below {least} of final demand"
    return f"{budget}{limits} leaves a risk of {least} of final demand at least, more than the observed {before}"


def _who_gets(result: Result | Advice, called: Callable[[str], str]) -> str:
    """The segments that get most, with their money, and what the others get together."""
    money, unit = result.optimal.by_segment, result.chain.money_unit
    given = money[money > NOTHING * result.optimal.spent].sort_values(ascending=False, kind="stable")
    first, others = given.head(NAMED), given.iloc[NAMED:]
    if given.empty:
        return "No use of the money lowers risk."
    named = [f"{called(str(segment))} {amount(own)}" for segment, own in first.items()]
    if len(others):
        named.append(f"{len(others)} other{'s' if len(others) > 1 else ''} {amount(others.sum())}")
    levers = "" if set(result.options.levers) == {CAPACITY} else f", through {listed(sorted(result.options.levers))}"
    return f"It gives {listed(named)} {unit}{levers}."


def _risks(result: Result) -> Table:
    table = number_table("Share of final demand", [""], ["no subsidy", "observed", "least risk"])
    solutions = (result.none, result.observed, result.optimal)
    for name in ("risk", "expected_loss", "cvar"):
        table.add_row(name.replace("_", " "), *(percent(getattr(solution, name)) for solution in solutions))
    return table


def _parts(result: Result) -> Table:
    """How much of the fall in risk comes from moving money within tiers alone, and across them alone."""
    table = number_table("Fall in risk from the observed allocation, points of final demand", [""], ["fall"])
    names = {
        "within": "money moves within tiers alone",
        "across": "money moves across tiers alone, inside each as observed",
        "all": "both",
    }
    for part, name in names.items():
        fall = result.parts[part]
        table.add_row(name, "not possible" if pd.isna(fall) else points(fall))
    return table


def _allocation(result: Result) -> Table:
    """Money of every lever by segment and tier."""
    whole = max(result.optimal.spent, result.observed.spent)
    table = number_table(
        f"Allocation ({result.chain.money_unit})", ["segment", "tier"], ["observed", "least risk"], less=["tier"]
    )
    observed, tiers = result.observed.by_segment, result.chain.segments["tier"]
    for segment, least in result.optimal.by_segment.items():
        name = str(segment)
        table.add_row(name, str(tiers[name]), amount(observed[name], whole), amount(float(least), whole))
    table.add_section()
    before, after = result.tiers(result.observed), result.tiers(result.optimal)
    for tier, money in after.items():
        table.add_row(f"all {tier}", str(tier), amount(before[str(tier)], whole), amount(float(money), whole))
    return table


def _next_unit(result: Result) -> Table:
    """What the next money does that goes to one segment. It is taken at the observed allocation, so it stands apart."""
    unit = result.chain.money_unit
    title = (
        f"Next unit: fall in risk, in points per {unit}, as the next 1% of the budget goes to one segment for "
        "capacity, from the observed allocation"
    )
    table = number_table(title, ["segment", "tier"], ["points"])
    tiers = result.chain.segments["tier"]
    for segment, fall in result.next_unit.sort_values(ascending=False, kind="stable").items():
        table.add_row(str(segment), str(tiers[str(segment)]), points(float(fall)))
    return table


def _levers(result: Result) -> Sequence[Table | Text]:
    """What was bought beside capacity, where that is allowed, and of which lever the package has nothing."""
    if set(result.options.levers) <= {CAPACITY}:
        return []
    bought = {lever: money for lever, money in result.optimal.levers.items() if len(money)}
    said = nothing_to_buy(result.options.levers, result.optimal)
    if not bought:
        return said
    table = number_table(f"Bought beside capacity ({result.chain.money_unit})", ["for", "lever"], ["least risk"])
    whole = result.optimal.spent
    for lever, by_member in bought.items():
        for member, money in by_member.items():
            table.add_row(str(member), lever, amount(float(money), whole))
    return [table, *said]


def _not_needed(result: Result) -> list[Text]:
    """Money that lowers risk nowhere."""
    left = result.not_needed
    enough = NOTHING * float(result.budget.sum())
    return [Text(f"not needed: {amount(left)} {result.chain.money_unit}")] if left > enough else []


def _transfers(transfer: pd.DataFrame, unit: str) -> Table:
    title = f"Fall in risk, in points, per {unit} moved between tiers, from the observed allocation (positive is good)"
    table = number_table(title, ["from \\ to"], [str(tier) for tier in transfer.columns])
    for giving, row in transfer.iterrows():
        table.add_row(str(giving), *(points(float(fall), signed=True) for fall in row))
    return table
