"""A mutant of what runs at import (a constant, a field): our modules are imported anew, from another source."""

import importlib.abc
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

__all__ = ["Spoiled", "forget_ours"]

_OURS = ("data", "chains", "optimize", "scenarios", "tierwise", "tests")
_STAYS = "tests.mutation"


def forget_ours() -> None:
    """Take every module of ours out of those that are imported, but for what runs the mutants."""
    for name in list(sys.modules):
        if name.partition(".")[0] in _OURS and not _STAYS.startswith(name) and not name.startswith(_STAYS):
            del sys.modules[name]


class Spoiled(importlib.abc.MetaPathFinder, importlib.abc.Loader):
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
