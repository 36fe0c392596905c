"""The allocation that is best against the worst cuts, on a terminal."""

from typing import Any

from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import Against
from scenarios.documents.against import document, in_words
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]

_NAMES = {"observed": "observed", "least_risk": "least risk", "optimal": "insured"}
SHOWN = 20
"""Sets of cuts that the terminal shows; the JSON document has all."""


def view(chain: Chain, found: Against) -> Group:
    """Losses and risks of the observed, the least-risk and the insured allocation, the money, and the sets found."""
    parts: list[Table | Text] = [
        Text(sentence(chain, found), style="bold"),
        _losses(found),
        _allocation(found),
        *_sets(found),
    ]
    bounds = f"The least worst loss lies between {found.lower_bound:.9f} and {found.upper_bound:.9f}."
    return Group(*parts, Text(bounds), certified(found))


def sentence(chain: Chain, found: Against) -> str:
    """What the worst cuts cost, what insurance against them brings, and what that costs."""
    return f"{chain.name}: {in_words(document(chain, found), _cut_name)}"


def _cut_name(cut: Any) -> str:
    return cut if isinstance(cut, str) else f"{cut[0]} from {cut[1]}"


def _losses(found: Against) -> Table:
    table = number_table("Share of final demand", [""], list(_NAMES.values()))
    table.add_row(f"worst loss to {found.n} {found.over}", *(percent(found.worst_loss[name]) for name in _NAMES))
    for measure in ("risk", "expected_loss", "cvar"):
        row = (percent(getattr(getattr(found, name), measure)) for name in _NAMES)
        table.add_row(measure.replace("_", " "), *row)
    return table


def _allocation(found: Against) -> Table:
    table = number_table(f"Money ({found.chain.money_unit})", ["segment", "tier"], list(_NAMES.values()), less=["tier"])
    solutions = [getattr(found, name) for name in _NAMES]
    tiers = found.chain.segments["tier"]
    for segment in solutions[0].by_segment.index:
        amounts = (amount(solution.by_segment[segment], solution.spent) for solution in solutions)
        table.add_row(str(segment), str(tiers[segment]), *amounts)
    table.add_section()
    by_tier = [found.tiers(solution) for solution in solutions]
    for tier in by_tier[0].index:
        table.add_row(f"all {tier}", str(tier), *(amount(money[tier], money.sum()) for money in by_tier))
    return table


def _sets(found: Against) -> list[Table]:
    if not found.sets:
        return []
    title = f"Sets of cuts that the search found (the worst {min(SHOWN, len(found.sets))} of {len(found.sets)})"
    table = number_table(title, ["cuts"], ["loss when insured"], prose=["cuts"])
    for cuts, loss in sorted(found.sets, key=lambda each: -each[1])[:SHOWN]:
        table.add_row(", ".join(str(cut) for cut in cuts), percent(loss))
    return [table]
