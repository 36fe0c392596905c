"""Plans over years: time and peak memory of a plan beside those of one year's least-risk allocation.

`python -m benchmarks.planning` draws a synthetic chain (benchmarks/synthetic.py) with lags of 0 to 3 years and lives of
4 to 20 years. Every figure comes from a process of its own, so its peak memory is its own; seconds are of processor
time, on one thread, and do not count reading the package.
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
from benchmarks.synthetic import write

__all__ = ["SIZES", "question"]

SIZES = ((40, 20, 20), (40, 20, 200), (40, 20, 2_000))
"""Segments, countries, scenarios."""
YEARS = 10
GROWTH = 0.02


def question(sizes: Sequence[tuple[int, int, int]] = SIZES, years: int = YEARS) -> pd.DataFrame:
    """One row a size: seconds and peak memory of one year and of the plan, their ratio by year, how it was found."""
    rows = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            package = Path(folder) / "synthetic"
            write(package, *size)
            _add_years(package)
            one, whole = (_measured(package, count) for count in (0, years))
        rows.append(
            {
                "segments": size[0],
                "scenarios": size[2],
                "one year, s": one["seconds"],
                f"{years} years, s": whole["seconds"],
                "ratio by year": round(float(whole["seconds"]) / float(one["seconds"]) / years, 2),
                "one year, MB": one["megabytes"],
                f"{years} years, MB": whole["megabytes"],
                "method": whole["method"],
                "planes": whole["planes"],
                "passes": whole["passes"],
            }
        )
    return pd.DataFrame(rows).set_index(["segments", "scenarios"])


def _add_years(package: Path) -> None:
    """Lags and lives of every segment, drawn."""
    path = package / "response.csv"
    rows = pd.read_csv(path)
    rng = np.random.default_rng(2)
    names = rows["segment"].unique()
    drawn = {"lag": rng.integers(0, 4, len(names)), "life": rng.uniform(4, 20, len(names))}
    more = [rows[rows["parameter"] == "slope"].assign(parameter=name, value=value) for name, value in drawn.items()]
    pd.concat([rows, *more]).to_csv(path, index=False, lineterminator="\n")


def _measured(package: Path, years: int) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.planning", str(package), str(years)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _run(package: Path, years: int) -> None:
    """The least-risk allocation of one year (0 years), or the plan, in this process."""
    from chains import load
    from optimize import least_risk, plan

    chain = load(package)
    found: dict[str, object] = {}
    start = time.process_time()
    if years == 0:
        least_risk(chain)
    else:
        method = plan(chain, years=years, growth=GROWTH).method
        found = {"method": method.name, "planes": method.iterations, "passes": method.passes}
    found |= {"seconds": round(time.process_time() - start, 2), "megabytes": peak_memory()}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _run(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        sys.stdout.write(question().reset_index().to_markdown(index=False) + "\n")
