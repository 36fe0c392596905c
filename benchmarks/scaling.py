"""How seconds and memory grow: the command `optimize` by segments, `validate` by rows, streamed scenarios by number.

Each size in a process of its own, by processor time; the exponent is that between a size and the one before it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.measure import peak_memory
from benchmarks.scenarios import many
from benchmarks.synthetic import write

__all__ = ["ROWS", "SEGMENTS", "STREAMED", "by_rows", "by_scenarios", "by_segments"]

SEGMENTS = (100, 200, 700, 2_000)
COUNTRIES, SCENARIOS = 30, 20
ROWS = (15_000, 150_000, 1_500_000)
"""Rows of the table of supply."""
EVERYWHERE = 81
"""Places that supply every segment where rows are counted."""
STREAMED = (1_000, 10_000, 100_000)
LIMIT = 3_600.0
"""Seconds by the clock after which a process is ended."""


def by_segments(sizes: Sequence[int] = SEGMENTS) -> pd.DataFrame:
    """`optimize` against the least-risk program alone, and that against its two solves without the rule for ties."""
    found = []
    for size in sizes:
        with TemporaryDirectory() as scratch:
            folder = Path(scratch) / "synthetic"
            write(folder, size, COUNTRIES, SCENARIOS)
            found.append({"segments": size, **_measured("optimize", folder)})
    table = _growing(pd.DataFrame(found), "segments", ("least risk s", "optimize s"))
    table["optimize / least risk"] = table["optimize s"] / table["least risk s"]
    table["least risk / first solve"] = table["least risk s"] / table["first solve s"]
    return table


def by_rows(sizes: Sequence[int] = ROWS) -> pd.DataFrame:
    """`validate` by rows of supply, as the command does it: read, checked, calm balanced, evidence counted."""
    found = []
    for size in sizes:
        with TemporaryDirectory() as scratch:
            folder = Path(scratch) / "synthetic"
            write(folder, max(size // EVERYWHERE, 3), EVERYWHERE - 1, SCENARIOS, everywhere=True)
            found.append({"rows": size, **_measured("validate", folder)})
    return _growing(pd.DataFrame(found), "rows", ("validate s", "peak MB"))


def by_scenarios(sizes: Sequence[int] = STREAMED, package: str = "chips") -> pd.DataFrame:
    """The least risk of a shipped package with synthetic scenarios, by decomposition; reading is told by itself."""
    found = []
    for size in sizes:
        with TemporaryDirectory() as scratch:
            many(Path(scratch) / package, size, package)
            found.append({"scenarios": size, **_measured("stream", Path(scratch) / package)})
    return _growing(pd.DataFrame(found), "scenarios", ("least risk s", "peak MB"))


def _growing(table: pd.DataFrame, by: str, measured: Sequence[str]) -> pd.DataFrame:
    """With the exponent of growth since the row before: log of the ratio of measures over that of sizes."""
    for name in measured:
        if name in table:
            steps = np.diff(np.log(table[name].to_numpy(dtype=float))) / np.diff(
                np.log(table[by].to_numpy(dtype=float))
            )
            table[f"{name} exponent"] = np.concatenate([[np.nan], np.round(steps, 2)])
    return table.set_index(by)


def _measured(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scaling", what, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _run(what: str, folder: Path) -> None:
    """One size in this process; prints its measures."""
    from chains import load
    from optimize.solving.evaluation import Evaluator
    from optimize.solving.options import RiskOptions

    start = time.process_time()
    chain = load(folder)
    Evaluator(chain, RiskOptions()).check_supply()
    chain.status_counts()
    taken = {"validate s": _since(start)}
    if what != "validate":
        from optimize import least_risk, optimize
        from optimize.questions.least_risk import Options
        from optimize.solving.budgets import budget_of
        from optimize.solving.nearest import solve_least_risk

        if what == "optimize":
            evaluator, options = Evaluator(chain, Options().risk_options()), Options()
            start = time.process_time()
            solve_least_risk(evaluator, options, budget_of(chain.numbers, None))
            taken["first solve s"] = _since(start)
        start = time.process_time()
        least_risk(chain)
        taken["least risk s"] = _since(start)
        if what == "optimize":
            start = time.process_time()
            optimize(chain)
            taken["optimize s"] = _since(start)
    sys.stdout.write(json.dumps({**taken, "peak MB": peak_memory()}) + "\n")


def _since(start: float) -> float:
    return round(time.process_time() - start, 3)


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
