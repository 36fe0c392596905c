"""The results folder of a study: written whole or not at all, readable with no Tierwise installed.

study.json            the study, with versions and the hash of each package
inputs/PACKAGE/       the packages as they were
cases/CASE.json       the answers of a case, as `--json` prints them
tables/*.csv          the same answers as tables over all cases
report.html           the report, made from the rest
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from chains import Chain, InputError, load

__all__ = ["StoredCase", "StoredStudy", "new_folder", "read_results", "write_case", "write_json", "write_tables"]

MANIFEST = "study.json"


@dataclass(frozen=True)
class StoredCase:
    """A stored case: its name and title, its chain as it was, and its answers."""

    name: str
    title: str
    chain: Chain
    optimize: dict[str, Any]
    gain: dict[str, Any]
    finding: dict[str, Any]
    questions: dict[str, Any]


@dataclass(frozen=True)
class StoredStudy:
    """A stored study: its manifest and its cases, in order."""

    manifest: dict[str, Any]
    cases: tuple[StoredCase, ...]


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, put in the place of `target` when all is written; an error leaves `target` alone.

    InputError if `target` holds something else than a study's results.
    """
    occupied = target.exists() and any(target.iterdir() if target.is_dir() else [target])
    if occupied and not (target / MANIFEST).is_file():
        wrong = "exists and is not a results folder"
        raise InputError.single(str(target), wrong, "choose another folder with --out")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
        work.chmod(0o755)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
            target.rename(old / target.name)
            work.rename(target)
            shutil.rmtree(old)
        else:
            work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def write_case(folder: Path, name: str, title: str, chain: Chain, answers: dict[str, Any]) -> None:
    """Write the answers of a case, and copy the packages behind it."""
    for origin in chain.origins:
        copy = folder / "inputs" / origin.name
        if not copy.exists():
            shutil.copytree(origin.folder, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    packages = [origin.name for origin in chain.origins]
    write_json(folder / "cases" / f"{name}.json", {"case": name, "title": title, "packages": packages, **answers})


def write_tables(folder: Path, cases: dict[str, dict[str, Any]]) -> None:
    """Write the answers of all cases as CSV tables: one row a number, the case in the first column."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("risks", "allocations", "losses", "next_unit", "transfers", "gain", "mixtures", "claims")
    }
    for case, answers in cases.items():
        best, gain = answers["optimize"], answers["gain"]
        for measure in ("risk", "expected_loss", "cvar", "var"):
            rows["risks"] += _long(case, "allocation", {k: {measure: v} for k, v in best[measure].items()}, "measure")
        rows["allocations"] += _long(case, "allocation", best["allocation"], "segment")
        rows["losses"] += _long(case, "allocation", best["loss"], "scenario")
        rows["transfers"] += _long(case, "from", best["transfer"], "to")
        rows["next_unit"] += [{"case": case, "segment": k, "value": v} for k, v in best["next_unit"].items()]
        pairs = zip(gain["shares"], gain["gain"], strict=True)
        rows["mixtures"] += [{"case": case, **row} for row in answers["finding"]["explanation"]["mixtures"]]
        rows["claims"] += [{"case": case, **claim} for claim in answers["finding"]["claims"]]
        rows["gain"] += [{"case": case, "share": share, "value": fall} for share, fall in pairs]
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, records in rows.items():
        pd.DataFrame(records).to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")


def _long(case: str, outer: str, values: dict[str, dict[str, Any]], inner: str) -> list[dict[str, Any]]:
    return [
        {"case": case, outer: first, inner: second, "value": value}
        for first, row in values.items()
        for second, value in row.items()
    ]


def read_results(folder: Path) -> StoredStudy:
    """Read a results folder. InputError if it is not one, or if a part of it is missing."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        cases = []
        for name in manifest["cases"]:
            stored = json.loads((folder / "cases" / f"{name}.json").read_text("utf-8"))
            chain = load(*(folder / "inputs" / package for package in stored["packages"]))
            answers = (stored[part] for part in ("optimize", "gain", "finding", "questions"))
            cases.append(StoredCase(name, stored["title"], chain, *answers))
    except (OSError, ValueError, KeyError) as error:
        right = "give the folder that `tierwise study` wrote"
        raise InputError.single(str(folder), f"is not a complete results folder ({error})", right) from None
    return StoredStudy(manifest, tuple(cases))
