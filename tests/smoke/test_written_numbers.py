"""Smoke: numbers and tables without rows are read alike by every version of the dependencies."""

import struct
from random import Random

from chains.tables.checking import check_cells
from chains.tables.reading import read_csv
from chains.tables.schema import TABLES

DEMAND = TABLES["demand"]


def test_a_number_is_the_float_nearest_to_what_is_written() -> None:
    """In shortest digits and in seventeen, which pandas before 3.1 cuts to fifteen."""
    random = Random(17)
    floats = [struct.unpack("<d", random.randbytes(7) + b"\x3f")[0] for _ in range(500)]
    for written in ([repr(value) for value in floats], [f"{value:.17g}" for value in floats]):
        header = ",".join(DEMAND.column_names)
        at = DEMAND.column_names.index("value")
        cells = [["x"] * at + [text] + ["x"] * (len(DEMAND.column_names) - at - 1) for text in written]
        raw, _ = read_csv("\n".join([header, *map(",".join, cells)]), DEMAND, "demand.csv")
        table, _ = check_cells(raw)
        assert table["value"].tolist() == floats


def test_a_table_without_rows_counts_rows_in_whole_numbers() -> None:
    """As one with rows does: else pandas before 3.0 warns where the two are joined."""
    raw, problems = read_csv(",".join(DEMAND.column_names), DEMAND, "demand.csv")
    assert not problems
    assert raw.cells.index.dtype == "int64"
