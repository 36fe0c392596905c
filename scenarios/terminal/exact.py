"""What exact arithmetic proves, as a line on a terminal."""

from rich.text import Text

from optimize import Exact
from scenarios.documents.exact import decimal

__all__ = ["line"]


def line(exact: Exact) -> Text:
    """What is proved, of what program, and how far floating point was from it."""
    what, number = ("risk of the allocation", exact.risk) if exact.least is None else ("least risk", exact.least)
    loosened = " with inequalities loosened by their last digits" if exact.loosened else ""
    attained = "" if exact.gap is None else f"; the allocation shown is {exact.gap:.1e} above it"
    return Text(
        f"exact: {what} {decimal(number, 20)} of final demand, proved in fractions for the program as compiled in "
        f"floating point{loosened} ({exact.rows:,} rows); the number above is off by {exact.error:.1e}{attained}"
    )
