"""Where two JSON documents differ, value by value."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

__all__ = ["ABSENT", "Apart", "differences", "numbers_in"]

ABSENT = object()
"""What stands where one of the two has nothing."""

_SHOWN = 100
"""Characters of a value that are told."""


@dataclass(frozen=True)
class Apart:
    """A place where two documents differ, and what stands there in each."""

    where: str
    stored: Any
    again: Any

    @property
    def gap(self) -> float:
        """The difference of two numbers, relative to the larger where that is above 1; infinite for all else."""
        if _is_number(self.stored) and _is_number(self.again):
            return float(abs(self.stored - self.again) / max(1.0, abs(self.stored), abs(self.again)))
        return float("inf")

    @property
    def words(self) -> str:
        """What is stored, beside what it should be."""
        if self.stored is ABSENT:
            return f"is not stored, but solving again gives {_shown(self.again)}"
        if self.again is ABSENT:
            return f"is {_shown(self.stored)}, but solving again gives nothing of that name"
        return f"is {_shown(self.stored)}, but solving again gives {_shown(self.again)}"


def differences(stored: Any, again: Any, where: str = "") -> Iterator[Apart]:
    """Every value that is not the same to the bit; a key or an entry that one of them lacks is `ABSENT` there."""
    if isinstance(stored, dict) and isinstance(again, dict):
        for key in {**again, **stored}:
            place = f"{where}.{key}".removeprefix(".")
            yield from differences(stored.get(key, ABSENT), again.get(key, ABSENT), place)
    elif isinstance(stored, list) and isinstance(again, list):
        for n in range(max(len(stored), len(again))):
            one, other = (entries[n] if n < len(entries) else ABSENT for entries in (stored, again))
            yield from differences(one, other, f"{where}.{n}")
    elif stored != again or isinstance(stored, bool) != isinstance(again, bool):
        yield Apart(where, stored, again)


def numbers_in(document: Any) -> int:
    """How many numbers a document holds."""
    if isinstance(document, dict | list):
        return sum(numbers_in(inner) for inner in (document.values() if isinstance(document, dict) else document))
    return int(_is_number(document))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    return shorten(repr(value), _SHOWN, placeholder=" ...")
