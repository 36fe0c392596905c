"""What is finished is kept: a study that is interrupted, or killed at any moment, goes on where it stopped."""

import json
import os
import re
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from scenarios.running.tasks import DEFECT, DIED, Outcome, Task
from scenarios.storing.disk import disk_told
from scenarios.storing.durable import force

__all__ = ["Journal"]

_ENTRY = re.compile(r"[0-9a-f]{64}\.(json|[0-9]+)")
"""An entry, or one that a killed process did not finish."""


class Journal:
    """Outcomes by the key of their task, a file each, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, task: Task) -> Outcome | None:
        """The outcome of an earlier run; None where there is none, and where it is not as it was kept: that is told."""
        file = self._file(task)
        try:
            entry = json.loads(file.read_text("utf-8"))
            if entry["sha256"] == _seal(task, entry["outcome"]):
                return Outcome(**entry["outcome"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            pass  # it is not an entry: told below
        print(f"warning: {file}: was edited or cut short; {task.label} is solved again", file=sys.stderr)
        return None

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Keep an outcome: written aside, forced to the disk, put in its place. InputError where the disk is full.

        What died with its process, and defects, are tried again by the next run.
        """
        if outcome.failed in (DEFECT, DIED):
            return
        entry = asdict(outcome)
        aside = self._file(task).with_suffix(f".{os.getpid()}")
        with disk_told(self.folder, "what was answered before is kept: make room, and run the same again"):
            aside.write_text(json.dumps({"sha256": _seal(task, entry), "outcome": entry}), "utf-8")
            force(aside)
            aside.replace(self._file(task))
            force(self.folder)

    def remove(self) -> None:
        """Forget all, once the results are in their place."""
        for file in self.folder.iterdir():
            if _ENTRY.fullmatch(file.name):
                file.unlink()

    def _file(self, task: Task) -> Path:
        return self.folder / f"{task.key}.json"


def _seal(task: Task, outcome: dict[str, Any]) -> str:
    """A hash by which an entry that was edited, or that belongs to another task, is known."""
    return sha256(json.dumps([task.key, outcome], sort_keys=True).encode()).hexdigest()
