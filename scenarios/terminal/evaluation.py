"""The risk of an allocation on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from scenarios.asking.evaluation import Evaluation
from scenarios.terminal import exact
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.tables import certified, loss_table, number_table

__all__ = ["sentence", "view"]


def sentence(chain: Chain, found: Evaluation) -> str:
    """Risk, and what it is made of."""
    solution = found.solution
    return (
        f"{chain.name}: an allocation of {amount(solution.spent)} {chain.money_unit} with a risk of "
        f"{percent(solution.risk)} of final demand (expected loss "
        f"{percent(solution.expected_loss)}, CVaR {percent(solution.cvar)})."
    )


def view(chain: Chain, found: Evaluation) -> Group:
    """Risk and losses of one allocation."""
    solution = found.solution
    risks = number_table("Risk of the allocation", [""], ["share of final demand"])
    for name in ("risk", "expected_loss", "cvar", "var"):
        risks.add_row(name.replace("_", " "), percent(getattr(solution, name)))
    said = Text(sentence(chain, found), style="bold")
    proved = [exact.line(found.exact)] if found.exact else []
    return Group(said, risks, loss_table(chain, {"loss": solution}), certified(solution), *proved)
