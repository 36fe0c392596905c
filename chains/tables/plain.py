"""Large tables that are plainly written are read by Apache Arrow; all others as `reading.py` does.

Arrow says of a broken table less than we do, and takes some things otherwise than Python's `csv`. So it is asked only
where both must read the same: quotation marks around whole cells, no blanks at ends of cells, a line a row. Rows of
which something may be wrong are then read again by the careful reader, which says what it is; and so is the whole table
where Arrow finds none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.tables.checking import LARGEST, check_cells, fault_of
from chains.tables.declaring import Column, Kind, Table
from chains.tables.dialect import COMMA, LONGEST
from chains.tables.problems import Problem
from chains.tables.ranges import ranges
from chains.tables.reading import read_csv, rows_from

__all__ = ["plain_table"]

_AT_ONCE = 1 << 18
"""Bytes that are looked at together: they and what is found of them stay in the processor's cache."""
_DOUBTS = 1 << 15
"""Rows in doubt beyond which the whole table is read anew."""

_Codes = npt.NDArray[np.intp]
_Array = npt.NDArray[np.float64]
_Words = npt.NDArray[np.object_]
_Mask = npt.NDArray[np.bool_]

_LINE, _QUOTE = ord("\n"), ord('"')

_BARE = r"^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
"""Numbers as both write them; `$` is the end of the text to Arrow, with or without ends of lines in it."""


def plain_table(content: bytes, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]] | None:
    """The table of a text, as UTF-8, and its problems, as `checking.check_cells` gives them; None if it is not plain.

    `file` is its name in messages.
    """
    header = content[: max(content.find(b"\n"), 0)].decode().removesuffix("\r").split(COMMA)
    if not _is_known(header, table) or content.count(b"\r") != content.count(b"\r\n"):
        return None
    read = _read(content, header, table) if _is_plain(content) else None
    if read is None:
        return None
    at = np.flatnonzero(_in_doubt(table, read))
    problems: list[Problem] = []
    if len(at):
        careful = _read_again(content, at, table, file) if len(at) <= _DOUBTS else None
        if careful is None:
            return None
        checked, problems = careful
        for name, values in read.numbers.items():
            values[at] = checked[name].to_numpy()
    return _cells(table, read), problems


@dataclass(frozen=True)
class _Read:
    """The columns as Arrow reads them: numbers; of words where each cell stands among the words, and these.

    `doubtful`: rows with numbers that it does not read.
    """

    numbers: dict[str, _Array]
    words: dict[str, tuple[_Codes, _Words]]
    doubtful: _Mask


def _cells(table: Table, read: _Read) -> pd.DataFrame:
    """The whole table; the columns of `read` are given away one by one, to take less memory."""
    count = len(read.doubtful)
    index, blank = rows_from(np.arange(2, count + 2)), np.array([""], dtype=object)
    cells: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.kind is Kind.NUMBER:
            cells[column.name] = pd.Series(read.numbers.pop(column.name, np.full(count, np.nan)), index, copy=False)
        else:
            codes, own = read.words.pop(column.name, (np.zeros(count, dtype=np.intp), blank))
            cells[column.name] = pd.Series(own[codes], index, dtype=object, copy=False)
    return pd.DataFrame(cells, copy=False)


def _read_again(
    content: bytes, at: npt.NDArray[np.intp], table: Table, file: str
) -> tuple[pd.DataFrame, list[Problem]] | None:
    """Some rows as the careful reader takes them, and what is wrong with them; None where it takes other rows."""
    ends = np.concatenate([*_lines(content), [len(content)]])  # of the header, then of each row
    lines = [content[: ends[0] + 1], *(content[ends[row] + 1 : ends[row + 1] + 1] for row in at)]
    raw, misfits = read_csv(b"".join(lines).decode(), table, file)
    if misfits or len(raw.cells) != len(at):
        return None
    return check_cells(replace(raw, cells=raw.cells.set_axis(rows_from(at + 2))))


def _lines(content: bytes) -> list[npt.NDArray[np.intp]]:
    """Where lines end, some at a time."""
    signs = np.frombuffer(content, dtype=np.uint8)
    starts = range(0, len(signs), _AT_ONCE)
    return [np.flatnonzero(signs[start : start + _AT_ONCE] == _LINE) + start for start in starts]


def _is_known(header: Sequence[str], table: Table) -> bool:
    """Whether a header has columns of the table alone, each once, and all that must stand there."""
    needed = {column.name for column in table.columns if not column.absent or not column.blank}
    return len(header) > 1 and needed <= set(header) <= set(table.column_names) and len(set(header)) == len(header)


def _is_plain(content: bytes) -> bool:
    """Whether what Arrow and Python's `csv` may take otherwise is not there: all that `_is_plainly_written` tells.

    Nor may a line be longer than a cell.
    """
    signs, last, inside = np.frombuffer(content, dtype=np.uint8), -1, False
    for start in range(0, len(signs), _AT_ONCE):
        own = signs[start : start + _AT_ONCE + 2]  # with the first of the next ones
        quotes = own == _QUOTE
        within = np.logical_xor.accumulate(quotes) ^ quotes ^ inside if inside or quotes.any() else None
        if not _is_plainly_written(own, quotes, within):
            return False
        inside ^= bool(np.count_nonzero(quotes[:_AT_ONCE]) % 2)
        ends = np.flatnonzero(own[:_AT_ONCE] == _LINE) + start
        if np.diff(ends, prepend=last).max(initial=0) > LONGEST:
            return False
        last = int(ends[-1]) if len(ends) else last
    return not inside and len(signs) - last <= LONGEST


