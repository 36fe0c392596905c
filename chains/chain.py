"""The Chain: what is. Immutable; a what-if returns a new one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pandas as pd

import data
from chains.numbers import ChainNumbers, fill, values_of
from chains.numbers.doubts import doubts
from chains.numbers.layout import Layout, layout_of, with_durations
from chains.presenting import Shown
from chains.recent import Recent
from chains.tables.changing import Row, with_row, with_values
from chains.tables.composing import compose, costly_together
from chains.tables.containers import Container, open_container
from chains.tables.definitions import check_definition
from chains.tables.descriptor import Meta
from chains.tables.money import Scale
from chains.tables.naming import container_of, shadowed
from chains.tables.package import Package, placed, read_package
from chains.tables.periods import latest_periods
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.schema import CHOICES, STATUSES, TABLES

__all__ = ["Chain", "load"]


@dataclass(frozen=True)
class Origin:
    """Where a part of a chain came from: a package's name, its folder, the files read there and their hash.

    `folder` is what the package is kept in: a folder, a zip archive or a workbook.
    """

    name: str
    folder: Path
    sha256: str
    files: tuple[str, ...]

    def contents(self) -> dict[str, bytes]:
        """The bytes of every file, as a folder would hold it. OSError where one cannot be read any more."""
        container = open_container(self.folder, self.name)
        return {file: container.content(file) for file in self.files}


@dataclass(frozen=True, eq=False, repr=False)
class Chain(Shown):
    """A supply chain: its tables, and what they are about.

    Money is in `unit`: so many units of `currency` as `scale` says, a year. `changes` lists, in words, the what-ifs
    that led here from the packages; `definition` says what counts as domestic.
    """

    home: str
    currency: str
    scale: Scale
    unit: str
    years: tuple[int, ...]
    origins: tuple[Origin, ...]
    warnings: tuple[Problem, ...]
    _tables: Mapping[str, pd.DataFrame] = field(repr=False)
    changes: tuple[str, ...] = ()
    definition: str = "location"
    _unfinished: tuple[Problem, ...] = ()
    _placed: Layout | None = field(default=None, repr=False)
    """Where the values of a chain with the same keys stand, if that was worked out already."""

    @property
    def name(self) -> str:
        """Names of the packages, joined by ` + `."""
        return " + ".join(origin.name for origin in self.origins)

    @property
    def money_unit(self) -> str:
        """Unit of money that is given once, such as a subsidy: `unit` without its `per year`."""
        return self.unit.removesuffix(" per year")

    @property
    def periods(self) -> dict[str, str]:
        """The period of the observed allocation of each package that has subsidies: its latest."""
        return latest_periods(self._tables["subsidies"])

    @property
    def period(self) -> str:
        """The period of the observed allocation in words; of several packages, each by its name."""
        alone = len(self.origins) == 1
        each = [period if alone else f"{package} {period}" for package, period in self.periods.items()]
        return ", ".join(each) or "none"

    def table(self, name: str) -> pd.DataFrame:
        """A copy of one table (`package` first, then the columns of its declaration)."""
        if name not in TABLES:
            raise InputError.single(name, "is not a table of a package", nearest(name, tuple(TABLES)))
        return self._tables[name].copy()

    @cached_property
    def numbers(self) -> ChainNumbers:
        """The numbers of the chain as arrays."""
        self.check_finished()
        return fill(self._layout, values_of(self._tables))

    @cached_property
    def _layout(self) -> Layout:
        """Where every value stands: most of what numbers cost, and the same after a change of values alone."""
        if self._placed is None:
            return layout_of(self._tables, self.home, self.definition)
        return with_durations(self._placed, self._tables["durations"])

    @property
    def segments(self) -> pd.DataFrame:
        """Segments with their package, chain, tier and name; index `segment`."""
        return self.table("segments").set_index("segment")

    @property
    def sha256(self) -> str:
        """Hash of the packages' content and of the changes made to it."""
        if len(self.origins) == 1 and not self.changes:
            return self.origins[0].sha256
        parts = [[origin.name, origin.sha256] for origin in self.origins]
        return sha256(json.dumps([parts, list(self.changes)]).encode()).hexdigest()

    def evidence(self) -> pd.DataFrame:
        """Every measured number with its evidence: columns table, key, value, low, high, status, source, note."""
        parts = []
        for table in TABLES.values():
            rows = self._tables[table.name]
            if table.evidence and len(rows):
                names = [column.name for column in table.columns if column.name in table.key]
                keys = zip(*(rows[name].tolist() for name in names), strict=True)
                kept = rows[["package", "value", "low", "high", "status", "source", "note"]].copy()
                kept.insert(1, "table", table.name)
                kept.insert(2, "key", [" · ".join(cell for cell in cells if cell) for cells in keys])
                parts.append(kept)
        return pd.concat(parts, ignore_index=True)

    def status_counts(self) -> pd.DataFrame:
        """Numbers reported, derived and assumed, counted; rows packages, columns statuses. Choices are none of them."""
        measured = [table.name for table in TABLES.values() if table.evidence and table.name not in CHOICES]
        each = [self._tables[name][["package", "status"]].value_counts() for name in measured]
        counts = pd.concat(each).groupby(level=["package", "status"]).sum().unstack(fill_value=0)
        return counts.reindex(columns=list(STATUSES), fill_value=0)

    def counting(self, definition: str) -> "Chain":
        """This chain with another definition of domestic: location, ownership or broad (`chains.tables.definitions`).

        Plants at home that are not domestic then share the disruptions of their owner's country. Hybrids have no
        country of their own, so `ownership` and `broad` give the same cuts.
        """
        check_definition(definition)
        if definition == self.definition:
            return self
        changes = (*self.changes, f"domestic by {definition}")
        return replace(self, definition=definition, changes=changes, _placed=None)

    def scaled(self, table: str, factor: float, /, **where: str | Sequence[str]) -> "Chain":
        """This chain with the values (and ranges) of the matching rows multiplied by `factor`.

        `where` names key columns and the value wanted, such as `location="JPN"`, or several. InputError if no row
        matches or if a value leaves its range.
        """
        return self._changed(table, lambda cells: cells * factor, f"multiply by {float(factor)!r}", where)

    def added(self, table: str, amount: float, /, **where: str | Sequence[str]) -> "Chain":
        """This chain with `amount` added to the values (and ranges) of the matching rows."""
        return self._changed(table, lambda cells: cells + amount, f"add {float(amount)!r}", where)

    def with_value(self, table: str, value: float, /, **where: str | Sequence[str]) -> "Chain":
        """This chain with the values (and ranges) of the matching rows set to `value`."""
        return self._changed(table, lambda cells: cells * 0.0 + value, f"set to {float(value)!r}", where)

    def with_row(
        self,
        table: str,
        value: float,
        /,
        *,
        low: float | None = None,
        high: float | None = None,
        status: str = "assumed",
        source: str = "",
        note: str = "",
        **keys: str,
    ) -> "Chain":
        """This chain with one more row in a table of measured numbers, checked as when a package is read.

        `keys` are its key columns, such as `segment="magnets", parameter="held"`; in a chain of several packages
        `package` says whose row it is where no segment does. A what-if needs no source and no range. What a row lacks
        that stands in a row of its own, such as the cost of a supplier, is added next: until then the chain has no
        numbers.
        """
        row = Row(value, low, high, status, source, note, keys)
        rows, said, warnings, unfinished = with_row(self._tables, self.home, self.name, table, row)
        return replace(
            self,
            _tables={**self._tables, table: rows},
            changes=(*self.changes, said),
            warnings=(*self.warnings, *warnings),
            _unfinished=unfinished,
            _placed=None,
        )

    def check_finished(self) -> None:
        """InputError if a row was added that needs another beside it."""
        if self._unfinished:
            raise InputError(self._unfinished)

    def _changed(
        self,
        table: str,
        change: Callable[[pd.DataFrame], pd.DataFrame],
        words: str,
        where: Mapping[str, str | Sequence[str]],
    ) -> "Chain":
        rows, said = with_values(self._tables, table, change, words, where)
        placed = self.__dict__.get("_layout", self._placed)
        return replace(self, _tables={**self._tables, table: rows}, changes=(*self.changes, said), _placed=placed)


