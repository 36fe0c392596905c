"""The study that is disturbed: small, with several answers, over an earlier result or in a new place."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scenarios.storing.folder import OLD, sealed_problems
from scenarios.storing.place import unfinished
from tests.faults.moments import FULL, KILL, Fault, command, count_moments, preload, run
from tests.small import Small

__all__ = ["Disturbed", "Found", "content", "moments_of"]

STUDY = """title = "{title}"
question = "How much?"
[[cases]]
name = "small"
title = "Small"
packages = ["small"]
[[grids]]
name = "budgets"
axes = [{{ name = "budget", option = "budget", values = [1.0, 2.0, 4.0] }}]
"""


@dataclass(frozen=True)
class Found:
    """What came of a fault: empty words where all is as it must be."""

    fault: Fault
    wrong: str


def content(folder: Path) -> dict[str, bytes]:
    """Every file of the results but the log, which tells times."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


class Disturbed:
    """A study in a folder of its own, whose undisturbed results are known."""

    def __init__(self, folder: Path) -> None:
        preload()
        self.folder = folder.resolve()
        Small(self.folder / "small")
        for name, title in (("mine", "Mine"), ("earlier", "Earlier")):
            (self.folder / f"{name}.toml").write_text(f'name = "mine"\n{STUDY.format(title=title)}', "utf-8")
        assert run(self._words("earlier", self.folder / "earlier"), self.folder) == 0
        self.count = count_moments(self._words("mine", self.folder / "whole"), self.folder)
        self.whole, self.earlier = content(self.folder / "whole"), content(self.folder / "earlier")
        self.over = self._counted_over()

    def _words(self, study: str, out: Path) -> list[str]:
        return ["study", str(self.folder / f"{study}.toml"), "--out", str(out), "--jobs", "1"]

    def command(self, out: Path) -> int:
        """The study in this process, undisturbed; its exit status."""
        return command(self._words("mine", out))

    def _counted_over(self) -> int:
        """Moments of a run that replaces an earlier result."""
        shutil.copytree(self.folder / "earlier", self.folder / "over")
        return count_moments(self._words("mine", self.folder / "over"), self.folder)

    def meets(self, fault: Fault, over: bool, touch: float | None = None) -> Found:
        """Run into the fault, look at what is there, run again undisturbed and compare.

        `over` an earlier result; `touch`: all files are of this time (seconds since 1970) when it runs again.
        """
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        if over:
            shutil.copytree(self.folder / "earlier", out)
        status = run(self._words("mine", out), self.folder, fault, self.folder / "said")
        said = (self.folder / "said").read_text("utf-8")
        wrong = [*self._ended(fault, status, said), *(self._kept(out) if over else ())]
        if touch is not None:
            _touch(self.folder, touch)
        if (again := run(self._words("mine", out), self.folder, None, self.folder / "said")) != 0:
            wrong.append(f"again: exit {again}: {(self.folder / 'said').read_text('utf-8')}")
        elif content(out) != self.whole:
            wrong.append("again: other bytes than undisturbed")
        if unfinished(out).exists():
            wrong.append(f"left behind: {sorted(path.name for path in unfinished(out).iterdir())}")
            shutil.rmtree(unfinished(out))
        return Found(fault, "; ".join(wrong))

    def _ended(self, fault: Fault, status: int, said: str) -> Iterator[str]:
        if fault.kind == KILL and status not in (-9, 0):
            yield f"exit {status}: {said}"
        if fault.kind == FULL and status not in (0, 2):
            yield f"exit {status}: {said}"
        if fault.kind == FULL and status == 2 and "No space left" not in said:
            yield f"does not say that the disk is full: {said}"
        if "Traceback" in said:
            yield f"traceback: {said}"

    def _kept(self, out: Path) -> Iterator[str]:
        """The earlier result, or the new one, is there whole: in its place, or aside, which the next run puts right."""
        places = [place for place in (out, unfinished(out) / OLD) if place.exists()]
        whole = [
            place for place in places if content(place) in (self.earlier, self.whole) and not sealed_problems(place)
        ]
        if not whole:
            yield f"neither the earlier nor the new result is there whole: {[str(place) for place in places]}"


def moments_of(total: int, wanted: int) -> list[int]:
    """So many moments spread over all."""
    step = max(1.0, total / max(1, wanted))
    return sorted({1 + int(n * step) for n in range(wanted) if 1 + int(n * step) <= total})


def _touch(folder: Path, time: float) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time, time))
