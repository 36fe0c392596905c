"""The report's tables for a spreadsheet: what reads as a number is one, shown exactly as the page shows it.

`23.2%` becomes 0.232 with the format `0.0%`. A text is a number only where its format gives the same text again, so
that a name such as `007` stays a name. A column of `0.5 (0.4 to 0.6)` becomes three, one of `0.5 ± 0.1` or
`0.4 to 0.6` two.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

__all__ = ["as_numbers", "kind_of"]

_PLAIN = r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?%?"
_SMALL = r"-?\d(?:\.\d+)?e[+-]\d{2}"
_NUMBER = re.compile(f"({_PLAIN}|{_SMALL})")
_SPLITS = (
    (re.compile(rf"({_PLAIN}) \(({_PLAIN}) to ({_PLAIN})\)"), ("", ": from", ": to")),
    (re.compile(rf"({_PLAIN}|{_SMALL}) ± ({_PLAIN}|{_SMALL})"), ("", ": ±")),
    (re.compile(rf"({_PLAIN}|{_SMALL}) to ({_PLAIN}|{_SMALL})"), (": from", ": to")),
)


def as_numbers(table: pd.DataFrame, units: Iterable[str] = ()) -> pd.DataFrame:
    """The same table with a pair of number and number format in place of each text that reads as a number.

    The index becomes the first column; it is numbers where all of it is. `units` are words that may stand behind a
    number, or around it (`JPY 39.5 billion` of the unit `JPY billion`).
    """
    words = [unit for unit in dict.fromkeys(["points", *units]) if '"' not in unit]
    labels = [_number(str(label), words) if isinstance(label, str) else label for label in table.index]
    known = all(isinstance(label, tuple | int | float) for label in labels) and len(table)
    columns: dict[str, list[Any]] = {str(table.index.name or ""): labels if known else table.index.tolist()}
    for at, column in enumerate(table.columns):
        for name, cells in _split(str(column), table.iloc[:, at].tolist(), words):
            columns[_free(name, columns)] = cells
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})


def kind_of(cells: Sequence[Any]) -> str | None:
    """What a column counts, by its number format without digits; None where it is not all numbers."""
    kinds = {re.sub(r"[0#.,]|E\+", "", cell[1]) for cell in cells if isinstance(cell, tuple)}
    numbers = all(isinstance(cell, tuple) or cell in ("", None) for cell in cells)
    return kinds.pop() if numbers and len(kinds) == 1 else None


def _split(name: str, cells: list[Any], units: Sequence[str]) -> list[tuple[str, list[Any]]]:
    """A column as it is, or as two or three where each of its texts holds as many numbers."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell not in ("", "-")]
    for pattern, ends in _SPLITS:
        if texts and all(pattern.fullmatch(text) for text in texts):
            found = [pattern.fullmatch(cell) if isinstance(cell, str) else None for cell in cells]
            return [
                (f"{name}{end}", [None if one is None else _number(one[n], units) for one in found])
                for n, end in enumerate(ends, start=1)
            ]
    return [(name, [_number(cell, units) if isinstance(cell, str) else cell for cell in cells])]


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that no other column has."""
    while name in taken:
        name += " "
    return name


def _number(text: str, units: Sequence[str]) -> Any:
    """A number and its format; the text itself where it is none."""
    if _NUMBER.fullmatch(text):
        return _value(text), _format(text)
    for unit in units:
        first, _, last = unit.partition(" ")
        for before, after in (("", f" {unit}"), (f"{first} ", f" {last}" if last else "")):
            inside = text.removeprefix(before).removesuffix(after)
            if len(inside) == len(text) - len(before) - len(after) and _NUMBER.fullmatch(inside):
                return _value(inside), _literal(before) + _format(inside) + _literal(after)
    return text


def _literal(words: str) -> str:
    return f'"{words}"' if words else ""


def _value(text: str) -> float:
    """23.2% is 0.232, without the noise of dividing in binary."""
    number = Decimal(text.replace(",", "").removesuffix("%"))
    return float(number / 100 if text.endswith("%") else number)


def _format(text: str) -> str:
    """The number format that shows a number as it was written."""
    if "e" in text:
        digits = text.partition("e")[0].partition(".")[2]
        return f"0.{'0' * len(digits)}E+00" if digits else "0E+00"
    digits = text.removesuffix("%").partition(".")[2]
    whole = "#,##0" if "," in text else "0"
    return whole + (f".{'0' * len(digits)}" if digits else "") + ("%" if text.endswith("%") else "")