def load(*packages: str | Path) -> Chain:
    """Read, check and compose packages: folders, zip archives, workbooks, or names of shipped packages.

    Returns the Chain; raises InputError with every problem of every package.
    """
    if not packages:
        raise InputError.single("packages", "none is named", f"name a folder or one of {', '.join(data.names())}")
    read: list[Package] = []
    kept: dict[str, Container] = {}
    problems: list[Problem] = []
    for package in packages:
        try:
            container = container_of(package)
            kept[container.name] = container
            found, more = read_package(container)
        except InputError as error:
            found, more = None, list(error.problems)
        problems += more
        if found is not None:
            read.append(found)
    if problems:
        raise InputError(problems)
    chain, said, doubted = _composed(read)
    told = [placed(kept[doubt.file.partition("/")[0]], doubt) for doubt in doubted]
    return replace(
        chain,
        origins=tuple(Origin(package.name, package.folder, package.sha256, package.files) for package in read),
        warnings=(
            *_shadowed(packages),
            *(warning for package in read for warning in package.warnings),
            *said,
            *told,
        ),
    )


_Composed = tuple[Chain, tuple[Problem, ...], tuple[Problem, ...]]
"""A chain that does not say where its packages lie; what is told of its tables; what its numbers give to doubt."""

_KEPT, _LARGEST = 16, 20_000
"""Chains that are kept (a cache), and rows that one of them may have at most."""
_kept: Recent[tuple[tuple[str, str], ...], _Composed] = Recent(_KEPT)


def _composed(read: Sequence[Package]) -> _Composed:
    """The packages as one chain. The last few are kept: names and contents of its packages are all that it says."""
    key = tuple((package.name, package.sha256) for package in read)
    known = _kept.get(key)
    if known is None:
        known = _compose(read)
        if sum(map(len, known[0]._tables.values())) <= _LARGEST:
            _kept.keep(key, known)
    return known


def _compose(read: Sequence[Package]) -> _Composed:
    tables, problems, converted = compose(read)
    if problems:
        raise InputError(problems)
    metas: list[Meta] = [package.meta for package in read if package.meta is not None]
    chain = Chain(
        home=metas[0].home,
        currency=metas[0].currency,
        scale=metas[0].scale,
        unit=metas[0].unit,
        years=tuple(sorted({meta.year for meta in metas})),
        origins=(),
        warnings=(),
        _tables=tables,
    )
    doubted = doubts(tables, chain.numbers, chain.home)
    return replace(chain, _placed=chain._layout), (*converted, *costly_together(tables)), tuple(doubted)


def _shadowed(packages: Sequence[str | Path]) -> list[Problem]:
    """Warnings for shipped names that a folder here has too."""
    found = (shadowed(package, Path()) for package in packages if isinstance(package, str))
    return [warning for warning in found if warning is not None]
