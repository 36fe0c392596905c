"""Allocations: a CSV file for a package that is right, spoiled."""

import csv
import io
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from chains import Chain, load
from chains.allocations import read_allocation
from optimize import evaluate
from tests.fuzz import independently
from tests.fuzz.example import Example
from tests.fuzz.kinds.packages import valid
from tests.fuzz.spoiling import spoiled_bytes, spoiled_table
from tests.fuzz.watching import Verdict
from tests.independent import Study

PACKAGES = 40
"""How many packages there are, which are right: it is the allocation that is spoiled."""

_ENDLESS = 1e15
"""Money beyond which no response goes: it buys what this buys. The solver of the reference takes 1e20 for infinite."""


@cache
def _package(number: int) -> dict[str, bytes]:
    return valid(np.random.default_rng(number))[0]


def draw(rng: np.random.Generator) -> Example:
    files = _package(int(rng.integers(PACKAGES)))
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
    chain, study = _read(folder, example)
    found = evaluate(chain, read_allocation(folder / "allocation.csv", chain))
    return independently.compared(lambda: found.risk, lambda: _risk(folder, study))


_READ: dict[str, tuple[Chain, Study]] = {}
"""Chains and studies by the content of their packages: many allocations are for the same one."""


def _read(folder: Path, example: Example) -> tuple[Chain, Study]:
    content = sha256(
        repr(sorted((n, c) for n, c in example.files.items() if n != "allocation.csv")).encode()
    ).hexdigest()
    if content not in _READ:
        _READ[content] = load(folder / "package"), independently.study_of(folder / "package", {})
    return _READ[content]


def _risk(folder: Path, study: Study) -> float:
    text = (folder / "allocation.csv").read_bytes().decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    where = {name: n for n, name in enumerate(rows[0])}
    given = dict(study.none)
    for row in rows[1:]:
        given[row[where["segment"]], row[where["instrument"]]] = min(float(row[where["value"]]), _ENDLESS)
    return study.evaluate(given).risk
