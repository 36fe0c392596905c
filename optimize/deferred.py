"""Import parts of SciPy when they are used, not when Pyomo finds SciPy.

Pyomo imports scipy.stats, scipy.integrate and scipy.spatial as soon as it needs any of SciPy: half a second of every
start, of which the program of least risk uses nothing. This must run before Pyomo is imported.
"""

from chains.deferred import defer

__all__: list[str] = []

defer("scipy.stats", "scipy.integrate", "scipy.spatial")
