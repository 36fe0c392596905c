"""One run at a time into a folder; what a run that was killed left there is put in order by the next."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from chains import InputError
from scenarios.storing.disk import disk_told
from scenarios.storing.folder import NEW, OLD
from scenarios.storing.place import OTHER, Place

__all__ = ["ANSWERS", "claimed"]

ANSWERS = "*.json"
"""What is answered, in the hidden folder."""
LOCK, RUN = "lock", "run"
"""Beside it: the lock of the run that is going on, and which process of which study that is."""


@contextmanager
def claimed(place: Place) -> Iterator[None]:
    """The place for this process alone, with the hidden folder there. InputError where another run has it."""
    folder = place.unfinished
    with disk_told(folder, OTHER):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            wrong = f"is being written by another run ({_running(folder)})"
            raise InputError.single(str(place.target), wrong, f"wait until it ends, or {OTHER}") from None
    try:
        with disk_told(folder, OTHER):
            _check_kept(place)
            (folder / RUN).write_text(json.dumps(_this(place)), "utf-8")
            _put_in_order(place)
        place.check()
        yield
    finally:
        with suppress(OSError):
            _leave(folder)
        lock.release()
        with suppress(OSError):
            folder.rmdir()


def _leave(folder: Path) -> None:
    """Keep the answers, if any, and which study they are of; the lock goes while it is held."""
    if not any(folder.glob(ANSWERS)):
        (folder / RUN).unlink(missing_ok=True)
    (folder / LOCK).unlink()


def _this(place: Place) -> dict[str, Any]:
    return {"study": place.study, "process": os.getpid(), "machine": socket.gethostname()}


def _last(folder: Path) -> dict[str, Any]:
    """The run that had the folder last; empty where it does not tell."""
    try:
        return dict(json.loads((folder / RUN).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _running(folder: Path) -> str:
    run = _last(folder)
    return f"process {run.get('process', 'unknown')} on {run.get('machine', 'this machine')}"


def _check_kept(place: Place) -> None:
    """InputError where answers of another study are kept here: it was interrupted, and is to go on."""
    study = _last(place.unfinished).get("study", place.study)
    if study != place.study and any(place.unfinished.glob(ANSWERS)):
        wrong = f"keeps the answers of another study, '{study}', which was interrupted"
        raise InputError.single(str(place.unfinished), wrong, f"{OTHER}, or remove it")


def _put_in_order(place: Place) -> None:
    """What a killed run left: half-written results go, results moved aside come back unless new ones took their place.

    Both are Tierwise's own to the last file: results were looked through before they were moved aside.
    """
    new, old = place.unfinished / NEW, place.unfinished / OLD
    if new.exists():
        shutil.rmtree(new)
    if old.exists() and place.target.exists() and any(place.target.iterdir()):
        shutil.rmtree(old)
    elif old.exists():
        with suppress(FileNotFoundError):
            place.target.rmdir()
        old.rename(place.target)
