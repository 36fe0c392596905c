"""How time and memory grow with the number of segments: reading and checking, indicators, the least-risk allocation."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.measure import peak_memory
from benchmarks.synthetic import write

__all__ = ["LIMIT", "SEGMENTS", "question"]

SEGMENTS = (50, 500, 4_000)
COUNTRIES, SCENARIOS = 80, 20
LIMIT = 10 * 2**30
"""Bytes of address space that a step may take before it is stopped."""
STEPS = ("validate", "indicators", "optimize")


def question(segments: tuple[int, ...] = SEGMENTS, patience: float = 900.0) -> pd.DataFrame:
    """Seconds and peak memory of each step, each in a process of its own; every country supplies every segment.

    `indicators` and `optimize` include reading the package. A step that needs more than LIMIT bytes or `patience`
    seconds says so.
    """
    rows = []
    for count in segments:
        with TemporaryDirectory() as folder:
            package = Path(folder) / "synthetic"
            write(package, count, COUNTRIES, SCENARIOS, everywhere=True)
            rows += [{"segments": count, "step": step, **_step(step, package, patience)} for step in STEPS]
    return pd.DataFrame(rows).set_index(["segments", "step"])


def _step(step: str, package: Path, patience: float) -> dict[str, str]:
    command = [sys.executable, "-m", "benchmarks.growing", step, str(package)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return {"seconds": f"more than {patience:g}", "peak MB": "not known"}
    if done.returncode != 0:
        return {"seconds": "stopped", "peak MB": done.stderr.strip().splitlines()[-1][:80]}
    return dict(json.loads(done.stdout))


def _run(step: str, package: Path) -> None:
    """One step in this process; prints its seconds and peak memory, imports not counted in the seconds."""
    from chains import load
    from chains.indicators import indicators
    from optimize import least_risk

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    start = time.perf_counter()
    chain = load(package)
    if step == "indicators":
        indicators(chain)
    elif step == "optimize":
        least_risk(chain)
    seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": f"{seconds:.3g}", "peak MB": str(peak_memory())}))


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
