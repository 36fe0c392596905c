"""What to do with the money, in two sentences that name goods and amounts, and what that brings."""

from collections.abc import Sequence

from chains.tables.problems import listed
from scenarios.documents.values import CAPACITY
from scenarios.report.figures import amount, money, share
from scenarios.report.naming import NOTHING, SAME_MONEY, country_name, money_unit
from scenarios.report.spending import Spending, Spent
from scenarios.storing import StoredCase

__all__ = ["LITTLE", "advice", "answer", "differs", "spending_of"]

_MORE, _LESS = 3, 2
"""So many goods are named that get more, and that get less; of others it is said how many there are."""
_DIGITS = 7
LITTLE = 1e-4
"""Money below this share of what is spent is next to nothing: the search for the nearest answer may leave so much."""
_WORTH = 0.05
"""Share of the change that a good has which is named."""


def answer(case: StoredCase) -> str:
    """The advice under the title of its case."""
    said = advice(case)
    return f"{case.title}: {said[0].lower()}{said[1:]}"


def advice(case: StoredCase) -> str:
    """Who gets the money, in goods and amounts, and how far risk falls; or that no allocation allowed does better."""
    best, unit = case.optimize, money_unit(case)
    today, least = best["risk"]["observed"], best["risk"]["optimal"]
    spending = spending_of(case)
    spent = sum(best["tiers"]["observed"].values())
    other = abs(spending.budget - spent) > SAME_MONEY * max(spending.budget, spent)
    budget = f"{money(spending.budget, unit)} instead of today's {amount(spent)}" if other else ""
    within = " within the limits set" if case.options.limited else ""
    if today - least > NOTHING:
        before, after = differs(today, least)
        whole = f"Of {budget}" if other else f"Of today's {money(spent, unit)}"
        return f"{whole}, {_given(spending)}. Risk falls from {before} to {after} of final demand."
    if least - today > NOTHING:
        before, after = differs(today, least)
        if other:
            return f"With {budget}, risk is {after} of final demand at least{within}; today it is {before}."
        return f"Risk is {after} of final demand at least{within}; today it is {before}."
    how = f"With {budget}, no" if other else "No"
    return f"{how} allocation{within} has less risk than today's, {share(today)} of final demand."


def spending_of(case: StoredCase) -> Spending:
    """What the least-risk decision of a case spends."""
    best = case.optimize
    return Spending.of(case, best, "optimal", sum(best["budget"].values()), "least risk")


def differs(before: float, after: float) -> tuple[str, str]:
    """Two shares with as many digits as tell them apart and from nothing, and as give the larger two that count."""
    digits, larger = 1, max(abs(before), abs(after))
    while digits < _DIGITS and (
        share(before, digits) == share(after, digits)
        or _vanishes(before, after, digits)
        or NOTHING < larger < 10.0 ** (-1 - digits)
    ):
        digits += 1
    first, second = ("0%" if abs(value) <= NOTHING else share(value, digits) for value in (before, after))
    return first, second


def _vanishes(before: float, after: float, digits: int) -> bool:
    """Whether a share of something is told as nothing."""
    return any(value > NOTHING and share(value, digits) == share(0.0, digits) for value in (before, after))


def _given(spending: Spending) -> str:
    """Who gets more than today, and who gives; `Of RMB 4 billion, give ...`."""
    small = SAME_MONEY * spending.scale
    gaining = sorted((row for row in spending.rows if row.after - row.before > small), key=_change, reverse=True)
    losing = sorted((row for row in spending.rows if row.before - row.after > small), key=_change)
    if not gaining:
        kept = "give no good more than today"
        return (
            f"{kept}, and {_taken(losing, spending.scale)}"
            if losing
            else f"{kept}, each through the instruments that do most"
        )
    shown = _shown(gaining, _MORE)
    first = f"give {listed([_said(row) for row in shown])}"
    rest = len(gaining) - len(shown)
    others = f", and more than today to {_others(rest)}" if rest else ""
    return f"{first}{others}{'; ' + _taken(losing, spending.scale) if losing else ''}"


def _taken(losing: Sequence[Spent], scale: float) -> str:
    shown = _shown(losing, _LESS)
    rest = len(losing) - len(shown)
    each = [f"{row.label} ({_left(row, scale)}, today {amount(row.before)})" for row in shown]
    return f"less than today goes to {listed([*each, *([_others(rest)] if rest else [])])}"


def _left(row: Spent, scale: float) -> str:
    if row.after <= 0:
        return "nothing"
    return amount(row.after) if row.after > LITTLE * scale else "next to nothing"


def _others(count: int) -> str:
    return "1 other" if count == 1 else f"{count} others"


def _shown(rows: Sequence[Spent], most: int) -> Sequence[Spent]:
    """The first of those that change most, as far as they are worth a name."""
    worth = _WORTH * sum(abs(_change(row)) for row in rows)
    return [row for row in rows if abs(_change(row)) >= worth][:most]


def _said(row: Spent) -> str:
    given = f"{amount(row.after)} to {bought(row)}"
    if row.lever != CAPACITY:
        return given
    return f"{given} ({f'today {amount(row.before)}' if row.before > 0 else 'today nothing'})"


def bought(row: Spent) -> str:
    """What the money of a row goes to."""
    country = f" from {country_name(row.location)}" if row.location else ""
    return {
        CAPACITY: row.label,
        "stocks": f"stocks of {row.label}",
        "suppliers": f"contracts for {row.label}{country}",
        "procurement": f"purchases of {row.label} made at home",
    }.get(row.lever, f"{row.lever} for {row.label}")


def _change(row: Spent) -> float:
    return row.after - row.before
