"""Stored results on a terminal: what differs between two, and whether one is what it says."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from scenarios.storing.comparing import Comparison, Difference
from scenarios.terminal.figures import percent
from scenarios.terminal.tables import number_table
from scenarios.verifying import Verified

__all__ = ["comparison_view", "verified_view"]

SHOWN = 40
"""Differences of a kind that the terminal shows; the JSON document has all."""


def comparison_view(found: Comparison) -> Group:
    """What differs, in words and in a table a kind."""
    parts: list[RenderableType] = [Text("\n".join(found.words), style="bold")]
    for title, differences in (
        ("Studies", found.study),
        ("Inputs", found.inputs),
        ("Options", found.options),
        ("Answers", found.answers),
    ):
        if differences:
            parts += _differences(title, differences)
    return Group(*parts)


def _differences(title: str, differences: Sequence[Difference]) -> list[RenderableType]:
    table = number_table(title, ["case", "what", "first", "second"], [], prose=["what", "first", "second"])
    for found in differences[:SHOWN]:
        table.add_row(found.case, found.what, _shown(found.what, found.first), _shown(found.what, found.second))
    left = len(differences) - SHOWN
    return [table, *([Text(f"and {left} more: see --json")] if left > 0 else [])]


def _shown(what: str, value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return percent(value) if "risk" in what and "money" not in what else f"{value:.6g}"
    return str(value)


def verified_view(found: Verified) -> Group:
    """What was solved and written again, how well the optimality conditions hold, and what was not checked."""
    columns = ["least risk stored", "solved again", "optimality conditions hold to"]
    table = number_table("Solved again from the stored inputs", ["case"], columns)
    for case in found.cases:
        table.add_row(
            case.case, *(f"{100 * risk:.6f}%" for risk in (case.stored, case.again)), f"{case.certificate:.1e}"
        )
    same = "the same to the bit" if not found.largest else f"the same to {found.largest:.0e}"
    sentence = (
        f"The result is what it says: {found.numbers} numbers solved again, {same}, and {len(found.files)} files as "
        "the answers give them."
    )
    left = [Text("Not checked:"), *(Text(f"  {words}") for words in found.unchecked)]
    return Group(Text(sentence, style="bold"), table, *left)
