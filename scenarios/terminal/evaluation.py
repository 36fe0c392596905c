"""The risk of an allocation on a terminal."""

from rich.console import Group

from chains import Chain
from scenarios.asking.evaluation import Evaluation
from scenarios.terminal import exact
from scenarios.terminal.tables import certified, loss_table, number_table, percent

__all__ = ["view"]


def view(chain: Chain, found: Evaluation) -> Group:
    """Risk and losses of one allocation."""
    solution = found.solution
    risks = number_table("Risk of the allocation", [""], ["share of final demand"])
    for name in ("risk", "expected_loss", "cvar", "var"):
        risks.add_row(name.replace("_", " "), percent(getattr(solution, name)))
    proved = [exact.line(found.exact)] if found.exact else []
    return Group(risks, loss_table(chain, {"loss": solution}), certified(solution), *proved)
