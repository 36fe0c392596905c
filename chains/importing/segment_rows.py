"""Rows of a user's file, or of a table that ships, that say which segment something belongs to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from chains.importing.observations import Segment
from chains.importing.records import Record, records_in
from chains.tables.problems import InputError, Problem
from chains.tables.schema import TIERS

__all__ = ["rows_of_file", "segments_in"]


def rows_of_file(
    path: Path, wanted: Sequence[str], usual: Mapping[str, str]
) -> tuple[list[Record], list[Problem], list[str]]:
    """The rows, with what is `usual` in columns that the file leaves out; problems; which of those columns it has."""
    try:
        content = path.read_bytes()
    except OSError as error:
        right = f"name a CSV file with columns {' and '.join(wanted)}"
        raise InputError.single(str(path), f"cannot be read ({error.strerror or error})", right) from None
    header = content.decode("utf-8-sig", "replace").partition("\n")[0]
    more = [name for name in usual if name in header]
    rows, problems = records_in(content, path.name, (*wanted, *more))
    return [Record(row.file, row.row, {**usual, **row.cells}) for row in rows], problems, more


def segments_in(rows: Iterable[Record], such_as: str) -> tuple[dict[str, Segment], list[Problem]]:
    """Segments by key, in the order of the rows, and every row that cannot name one or contradicts an earlier one."""
    segments: dict[str, Segment] = {}
    problems: list[Problem] = []
    for row in rows:
        own = Segment(row["segment"], row["tier"], row["name"] or row["segment"], row["chain"])
        first = segments.setdefault(own.key, own)
        problems += _unnamed(row, such_as)
        for column, one, other in (("tier", first.tier, own.tier), ("chain", first.chain, own.chain)):
            if one != other:
                wrong = f"'{own.key}' is of {one} in an earlier row"
                problems.append(row.problem(column, wrong, f"give a segment one {column}"))
    return segments, problems


def _unnamed(row: Record, such_as: str) -> Iterator[Problem]:
    if not row["segment"] or row["segment"] in TIERS:
        yield row.problem("segment", f"'{row['segment']}' cannot name a segment", f"write a name such as {such_as}")
    if not row["chain"]:
        yield row.problem("chain", "is empty", "name the chain of the segment")
