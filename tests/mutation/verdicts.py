"""Ends of mutants, appended to a file as they come: a run that is stopped goes on where it was."""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from tests.mutation.mutants import ROOT, Mutant

__all__ = ["Verdicts"]


class Verdicts:
    """What a file says of mutants of the sources as they are; of another source of the same file it says nothing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text("utf-8").splitlines() if path and path.is_file() else []
        self._ends = {_key(one): str(one["end"]) for one in map(json.loads, lines)}

    def of(self, mutant: Mutant) -> str | None:
        """How it ended, if it was tried."""
        return self._ends.get(_key(_row(mutant)))

    def add(self, mutant: Mutant, end: str) -> None:
        """Keep how it ended."""
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(_row(mutant) | {"end": end}) + "\n")


def _row(mutant: Mutant) -> dict[str, object]:
    return asdict(mutant) | {"source": sha256((ROOT / mutant.file).read_bytes()).hexdigest()}


def _key(row: dict[str, object]) -> tuple[object, ...]:
    return row["source"], row["file"], row["operator"], row["occurrence"]
