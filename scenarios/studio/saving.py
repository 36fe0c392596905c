"""Save a state so that `tierwise` runs it to the same numbers: as a study file, or as the package it stands for."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chains import Chain, InputError
from chains.writing.converting import write_package
from scenarios.storing.disk import disk_told
from scenarios.studies import read_study
from scenarios.studies.expanding import with_rows
from scenarios.studio.kept import Kept
from scenarios.studio.places import Place
from scenarios.studio.state import State

__all__ = ["EXPORTS", "export", "save_package", "save_study", "study_text"]

EXPORTS = {"page": ".html", "paper": ".pdf", "slides": ".pptx", "workbook": ".xlsx"}
"""What a report can be exported as, and how its file ends."""
STUDY = "study.toml"
LONGEST = 600
"""Seconds that a study of one case may run; the shipped ones take a few."""


def study_text(state: State, chain: Chain, name: str) -> str:
    """The study file of a state: one case with what is moved; `chain` is that of its packages alone.

    Packages that do not ship as they are stand in folders beside the file.
    """
    moves = state.moves
    words = moves.words(chain.money_unit)
    moved = f"moved: {'; '.join(words)}" if words else "as it stands"
    lines = [
        f"name = {_text(name)}",
        f"title = {_text(f'{chain.name}, {moved}')}",
        f"question = {_text('Where does the money lower risk most?')}",
    ]
    if moves.cut:
        lines.append('outputs = ["what-if"]')
    lines += ["", "[[cases]]", f"name = {_text(name)}", f"title = {_text(f'{chain.name}, as in the studio')}"]
    places = [package.name if package.shipped else f"./{package.name}" for package in state.packages]
    lines.append(f"packages = {_value(places)}")
    if moves.given:
        lines += ["", "[cases.options]", *_pairs_of(moves.given)]
    rows = moves.rows(chain)
    for row in rows:
        lines += ["", "[[cases.add]]", *_pairs_of(row.model_dump(exclude_defaults=True))]
    for change in moves.changes(with_rows(chain, rows)):
        lines += ["", "[[cases.changes]]", *_pairs_of(change.model_dump(exclude_defaults=True))]
    if moves.cut:
        lines += ["", "[what_if]", *_pairs_of({"cuts": [moves.cut], "months": moves.months})]
    return "\n".join([*lines, ""])


def save_study(place: Place, state: State, chain: Chain, name: str) -> Path:
    """Write a folder with the study file and the packages that do not ship; the file.

    InputError where something of that name is there: nothing that was saved is written over.
    """
    folder = place.target(name)
    with disk_told(folder, "name another"):
        if folder.exists():
            raise InputError.single("name", f"'{name}' is there already in {place.folder}", "choose another name")
        folder.mkdir()
        for package in state.packages:
            if not package.shipped:
                write_package(dict(package.files), folder / package.name)
        file = folder / STUDY
        file.write_text(study_text(state, chain, name), "utf-8")
    read_study(str(file))  # what is written can be read: InputError would name the row
    return file


def save_package(place: Place, package: Kept, name: str, suffix: str) -> Path:
    """Write a package as a folder, `.zip` or `.xlsx` of that name; InputError where something is there already."""
    target = place.target(name).with_name(f"{name}{suffix}")
    write_package(dict(package.files), target)
    return target


def export(place: Place, state: State, chain: Chain, name: str, kind: str) -> Path:
    """Run the study of a state, as `tierwise study` does, and write its report; the report's file.

    A study of that name which says the same is not run again. InputError with what the command says where it fails.
    """
    folder, suffix = place.target(name), EXPORTS[kind]
    text = study_text(state, chain, name)
    file = folder / STUDY
    if not file.is_file():
        file = save_study(place, state, chain, name)
    elif file.read_text("utf-8") != text or not _same_packages(folder, state):
        raise InputError.single("name", f"'{name}' is another state, which is saved already", "choose another name")
    results = folder / "results"
    if not results.exists():
        _run(["study", str(file), "--out", str(results), "--jobs", "1"])
    target = folder / f"report{suffix}"
    if not target.exists():
        _run(["report", str(results), "--output", str(target)])
    return target


def _same_packages(folder: Path, state: State) -> bool:
    """Whether the packages that were saved with a study are those of a state."""
    return all(
        package.shipped or ((folder / package.name).is_dir() and Kept.of(folder / package.name) == package)
        for package in state.packages
    )


def _run(arguments: list[str]) -> None:
    """Run a command of ours in a process of its own; InputError with what it says where it fails."""
    command = [sys.executable, "-m", "tierwise", *arguments]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        raise InputError.single(f"tierwise {arguments[0]}", "takes too long", "run it on a terminal") from None
    if ran.returncode:
        said = ran.stderr.strip().splitlines()
        raise InputError.single(f"tierwise {arguments[0]}", said[-1] if said else "failed", "run it on a terminal")


def _text(text: str) -> str:
    """A TOML basic string: JSON escapes are among those of TOML."""
    return json.dumps(text, ensure_ascii=False)


def _pairs_of(given: Mapping[str, Any]) -> list[str]:
    """Keys and values as lines; a table in one line."""
    return [f"{key} = {_value(value)}" for key, value in given.items()]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_text(key)} = {_value(one)}' for key, one in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(float(value))
