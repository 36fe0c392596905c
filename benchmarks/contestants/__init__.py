"""One file a contestant: the same program written with Tierwise, with other tools, and for the solver alone."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from benchmarks.case import Contestant

__all__ = ["CONTESTANTS", "contestant"]

CONTESTANTS = {
    "Tierwise": ("tierwise", "pyomo"),
    "cvxpy": ("with_cvxpy", "cvxpy"),
    "linopy": ("with_linopy", "linopy"),
    "pyoframe": ("with_pyoframe", "pyoframe"),
    "scipy linprog": ("with_scipy", "scipy"),
    "PuLP": ("with_pulp", "pulp"),
    "Pyomo, contrib highs": ("with_pyomo", "pyomo"),
    "Pyomo, appsi_highs": ("with_appsi", "pyomo"),
}
"""Module of every contestant, and the library that it needs; fastest first as first measured."""


def contestant(name: str) -> Contestant | None:
    """The contestant, or None where its library is not installed."""
    module, library = CONTESTANTS[name]
    if find_spec(library) is None:
        return None
    solve: Callable[..., object] = import_module(f"benchmarks.contestants.{module}").solve
    return solve  # type: ignore[return-value]
