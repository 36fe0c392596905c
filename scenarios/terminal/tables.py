"""What views are made of: tables of numbers, percentages, losses, certificates."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.table import Table
from rich.text import Text

from chains import Chain
from optimize import Certificate, Solution
from scenarios.documents.values import CAPACITY

__all__ = ["certified", "loss_table", "nothing_to_buy", "number_table", "percent", "period_line"]


def percent(value: float) -> str:
    """A share of final demand as a percentage with three significant digits or two decimals."""
    return f"{100 * value:.2f}%"


def number_table(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table whose columns of words stand left and whose columns of numbers stand right."""
    table = Table(title=title, title_justify="left")
    for column in words:
        table.add_column(column)
    for column in numbers:
        table.add_column(column, justify="right")
    return table


def period_line(chain: Chain) -> Text:
    """Which period the observed allocation is of."""
    return Text(f"Observed allocation: subsidies of the latest period, {chain.period}.")


def loss_table(chain: Chain, solutions: dict[str, Solution]) -> Table:
    """Loss by scenario of some solutions."""
    table = number_table("Loss by scenario, share of final demand", ["scenario"], ["probability", *solutions])
    for n, scenario in enumerate(chain.numbers.scenarios):
        losses = (percent(solution.loss[scenario]) for solution in solutions.values())
        table.add_row(scenario, f"{chain.numbers.probability[n]:.1%}", *losses)
    return table


def nothing_to_buy(levers: Iterable[str], solution: Solution) -> list[Text]:
    """Which of the levers that were allowed the package has nothing of."""
    absent = [lever for lever in levers if lever not in (CAPACITY, *solution.levers)]
    return [Text(f"{lever}: there is nothing to buy, since the package has no row in {lever}.csv") for lever in absent]


class Certified(Protocol):
    """An answer that carries the certificate of its solves."""

    @property
    def certificate(self) -> Certificate:
        """How far the solves are from the optimality conditions."""


def certified(answer: Certified) -> Text:
    """How well the optimality conditions hold behind an answer."""
    worst = answer.certificate.worst
    return Text(f"optimality conditions hold to {worst:.1e} (recomputed from the matrix)", style="dim")
