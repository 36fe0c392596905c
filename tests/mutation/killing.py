"""A mutant against the tests, in a process of its own."""

import importlib.abc
import importlib.util
import os
import resource
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.mutants import ROOT, Mutant, source_of

__all__ = ["SURVIVED", "met", "preload"]

SURVIVED = "survived"

_FIRST = ("tests/optimize/test_worked_example.py", "tests/optimize/test_structure_by_hand.py")
_STAGES = (
    _FIRST,
    ("tests/optimize/program", "tests/chains/numbers", "tests/optimize/solving/test_ties.py"),
    ("tests/optimize/test_structure_against_dense.py", "tests/optimize/test_against_dense.py"),
    ("tests/optimize/solving", "tests/optimize/test_laws.py", "tests/optimize/test_structure_laws.py"),
    ("tests/optimize/questions", "tests/optimize/test_plan_against_dense.py", "tests/optimize/sampling"),
    ("tests/chains",),
)
"""What a mutant meets, the cheapest first: most end at the first."""

_SECONDS = 900
"""Of processor for all tests that a mutant meets; the unspoiled ones take less than a tenth."""


def preload() -> None:
    """Import what is not ours, once, before processes are forked."""
    others = ("numpy", "pandas", "scipy.optimize", "scipy.sparse", "highspy", "pyomo.environ", "SALib")
    for name in (*others, "pydantic", "cosmic_ray.mutating", "cosmic_ray.plugins"):
        import_module(name)


def met(mutant: Mutant | None, said: Path) -> str:
    """`survived`, or what killed a mutant; None stands for the unspoiled modules, which meet the first tests alone."""
    child = os.fork()
    if child == 0:
        status = 3
        try:
            status = _meets(mutant, said)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(ended)
    if code < 0:
        return f"ended by signal {-code}"
    return SURVIVED if code == 0 else said.read_text("utf-8", "replace").strip().rsplit("\n", 1)[-1][:150]


def _meets(mutant: Mutant | None, said: Path) -> int:
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    if mutant is not None:
        sys.meta_path.insert(0, _Spoiled(mutant.module, source_of(mutant), ROOT / mutant.file))
    named = _naming(mutant.module) if mutant is not None else []
    for tests in (_FIRST, named, *_STAGES[1:]) if mutant is not None else (_FIRST,):
        words = ["-x", "-q", "-m", "not slow", "-o", "addopts=", "-p", "no:cacheprovider", "--no-header", "--tb=line"]
        words += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # plugins of others may be imported before
        if tests and (code := pytest.main([*words, *(str(ROOT / one) for one in tests)])) not in (0, 5):
            return int(code)
    return 0


def _naming(module: str) -> Sequence[str]:
    """Files of tests of these rooms that name a module."""
    paths = sorted([*(ROOT / "tests/optimize").rglob("test_*.py"), *(ROOT / "tests/chains").rglob("test_*.py")])
    return [
        path.relative_to(ROOT).as_posix()
        for path in paths
        if f"from {module} import" in path.read_text("utf-8") and "cylinders" not in path.parts
    ]


class _Spoiled(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from other source than its file holds."""

    def __init__(self, module: str, source: str, path: Path) -> None:
        self.module, self.source, self.path = module, source, path

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        inner = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=inner
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)
