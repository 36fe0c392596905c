"""Results, and files of a user's choice, that are put in their place whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenarios.storing.disk import disk_told
from scenarios.storing.durable import force, force_all
from scenarios.storing.folder import NEW, OLD
from scenarios.storing.place import Place

__all__ = ["new_file", "new_results"]


@contextmanager
def new_results(place: Place) -> Iterator[Path]:
    """A folder to write into, put in a claimed place when all is written; an error leaves alone what is there."""
    new, old = place.unfinished / NEW, place.unfinished / OLD
    try:
        with disk_told(place.target, "what is answered is kept: make room, and run the same again"):
            new.mkdir()
            yield new
            _put(new, place, old)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put(new: Path, place: Place, old: Path) -> None:
    """Put new results in place of old ones, which are looked through once more where nobody adds to them.

    They are on the disk before they are in place, and in place before old ones, and kept answers, go.
    """
    place.check()
    force_all(new)
    if place.target.exists():
        place.target.rename(old)
    try:
        Place(old, place.study).check()
        new.rename(place.target)
    except BaseException:
        if old.exists():
            old.rename(place.target)
        raise
    force(place.target.parent)
    force(place.unfinished)
    if old.exists():
        shutil.rmtree(old)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A file to write, put in place of `target` when all is written; an error leaves alone what is there."""
    aside = target.with_name(f".{os.getpid()}{target.suffix}")
    try:
        yield aside
        force(aside)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
