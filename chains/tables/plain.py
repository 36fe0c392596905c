"""Large tables that are plainly written and right are read by Apache Arrow; all others as `reading.py` does.

Arrow says of a broken table less than we do, and takes some things otherwise than Python's `csv`. So it is asked only
where both must read the same (quotation marks around whole cells, no blanks at ends of cells, a line a row), and its
table is taken only if nothing is wrong with it. What is in doubt is left to the careful reader, which says so.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.tables.checking import LARGEST, fault_of
from chains.tables.declaring import Column, Kind, Table
from chains.tables.dialect import COMMA, LONGEST
from chains.tables.ranges import ranges
from chains.tables.reading import rows_from

__all__ = ["plain_table"]

_AT_ONCE = 1 << 18
"""Bytes that are looked at together: they and what is found of them stay in the processor's cache."""

Codes = npt.NDArray[np.intp]
_Words = npt.NDArray[np.object_]
_Mask = npt.NDArray[np.bool_]

_LINE, _QUOTE = ord("\n"), ord('"')


def plain_table(text: str, table: Table) -> pd.DataFrame | None:
    """The table of a text that is plain and right, as `checking.check_cells` returns it; else None."""
    header = text.partition("\n")[0].removesuffix("\r").split(COMMA)
    if not _is_known(header, table) or text.count("\r") != text.count("\r\n"):
        return None
    content = text.encode()
    if not _is_plain(content):
        return None
    read = _read(content, header, table)
    del content
    if read is None:
        return None
    numbers, words = read
    count = len(next(iter(words.values()))[0])
    if not _is_right(table, numbers, words, count):
        return None
    index, blank = rows_from(np.arange(2, count + 2)), np.array([""], dtype=object)
    cells: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.kind is Kind.NUMBER:
            cells[column.name] = pd.Series(numbers.pop(column.name, np.full(count, np.nan)), index, copy=False)
        else:
            codes, own = words.pop(column.name, (np.zeros(count, dtype=np.intp), blank))
            cells[column.name] = pd.Series(own[codes], index, dtype=object, copy=False)
    return pd.DataFrame(cells, copy=False)


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


def _read(
    content: bytes, header: Sequence[str], table: Table
) -> tuple[dict[str, np.ndarray], dict[str, tuple[Codes, _Words]]] | None:
    """Numbers of the columns of numbers, and of the others where each cell stands among its words, and these.

    None where Arrow finds no table, or numbers that are written as none are here.
    """
    import pyarrow as pa
    from pyarrow import csv

    kinds = {column.name: column.kind for column in table.columns}
    words = pa.dictionary(pa.int32(), pa.string())
    try:
        read = csv.read_csv(
            pa.BufferReader(content),
            csv.ReadOptions(use_threads=False, skip_rows=1, column_names=header),
            csv.ParseOptions(quote_char='"' if b'"' in content else False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types={name: pa.float64() if kinds[name] is Kind.NUMBER else words for name in header},
                null_values=[""],
                strings_can_be_null=False,
            ),
        ).unify_dictionaries()
    except pa.ArrowException:
        return None
    if not len(read):
        return None
    numbers: dict[str, np.ndarray] = {}
    found: dict[str, tuple[Codes, _Words]] = {}
    for name in header:
        column = read.column(name)
        if kinds[name] is Kind.NUMBER:
            numbers[name] = np.array(column.to_numpy())
            if np.isnan(numbers[name]).sum() != column.null_count:
                return None
        else:
            codes = np.concatenate([chunk.indices.to_numpy() for chunk in column.chunks])
            found[name] = codes, np.array(column.chunk(0).dictionary.to_pylist(), dtype=object)
    return numbers, found


def _is_right(
    table: Table, numbers: Mapping[str, np.ndarray], words: Mapping[str, tuple[Codes, _Words]], count: int
) -> bool:
    """Whether `check_cells` would find nothing wrong."""
    given = {name: own[codes] for name, (codes, own) in words.items() if name == "parameter"}
    return (
        all(_holds(table, column, numbers, given) for column in table.columns if column.name in numbers)
        and all(
            fault_of(column, word) is None
            for column in table.columns
            if column.name in words
            for word in words[column.name][1]
        )
        and _is_unique([words[name] for name in table.key if name in words], count)
    )


def _holds(table: Table, column: Column, numbers: Mapping[str, np.ndarray], given: Mapping[str, np.ndarray]) -> bool:
    """Whether every number of a column is one that it may have; none is right only where a cell may be blank."""
    values = numbers[column.name]
    if (np.abs(values) >= LARGEST).any() or (not column.blank and np.isnan(values).any()):
        return False
    own = ranges(table, column, {column.name: values, **given})
    return all(right.holds(values[rows]).all() for rows, right in own)


def _is_unique(key: Sequence[tuple[Codes, _Words]], count: int) -> bool:
    """Whether no key stands twice."""
    whole = np.zeros(count, dtype=np.int64)
    for codes, words in key:
        if int(whole.max(initial=0)) * len(words) > np.iinfo(np.int64).max // 2:
            whole = pd.factorize(whole)[0].astype(np.int64)
        whole = whole * len(words) + codes
    return bool(pd.Index(whole).is_unique)
