"""What the money may buy, one file a lever: capacity, stocks, suppliers, procurement.

A lever adds variables and terms to the first stage and to the recourse; nothing else needs to know it.
"""

from collections.abc import Iterable

from chains.numbers import ChainNumbers
from chains.tables.problems import InputError, Problem, nearest
from optimize.program.levers.capacity import CAPACITY, NO_CAPACITY
from optimize.program.levers.lever import Lever, Purchase
from optimize.program.levers.procurement import PROCUREMENT
from optimize.program.levers.stocks import STOCKS
from optimize.program.levers.suppliers import SUPPLIERS

__all__ = ["CAPACITY", "LEVERS", "NO_CAPACITY", "Lever", "Purchase", "levers_of", "purchases_of"]

LEVERS: dict[str, Lever] = {lever.name: lever for lever in (CAPACITY, STOCKS, SUPPLIERS, PROCUREMENT)}
"""Every lever by the name that a user types."""


def levers_of(numbers: ChainNumbers, names: Iterable[str]) -> tuple[Lever, ...]:
    """The levers named, in the order of LEVERS, of which the chain has rows; InputError for an unknown name.

    Without capacity, NO_CAPACITY stands first.
    """
    asked = list(names)
    unknown = [name for name in asked if name not in LEVERS]
    if unknown:
        raise InputError(
            Problem("option levers", 0, "", f"'{name}' is not a lever", nearest(name, tuple(LEVERS)))
            for name in unknown
        )
    bought = tuple(lever for name, lever in LEVERS.items() if name in asked and lever.applies(numbers))
    return bought if CAPACITY in bought else (NO_CAPACITY, *bought)


def purchases_of(levers: Iterable[Lever]) -> tuple[Purchase, ...]:
    """The levers other than capacity, which are bought by the unit."""
    return tuple(lever for lever in levers if isinstance(lever, Purchase))
