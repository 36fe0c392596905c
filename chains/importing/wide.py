"""Wide tables of numbers, streamed: some columns of labels, then thousands of numbers a row, block by block.

A block is parsed as numbers at once. Only where that fails is the file read again as text, to name every cell that is
none: so what is right is fast, and what is wrong is told by file, row and column.
"""

import csv
import hashlib
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chains.importing.large_files import Large, Progress, readable
from chains.numbers import Array
from chains.tables.problems import InputError, Problem

__all__ = ["Block", "Wide", "blocks", "blocks_of_cells", "digest", "first_rows", "label_of"]

_BLOCK = 8 << 20
"""Bytes of a block."""

_CHUNK = 1 << 20

_ROWS = 64
"""Rows of a block of a sheet."""

_MOST = 20
"""Cells that are no numbers, named one by one."""

_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"

_RIGHT = "write a number with a decimal point; a spreadsheet may have changed the cells, so take the file as downloaded"


@dataclass(frozen=True)
class Wide:
    """How a text is laid out.

    Its separator, how many rows of header it has, how many columns of labels, and the names of the columns of numbers
    (for errors).
    """

    name: str
    separator: str
    header: int
    labels: int
    columns: Sequence[str]


@dataclass(frozen=True)
class Block:
    """Rows of a table: the number of the first, as a spreadsheet counts, their labels, and their numbers [row, column].

    `blank` counts the cells that are empty, which are 0 here.
    """

    first: int
    labels: list[list[str]]
    values: Array
    blank: int


def first_rows(large: Large, rows: int, separator: str) -> list[list[str]]:
    """The first rows of a text, without blanks around their cells."""
    with readable(large.name), large.open() as file:
        text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
        reader = csv.reader(itertools.islice(text, rows), delimiter=separator)
        found = [[cell.strip() for cell in row] for row in reader]
        text.detach()
    return found


def blocks(large: Large, wide: Wide, progress: Progress | None = None) -> Iterator[Block]:
    """The rows after the header, block by block.

    InputError with every row that is torn and every cell that is no number (the first of many by name).
    """
    from pyarrow import ArrowInvalid

    first = wide.header + 1
    torn: list[Problem] = []
    with readable(large.name):
        try:
            with large.open() as file:
                for batch in _reader(file, wide, torn, numbers=True):
                    if torn:
                        continue
                    yield _block(batch, wide, first)
                    first += batch.num_rows
                    if progress is not None:
                        progress(large.read(file), large.size())
        except (ArrowInvalid, _NotFiniteError):
            problems = torn or _cells(large, wide)
            if not problems:
                raise
            raise InputError(problems) from None
    if torn:
        raise InputError(torn)


def digest(large: Large) -> str:
    """How the SHA-256 of a file begins: which edition it is, where its name does not say so."""
    found = hashlib.sha256()
    with readable(large.name), large.open() as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()[:12]


class _NotFiniteError(Exception):
    """A cell says `nan` or `inf`."""


def _reader(file: Any, wide: Wide, torn: list[Problem], *, numbers: bool) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow

    def note(row: Any) -> str:
        wrong = f"has {row.actual_columns} cells, not {row.expected_columns} as the header has"
        torn.append(Problem(wide.name, row.number or 0, "", wrong, "download the file anew"))
        return "skip"

    names = [str(at) for at in range(wide.labels + len(wide.columns))]
    kind = pa.float64() if numbers else pa.string()
    types = {name: pa.string() if at < wide.labels else kind for at, name in enumerate(names)}
    return arrow.open_csv(
        file,
        arrow.ReadOptions(use_threads=False, block_size=_BLOCK, skip_rows=wide.header, column_names=names),
        arrow.ParseOptions(delimiter=wide.separator, invalid_row_handler=note),
        arrow.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=False, check_utf8=False),
    )


def _block(batch: Any, wide: Wide, first: int) -> Block:
    labels = [[cell.strip() for cell in batch.column(at).to_pylist()] for at in range(wide.labels)]
    values = np.empty((batch.num_rows, len(wide.columns)))
    blank = 0
    for at in range(len(wide.columns)):
        column = batch.column(wide.labels + at)
        values[:, at] = column.to_numpy(zero_copy_only=False)
        blank += column.null_count
    missing = ~np.isfinite(values)
    if int(missing.sum()) != blank:
        raise _NotFiniteError
    if blank:
        values[missing] = 0.0
    return Block(first, [list(row) for row in zip(*labels, strict=True)], values, blank)


def _cells(large: Large, wide: Wide) -> list[Problem]:
    """The cells that are no numbers."""
    import pyarrow.compute as pc

    problems: list[Problem] = []
    more, first = 0, wide.header + 1
    with readable(large.name), large.open() as file:
        for batch in _reader(file, wide, [], numbers=False):
            for at, label in enumerate(wide.columns):
                column = batch.column(wide.labels + at)
                wrong = pc.and_(pc.invert(pc.match_substring_regex(column, _NUMBER)), pc.not_equal(column, ""))
                for row in pc.indices_nonzero(wrong).to_pylist():
                    more += len(problems) >= _MOST
                    if len(problems) < _MOST:
                        problems.append(_no_number(wide.name, first + row, label, column[row].as_py()))
            first += batch.num_rows
    return sorted(problems, key=lambda problem: problem.row) + _more(wide.name, more)


def _no_number(name: str, row: int, column: str, cell: object) -> Problem:
    return Problem(name, row, column, f"'{cell}' is not a number", _RIGHT)


def label_of(cell: object) -> str:
    """A label as text: a sheet holds the code 24 as a number."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _is_number(cell: Any) -> bool:
    try:
        return bool(np.isfinite(float(cell or 0.0)))
    except (TypeError, ValueError):
        return False


def _more(name: str, count: int) -> list[Problem]:
    return [Problem(name, 0, "", f"{count} more cells are no numbers", _RIGHT)] if count else []


def blocks_of_cells(rows: Iterable[Sequence[Any]], wide: Wide, tick: Callable[[int], None]) -> Iterator[Block]:
    """The same of the rows of a sheet after its header; `tick` is told how many rows were read.

    InputError with every cell that is no number (the first of many by name).
    """
    problems: list[Problem] = []
    more, width, number = 0, len(wide.columns), wide.header
    iterator = iter(rows)
    while chunk := list(itertools.islice(iterator, _ROWS)):
        values, blank = np.zeros((len(chunk), width)), 0
        for at, row in enumerate(chunk):
            cells = [*row[wide.labels : wide.labels + width], *[""] * (width + wide.labels - len(row))]
            blank += sum(cell in ("", None) for cell in cells)
            try:
                values[at] = [cell or 0.0 for cell in cells]
            except (TypeError, ValueError):
                for label, cell in zip(wide.columns, cells, strict=True):
                    if not _is_number(cell):
                        more += len(problems) >= _MOST
                        if len(problems) < _MOST:
                            problems.append(_no_number(wide.name, number + at + 1, label, cell))
        labels = [[label_of(cell) for cell in row[: wide.labels]] for row in chunk]
        if not problems:
            yield Block(number + 1, labels, values, blank)
        number += len(chunk)
        tick(number)
    if problems:
        raise InputError(problems + _more(wide.name, more))
