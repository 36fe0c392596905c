"""What-ifs on the tables of a chain: other values in some rows, and one more row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chains.tables.checking import check_cells
from chains.tables.consistency import CALM, PROBABILITY_TOLERANCE, check_package, lacking
from chains.tables.declaring import Column, Table
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.ranges import ranges
from chains.tables.reading import RawTable
from chains.tables.schema import TABLES

__all__ = ["Row", "with_row", "with_values"]

_NUMBERS = ["value", "low", "high"]
_Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Row:
    """A row to add: its value and evidence, and its key columns by name."""

    value: float
    low: float | None
    high: float | None
    status: str
    source: str
    note: str
    keys: Mapping[str, str]

    @property
    def words(self) -> str:
        """The row for people; two rows that differ read differently."""
        ends = "" if self.low is self.high is None else f" ({_text(self.low) or '?'} to {_text(self.high) or '?'})"
        evidence = [] if self.status == "assumed" else [self.status]
        evidence += [f"{name} {said}" for name, said in (("source", self.source), ("note", self.note)) if said]
        return ", ".join([_text(self.value) + ends, *evidence])

    @property
    def cells(self) -> dict[str, str]:
        """The cells as a file has them."""
        numbers = {name: _text(getattr(self, name)) for name in _NUMBERS}
        return {**self.keys, **numbers, "status": self.status, "source": self.source, "note": self.note}


def with_values(
    tables: _Tables,
    table: str,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    words: str,
    where: Mapping[str, str | Sequence[str]],
) -> tuple[pd.DataFrame, str]:
    """A table with the numbers of the rows `where` says changed, and the change in words."""
    declared = _measured(table)
    rows = tables[table].copy()
    matching = np.ones(len(rows), dtype=bool)
    several = {column: [wanted] if isinstance(wanted, str) else list(wanted) for column, wanted in where.items()}
    _check_keys(declared, several)
    for column, wanted in several.items():
        matching &= rows[column].isin(wanted).to_numpy()
    condition = ", ".join(f"{column}={' or '.join(wanted)}" for column, wanted in several.items())
    if not matching.any():
        known = {column: sorted(set(rows[column]) - {""})[:12] for column in where}
        raise InputError.single(table, f"no row has {condition}", f"known: {known}")
    rows.loc[matching, _NUMBERS] = change(rows.loc[matching, _NUMBERS])
    rows[["low", "high"]] = _kept(declared, rows)
    said = f"{table}{f' where {condition}' if condition else ''}: {words}"
    _check_values(declared, rows, said)
    return rows, said


def with_row(
    tables: _Tables, home: str, name: str, table: str, row: Row
) -> tuple[pd.DataFrame, str, list[Problem], tuple[Problem, ...]]:
    """A table with one more row; the change in words; warnings; and what the row still needs beside it.

    InputError with every problem, as when a package is read. `name` is the chain's.
    """
    declared = _measured(table)
    _check_keys(declared, row.keys)
    keys = ", ".join(f"{column}={cell}" for column, cell in row.keys.items() if cell)
    said = f"{table}: add a row {keys}: {row.words}"
    own, problems = _checked(declared, row, said)
    if problems:
        raise InputError(problems)
    own["package"] = _package(declared, tables["segments"], row.keys, said)
    before = tables[table]
    _check_new(declared, before, own, row, said)
    after = pd.concat([before, own[list(before.columns)]], ignore_index=True)
    problems, warnings, unfinished = _new_problems(tables, {**tables, table: after}, home, name)
    free = {"source"} if not row.source else set()
    free |= {"low", "high"} if row.low is row.high is None else set()
    wrong = [
        p for p in problems if not (p.row == len(before) and p.file == f"{name}/{declared.file}" and p.column in free)
    ]
    if wrong:
        raise InputError(replace(problem, file=said, row=0) for problem in wrong)
    told = [replace(warning, file=said, row=0) for warning in warnings if warning.column != "note"]
    return after, said, told, tuple(replace(problem, file=table, row=0) for problem in unfinished)


def _text(number: float | None) -> str:
    return "" if number is None else repr(float(number))


def _measured(table: str) -> Table:
    if table not in TABLES:
        raise InputError.single(table, "is not a table of a package", nearest(table, tuple(TABLES)))
    if not TABLES[table].evidence:
        raise InputError.single(table, "has no values to change", "choose a table of measured numbers")
    if applied := TABLES[table].applied:
        raise InputError.single(table, "was applied when the package was read", f"change {applied}")
    return TABLES[table]


def _value(table: Table) -> Column:
    return next(column for column in table.columns if column.name == "value")


def _check_keys(table: Table, named: Mapping[str, object]) -> None:
    keys = ("package", *table.key)
    unknown = [column for column in named if column not in keys]
    if unknown:
        raise InputError(
            Problem(table.name, 0, "", f"'{column}' is not a key column", nearest(column, keys)) for column in unknown
        )


def _kept(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Low and high after a change: in order, and within the range of the declaration."""
    ends = np.sort(rows[["low", "high"]].to_numpy(), axis=1)  # a missing end (NaN) sorts last
    missing = rows[["low", "high"]].isna().any(axis=1).to_numpy()
    ends = np.where(missing[:, None], rows[["low", "high"]].to_numpy(), ends)
    for own, right in ranges(table, _value(table), rows):
        ends[own] = right.kept(ends[own])
    return pd.DataFrame(ends, index=rows.index, columns=["low", "high"])


