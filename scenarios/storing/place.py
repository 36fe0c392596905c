"""Where results may go: nowhere that they destroy anything but earlier results of the same study."""

import os
from dataclasses import dataclass
from pathlib import Path

from chains import InputError
from chains.tables.problems import first_of
from scenarios.storing.disk import disk_told
from scenarios.storing.marker import foreign, read_marker

__all__ = ["OTHER", "Place", "home_of", "place_of", "unfinished"]

OTHER = "give another folder with --out"
NAMED = 5
"""Files in the way that a message names; it counts the others."""


def unfinished(target: Path) -> Path:
    """The hidden folder beside the results to be that holds what is not finished yet."""
    return target.parent / f".{target.name}-unfinished"


@dataclass(frozen=True)
class Place:
    """A folder for the results of a study."""

    target: Path
    study: str

    @property
    def unfinished(self) -> Path:
        """The hidden folder beside it."""
        return unfinished(self.target)

    def check(self) -> None:
        """InputError, naming what is in the way, unless the place is free or holds this study's earlier results."""
        with disk_told(self.target, OTHER):
            if wrong := self._taken():
                raise InputError.single(str(self.target), wrong, OTHER)

    def _taken(self) -> str:
        """Why results must not be put here; empty where they may."""
        if not os.path.lexists(self.target):
            return ""
        if not self.target.is_dir():
            return "is not a folder"
        if self.target == Path.cwd():
            return "is the folder you are in, and would be replaced"
        if not os.access(self.target, os.W_OK | os.X_OK):
            return "may not be written"
        here = sorted(path.name for path in self.target.iterdir())
        marker = read_marker(self.target) if here else None
        if marker is None:
            return f"is not a results folder of Tierwise and holds {first_of(here, NAMED)}" if here else ""
        if marker.study != self.study:
            return f"holds the results of another study, '{marker.study}'"
        others = foreign(self.target, marker.files)
        return f"holds, beside results, what Tierwise did not write: {first_of(others, NAMED)}" if others else ""


def home_of(path: Path) -> Path:
    """A path with `~` at its start understood as shells do: a quoted one reaches us as it was typed."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise InputError.single(str(path), f"means no folder ({error})", "write the whole path") from None


def place_of(out: Path, study: str) -> Place:
    """The place that a user named. InputError unless the results of the study may be put there."""
    with disk_told(out, OTHER):
        if out.is_symlink():
            raise InputError.single(str(out), f"is a link to {out.readlink()}", "give the folder that it leads to")
        place = Place(out.resolve(), study)
    place.check()
    return place
