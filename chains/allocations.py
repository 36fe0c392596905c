"""Read an allocation that a user wrote: a CSV file with columns segment, instrument, value."""

from pathlib import Path
from warnings import warn

import pandas as pd

from chains.chain import Chain
from chains.tables.checking import check_cells
from chains.tables.declaring import Column, Kind, Table
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.reading import no_rows, read_csv
from chains.tables.text_files import read_text

__all__ = ["ALLOCATION", "read_allocation"]

ALLOCATION = Table(
    "allocation",
    "an allocation of subsidy money",
    (
        Column("segment", Kind.KEY, "segment that gets the money"),
        Column("instrument", Kind.KEY, "policy instrument through which it is given"),
        Column("value", Kind.NUMBER, "money given", minimum=0.0),
    ),
    key=("segment", "instrument"),
    evidence=False,
)


def read_allocation(path: Path, chain: Chain) -> pd.DataFrame:
    """Allocation [segment, instrument] in the chain's money; what the file leaves out gets nothing.

    InputError with every problem of the file: shape, numbers, duplicates, unknown segments and instruments. A warning
    where its columns are not separated by commas.
    """
    if not path.is_file():
        raise InputError.single(str(path), "there is no such file", "give a CSV file: segment,instrument,value")
    text, problems = read_text(path, str(path))
    raw, more = (no_rows(ALLOCATION, str(path)), []) if problems else read_csv(text, ALLOCATION, str(path))
    problems += more
    for said in raw.said:
        warn(str(said), stacklevel=2)
    cells, more = check_cells(raw)
    problems += more
    numbers = chain.numbers
    for column, known in (("segment", numbers.segments), ("instrument", numbers.instruments)):
        for row, label in cells.loc[~cells[column].isin(known) & (cells[column] != ""), column].items():
            wrong = f"{column} '{label}' is not in {chain.name}"
            problems.append(Problem(str(path), int(str(row)), column, wrong, nearest(label, known)))
    if problems:
        raise InputError(problems)
    wide = cells.pivot(index="segment", columns="instrument", values="value")
    return wide.reindex(index=list(numbers.segments), columns=list(numbers.instruments)).fillna(0.0)
