"""What is finished is kept: a study that is interrupted, or killed at any moment, goes on where it stopped."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

from scenarios.running.tasks import DEFECT, DIED, Outcome, Task

__all__ = ["Journal"]


class Journal:
    """Outcomes by the key of their task, a file each, in a hidden folder beside the results to be."""

    def __init__(self, results: Path) -> None:
        self.folder = results.parent / f".{results.name}-unfinished"

    def find(self, task: Task) -> Outcome | None:
        """The outcome of an earlier run; None where there is none, or where its file is not whole."""
        try:
            return Outcome(**json.loads(self._file(task).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Keep an outcome: written aside, then put in its place at once.

        What died with its process, and defects, are tried again by the next run.
        """
        if outcome.failed in (DEFECT, DIED):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self._file(task).with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(asdict(outcome)), "utf-8")
        aside.replace(self._file(task))

    def remove(self) -> None:
        """Forget all, once the results are in their place."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, task: Task) -> Path:
        return self.folder / f"{task.key}.json"
