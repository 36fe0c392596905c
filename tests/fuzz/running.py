"""Inputs tried one after the other, or by several processes: the same inputs and the same verdicts."""

import multiprocessing
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.fuzz.example import Example
from tests.fuzz.kinds import KINDS
from tests.fuzz.sharing import sharing
from tests.fuzz.watching import Verdict, watched, watching

__all__ = ["Ended", "drawn", "spread", "tried"]

_TOGETHER = 10
"""Inputs that a process takes at a time."""


@dataclass(frozen=True)
class Ended:
    """What came of an input, and how much of its process's time it took (seconds)."""

    name: str
    verdict: Verdict
    seconds: float


def drawn(kind: str, seed: int, numbers: Iterable[int]) -> Iterator[tuple[str, Example]]:
    """Examples of a kind with their names."""
    for n in numbers:
        yield f"{kind}-{seed}-{n}", KINDS[kind].draw(np.random.default_rng([sorted(KINDS).index(kind), seed, n]))


def tried(examples: Iterable[tuple[str, Example]], *, share: bool = True) -> Iterator[Ended]:
    """What comes of examples, one after the other, in this process; `share` what several of them ask (`sharing`)."""
    with tempfile.TemporaryDirectory() as there, _at_home(Path(there), share=share):
        yield from _each(Path(there), examples)


@contextmanager
def _at_home(root: Path, *, share: bool) -> Iterator[None]:
    """All temporary files are below a folder, and what is shared is kept there."""
    usual, tempfile.tempdir = tempfile.tempdir, str(root)
    try:
        with sharing(root) if share else nullcontext():
            yield
    finally:
        tempfile.tempdir = usual


def _each(root: Path, examples: Iterable[tuple[str, Example]]) -> Iterator[Ended]:
    start = time.process_time()
    for name, example in examples:
        with watching(root):
            verdict = _verdict(example, root)
        now = time.process_time()
        yield Ended(name, verdict, now - start)
        start = now


def _verdict(example: Example, root: Path) -> Verdict:
    """What comes of one example, in a folder of its own below `root`."""
    with tempfile.TemporaryDirectory(dir=root) as there:
        example.write(Path(there))
        return watched(lambda: KINDS[example.kind].ask(Path(there), example))


def spread(kind: str, seed: int, count: int, workers: int) -> Iterator[Ended]:
    """The same of `count` drawn examples, by several processes; in order."""
    if workers == 1:
        yield from tried(drawn(kind, seed, range(count)))
        return
    parts = [(kind, seed, range(n, min(n + _TOGETHER, count))) for n in range(0, count, _TOGETHER)]
    with tempfile.TemporaryDirectory() as there:
        how = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(workers, how, initializer=_begin, initargs=(there,)) as pool:
            waited = [pool.submit(_part, *part) for part in parts]
            for part, ended in zip(parts, waited, strict=True):
                try:
                    yield from ended.result()
                except BrokenProcessPool:
                    names = f"{kind}-{seed}-{part[2].start} to {part[2].stop - 1}"
                    yield Ended(names, Verdict("traceback", "a process died here, or beside it"), 0.0)


_own: list[Path] = []
"""The folder of this process, once it has begun."""


def _begin(there: str) -> None:
    """A process of its own, to its end: what it shares it keeps."""
    _own.append(Path(tempfile.mkdtemp(dir=there)))
    _until_the_end.enter_context(_at_home(_own[0], share=True))


_until_the_end = ExitStack()


def _part(kind: str, seed: int, numbers: range) -> list[Ended]:
    return list(_each(_own[0], drawn(kind, seed, numbers)))
