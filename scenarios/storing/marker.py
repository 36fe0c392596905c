"""Whose a folder is: results carry the name of their study and a list of their files, and all else is the user's."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from chains.tables.json_files import read_json
from scenarios.storing.folder import HASHES, LITTER, LOG, MANIFEST, sealed_files, write_json

__all__ = ["MARKER", "Marker", "foreign", "mark", "read_marker"]

MARKER = "tierwise.json"


@dataclass(frozen=True)
class Marker:
    """What was written into a folder: the results of which study, and in which files."""

    study: str
    files: frozenset[str]


def mark(folder: Path, study: str) -> None:
    """Say in a folder whose results it holds; every file but the hashes and the log must be there already."""
    files = sorted({*sealed_files(folder), MARKER, HASHES, LOG})
    about = "Tierwise wrote these files, and replaces them where the study is run again"
    write_json(folder / MARKER, {"about": about, "study": study, "files": files})


def read_marker(folder: Path) -> Marker | None:
    """The marker of a results folder; None where Tierwise did not make the folder.

    Folders of the first version have no marker: there the study tells its name, and the hashes name the files.
    """
    try:
        if (folder / MARKER).is_file():
            marker = _read(folder / MARKER)
            return Marker(str(marker["study"]), frozenset(marker["files"]))
        study, hashes = _read(folder / MANIFEST)["study"]["name"], _read(folder / HASHES)
        return Marker(str(study), frozenset({*hashes, HASHES, LOG}))
    except (OSError, TypeError, KeyError):
        return None


def _read(path: Path) -> Any:
    """The content of a JSON file; None where it is none."""
    content, problems = read_json(path, str(path))
    return None if problems else content


def foreign(folder: Path, files: frozenset[str]) -> list[str]:
    """What a folder holds beside `files`: other files, links, and folders that none of the files stands in."""
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    found = []
    for here, inner, names in os.walk(folder, onerror=_raised):
        at = Path(here).relative_to(folder)
        links = [name for name in inner if (Path(here) / name).is_symlink()]
        present = [(at / name).as_posix() for name in (*names, *links) if name not in LITTER]
        found += [place for place in present if place not in files]
        if not (inner or names or at.as_posix() in folders):
            found.append(f"{at.as_posix()}/")
    return sorted(found)


def _raised(error: OSError) -> None:
    """What cannot be looked into may hold anything."""
    raise error
