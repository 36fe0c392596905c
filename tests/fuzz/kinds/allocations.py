"""Allocations: a CSV file for a package that is right, spoiled."""

import csv
import io
from pathlib import Path

import numpy as np

from chains import load
from chains.allocations import read_allocation
from optimize import evaluate
from tests.fuzz import independently
from tests.fuzz.example import Example
from tests.fuzz.kinds.packages import valid
from tests.fuzz.spoiling import spoiled_bytes, spoiled_table
from tests.fuzz.watching import Verdict


def draw(rng: np.random.Generator) -> Example:
    files, _ = valid(np.random.default_rng(int(rng.integers(40))))
    money = list(csv.DictReader(io.StringIO(files["subsidies.csv"].decode())))
    segments = [row["segment"] for row in csv.DictReader(io.StringIO(files["segments.csv"].decode()))]
    pairs = sorted({(str(rng.choice(segments)), row["instrument"]) for row in money})
    most = max(float(row["value"]) for row in money)
    lines = [f"{segment},{instrument},{float(rng.uniform(0, most))!r}" for segment, instrument in pairs]
    text = "\n".join(["segment,instrument,value", *lines]) + "\n"
    known = [*segments, *(row["instrument"] for row in money)]
    content = text.encode()
    if rng.random() < 0.9:
        spoiled = spoiled_table(rng, text, known).encode("utf-8", "surrogatepass")
        content = spoiled if rng.random() < 0.8 else spoiled_bytes(rng, content)
    packaged = {f"package/{name}": found for name, found in files.items()}
    return Example("allocations", packaged | {"allocation.csv": content})


def ask(folder: Path, example: Example) -> Verdict:
    chain = load(folder / "package")
    found = evaluate(chain, read_allocation(folder / "allocation.csv", chain))
    return independently.compared(lambda: found.risk, lambda: _risk(folder))


def _risk(folder: Path) -> float:
    study = independently.study_of(folder / "package", {})
    text = (folder / "allocation.csv").read_bytes().decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    where = {name: n for n, name in enumerate(rows[0])}
    given = dict(study.none)
    for row in rows[1:]:
        given[row[where["segment"]], row[where["instrument"]]] = float(row[where["value"]])
    return study.evaluate(given).risk
