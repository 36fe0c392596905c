"""The same bits: whatever the order of rows, the hash seed, the threads of numerical libraries."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import load
from optimize import Solution, evaluate, least_risk
from tests.random_packages import add_structure, draw, write

LEVERS = ("capacity", "stocks", "suppliers", "procurement")
ORDERED = ("segments", "probabilities", "stocks", "suppliers", "procurement")
"""Tables whose rows stand in their order in the answer."""


def bits(solution: Solution) -> dict[str, str]:
    """Every number of a solution, to the last bit."""
    said = {"risk": solution.risk, "cvar": solution.cvar, "certificate": solution.certificate.worst}
    said |= {f"loss {name}": loss for name, loss in solution.loss.items()}
    frames: list[pd.Series] = [solution.allocation.stack(), solution.unmet.stack(), *solution.levers.values()]
    for n, frame in enumerate(frames):
        said |= {f"{n} {name}": float(value) for name, value in frame.items()}
    return {name: float(value).hex() for name, value in said.items()}


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_rows_changes_no_bit(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 91])
    tables, home = draw(rng)
    if seed % 2:
        add_structure(rng, tables, home)
    mixed = {
        name: rows if name in ORDERED else [rows[n] for n in rng.permutation(len(rows))]
        for name, rows in tables.items()
    }
    one = load(write(tmp_path / "one" / "dice", tables, home))
    other = load(write(tmp_path / "other" / "dice", mixed, home))
    assert bits(evaluate(one)) == bits(evaluate(other))
    assert bits(least_risk(one, levers=LEVERS)) == bits(least_risk(other, levers=LEVERS))


@pytest.mark.slow
def test_neither_hash_seeds_nor_threads_change_a_bit() -> None:
    """Of the whole document of a shipped package, structure and levers included."""
    documents = []
    for seed, threads in (("0", "1"), ("1", "4"), ("4294967295", "2")):
        settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        told = subprocess.run(
            [
                sys.executable,
                "-m",
                "tierwise",
                "optimize",
                "robots",
                "--levers",
                ",".join(LEVERS),
                "--move",
                "0.1",
                "--json",
            ],
            env=os.environ | settings | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        documents.append(told.stdout)
        assert json.loads(told.stdout)["risk"]["optimal"] > 0
    assert documents[0] == documents[1] == documents[2]
