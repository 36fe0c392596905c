"""The numbers that a package has until real ones replace them, and the tables that they stand in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from chains.tables.descriptor import DESCRIPTOR, Meta, describe, descriptor_bytes
from chains.tables.schema import TABLES, TIERS
from chains.writing.guide import GUIDE, GUIDE_FILE, HOW_TO

__all__ = [
    "AT_HOME",
    "BOUGHT",
    "CEILING",
    "DEMAND",
    "EXPORTED",
    "SOURCE",
    "SPARE",
    "SUBSIDY",
    "TEMPLATE",
    "Rows",
    "guess",
]
__all__ += ["package_files"]

DEMAND = 100.0
BOUGHT = 0.5
"""What a segment buys of the tier before, per unit of output."""
AT_HOME = dict(zip(TIERS, (0.5, 0.6, 0.8), strict=True))
"""The part of the need that is made at home."""
SPARE = 1.1
"""Supply over need, so that small changes leave the chain in balance in calm."""
SUBSIDY = 0.02
"""Subsidies of a segment, by its home supply."""
CEILING = 0.3
"""The most that can be added, by home supply."""
EXPORTED = 0.1
"""What a unit of exports that is not delivered counts, against one of final demand at home."""

TEMPLATE = "template"
"""The source of numbers that are to be replaced."""
SOURCE = (TEMPLATE, "Tierwise: numbers of `tierwise new`, to be replaced by real ones", "", "")
"""Its row in `sources`."""

Rows = list[tuple[object, ...]]


def guess(what: str, value: float, *, said: str = "") -> tuple[object, ...]:
    """The evidence columns of a number that is to be replaced, from half to double where that may be.

    The note says what is known of it (`said`), then how the real one is found.
    """
    least, most = HOW_TO[what].range(value)
    note = f"{said}. {HOW_TO[what].advice}" if said else HOW_TO[what].advice
    return (f"{value:.4g}", f"{least:.4g}", f"{most:.4g}", "assumed", TEMPLATE, note)


def package_files(name: str, meta: Meta, tables: Mapping[str, Rows]) -> dict[str, bytes]:
    """The files of a package of these tables (`_table_csv`), with its descriptor and the guide."""
    headers = {table: TABLES[table].column_names for table in tables}
    files = {DESCRIPTOR: descriptor_bytes(describe(name, meta, headers)), GUIDE_FILE: GUIDE.encode()}
    return files | {TABLES[table].file: _table_csv(table, rows) for table, rows in tables.items()}


def _table_csv(table: str, rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a file; `rows` in the order of its columns, but for `replaces`, which only link packages need."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(TABLES[table].column_names)
    columns = TABLES[table].column_names
    writer.writerows(_padded(row, columns) for row in rows)
    return lines.getvalue().encode()


def _padded(row: Sequence[object], columns: Sequence[str]) -> Sequence[object]:
    """A row with an empty cell where the table has a column that only link packages need."""
    if len(row) == len(columns):
        return row
    at = columns.index("replaces")
    return (*row[:at], "", *row[at:])