def _is_plainly_written(signs: npt.NDArray[np.uint8], quotes: _Mask, within: _Mask | None) -> bool:
    """Whether quotation marks, if any, stand around whole cells of one line, or twice in one, and numbers are bare.

    Arrow takes off blanks at the ends of numbers, so no cell may have one outside its marks, nor one next to them.
    `within` tells the signs after an odd number of marks; it is None where there are none.
    """
    blank, line = (signs == ord(" ")) | (signs == ord("\t")), signs == _LINE
    edge = line | (signs == ord(COMMA)) | (signs == ord("\r"))
    if within is not None:
        if (line & within).any():
            return False
        around = edge | quotes
        opens, closes = quotes & ~within, quotes & within
        if (opens[1:] & ~around[:-1]).any() or (closes[:-1] & ~around[1:]).any():
            return False
        edge &= ~within
        if (edge[:-2] & opens[1:-1] & blank[2:]).any() or (blank[:-2] & closes[1:-1] & edge[2:]).any():
            return False
    return not ((blank[1:] & edge[:-1]).any() or (blank[:-1] & edge[1:]).any())


def _read(content: bytes, header: Sequence[str], table: Table) -> _Read | None:
    """The columns of a content; None where Arrow finds no table."""
    import pyarrow as pa

    kinds = {column.name: column.kind for column in table.columns}
    numbers = [name for name in header if kinds[name] is Kind.NUMBER]
    for kind in (pa.float64(), pa.string()):  # text where some number is none; then some row may be no row
        try:
            return _columns(_by_arrow(content, header, dict.fromkeys(numbers, kind)), header, numbers)
        except pa.ArrowException:
            continue
    return None


def _columns(read: Any, header: Sequence[str], numbers: Sequence[str]) -> _Read | None:
    """The columns of Arrow's table; None where it has no rows."""
    if not len(read):
        return None
    doubtful = np.zeros(len(read), dtype=bool)
    values: dict[str, _Array] = {}
    words: dict[str, tuple[_Codes, _Words]] = {}
    for name in header:
        column = read.column(name)
        if name in numbers:
            values[name], more = _numbers(column)
            doubtful |= more
        else:
            codes = np.concatenate([chunk.indices.to_numpy() for chunk in column.chunks])
            words[name] = codes, np.array(column.chunk(0).dictionary.to_pylist(), dtype=object)
    return _Read(values, words, doubtful)


def _by_arrow(content: bytes, header: Sequence[str], numbers: Mapping[str, Any]) -> Any:
    """Arrow's table, with the types of columns of numbers; all others are words."""
    import pyarrow as pa
    from pyarrow import csv

    words = pa.dictionary(pa.int32(), pa.string())
    return csv.read_csv(
        pa.BufferReader(content),
        csv.ReadOptions(use_threads=False, skip_rows=1, column_names=header),
        csv.ParseOptions(quote_char='"' if b'"' in content else False, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={name: numbers.get(name, words) for name in header},
            null_values=[""],
            strings_can_be_null=False,
        ),
    ).unify_dictionaries()


def _numbers(column: Any) -> tuple[_Array, _Mask]:
    """Numbers of a column, NaN where none stands; and which of its cells may be none as they are written."""
    import pyarrow as pa
    from pyarrow import compute

    doubtful = np.zeros(len(column), dtype=bool)
    if column.type == pa.string():
        bare, empty = compute.match_substring_regex(column, _BARE), compute.equal(column, "")
        doubtful = ~compute.or_(bare, empty).to_numpy()
        column = compute.if_else(bare, column, None).cast(pa.float64())
    values = np.array(column.to_numpy())
    if not doubtful.any() and np.isnan(values).sum() != column.null_count:
        doubtful = np.isnan(values) & ~column.is_null().to_numpy()
    return values, doubtful


def _in_doubt(table: Table, read: _Read) -> _Mask:
    """The rows of which `check_cells` may find something wrong."""
    doubtful = read.doubtful
    given = {name: own[codes] for name, (codes, own) in read.words.items() if name == "parameter"}
    for column in table.columns:
        if column.name in read.numbers:
            doubtful |= _wrong_numbers(table, column, read.numbers[column.name], given)
        elif column.name in read.words:
            codes, words = read.words[column.name]
            wrong = np.array([fault_of(column, word) is not None for word in words], dtype=bool)
            doubtful |= wrong[codes] if wrong.any() else False
    return doubtful | _repeated([read.words[name] for name in table.key if name in read.words], len(doubtful))


def _wrong_numbers(table: Table, column: Column, values: _Array, given: Mapping[str, _Words]) -> _Mask:
    """Which numbers of a column it may not have; none is right only where a cell may be blank."""
    wrong = np.abs(values) >= LARGEST
    if not column.blank:
        wrong |= np.isnan(values)
    for own, right in ranges(table, column, {column.name: values, **given}):
        wrong |= own & ~right.holds(values)
    return np.asarray(wrong)


def _repeated(key: Sequence[tuple[_Codes, _Words]], count: int) -> _Mask:
    """The rows whose key stands in another row, too."""
    whole = np.zeros(count, dtype=np.int64)
    for codes, words in key:
        if int(whole.max(initial=0)) * len(words) > np.iinfo(np.int64).max // 2:
            whole = pd.factorize(whole)[0].astype(np.int64)
        whole = whole * len(words) + codes
    keys = pd.Index(whole)
    return np.zeros(count, dtype=bool) if keys.is_unique else np.asarray(keys.duplicated(keep=False))
