"""Shares, points and amounts for people. Also the filters of a study's answer, so this imports nothing of ours."""

import math
import re

__all__ = ["amount", "money", "points", "share"]

_DIGITS = 3
_NOTHING = 1e-6
_CURRENCY = re.compile(r"[A-Z]{3}(?: |$)")


def share(value: float, digits: int = 1) -> str:
    """A share of final demand as a percentage."""
    return f"{100 * value:z.{digits}f}%"


def points(value: float, digits: int = 2) -> str:
    """A difference of two shares of final demand, in percentage points."""
    return f"{100 * value:z.{digits}f} points"


def amount(value: float) -> str:
    """Money with three significant digits and no exponent; what is below a millionth of a unit is nothing."""
    if abs(value) < _NOTHING:
        return "0"
    digits = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    if digits <= 0:
        return f"{rounded:,.0f}"
    return f"{rounded:,.{digits}f}".rstrip("0").rstrip(".")


def money(value: float, unit: str) -> str:
    """An amount with its unit, the currency first: JPY 39.5 billion; of another unit last: 3 cars."""
    if _CURRENCY.match(unit):
        currency, _, rest = unit.partition(" ")
        return f"{currency} {amount(value)} {rest}".strip()
    return f"{amount(value)} {unit}".strip()
