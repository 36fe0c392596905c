"""Programs larger than one machine: bundles of scenarios over MPI, by mpi-sppy (the optional extra `mpi`).

`least_risk_bounds` is `optimize` for a package of very many scenarios. Importing this needs mpi-sppy and mpi4py;
nothing else in `optimize` does.
"""

import contextlib
from tempfile import TemporaryDirectory

from optimize.solver.silent import standard_output_aside

with standard_output_aside(), TemporaryDirectory() as _folder, contextlib.chdir(_folder):
    # Where mpi-sppy is imported it greets on standard output and opens log files, which stay empty.
    from optimize.cylinders.bounds import Bounds, least_risk_bounds

__all__ = ["Bounds", "least_risk_bounds"]
