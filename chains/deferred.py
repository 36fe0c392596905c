"""Let modules that others import without need be imported when something is asked of them.

SciPy takes every name that NumPy exports, and with them the translator of Fortran, numpy.f2py, the tests of arrays with
unittest, and polynomials: up to a tenth of a start. This must run before SciPy is imported.
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
    """Put a stand-in for each module `package.part` that is not imported yet; its package is imported now."""
    for name in names:
        package, _, part = name.rpartition(".")
        if name not in sys.modules:
            sys.modules[name] = _Deferred(name)
            setattr(import_module(package), part, sys.modules[name])


defer("numpy.f2py", "numpy.testing", "numpy.polynomial")
