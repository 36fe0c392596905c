"""The least-risk answer on a terminal."""

from collections.abc import Sequence

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from chains import Chain
from optimize import Result
from scenarios.asking.least_risk import LeastRisk
from scenarios.documents.values import CAPACITY
from scenarios.terminal import exact, ranges, robust
from scenarios.terminal.tables import certified, loss_table, nothing_to_buy, number_table, percent, period_line

__all__ = ["result_view", "view"]

NOTHING = 1e-6
"""Money below this share of the budget is nothing."""


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
    """Risk, allocation, tiers and transfers of an optimisation."""
    chain = result.chain
    return Group(
        Text(optimize_sentence(result), style="bold"),
        period_line(chain),
        _risks(result),
        _parts(result),
        _allocation(result),
        *_levers(result),
        *_not_needed(result),
        loss_table(chain, {"none": result.none, "observed": result.observed, "least risk": result.optimal}),
        _transfers(result.transfer, chain.money_unit),
        certified(result),
    )


def optimize_sentence(result: Result) -> str:
    """The answer in one sentence."""
    fall = result.observed.risk - result.risk
    if fall <= 1e-9:
        return f"{result.chain.name}: no reallocation lowers risk below {percent(result.observed.risk)}."
    segments = (result.observed.by_segment, result.optimal.by_segment)
    tiers = (result.tiers(result.observed), result.tiers(result.optimal))
    moved = (tiers[1] - tiers[0]).max() > NOTHING * result.budget.sum()
    before, after = tiers if moved else segments
    gains = str((after - before).idxmax())
    return (
        f"{result.chain.name}: reallocating the budget lowers risk from {percent(result.observed.risk)} to "
        f"{percent(result.risk)} of final demand; {f'the {gains} tier' if moved else gains} gains most, from "
        f"{before[gains]:.4g} to {after[gains]:.4g} {result.chain.money_unit}."
    )


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
        table.add_row(name, "not possible" if pd.isna(fall) else f"{100 * fall:z.2f}")
    return table


def _allocation(result: Result) -> Table:
    unit = result.chain.money_unit
    title = f"Allocation ({unit}), and fall in risk per {unit} as the next 1% of the budget goes to a segment"
    table = number_table(title, ["segment", "tier"], ["observed", "least risk", "next unit (points)"])
    observed, tiers = result.observed.allocation.sum(axis=1), result.chain.segments["tier"]
    for segment, least in result.allocation.items():
        name = str(segment)
        next_unit = result.next_unit[name]
        shown = "-" if pd.isna(next_unit) else f"{100 * next_unit:.4f}"
        table.add_row(name, str(tiers[name]), f"{observed[name]:.4f}", f"{least:.4f}", shown)
    table.add_section()
    before, after = result.tiers(result.observed), result.tiers(result.optimal)
    for tier, amount in after.items():
        table.add_row(f"all {tier}", str(tier), f"{before[str(tier)]:.4f}", f"{amount:.4f}", "")
    return table


def _levers(result: Result) -> Sequence[Table | Text]:
    """What was bought beside capacity, where that is allowed, and of which lever the package has nothing."""
    if set(result.options.levers) <= {CAPACITY}:
        return []
    bought = {lever: money for lever, money in result.optimal.levers.items() if len(money)}
    said = nothing_to_buy(result.options.levers, result.optimal)
    if not bought:
        return said
    table = number_table(f"Bought beside capacity ({result.chain.money_unit})", ["lever", "for"], ["least risk"])
    for lever, by_member in bought.items():
        for member, money in by_member.items():
            table.add_row(lever, str(member), f"{money:.4f}")
    return [table, *said]


def _not_needed(result: Result) -> list[Text]:
    """Money that lowers risk nowhere."""
    left = result.not_needed
    enough = NOTHING * float(result.budget.sum())
    return [Text(f"not needed: {left:.4g} {result.chain.money_unit}")] if left > enough else []


def _transfers(transfer: pd.DataFrame, unit: str) -> Table:
    title = f"Fall in risk, in points, per {unit} moved between tiers (positive is good)"
    table = number_table(title, ["from \\ to"], [str(tier) for tier in transfer.columns])
    for giving, row in transfer.iterrows():
        table.add_row(str(giving), *("-" if pd.isna(fall) else f"{100 * fall:+.4f}" for fall in row))
    return table
