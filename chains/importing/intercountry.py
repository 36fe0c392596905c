"""Inter-country input-output tables, whatever set they come from: who delivers what to whom, in one year.

A reader hands over blocks of rows and says what each row and column is; here they are added up, parts of a country
(China and Mexico in extended tables) into it, categories of final demand into the final demand of their country.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chains.importing.large_files import Large
from chains.importing.observations import Source
from chains.importing.wide import Block
from chains.numbers import Array
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["FINAL", "TOTAL", "Gathering", "InterCountry", "Key", "Part", "file_of_year", "raise_some"]

Key = tuple[str, str]
"""A country (ISO 3166 alpha-3, or ROW) and an industry of it."""

FINAL = "final demand"
"""Stands for the industry where a column is final demand of a country."""

TOTAL = ("", "total")
"""The column of totals."""

_MOST = 20
"""Problems of rows named one by one."""

_OFF = 0.01
"""How far the sum of a row may be off the total that stands beside it, by that total; a million besides."""


@dataclass(frozen=True)
class InterCountry:
    """A table. Row or column n = c S + i is industry i of country c, of C countries and S industries.

    `use[n, m]`: what m takes of n; `final[n, c]`: what final users in c take; `output[n]`: the sum of both, in million
    of `currency` a year. `names` says what industries are, for people, as far as the set does.
    """

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    names: Mapping[str, str]
    use: Array
    final: Array
    currency: str
    year: int
    source: Source
    said: tuple[str, ...]

    @cached_property
    def output(self) -> Array:
        """x[n], gross output: everything that is taken of n, changes of stocks included."""
        return np.asarray(self.use.sum(axis=1) + self.final.sum(axis=1))

    def rows(self, country: str) -> slice:
        """Where the industries of a country stand."""
        size = len(self.industries)
        at = self.countries.index(country)
        return slice(at * size, (at + 1) * size)


@dataclass(frozen=True)
class Part:
    """What a file has of the table: what each column of numbers is (None: nothing that counts), and its label."""

    file: str
    columns: Sequence[Key | None]
    labels: Sequence[str]


class Gathering:
    """A table while its rows are gathered from blocks of one file or several, each with columns of its own."""

    def __init__(self, *parts: Part) -> None:
        """InputError where a country lacks an industry, or final demand, or where there is no table at all."""
        keys = [key for part in parts for key in part.columns if key not in (None, TOTAL)]
        here = [key for key in keys if key and key[1] != FINAL]
        self.countries = tuple(dict.fromkeys(country for country, _ in here))
        self.industries = tuple(dict.fromkeys(industry for _, industry in here))
        everything = [(country, industry) for country in self.countries for industry in self.industries]
        self._at = {key: at for at, key in enumerate(everything)}
        file, there = parts[0].file, set(keys)
        wanted = [*everything, *((country, FINAL) for country in self.countries)]
        problems = [
            Problem(file, 0, " ".join(key), "the column is missing", "take the whole table")
            for key in wanted
            if key not in there
        ]
        if not here:
            problems = [Problem(file, 0, "", "has no column of an industry", "check which set the file is of")]
        raise_some(problems)
        size = len(everything)
        self.use, self.final = np.zeros((size, size)), np.zeros((size, len(self.countries)))
        self._total = np.full(size, np.nan)
        self._plans = {part.file: self._plan(part) for part in parts}
        self._rows: dict[str, dict[Key, int]] = {part.file: {} for part in parts}
        self._seen: dict[tuple[str, str], int] = {}
        self._blank: dict[str, int] = defaultdict(int)

    def place(self, key: Key) -> int:
        """Where an industry of a country stands."""
        return self._at[key]

    def _plan(self, part: Part) -> "_Plan":
        size, places = len(self._at), {country: at for at, country in enumerate(self.countries)}
        target = np.full(len(part.columns), -1)
        for at, key in enumerate(part.columns):
            if key is not None and key != TOTAL:
                target[at] = size + places[key[0]] if key[1] == FINAL else self._at[key]
        order = np.argsort(target, kind="stable")[int((target < 0).sum()) :]
        targets, starts = np.unique(target[order], return_index=True)
        total = next((at for at, key in enumerate(part.columns) if key == TOTAL), None)
        return _Plan(part, order, starts, targets[targets < size], targets[targets >= size] - size, total)

    def add(self, file: str, block: Block, keys: Iterable[tuple[str, Key | None]]) -> None:
        """Rows of a file: `keys` has the label of each, as it stands there, and what it is (None: nothing that counts).

        InputError where a row is none of the table's, or stands there twice.
        """
        plan, problems = self._plans[file], []
        added = np.add.reduceat(block.values[:, plan.order], plan.starts, axis=1)
        self._blank[file] += block.blank
        for at, (label, key) in enumerate(keys):
            if key is None:
                continue
            row = block.first + at
            if key not in self._at:
                right = nearest(label, plan.part.labels)
                problems.append(Problem(file, row, "", f"no column is '{label}'", right))
                continue
            if (file, label) in self._seen:
                wrong = f"'{label}' stands in row {self._seen[file, label]} already"
                problems.append(Problem(file, row, "", wrong, "keep one of them"))
            self._seen[file, label] = row
            self._rows[file].setdefault(key, row)
            place, industries = self._at[key], len(plan.industries)
            self.use[place, plan.industries] += added[at, :industries]
            self.final[place, plan.finals] += added[at, industries:]
            if plan.total is not None:
                self._total[place] = np.nan_to_num(self._total[place]) + block.values[at, plan.total]
        if problems:
            raise InputError(problems)

    def check(self) -> tuple[str, ...]:
        """What is to be said of blanks. InputError where rows are missing, or do not sum to the total beside them."""
        raise_some(
            [
                Problem(file, 0, "", f"the row {' '.join(key)} is missing", "take the whole table")
                for file, rows in self._rows.items()
                for key in self._at
                if key not in rows
            ]
        )
        raise_some([*self._off()])
        return tuple(f"{file}: {blank} empty cells count as 0" for file, blank in self._blank.items() if blank)

    def _off(self) -> Iterator[Problem]:
        """Rows whose cells do not sum to the total that stands beside them."""
        sums = self.use.sum(axis=1) + self.final.sum(axis=1)
        gap = np.abs(sums - np.where(np.isfinite(self._total), self._total, sums))
        keys, file = list(self._at), next((name for name, plan in self._plans.items() if plan.total is not None), "")
        for at in np.flatnonzero(gap > np.maximum(_OFF * np.abs(sums), 1.0)):
            wrong = f"the cells of {' '.join(keys[at])} sum to {sums[at]:.6g}, the total says {self._total[at]:.6g}"
            right = "a cell was changed, or columns are missing: take the file as downloaded"
            yield Problem(file, self._rows[file][keys[at]], "", wrong, right)


@dataclass(frozen=True)
class _Plan:
    """How the columns of a part are added up: their order side by side, where each sum begins, and where it goes."""

    part: Part
    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    industries: npt.NDArray[np.intp]
    finals: npt.NDArray[np.intp]
    total: int | None


def file_of_year(
    named: Mapping[Large, int], files: Sequence[Large], source: Path, year: int | None
) -> tuple[Large, int]:
    """The file of a year, or of the latest, and its year: `named` has the years that names of `files` say.

    One file whose name says none is of the year that is asked for. InputError where there is none of the year, or two.
    """
    if not source.exists():
        raise InputError.single(str(source), "is neither a file nor a folder", "name the file or folder as downloaded")
    if not named and len(files) == 1:
        if year is None:
            wrong = f"the name '{files[0].name}' says no year"
            raise InputError.single("option --year", wrong, "write the year of the table, as --year 2020")
        return files[0], year
    years = {own for own in named.values() if year in (None, own)}
    if not years:
        there = ", ".join(sorted({str(own) for own in named.values()})) or "none that a name says"
        wrong = f"has no table of {year}" if year else "has no table of one year"
        raise InputError.single(str(source), wrong, f"years there: {there}")
    same = [file for file, own in named.items() if own == max(years)]
    if len(same) > 1:
        said = " and ".join(file.name for file in same[:2])
        raise InputError.single(str(source), f"holds {said}, both of {max(years)}", "name one of the files")
    return same[0], max(years)


def raise_some(problems: Sequence[Problem]) -> None:
    """InputError with the problems, of many alike the first; nothing where there are none."""
    if len(problems) > _MOST:
        more = f"and {len(problems) - _MOST} more like these"
        raise InputError([*problems[:_MOST], Problem(problems[0].file, 0, "", more, "take the file as downloaded")])
    if problems:
        raise InputError(problems)
