"""Tests that are imported once: each mutant meets them in a process forked from there."""

import json
import os
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from itertools import groupby
from pathlib import Path

import coverage
import pytest

from tests.mutation.anew import Spoiled, forget_ours
from tests.mutation.mutants import ROOMS, ROOT, Mutant, source_of
from tests.mutation.reached import Reached, Test

__all__ = ["SURVIVED", "Session", "anew", "forked", "in_session", "measured"]

SURVIVED = "survived"

TESTS = ("tests/chains/numbers", "tests/optimize")
_NOT = ("tests/optimize/cylinders", "tests/optimize/solver")
"""Tests that start processes, and those of another room."""

_WORDS = ["-o", "addopts=", *(f"-pno:{name}" for name in ("cacheprovider", "dash", "xdist", "terminal"))]
_WORDS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
"""Plugins of others may be imported before pytest rewrites them."""

_TIMES, _MORE = 10.0, 5.0
"""A mutant may take so many times as long as the unspoiled test, and so many seconds more."""

_IMPORTS, _FEW = 120.0, 8
"""Seconds for importing all of ours again at most; tests that are tried before the others are imported."""

_BYTES = 6 * 2**30
"""Of memory that a mutant may ask for."""


class Session:
    """Collected tests."""

    def __init__(self, items: Sequence[pytest.Item]) -> None:
        self.items = {item.nodeid: item for item in items}

    def meet(self, names: Sequence[str], seconds: Callable[[str], float], spoil: Callable[[], bool]) -> str:
        """`survived`, or which of the tests killed a mutant that `spoil` puts in; in a process of its own."""
        return forked(lambda say: say(self._first_that_fails(names, seconds, spoil)))

    def _first_that_fails(
        self, names: Sequence[str], seconds: Callable[[str], float], spoil: Callable[[], bool]
    ) -> str:
        _bound(_IMPORTS)
        if not spoil():
            return "not put in"
        for name, after in _with_next(names):
            _bound(_TIMES * seconds(name) + _MORE)
            if self.run(name, after):
                return name
        return SURVIVED

    def run(self, name: str, after: str | None) -> bool:
        """Whether a test fails."""
        failed = _Failed()
        item = self.items[name]
        item.config.pluginmanager.register(failed)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items.get(after or ""))
        finally:
            item.config.pluginmanager.unregister(failed)
        return failed.any


def _with_next(names: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    return zip(names, [*names[1:], None], strict=False)  # of no names there is no next


class _Failed:
    def __init__(self) -> None:
        self.any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.any = self.any or report.failed


def _bound(seconds: float) -> None:
    """This process ends after so many more seconds of processor, or where it asks for too much memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))


def anew(mutant: Mutant, names: Sequence[str], seconds: float) -> str:
    """The same of a mutant of what runs at import: in this process all of ours is imported again."""
    _bound(_TIMES * seconds + _IMPORTS)
    forget_ours()
    sys.meta_path.insert(0, Spoiled(mutant.module, source_of(mutant), ROOT / mutant.file))
    for some in (names[:_FEW], names[_FEW:]):
        if some and (code := pytest.main([*_WORDS, "-x", "-m", "not slow", *(str(ROOT / name) for name in some)])):
            return f"tests end with {code!r}"
    return SURVIVED


def forked(work: Callable[[Callable[[str], None]], None]) -> str:
    """What `work` says in a process of its own, or how that ended."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
        child = os.fork()
        if child == 0:
            try:
                nothing = os.open(os.devnull, os.O_RDWR)
                for out in (1, 2):
                    os.dup2(nothing, out)
                work(lambda words: _say(said.name, words))
            except BaseException:
                _say(said.name, traceback.format_exc().strip().splitlines()[-1])
            finally:
                os._exit(0)
        _, ended = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(ended)
        return said.read() if code == 0 else f"ended by signal {-code}"


def _say(file: str, words: str) -> None:
    Path(file).write_text(words, "utf-8")


def measured(session: Session) -> Reached:
    """Every test once, without a mutant: each file of tests in a process of its own, so that none leans on another.

    What is kept of these sources is not measured again.
    """
    reached = Reached.kept()
    for file, some in groupby(session.items, lambda name: name.partition("::")[0]):
        names = [name for name in some if name not in reached.tests]
        if names:
            print(f"without a mutant: {file}", file=sys.stderr, flush=True)
            said = forked(partial(_say_rows, session, names))
            if not said.startswith("{"):
                raise RuntimeError(f"{file}: {said}")
            reached.keep({name: Test(**one) for name, one in json.loads(said).items()})
    return reached


def _say_rows(session: Session, names: Sequence[str], say: Callable[[str], None]) -> None:
    say(json.dumps({name: asdict(one) for name, one in _rows(session, names).items()}))


def _rows(session: Session, names: Sequence[str]) -> dict[str, Test]:
    """Seconds and rows of tests of a file; what its wide fixtures run, each of its tests runs."""
    cover = coverage.Coverage(data_file=None, include=[f"{ROOT / room}/*" for room in ROOMS], config_file=False)
    wide, seconds = _Wide(cover), dict[str, float]()
    session.items[names[0]].config.pluginmanager.register(wide)
    cover.start()
    for name, after in _with_next(names):
        start = time.process_time()
        wide.begin(name)
        if session.run(name, after):
            raise RuntimeError(f"{name} fails without any mutant")
        seconds[name] = time.process_time() - start
    cover.stop()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", coverage.exceptions.CoverageWarning)  # no row of ours may be run at all
        data, rows = cover.get_data(), dict[str, dict[str, list[int]]]()
    for path in data.measured_files():
        file = Path(path).relative_to(ROOT).as_posix()
        for row, contexts in data.contexts_by_lineno(path).items():
            for name in names if _EVERY in contexts else contexts:
                rows.setdefault(name, {}).setdefault(file, []).append(row)
    return {name: Test(seconds[name], rows.get(name, {})) for name in names}


_EVERY = "every test of the file"


class _Wide:
    """Notes rows for the test that runs, or for every test of its file while a fixture of all of them is made."""

    def __init__(self, cover: coverage.Coverage) -> None:
        self.cover, self.name = cover, ""

    def begin(self, name: str) -> None:
        self.name = name
        self.cover.switch_context(name)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        self.cover.switch_context(self.name if fixturedef.scope == "function" else _EVERY)
        try:
            return (yield)
        finally:
            self.cover.switch_context(self.name)


def in_session(work: Callable[[Session], None], tests: Sequence[str] = TESTS) -> None:
    """Collect tests, and let `work` have them; nothing else is run."""
    ignored = [f"--ignore={ROOT / path}" for path in _NOT]
    words = [*_WORDS, "-m", "not slow", *ignored, *(str(ROOT / one) for one in tests)]
    code = pytest.main(words, plugins=[_Work(work)])
    if code not in (0, 5):
        raise RuntimeError(f"tests cannot be collected: {code!r}")


class _Work:
    def __init__(self, work: Callable[[Session], None]) -> None:
        self.work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.work(Session(session.items))
        return True
