"""Inter-country input-output tables, whatever set they come from: who delivers what to whom, in one year.

A reader hands over blocks of rows and says what each row and column is; here they are added up, parts of a country
(China and Mexico in extended tables) into it, categories of final demand into the final demand of their country.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chains.importing.observations import Source
from chains.importing.wide import Block
from chains.numbers import Array
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["FINAL", "TOTAL", "Gathering", "InterCountry", "Key"]

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

    `use[n, m]`: what m takes of n; `final[n, c]`: what final users in c take; `output[n]`: the sum of both, in million of
    `currency` a year. `names` says what industries are, for people, as far as the set does.
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

    @property
    def output(self) -> Array:
        """x[n], gross output: everything that is taken of n, changes of stocks included."""
        return np.asarray(self.use.sum(axis=1) + self.final.sum(axis=1))

    def rows(self, country: str) -> slice:
        """Where the industries of a country stand."""
        size = len(self.industries)
        at = self.countries.index(country)
        return slice(at * size, (at + 1) * size)


@dataclass
class Gathering:
    """What is gathered of a file: `columns` says what each column of numbers is (None: nothing that counts)."""

    file: str
    columns: Sequence[Key | None]
    labels: Sequence[str]
    countries: tuple[str, ...] = field(init=False)
    industries: tuple[str, ...] = field(init=False)
    use: Array = field(init=False)
    final: Array = field(init=False)
    total: Array = field(init=False)
    blank: int = 0

    def __post_init__(self) -> None:
        """InputError where a country lacks an industry, or there is no table at all."""
        keys = [key for key in self.columns if key not in (None, TOTAL)]
        here = [key for key in keys if key and key[1] != FINAL]
        self.countries = tuple(dict.fromkeys(country for country, _ in here))
        self.industries = tuple(dict.fromkeys(industry for _, industry in here))
        everything = [(country, industry) for country in self.countries for industry in self.industries]
        self._at = {key: at for at, key in enumerate(everything)}
        there = set(here)
        problems = [
            Problem(self.file, 0, f"{country} {industry}", "the column is missing", "take the whole table")
            for country, industry in everything
            if (country, industry) not in there
        ]
        finals = {key[0] for key in keys if key and key[1] == FINAL}
        problems += [
            Problem(self.file, 0, country, "has no columns of final demand", "take the whole table")
            for country in self.countries
            if country not in finals
        ]
        if not here:
            problems = [Problem(self.file, 0, "", "has no column of an industry", "check which set the file is of")]
        if problems:
            raise InputError(problems[:_MOST])
        size = len(self._at)
        self.use, self.final = np.zeros((size, size)), np.zeros((size, len(self.countries)))
        self.total = np.full(size, np.nan)
        self._seen: dict[str, int] = {}
        self._rows: dict[Key, int] = {}
        self._plan()

    def _plan(self) -> None:
        """The order in which columns stand side by side that are added up, and where each such group begins."""
        size, places = len(self._at), {country: at for at, country in enumerate(self.countries)}
        target = np.full(len(self.columns), -1)
        for at, key in enumerate(self.columns):
            if key is not None and key != TOTAL:
                target[at] = size + places[key[0]] if key[1] == FINAL else self._at[key]
        self._order = np.argsort(target, kind="stable")[int((target < 0).sum()) :]
        self._targets, self._starts = np.unique(target[self._order], return_index=True)
        totals = [at for at, key in enumerate(self.columns) if key == TOTAL]
        self._total = totals[0] if totals else None

    def add(self, block: Block, keys: Iterable[tuple[str, Key | None]]) -> None:
        """Rows of the file: `keys` has the label of each, as it stands there, and what it is (None: nothing here).

        InputError where a row is none of the table's, or stands there twice.
        """
        added = np.add.reduceat(block.values[:, self._order], self._starts, axis=1)
        size, problems = len(self._at), []
        industries = int((self._targets < size).sum())
        self.blank += block.blank
        for at, (label, key) in enumerate(keys):
            if key is None:
                continue
            row = block.first + at
            if key not in self._at:
                wrong, right = f"no column is '{label}'", nearest(label, self.labels)
                problems.append(Problem(self.file, row, "", wrong, right))
                continue
            if label in self._seen:
                wrong = f"'{label}' stands in row {self._seen[label]} already"
                problems.append(Problem(self.file, row, "", wrong, "keep one of them"))
            self._seen[label] = row
            self._rows.setdefault(key, row)
            place = self._at[key]
            self.use[place] += added[at, :industries]
            self.final[place, self._targets[industries:] - size] += added[at, industries:]
            if self._total is not None:
                self.total[place] = np.nan_to_num(self.total[place]) + block.values[at, self._total]
        if problems:
            raise InputError(problems)

    def check(self) -> tuple[str, ...]:
        """What is to be said of blanks. InputError where rows are missing, or do not sum to the total beside them."""
        problems = [
            Problem(self.file, 0, "", f"the row {' '.join(key)} is missing", "take the whole table")
            for key in self._at
            if key not in self._rows
        ]
        problems = problems or [*self._off()]
        if len(problems) > _MOST:
            more = f"and {len(problems) - _MOST} more rows like these"
            problems = [*problems[:_MOST], Problem(self.file, 0, "", more, "take the file as downloaded")]
        if problems:
            raise InputError(problems)
        return (f"{self.file}: {self.blank} empty cells count as 0",) if self.blank else ()

    def _off(self) -> Iterator[Problem]:
        """Rows whose cells do not sum to the total that stands beside them."""
        sums = self.use.sum(axis=1) + self.final.sum(axis=1)
        gap = np.abs(sums - np.where(np.isfinite(self.total), self.total, sums))
        keys = list(self._at)
        for at in np.flatnonzero(gap > np.maximum(_OFF * np.abs(sums), 1.0)):
            wrong = f"the cells of {' '.join(keys[at])} sum to {sums[at]:.6g}, the total says {self.total[at]:.6g}"
            right = "a cell was changed, or columns are missing: take the file as downloaded"
            yield Problem(self.file, self._rows[keys[at]], "", wrong, right)
