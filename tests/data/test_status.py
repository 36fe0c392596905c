"""The status of every number in the shipped packages, held to what it says.

`derived` has a formula that recomputes it from printed figures and from cells that are not assumed themselves;
`reported` stands in its source as printed. `printed.csv` holds, for every reported value from one of the documents
behind the packages, the printed figure with a few words around it; where the documents are at hand, it is checked
against them.
"""

import csv
import math
import os
import re
from pathlib import Path
from typing import Any

import pytest

import data
from tests.data.formulas import KEYS, cells, evaluate, formula, rows_at
from tests.independent import Row, rows_of

PACKAGES = ("robots", "chips", "coupled", "japan", "ai", "ai-chips")
DOCUMENTS = {"jst": "jst-science-technology-power-2025", "segal": "segal-self-reliance-2021"}
"""The documents by the first part of the keys of sources.csv that stand for them."""

SOURCES = Path(os.environ.get("TIERWISE_SOURCES", Path(__file__).parents[3] / "shared" / "sources"))
QUOTED = re.compile(r'printed "([^"]+)"')


def read(package: str, table: str) -> list[Row]:
    return rows_of(data.folder(package), table)


def measured(package: str) -> list[tuple[str, Row]]:
    """Every row with a value, with the name of its table."""
    return [(table, row) for table in KEYS for row in read(package, table)]


def named(table: str, row: Row) -> str:
    return f"{table}[{'/'.join(row.get(key, '') for key in KEYS[table])}]"


def of(status: str) -> list[Any]:
    """Every row with this status of every package, under its own name."""
    return [
        pytest.param(package, table, row, id=f"{package}:{named(table, row)}")
        for package in PACKAGES
        for table, row in measured(package)
        if row["status"] == status
    ]


def printed() -> list[Row]:
    with Path(__file__).with_name("printed.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_package_is_left_out_without_a_word() -> None:
    assert set(PACKAGES) == set(data.names())


@pytest.mark.parametrize("package", PACKAGES)
def test_no_table_with_values_is_left_out(package: str) -> None:
    tables = {file.stem for file in data.folder(package).glob("*.csv")}
    assert tables <= {*KEYS, "segments", "sources"}


@pytest.mark.parametrize(("package", "table", "row"), of("derived"))
def test_a_derived_value_has_a_formula_of_nothing_assumed(package: str, table: str, row: Row) -> None:
    expression = formula(row["note"])
    assert expression, f"{named(table, row)} has no formula"
    for cell in cells(expression):
        assert {source["status"] for source in rows_at(cell, read, package)} <= {"reported", "derived"}


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_every_formula_comes_to_its_value(package: str) -> None:
    """To five significant digits, or to the digits in which the value is given; `coupled` rounds down."""
    wrong = []
    for table, row in measured(package):
        if expression := formula(row["note"]):
            value, found = float(row["value"]), evaluate(expression, read, package)
            _, _, decimals = row["value"].partition(".")
            slack = max(0.5 * 10.0 ** -len(decimals), 1e-5 * abs(found))
            if not math.isclose(value, found, rel_tol=0.0, abs_tol=slack):
                wrong.append(f"{named(table, row)} is {row['value']}, its formula comes to {found:.6g}")
    assert wrong == []


@pytest.mark.parametrize(("package", "table", "row"), of("reported"))
def test_a_reported_value_is_printed(package: str, table: str, row: Row) -> None:
    """The note quotes the printed figure, and the quotation says the value, but for the unit."""
    (quotation,) = QUOTED.findall(row["note"])
    value = float(row["value"])
    assert value in _readings(quotation), f"{named(table, row)}: {quotation} is not {row['value']}"
    document = DOCUMENTS.get(row["source"].split("_")[0])
    if document is not None:
        lines = [line for line in printed() if (line["package"], line["cell"]) == (package, named(table, row))]
        assert [(line["document"], line["printed"]) for line in lines] == [(document, quotation)]


def _readings(quotation: str) -> set[float]:
    """What a printed figure may be in the units of the packages: as it stands, in per cent, in billions of them."""
    words = {"three": "3"}
    text = " ".join(words.get(word, word) for word in quotation.replace(",", "").split())
    (number,) = map(float, re.findall(r"[0-9]+(?:\.[0-9]+)?", text))
    return {number} | {round(number * factor, 12) for factor in (1e-1, 1e-2, 1e-3, 1e-5, 1e-6)}


def test_nothing_printed_is_of_a_value_that_is_gone() -> None:
    reported = {(p, named(table, row)) for p in PACKAGES for table, row in measured(p) if row["status"] == "reported"}
    assert {(line["package"], line["cell"]) for line in printed()} <= reported


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the documents are not at hand; TIERWISE_SOURCES names their folder")
@pytest.mark.parametrize("line", printed(), ids=lambda line: line["cell"])
def test_what_is_printed_stands_in_its_document(line: Row) -> None:
    text = (SOURCES / f"{line['document']}.txt").read_text(encoding="utf-8")
    assert line["words"] in text
    assert line["printed"] in line["words"]
