"""Times side by side: contestants take turns, so that a busy moment of the machine hits all of them alike."""

import gc
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["Clock", "as_table", "machine", "peak_memory", "silence", "take_turns"]

TOOLS = ("tierwise", "highspy", "pyomo", "linopy", "pulp", "cvxpy", "scipy", "numpy", "pandas")


Clock = Callable[[], float]
"""`time.perf_counter`, or on a busy machine `time.process_time`: the processor's seconds, of all threads together."""


def take_turns(
    contestants: Mapping[str, Callable[[], object]], repeats: Mapping[str, int], clock: Clock = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of every run of every contestant; one run of each is not counted where it runs often."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    with silence():
        for name, run in contestants.items():
            if repeats[name] > 1:
                run()
        for turn in range(max(repeats.values(), default=0)):
            for name, run in contestants.items():
                if turn < repeats[name]:
                    gc.collect()
                    start = clock()
                    run()
                    seconds[name].append(clock() - start)
    return seconds


def peak_memory() -> int:
    """Peak resident memory of this program, in MB; Linux alone.

    `getrusage` would not do: its peak includes what its parent held when it was started.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


@contextmanager
def silence() -> Iterator[None]:
    """Keep what solvers print from C out of the tables."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def as_table(seconds: Mapping[str, Sequence[float]], floors: Sequence[str]) -> pd.DataFrame:
    """Median, quartiles and number of runs, and the ratio of medians to each of the floors."""
    rows = {}
    for name, taken in seconds.items():
        low, median, high = np.quantile(taken, [0.25, 0.5, 0.75])
        ratios = {f"/ {floor}": f"{median / np.median(seconds[floor]):.2f}" for floor in floors}
        rows[name] = {"median s": f"{median:.4g}", "quartiles": f"{low:.4g} to {high:.4g}", "runs": len(taken)} | ratios
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("")


def machine() -> str:
    """Processor, cores, load and versions, in one line."""
    found = []
    for tool in TOOLS:
        try:
            found.append(f"{tool} {version(tool)}")
        except PackageNotFoundError:
            found.append(f"{tool} not installed")
    load = os.getloadavg()[0]
    host = f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the start"
    return f"{host}, Python {platform.python_version()}; {', '.join(found)}"
