"""Results folders: one file of a folder that is right is spoiled, mostly with all hashes rewritten to fit.

An example holds the files that are other than in the folder that is right; `removed` are those that are missing.
`verify` writes report and tables of every folder that it reads again. One in five is also asked for a report and a
comparison, which take it as it is.
"""

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np

from chains import InputError
from scenarios import Study, read_results
from scenarios.report.writing import write_report
from scenarios.storing import StoredStudy
from scenarios.storing.comparing import compare
from scenarios.storing.folder import seal
from scenarios.storing.marker import mark
from scenarios.verifying import verify
from tests import small
from tests.fuzz.example import Example
from tests.fuzz.spoiling import spoiled_bytes, spoiled_json, spoiled_table
from tests.fuzz.watching import DIFFERS, Verdict

_UNPROVABLE = ("log.txt", "hashes.json", "tierwise.json")
"""Files of which no edit changes what the results say: times, and what is rewritten here to fit."""

_REPORTED = 0.2
"""Share of the examples of which a report and a comparison are asked."""


@cache
def _whole() -> dict[str, bytes]:
    """The files of a results folder that is right."""
    with tempfile.TemporaryDirectory() as there:
        package = small.Small(Path(there) / "package").folder
        study = Study(name="whole", title="Whole", question="?").case("only", package, title="Only")
        out = study.run(Path(there) / "out", jobs=1, progress=False).folder
        return {
            path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
        }


def draw(rng: np.random.Generator) -> Example:
    files = dict(_whole())
    weights = np.array([6.0 if name.endswith("only.json") or name == "study.json" else 1.0 for name in sorted(files)])
    for _ in range(int(rng.choice([1, 1, 1, 2]))):
        name = str(rng.choice(sorted(files), p=weights / weights.sum())) if len(weights) == len(files) else min(files)
        if name not in files:
            continue
        if rng.random() < 0.08:
            del files[name]
        elif rng.random() < 0.05:
            files[f"{name}.old"] = files[name]
        elif name.endswith(".json") and rng.random() < 0.7:
            try:
                files[name] = spoiled_json(rng, files[name].decode()).encode("utf-8", "replace")
            except ValueError:
                files[name] = spoiled_bytes(rng, files[name])
        elif name.endswith(".csv") and rng.random() < 0.7:
            files[name] = spoiled_table(rng, files[name].decode(), ["part", "robot", "CHN", "DEU"]).encode(
                "utf-8", "replace"
            )
        else:
            files[name] = spoiled_bytes(rng, files[name])
    whole = _whole()
    other = {f"out/{name}": found for name, found in files.items() if whole.get(name) != found}
    removed = [name for name in whole if name not in files]
    options = {"resealed": bool(rng.random() < 0.8), "removed": removed, "reported": bool(rng.random() < _REPORTED)}
    return Example("results", other, options)


def ask(folder: Path, example: Example) -> Verdict:
    out = folder / "out"
    _write(out, {name: found for name, found in _whole().items() if f"out/{name}" not in example.files})
    for name in example.options["removed"]:
        (out / name).unlink()
    if example.options["resealed"] and (out / "study.json").exists():
        (out / "hashes.json").unlink(missing_ok=True)
        mark(out, "whole")
        seal(out)
    if example.options.get("reported", True) and _read_of(out) != _read_of_whole():
        stored = read_results(out)  # as `verify` does first: what is refused here is refused everywhere
        with suppress(InputError):
            write_report(out, folder / "report.md")
        with suppress(InputError):
            compare(_stored_whole(), stored)
    unchecked = verify(out, jobs=1).unchecked
    now = {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    whole = _whole()
    other = [name for name in {**whole, **now} if now.get(name) != whole.get(name) and name not in _UNPROVABLE]
    if not other or (other == ["study.json"] and _versions_alone(whole["study.json"], now["study.json"], unchecked)):
        return Verdict("same")
    return Verdict(
        DIFFERS, f"verified, but {', '.join(sorted(other))} is not as it was written; unchecked: {unchecked}"
    )


def _versions_alone(whole: bytes, now: bytes, unchecked: tuple[str, ...]) -> bool:
    """Whether only versions were edited, and that is said."""
    one, other = json.loads(whole), json.loads(now)
    said = any(words.startswith("study.json: that ") for words in unchecked)
    return said and all(one[key] == other.get(key) for key in one if key not in ("versions", "writers"))


_READ = ("study.json", "cases/*.json", "inputs/*/*")
"""What a report and a comparison read of results: they are made of no other file."""


def _read_of(out: Path) -> dict[str, bytes]:
    paths = [path for pattern in _READ for path in out.glob(pattern) if path.is_file()]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@cache
def _read_of_whole() -> dict[str, bytes]:
    return {name: content for name, content in _whole().items() if any(PurePosixPath(name).match(one) for one in _READ)}


@cache
def _stored_whole() -> StoredStudy:
    """The results that are right, as they are read."""
    whole = Path(tempfile.mkdtemp()) / "whole"
    _write(whole, _whole())
    return read_results(whole)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
