"""Start: processor time of a fresh process for a command, beside that of Python and of the libraries alone."""

import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pandas as pd

from benchmarks.measure import as_table

__all__ = ["question"]

PYTHON, LIBRARIES = "python -c pass", "its libraries alone"
_COMMAND = "import sys; from scenarios.cli import main; sys.argv = ['tierwise', {words}]; main()"
CODE = {
    PYTHON: "pass",
    LIBRARIES: "import highspy, pandas, pydantic, pyomo.core, rich.console, scipy.sparse, typer",
    "tierwise --help": _COMMAND.format(words="'--help'"),
    "tierwise optimize robots": _COMMAND.format(words="'optimize', 'robots'"),
}
"""What a fresh process runs."""


def question(repeats: int = 5, code: Mapping[str, str] = CODE) -> pd.DataFrame:
    """Processor seconds, user and system, of each in turn; the first run of each, which may compile, is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in code}
    for turn in range(repeats + 1):
        for name, run in code.items():
            taken = _processor([sys.executable, "-c", run])
            if turn:
                seconds[name].append(taken)
    return as_table(seconds, [PYTHON, LIBRARIES])


def _processor(command: Sequence[str]) -> float:
    """Seconds of the processor that a command takes, its own children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
