"""Compare every command's JSON with a stored set, bit by bit, before and after a change that should change no answer.

    python -m tests.unchanged            # compare; exit status 1 and the first differences where there are any
    python -m tests.unchanged robots random7   # of these packages alone
    python -m tests.unchanged --store    # write the stored set anew, in a commit that says why

Asked are the shipped packages, robots and chips coupled, and 50 random packages. The set holds for the versions of
`constraints/tested.txt` on one kind of machine: with another version of HiGHS the last digits may differ.
"""

import contextlib
import gzip
import io
import json
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.cli import main
from tests.random_packages import draw, write

STORED = Path(__file__).with_name("stored.json.gz")
SHIPPED = (("robots",), ("chips",), ("japan",), ("robots", "chips", "coupled"))
RANDOM = 50
TIERS = ("upstream", "midstream", "downstream")
SHOWN = 20
"""Differences that are printed."""


def questions(packages: tuple[str, ...], thorough: bool) -> Iterator[tuple[str, ...]]:
    """Every command with one document as its answer; the slow ones of shipped packages only where `thorough`."""
    yield ("validate", *packages)
    yield ("optimize", *packages, "--ranges")
    yield ("optimize", *packages, "--move", "0.3", "--alpha", "0.8", "--beta", "0.7", "--pieces", "5")
    yield ("optimize", *packages, "--min", "upstream=0.01", "--max", "midstream=0.5")
    yield ("evaluate", *packages, "--allocation", "{allocation}")
    yield ("gain", *packages, "--from", "midstream", "--to", "upstream")
    yield ("frontier", *packages)
    yield ("break-even", *packages, "--from", "midstream", "--to", "upstream")
    yield ("choke-points", *packages, "--worst", "2")
    yield ("against", *packages, "--cuts", "1")
    yield ("indicators", *packages)
    yield ("self-sufficiency", *packages, "--target", "0.3")
    yield ("optimize", *packages, "--ambiguity", "0.1", "--slope-budget", "1")
    if thorough:
        yield ("priorities", *packages)
        yield ("finding", *packages)


def asked(arguments: tuple[str, ...]) -> Any:
    """The document that a command prints, or its exit status and its message."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([*arguments, "--json"])
        except SystemExit as stop:
            if stop.code:
                return {"exit": stop.code, "message": err.getvalue()}
    document = json.loads(out.getvalue())
    document.pop("provenance", None)  # hashes and versions
    return document


def answers(only: Collection[str] = ()) -> dict[str, Any]:
    """Every document by the words of its command; `only` of the packages named, where any is."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for packages in SHIPPED:
            if only and "+".join(packages) not in only:
                continue
            found.update(_answers(packages, packages[0], thorough=True))
        for seed in range(RANDOM):
            if only and f"random{seed}" not in only:
                continue
            tables, home = draw(np.random.default_rng(seed))
            write(Path(f"random{seed}"), tables, home)
            found.update(_answers((f"./random{seed}",), f"random{seed}", thorough=False))
    return found


def _answers(packages: tuple[str, ...], name: str, thorough: bool) -> Iterator[tuple[str, Any]]:
    from chains import load

    numbers = load(*packages).numbers
    allocation = Path(f"{name}.csv")
    share = 0.01 * float(numbers.demand.sum()) / len(numbers.segments)
    lines = [
        f"{segment},{instrument},{share * (k + 1)!r}"
        for k, segment in enumerate(numbers.segments)
        for instrument in numbers.instruments[:1]
    ]
    allocation.write_text("\n".join(["segment,instrument,value", *lines]) + "\n")
    for arguments in questions(packages, thorough):
        filled = tuple(str(allocation) if word == "{allocation}" else word for word in arguments)
        yield " ".join(filled), asked(filled)


def differences(old: Any, new: Any, where: str) -> Iterator[str]:
    """Places where two documents differ, to the last bit."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key == "provenance":  # of a document within the document
                continue
            if key not in old or key not in new:
                yield f"{where}.{key}: {'is new' if key in new else 'is gone'}"
            else:
                yield from differences(old[key], new[key], f"{where}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, f"{where}[{n}]")
    elif old != new:
        yield f"{where}: {old!r} is now {new!r}"


def run(arguments: list[str]) -> int:
    """Store or compare; the number of documents that differ is the exit status, at most 1."""
    only = [word for word in arguments if word != "--store"]
    found = answers(only)
    if "--store" in arguments and not only:
        STORED.write_bytes(gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0))
        print(f"{len(found)} documents stored")
        return 0
    stored = json.loads(gzip.decompress(STORED.read_bytes()))
    if only:
        stored = {words: document for words, document in stored.items() if words in found}
    apart = list(differences(stored, json.loads(json.dumps(found)), ""))
    print("\n".join(apart[:SHOWN]))
    print(f"{len(found)} documents, {len(apart)} differences")
    return int(bool(apart))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
