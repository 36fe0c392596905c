"""Peak memory of one solve: Tierwise against HiGHS alone, each in a process of its own."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.case import SIZES, case_of, synthetic_chain
from benchmarks.contestants import floor
from benchmarks.measure import peak_memory

__all__ = ["question"]

WAYS = ("highspy alone", "Tierwise")


def question(size: str, *, structured: bool = False) -> pd.DataFrame:
    """Peak resident memory of a process, in MB: at the start of the solve, at its end, and what the solve added.

    HiGHS alone reads its arrays from a file, so that nothing but they and HiGHS is in memory; both do both solves.
    Before the solve each has imported what it needs and holds its input: the arrays, or the Chain with its numbers.
    `bytes a cell` is what the solve added, for each segment in each phase of each scenario.
    """
    with TemporaryDirectory() as folder:
        case = case_of(synthetic_chain(*SIZES[size], structured=structured))
        inputs = dict(zip(WAYS, (floor.prepare(case), (case.chain, case.levers)), strict=True))
        rows = {}
        for way in WAYS:
            file = Path(folder) / "input.pickle"
            file.write_bytes(pickle.dumps(inputs[way]))
            command = [sys.executable, "-m", "benchmarks.remembering", way, str(file)]
            rows[way] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("")
    table["added MB"] = table["peak MB"] - table["before MB"]
    table["bytes a cell"] = (table["added MB"] * 2**20 / case.chain.numbers.home.size).map("{:.0f}".format)
    return table.assign(ratio=(table["peak MB"] / table["peak MB"].iloc[0]).map("{:.2f}".format))


def _run(way: str, file: Path) -> None:
    from optimize import least_risk

    given = pickle.loads(file.read_bytes())
    before = peak_memory()
    if way == "Tierwise":
        chain, levers = given
        least_risk(chain, levers=levers)
    else:
        floor.second_solve(given, *floor.first_solve(given))
    sys.stdout.write(json.dumps({"before MB": before, "peak MB": peak_memory()}))


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
