"""What a supply chain is: read and check a package, compose packages, hold the Chain.

`load("robots")` reads a shipped package, `load("my/folder")` yours, `load("robots", "chips", "coupled")`
composes. Nothing here knows a solver.
"""

from chains import deferred as _before_scipy  # noqa: F401  (what it does, it does when imported)
from chains import undisturbed as _before_data  # noqa: F401  (likewise)
from chains.allocations import read_allocation
from chains.chain import Chain, load
from chains.tables.problems import InputError, Problem

__all__ = ["Chain", "InputError", "Problem", "load", "read_allocation"]
