"""The files of a results folder: none can be edited or cut short unseen."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from chains import Problem
from chains.tables.json_files import read_json

__all__ = ["HASHES", "LITTER", "LOG", "MANIFEST", "NEW", "OLD", "seal", "sealed_files", "sealed_problems", "write_json"]

MANIFEST = "study.json"
HASHES = "hashes.json"
LOG = "log.txt"
"""What happened when; the one file without a hash, since it tells times."""


LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave in every folder that is looked at: nobody's data."""
NEW, OLD = "new", "old"
"""In the hidden folder beside the results: those being written, and for a moment those that they replace."""


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def seal(folder: Path) -> None:
    """Write the SHA-256 of every file of a folder, but the log's."""
    write_json(folder / HASHES, {name: _hash(folder / name) for name in sealed_files(folder)})


def sealed_problems(folder: Path) -> list[Problem]:
    """What is not as it was sealed: files that were edited or cut short, that are missing or that were added."""
    path = str(folder / HASHES)
    right = "run the study again"
    hashes, problems = read_json(folder / HASHES, path)
    if problems:
        return problems
    if not isinstance(hashes, dict):
        return [Problem(path, 0, "", "holds no hashes by file", right)]
    problems = [
        Problem(str(folder / name), 0, "", "is a link or no file, which no study writes", "keep it elsewhere")
        for name in _no_files(folder)
    ]
    present = sealed_files(folder)
    for name in sorted({*hashes, *present}):
        if name not in present:
            problems.append(Problem(str(folder / name), 0, "", "is missing", right))
        elif name not in hashes:
            problems.append(Problem(str(folder / name), 0, "", "was not written by the study", "keep it elsewhere"))
        elif wrong := _changed(folder / name, hashes[name]):
            problems.append(Problem(str(folder / name), 0, "", wrong, right))
    return problems


def _no_files(folder: Path) -> list[str]:
    """Links, pipes, devices and sockets in a folder: what they lead to is not in it."""
    odd = (path for path in folder.rglob("*") if path.is_symlink() or not (path.is_file() or path.is_dir()))
    return sorted(path.relative_to(folder).as_posix() for path in odd)


def _changed(path: Path, sealed: str) -> str:
    """What is wrong with a file that was sealed; empty where nothing is."""
    try:
        return "" if _hash(path) == sealed else "was edited or cut short after the study wrote it"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def sealed_files(folder: Path) -> list[str]:
    """The files of a folder that have a hash."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in LITTER)
    return sorted({path.relative_to(folder).as_posix() for path in files} - {HASHES, LOG})


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
