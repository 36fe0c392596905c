"""Shares, points and amounts for people. Also the filters of a study's answer, so this imports nothing."""

__all__ = ["amount", "points", "share"]


def share(value: float, digits: int = 1) -> str:
    """A share of final demand as a percentage."""
    return f"{100 * value:.{digits}f}%"


def points(value: float, digits: int = 2) -> str:
    """A difference of two shares of final demand, in percentage points."""
    return f"{100 * value:z.{digits}f} points"


def amount(value: float) -> str:
    """Money with three significant digits; what is below a thousandth of a unit is nothing."""
    return f"{value:.3g}" if abs(value) >= 5e-4 else "0"
