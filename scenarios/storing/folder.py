"""A folder that is written whole or not at all, and whose files cannot be edited or cut short unseen."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from chains import InputError, Problem

__all__ = ["HASHES", "LOG", "MANIFEST", "new_folder", "seal", "sealed_problems", "write_json"]

MANIFEST = "study.json"
HASHES = "hashes.json"
LOG = "log.txt"
"""What happened when; the one file without a hash, since it tells times."""


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, put in the place of `target` when all is written; an error leaves `target` alone."""
    check_place(target)
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


def check_place(target: Path) -> None:
    """InputError if `target` holds something else than a study's results."""
    occupied = target.exists() and any(target.iterdir() if target.is_dir() else [target])
    if occupied and not (target / MANIFEST).is_file():
        wrong = "exists and is not a results folder"
        raise InputError.single(str(target), wrong, "choose another folder with --out")


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def seal(folder: Path) -> None:
    """Write the SHA-256 of every file of a folder, but the log's."""
    write_json(folder / HASHES, {name: _hash(folder / name) for name in _files(folder)})


def sealed_problems(folder: Path) -> list[Problem]:
    """What is not as it was sealed: files that were edited or cut short, that are missing or that were added."""
    path = str(folder / HASHES)
    right = "run the study again"
    try:
        hashes = dict(json.loads((folder / HASHES).read_text("utf-8")))
    except (OSError, ValueError) as error:
        return [Problem(path, 0, "", f"cannot be read ({error})", right)]
    problems = []
    present = _files(folder)
    for name in sorted({*hashes, *present}):
        if name not in present:
            problems.append(Problem(str(folder / name), 0, "", "is missing", right))
        elif name not in hashes:
            problems.append(Problem(str(folder / name), 0, "", "was not written by the study", "keep it elsewhere"))
        elif hashes[name] != _hash(folder / name):
            problems.append(
                Problem(str(folder / name), 0, "", "was edited or cut short after the study wrote it", right)
            )
    return problems


def _files(folder: Path) -> list[str]:
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in files if name not in (HASHES, LOG))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
