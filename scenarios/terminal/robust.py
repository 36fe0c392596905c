"""The robust answer on a terminal, beside the nominal one."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Robust
from scenarios.terminal.figures import amount, percent, points
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]

_NAMES = {"observed": "observed", "optimal": "least risk", "robust": "robust"}


def view(chain: Chain, found: Robust) -> Group:
    """Risks nominal and in the worst case, the robust allocation beside the nominal one, and the worst case itself."""
    parts: list[Table | Text] = [
        Text(sentence(chain, found), style="bold"),
        _risks(found),
        _allocation(found),
        _distribution(found),
    ]
    if found.options.slope_budget:
        low = ", ".join(found.low_slopes) or "none: no other response would raise the risk"
        parts.append(Text(f"Responses that are then low: {low}."))
    if not found.exact:
        parts.append(Text(f"The search ended early: worst cases are proven to within {percent(found.gap)} only."))
    return Group(*parts, certified(found))


def sentence(chain: Chain, found: Robust) -> str:
    """What is in doubt, what guarding against it costs and what it brings."""
    options = found.options
    doubts = []
    if options.ambiguity:
        doubts.append(f"{options.ambiguity:.0%} of probability elsewhere")
    if options.slope_budget:
        doubts.append("one response low" if options.slope_budget == 1 else f"{options.slope_budget} responses low")
    worst = found.risks["worst_case"]
    return (
        f"{chain.name}: with {' and '.join(doubts)}, risk is at worst {percent(worst['optimal'])} in the "
        f"least-risk allocation and {percent(worst['robust'])} in the robust one, which costs "
        f"{points(found.price)} points if nothing goes wrong."
    )


def _risks(found: Robust) -> Table:
    table = number_table("Risk, share of final demand", ["allocation"], ["nominal", "worst case"])
    for name, row in found.risks.iterrows():
        table.add_row(_NAMES[str(name)], percent(row["nominal"]), percent(row["worst_case"]))
    return table


def _allocation(found: Robust) -> Table:
    chain, nominal = found.nominal.chain, found.nominal
    title = f"Robust allocation ({chain.money_unit})"
    table = number_table(title, ["segment", "tier"], list(_NAMES.values()), less=["tier"])
    whole = max(nominal.observed.spent, nominal.optimal.spent, found.robust.spent)
    observed, tiers = nominal.observed.allocation.sum(axis=1), chain.segments["tier"]
    for segment, money in found.allocation.items():
        name = str(segment)
        given = (observed[name], nominal.allocation[name], money)
        table.add_row(name, str(tiers[name]), *(amount(own, whole) for own in given))
    table.add_section()
    by_tier = [nominal.tiers(solution) for solution in (nominal.observed, nominal.optimal, found.robust)]
    for tier in by_tier[0].index:
        table.add_row(f"all {tier}", str(tier), *(amount(own[tier], whole) for own in by_tier))
    return table


def _distribution(found: Robust) -> Table:
    title = "The worst case of the robust allocation"
    table = number_table(title, ["scenario"], ["probability", "worst probability", "loss"])
    for scenario, row in found.distribution.iterrows():
        probabilities = (percent(row["nominal"]), percent(row["worst_case"]))
        table.add_row(str(scenario), *probabilities, percent(row["loss"]))
    return table
