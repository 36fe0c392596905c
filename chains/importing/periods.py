"""Months and whole years of a set that has both: which year is read, of which months, and what is to be said of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chains.tables.problems import InputError

__all__ = ["WHOLE", "Chosen", "choose", "period_of"]

WHOLE = 0
"""The month of a figure of a whole year."""

_PERIOD = re.compile(r"(?P<year>[12]\d{3})\D?(?P<month>0[1-9]|1[0-2]|52)?\D?", re.ASCII)


@dataclass(frozen=True)
class Chosen:
    """A year, whether its figure of the whole year is read or its months, and what is to be said."""

    year: int
    whole: bool
    said: tuple[str, ...]


def period_of(written: str) -> tuple[int, int] | None:
    """Year and month of `202301`, `2023-01` or `2023年01月`; WHOLE for `2023`, and for `202352` as Comext has it."""
    found = _PERIOD.fullmatch(written)
    if found is None:
        return None
    month = int(found["month"] or WHOLE)
    return int(found["year"]), WHOLE if month > 12 else month


def choose(months: Mapping[int, Iterable[int]], year: int | None, source: str) -> Chosen:
    """The year asked for, else the latest that is complete, else the latest; `months` are those there are by year.

    A figure of the whole year comes before months, which would repeat it. InputError where there are none of the year.
    """
    there = {own: sorted(set(found)) for own, found in months.items()}
    if not there or year not in (None, *there):
        wrong = f"has no rows of the goods in {year}" if there else "has no rows of the goods"
        right = f"years there: {listed_years(there)}" if there else "check the goods (option --products)"
        raise InputError.single(source, wrong, right)
    complete = [own for own, found in there.items() if WHOLE in found or len(found) == 12]
    chosen = year if year is not None else max(complete or there)
    found = there[chosen]
    said = []
    if WHOLE in found:
        if len(found) > 1:
            said.append(f"{chosen}: the figure of the whole year is read, and its months are not counted again")
    elif len(found) < 12:
        named = ", ".join(f"{month:02d}" for month in found)
        said.append(f"{chosen}: {len(found)} months alone ({named}), added up: amounts are not those of a year")
    else:
        said.append(f"{chosen}: twelve months added up")
    later = [own for own in there if own > chosen]
    if year is None and later:
        said.append(f"{listed_years(later)} is left out, for it is not complete (option --year picks a year)")
    return Chosen(chosen, WHOLE in found, tuple(said))


def listed_years(years: Iterable[int]) -> str:
    """Years in order."""
    return ", ".join(map(str, sorted(years)))
