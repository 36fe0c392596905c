"""The rows of `conversions.csv`: each names two moneys, and a rate that can be right."""

from collections.abc import Iterator

import pandas as pd

from chains.tables.money import SCALES, money_of
from chains.tables.problems import Problem

__all__ = ["wrong_rates"]


def wrong_rates(file: str, rows: pd.DataFrame) -> Iterator[Problem]:
    """Errors: what is no money, a rate of nothing, one of a money with itself, and a scale that is another."""
    for row, money, into, value in rows[["money", "into", "value"]].itertuples():
        one, other = money_of(money), money_of(into)
        for column, text, found in (("money", money, one), ("into", into, other)):
            if found is None and text:
                right = f"write a currency and a scale, such as 'JPY billion'; scales: {', '.join(SCALES)}"
                yield Problem(file, int(row), column, f"'{text}' is no money", right)
        if one is None or other is None:
            continue
        if one == other:
            yield Problem(file, int(row), "into", f"is '{money}' again", "leave the row out")
        elif not _LEAST <= value <= 1 / _LEAST:
            right = f"what one of the money is worth is between {_LEAST:g} and {1 / _LEAST:g}"
            yield Problem(file, int(row), "value", f"is {value:g}", right)
        elif one.currency == other.currency and abs(value / (scale := float(one.size / other.size)) - 1) > _SAME:
            yield Problem(file, int(row), "value", f"1 {one} is not {value:g} {other}", f"write {scale:.12g}")


_LEAST = 1e-15
"""The least rate, and one over the most: beyond, between any two currencies and scales, an amount leaves its digits."""
_SAME = 1e-12
"""How near a rate between scales of one currency must be to what they are: as near as a decimal number is read."""
