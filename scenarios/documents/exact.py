"""What exact arithmetic proves, in JSON: fractions as decimals of thirty digits, as text, for no float holds them."""

from decimal import Context, Decimal
from fractions import Fraction

from optimize import Exact
from scenarios.documents.values import Document

__all__ = ["DIGITS", "decimal", "document"]

DIGITS = 30


def document(exact: Exact) -> Document:
    """The entry `exact` of an answer."""
    least = {} if exact.least is None else {"least_risk": decimal(exact.least), "above_least": exact.gap}
    return {
        **least,
        "allocation_risk": decimal(exact.risk),
        "error": exact.error,
        "rows": exact.rows,
        "columns": exact.columns,
        "pivots": exact.pivots,
        "loosened": exact.loosened,
        "of": "the program as compiled in binary floating point",
    }


def decimal(number: Fraction, digits: int = DIGITS) -> str:
    """A fraction as a decimal number of so many significant digits."""
    context = Context(prec=digits)
    return str(context.divide(Decimal(number.numerator), Decimal(number.denominator)))
