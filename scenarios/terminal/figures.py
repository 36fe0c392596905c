"""Numbers on a terminal: as many digits as their size asks for, and never a zero for what is not nothing."""

import math

import pandas as pd

__all__ = ["NOTHING", "amount", "percent", "points"]

NOTHING = 1e-5
"""Money below this share of what is spent is nothing: so much may differ among allocations that are equally good.

Of a budget that is far more than can be used it would be everything.
"""
_NO_LOSS = 1e-11
"""Shares of final demand below this are nothing: solutions hold to no more."""


def percent(value: float) -> str:
    """A share of final demand as a percentage: two decimals, and three significant digits below 1%."""
    if abs(value) < _NO_LOSS:
        return "0%"
    return f"{_rounded(100 * value, max(2, _decimals(100 * value, 3)))}%"


def points(value: float, *, signed: bool = False) -> str:
    """A difference of shares of final demand in percentage points, by unit of money or not: three significant digits.

    A dash where there is none.
    """
    if pd.isna(value):
        return "-"
    if abs(value) < _NO_LOSS:
        return "0"
    return f"{'+' if signed and value > 0 else ''}{_rounded(100 * value, _decimals(100 * value, 3))}"


def amount(money: float, whole: float = 0.0) -> str:
    """Money with three significant digits; what is nothing beside `whole` (all that is spent) is 0; a dash if none."""
    if pd.isna(money):
        return "-"
    if abs(money) <= NOTHING * abs(whole) or money == 0:
        return "0"
    return _rounded(money, _decimals(money, 3))


def _decimals(value: float, digits: int) -> int:
    """Decimals that leave so many significant digits; whole digits are never rounded away."""
    return max(digits - 1 - math.floor(math.log10(abs(value))), 0)


def _rounded(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"
