"""What views are made of: tables of numbers, losses, certificates."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.text import Text

from chains import Chain
from optimize import Certificate, Solution
from scenarios.documents.values import CAPACITY
from scenarios.terminal.figures import percent
from scenarios.terminal.table import Column, Table

__all__ = ["certified", "loss_table", "nothing_to_buy", "number_table", "period_line"]


def number_table(
    title: str,
    words: Sequence[str],
    numbers: Sequence[str],
    *,
    prose: Sequence[str] = (),
    less: Sequence[str] = (),
    goes_on: bool = False,
) -> Table:
    """A table whose columns of words stand left and whose columns of numbers stand right.

    Words of `prose` may go on in the next line. Where room is short, columns of `less` are left out first, in this
    order; with `goes_on` none is (see `table.py`).
    """
    rank = {heading: len(less) - n for n, heading in enumerate(less)}
    columns = [Column(name, prose=name in prose, less=rank.get(name, 0)) for name in words]
    columns += [Column(name, number=True, less=rank.get(name, 0)) for name in numbers]
    return Table(title, columns, goes_on)


def period_line(chain: Chain) -> Text:
    """Which period the observed allocation is of."""
    return Text(f"Observed allocation: subsidies of the latest period, {chain.period}.")


def loss_table(chain: Chain, solutions: dict[str, Solution]) -> Table:
    """Loss by scenario of some solutions."""
    table = number_table("Loss by scenario, share of final demand", ["scenario"], ["probability", *solutions])
    for n, scenario in enumerate(chain.numbers.scenarios):
        losses = (percent(solution.loss[scenario]) for solution in solutions.values())
        table.add_row(scenario, percent(float(chain.numbers.probability[n])), *losses)
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
