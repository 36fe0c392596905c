"""What many inputs share is worked out once: a package of the same bytes is read twice at most, a question is asked of
the same chain once, and results of the same answers are written once. None of that depends on anything else, so no
verdict hangs on it (`tests/test_fuzz.py`).
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from chains import Chain
from chains.recent import Recent
from scenarios.report.content import Report
from scenarios.running import workers
from scenarios.running.tasks import Outcome, Task
from scenarios.storing.writing import Answers
from scenarios.studies import StudyFile, expanding
from scenarios.studies.expanding import Ready
from scenarios.verifying import rewriting

__all__ = ["sharing"]

Files = tuple[tuple[str, bytes], ...]


@contextmanager
def sharing(root: Path) -> Iterator[None]:
    """Studies read packages and ask, and `verify` writes, through memories; copies of packages stand below `root`."""
    usual = expanding.load, workers.carry_out, rewriting.write_all  # type: ignore[attr-defined]
    expanding.load = _Packages(root, usual[0])  # type: ignore[attr-defined]
    workers.carry_out = _Asked(usual[1])  # type: ignore[attr-defined]
    rewriting.write_all = _Written(usual[2])  # type: ignore[attr-defined]
    try:
        yield
    finally:
        expanding.load, workers.carry_out, rewriting.write_all = usual  # type: ignore[attr-defined]


class _Packages:
    """Chains by the names and bytes of their packages. What is no plain folder, and what is refused, is read anew."""

    def __init__(self, root: Path, load: Callable[..., Chain]) -> None:
        self.root, self.load = root, load
        self.known: dict[tuple[tuple[str, Files], ...], Chain] = {}
        self.seen: set[str] = set()

    def __call__(self, *packages: str | Path) -> Chain:
        contents = [(Path(package), _plain(Path(package))) for package in packages]
        if not contents or any(files is None for _, files in contents):
            return self.load(*packages)
        key = tuple((path.name, files or ()) for path, files in contents)
        if key in self.known:
            return self.known[key]
        digest = sha256(repr(key).encode()).hexdigest()
        if digest not in self.seen:
            chain = self.load(*packages)  # most packages are seen once; those that are refused are never kept
            self.seen.add(digest)
            return chain
        kept = self.root / f"packages-{len(self.known)}"
        self.known[key] = self.load(*(shutil.copytree(path, kept / path.name) for path, _ in contents))
        return self.known[key]


def _plain(folder: Path) -> Files | None:
    """Names and bytes of the files of a folder that holds nothing else; None for every other."""
    if not folder.is_absolute() or folder.is_symlink() or not folder.is_dir():
        return None
    paths = sorted(folder.iterdir())
    if not all(path.is_file() and not path.is_symlink() for path in paths):
        return None
    return tuple((path.name, path.read_bytes()) for path in paths)


def _said(case: Ready) -> tuple[object, ...]:
    """What tells a case's chains apart."""
    return case.source.sha256, case.chain.sha256, case.chain.changes, case.chain.definition


_ANSWERS = 64
"""Answers that are kept: those of the results that are right, and of the last others."""


class _Asked:
    """Answers by the key of their task, by which a study that goes on takes them from an earlier run, too."""

    def __init__(self, carry_out: Callable[[Task], Outcome]) -> None:
        self.carry_out, self.known = carry_out, Recent[str, Outcome](_ANSWERS)

    def __call__(self, task: Task) -> Outcome:
        found = self.known.get(task.key)
        if found is None:
            found = self.carry_out(task)
            self.known.keep(task.key, found)
        return replace(found, answer=deepcopy(found.answer))


class _Written:
    """Files of results by all that they are made from."""

    def __init__(self, write_all: Callable[..., Report]) -> None:
        self.write_all, self.known = write_all, dict[str, dict[str, bytes]]()

    def __call__(
        self, folder: Path, file: StudyFile, ready: Sequence[Ready], answers: Answers, made: Mapping[str, Any]
    ) -> None:
        cases = [
            (*(getattr(case, field.name) for field in fields(Ready) if field.type is not Chain), *_said(case))
            for case in ready
        ]
        key = repr((folder.name, file.study.model_dump(mode="json"), file.overrides, cases, answers, made))
        if key not in self.known:
            self.write_all(folder, file, ready, answers, made)
            files = (path for path in sorted(folder.rglob("*")) if path.is_file())
            self.known[key] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
            return
        for name, content in self.known[key].items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
