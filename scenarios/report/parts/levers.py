"""What the money buys beside capacity, where it may: lever by lever, segment by segment."""

from chains.tables.problems import listed
from scenarios.documents.values import CAPACITY
from scenarios.report.figures import amount, money
from scenarios.report.naming import money_unit
from scenarios.report.part import Part
from scenarios.report.spending import Spending
from scenarios.storing import StoredCase

__all__ = ["levers"]


def levers(case: StoredCase) -> list[Part]:
    """One part where the money may buy more than capacity; else none."""
    found = case.optimize
    if "levers" not in found:
        return []
    spending = Spending.of(case, found, "optimal", sum(found["budget"].values()), "least risk")
    words = (_bought(spending), _nothing(spending), _left(spending), _near(spending))
    return [
        Part(
            f"{case.name}-levers",
            "What the money buys, lever by lever",
            " ".join(said for said in words if said),
            spending.table,
            spending.chart,
            wide=True,
            finding=_most(spending),
        )
    ]


def _most(spending: Spending) -> str:
    """The lever with most money."""
    if not spending.by_lever:
        return "At least risk the money buys nothing"
    lever = max(spending.by_lever, key=lambda name: spending.by_lever[name])
    given = f"{amount(spending.by_lever[lever])} of {money(spending.spent, money_unit(spending.case))}"
    return f"{lever.capitalize()} {'get' if lever.endswith('s') else 'gets'} most: {given}"


def _bought(spending: Spending) -> str:
    """How the money of the least-risk decision is split over the levers that were allowed."""
    allowed, unit = list(spending.case.options.levers), money_unit(spending.case)
    may = f"The money may buy {listed(allowed)}."
    spent = spending.by_lever
    if not spending.budget:
        return f"{may} There is no money to spend."
    if not spent:
        return f"{may} At least risk it buys nothing."
    if len(spent) == 1:
        (lever,) = spent
        return f"{may} At least risk all that is spent, {money(spending.spent, unit)}, buys {lever}."
    split = listed([f"{amount(paid)} on {lever}" for lever, paid in spent.items()])
    return f"{may} At least risk {money(spending.spent, unit)} are spent: {split}."


def _nothing(spending: Spending) -> str:
    """Levers that were allowed and get nothing: since there is nothing to buy, or since other uses do more."""
    absent = list(spending.nothing)
    unbought = [
        lever
        for lever in spending.case.options.levers
        if spending.budget and lever not in spending.by_lever and lever not in absent
    ]
    said = []
    if absent:
        tables = listed([f"{lever}.csv" for lever in absent])
        said.append(f"There is nothing that money for {listed(absent)} could buy: the package has no row in {tables}.")
    if unbought:
        said.append(f"Nothing is spent on {listed(unbought)}.")
    return " ".join(said)


def _left(spending: Spending) -> str:
    """Money that no use is found for."""
    if not spending.not_needed:
        return ""
    return (
        f"{amount(spending.not_needed)} of the budget of {money(spending.budget, money_unit(spending.case))} is not "
        "needed: no use of it that was allowed lowers risk further."
    )


def _near(spending: Spending) -> str:
    """What the split is one of, and what stands beside it."""
    if not spending.rows:
        return ""
    observed = f"What was observed ({amount(sum(row.before for row in spending.rows))}) bought {CAPACITY} alone."
    return f"{observed} Where several decisions have the least risk, this is the one nearest to what was observed."
