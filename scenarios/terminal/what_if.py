"""One disruption for certain, on a terminal."""

from collections.abc import Callable

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import WhatIf
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, nothing_to_buy, number_table

__all__ = ["sentence", "view"]

SAME = 1e-9
"""Losses nearer than this are one; so are amounts of money, as shares of what is spent."""


def view(chain: Chain, found: WhatIf) -> Group:
    """Loss today and at least, and what to buy."""
    absent = nothing_to_buy(found.options.levers, found.best)
    return Group(Text(sentence(chain, found), style="bold"), *_bought(chain, found), *absent, certified(found))


def sentence(chain: Chain, found: WhatIf, called: Callable[[str], str] = str) -> str:
    """What was put in and what comes out, in one sentence; `called` names what is cut off and what is in stock."""
    options, losses = found.options, found.losses
    stock = "".join(
        f", with {months:g} {'month' if months == 1 else 'months'} of the use of {called(name)} in stock"
        for name, months in options.stock.items()
    )
    happens = f"{chain.name}, {' and '.join(map(called, options.cuts))} cut off for {options.months:g} months{stock}"
    today = f"{percent(losses['observed'])} of a year's final demand is lost with the observed subsidies"
    budget = f"with a budget of {amount(found.budget)} {chain.money_unit}"
    if losses["least"] - losses["observed"] > SAME:
        return f"{happens}: {today}; {budget}, within the limits set, it is {percent(losses['least'])} at least."
    if losses["observed"] <= SAME:
        return f"{happens}: nothing is lost with the observed subsidies."
    if losses["observed"] - losses["least"] <= SAME:
        return f"{happens}: {today}, and {budget} no other use of it that was allowed loses less."
    return f"{happens}: {today}, {percent(losses['least'])} at least {budget}."


def _bought(chain: Chain, found: WhatIf) -> list[Table]:
    """What the decision of least loss spends, where it loses less than the observed one."""
    losses = found.losses
    if losses["observed"] - losses["least"] <= SAME:
        return []
    table = number_table(f"Money ({chain.money_unit})", ["for", "what"], ["observed", "least loss"])
    observed = found.today.allocation.sum(axis=1)
    least = found.best.allocation.sum(axis=1)
    for segment, before, money in zip(least.index, observed, least, strict=True):
        if max(money, before) > SAME * found.best.spent:
            table.add_row(str(segment), "capacity", amount(before), amount(money))
    for lever, members in found.best.levers.items():
        for member, money in pd.Series(members).items():
            if money > SAME * found.best.spent:
                table.add_row(str(member), lever, "", amount(money))
    if found.not_needed > SAME * found.budget:
        table.add_row("not needed", "", "", amount(found.not_needed))
    return [table]