def _check_values(table: Table, rows: pd.DataFrame, change: str) -> None:
    """A what-if keeps every value in the range of its declaration."""
    problems = []
    values = rows["value"].to_numpy()
    for own, right in ranges(table, _value(table), rows):
        for value in values[own & ~right.holds(values)]:
            problems.append(Problem(change, 0, "value", f"gives {value:g}", f"{right.meaning} is {right.words}"))
    for value in values[~np.isfinite(values)]:
        problems.append(Problem(change, 0, "value", f"gives {value:g}", "use a finite number"))
    if table.name == "probabilities" and values.sum() > 1 + PROBABILITY_TOLERANCE:
        wrong = f"the probabilities then sum to {values.sum():.10g}"
        problems.append(Problem(change, 0, "value", wrong, f"with {CALM} they share 1: at most 1 in all"))
    if problems:
        raise InputError(problems)


def _checked(table: Table, row: Row, said: str) -> tuple[pd.DataFrame, list[Problem]]:
    """The row as a table, and what is wrong with its cells; a what-if may leave its source out."""
    cells = pd.DataFrame([{column: row.cells.get(column, "") for column in table.column_names}], dtype=object)
    own, problems = check_cells(RawTable(table, said, cells))
    return own, [replace(p, row=0) for p in problems if row.source or p.column != "source"]


def _package(table: Table, segments: pd.DataFrame, keys: Mapping[str, str], said: str) -> str:
    """The package that a row is of: the one that is named, or that of its segments, or the only one."""
    packages = tuple(dict.fromkeys(segments["package"]))
    named = keys.get("package", "")
    if named and named not in packages:
        raise InputError.single(said, f"package '{named}' is not in the chain", nearest(named, packages))
    wanted = [keys.get(column, "") for column in table.segment_columns]
    of = dict(zip(segments["segment"], segments["package"], strict=True))
    theirs = [of[segment] for segment in wanted if segment in of]
    if named and theirs and named not in theirs:
        raise InputError.single(said, f"no segment of it is of package '{named}'", f"it is of {' and '.join(theirs)}")
    if not named and not theirs and len(packages) > 1 and table.segment_columns and not any(wanted):
        right = f"a blank key means any segment of one package: say package={' or '.join(packages)}"
        raise InputError.single(said, "whose row it is is not said", right)
    return named or (theirs or packages)[0]


def _check_new(table: Table, before: pd.DataFrame, own: pd.DataFrame, row: Row, said: str) -> None:
    """A row whose key stands already is changed, not added."""
    key = [*(["package"] if table.segment_columns else []), *table.key]
    if (before[key] == own[key].iloc[0]).all(axis=1).any():
        where = "".join(f", {column}={cell!r}" for column, cell in row.keys.items() if cell)
        right = f"change its value: with_value({table.name!r}, {row.value:g}{where})"
        raise InputError.single(said, "a row with this key is there already", right)


def _new_problems(
    before: _Tables, after: _Tables, home: str, name: str
) -> tuple[list[Problem], list[Problem], list[Problem]]:
    """Errors and warnings that hold after a change and did not before; and the rows that are lacking after it."""
    then, now = (check_package(name, dict(tables), link=False, home=home) for tables in (before, after))
    missing = list(lacking(name, dict(after)))
    errors, warnings = ([p for p in new if p not in old] for old, new in zip(then, now, strict=True))
    return [error for error in errors if error not in missing], warnings, missing
