"""Read the CSV files of a package as text, losing nothing: shape first, meaning later (`chains.tables.checking`)."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from chains.tables.declaring import Table
from chains.tables.problems import Problem, nearest
from chains.tables.text_files import read_text

__all__ = ["RawTable", "read_csv"]

_LONGEST = 32_767
"""Characters of a cell: as many as a spreadsheet holds."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class RawTable:
    """A table as text. The index of `cells` is the row as a spreadsheet counts it (the header is row 1)."""

    table: Table
    file: str
    cells: pd.DataFrame


def read_csv(path: Path, table: Table, file: str) -> tuple[RawTable, list[Problem]]:
    """Read one table as text; `file` is its name in messages."""
    records, problems = _records(path, file)
    header = records[0] if records else []
    problems = problems or _header_problems(header, table, file)
    if problems:
        return RawTable(table, file, pd.DataFrame(columns=list(table.column_names), dtype=str)), problems
    rows, numbers = [], []
    for number, record in enumerate(records[1:], start=2):
        if not any(record):
            continue  # a row that a spreadsheet left empty
        if len(record) == len(header):
            rows.append(record)
            numbers.append(number)
        else:
            wrong = f"the row has {len(record)} cells"
            right = f"the header has {len(header)}: quote a text that contains a comma"
            problems.append(Problem(file, number, "", wrong, right))
    cells = pd.DataFrame(rows, columns=header, index=pd.Index(numbers, name="row"), dtype=object)
    for name in table.column_names:
        if name not in cells.columns:
            cells[name] = pd.Series("", index=cells.index, dtype=object)
    return RawTable(table, file, cells[list(table.column_names)]), problems


def _records(path: Path, file: str) -> tuple[list[list[str]], list[Problem]]:
    text, problems = read_text(path, file)
    if problems:
        return [], problems
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    usual = csv.field_size_limit(_LONGEST)
    try:
        return list(reader), []
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            right = "shorten it: a spreadsheet holds no more (or is a quotation mark not closed?)"
            return [], [Problem(file, reader.line_num, "", f"a cell has more than {_LONGEST} characters", right)]
        return [], [Problem(file, 0, "", f"is not valid CSV ({error})", "close every quotation mark")]
    finally:
        csv.field_size_limit(usual)


def _header_problems(header: list[str], table: Table, file: str) -> list[Problem]:
    known = table.column_names
    if not header:
        return [Problem(file, 0, "", "the file is empty", f"write the header {','.join(known)}")]
    if len(header) == 1 and (mark := next((mark for mark in _SEPARATORS if mark in header[0]), "")):
        wrong = f"columns are separated by {_SEPARATORS[mark]}, not by commas"
        right = "save the file with commas between the columns and '.' for decimals"
        return [Problem(file, 1, "", wrong, right)]
    problems = [
        Problem(
            file,
            1,
            column.name,
            f"column '{column.name}' is missing",
            f"the columns are {', '.join(known)}",
        )
        for column in table.columns
        if column.name not in header and not column.absent
    ]
    for name, count in Counter(header).items():
        if name not in known:
            problems.append(Problem(file, 1, name, f"column '{name}' is not known", nearest(name, known)))
        elif count > 1:
            times = "twice" if count == 2 else f"{count} times"
            problems.append(Problem(file, 1, name, f"column '{name}' stands {times}", "keep one of them"))
    return problems
