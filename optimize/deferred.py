"""Import parts of SciPy when they are used, not when Pyomo finds SciPy.

Pyomo imports scipy.stats, scipy.integrate and scipy.spatial as soon as it needs any of SciPy: half a second of every
start, of which the program of least risk uses nothing. This must run before Pyomo is imported.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["defer"]


class _Deferred(ModuleType):
    """Stands for a module until something is asked of it; importlib's LazyLoader ends as soon as it is imported."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = import_module(self.__name__)
        self.__dict__.update(module.__dict__)
        return getattr(module, name)


def defer(*names: str) -> None:
    """Let modules that are not imported yet be imported when something is asked of them."""
    for name in names:
        if name not in sys.modules:
            sys.modules[name] = _Deferred(name)


defer("scipy.stats", "scipy.integrate", "scipy.spatial")
