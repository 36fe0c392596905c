"""Many scenarios: time and peak memory of the deterministic equivalent and of decomposition, by number of scenarios.

`python -m benchmarks.scenarios` takes the shipped chips package and replaces its disruptions by synthetic scenarios:
random cuts of countries, owners and segments, with small random probabilities. They are drawn, not judged; they serve
to time the program and nothing else. Every figure comes from a process of its own, so its peak memory is its own.
Seconds are of processor time, on one thread.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import data
from benchmarks.measure import peak_memory
from chains import Chain, load
from chains.tables.schema import TABLES

__all__ = ["METHODS", "SIZES", "many", "rows"]

SIZES = (50, 100, 150, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
METHODS = ("deterministic equivalent", "decomposition")
LIMIT = 900.0
"""Seconds by the clock after which a process is ended; what it had not reached is left empty."""
DISRUPTED = 0.4
"""Probability of all synthetic scenarios together; the rest is calm."""
_EVIDENCE = {"low": np.nan, "high": np.nan, "status": "derived", "source": "drawn", "note": "synthetic, drawn"}


def many(folder: Path, scenarios: int, package: str = "chips", seed: int = 1) -> Chain:
    """The Chain of a shipped package with so many synthetic scenarios, written to `folder` (which must not exist)."""
    rng = np.random.default_rng([seed, scenarios])
    shutil.copytree(data.folder(package), folder)
    chain = load(package)
    weight = rng.exponential(size=scenarios)
    names = np.array([f"synthetic{n:05d}" for n in range(scenarios)])
    probabilities = pd.DataFrame({"scenario": names, "value": DISRUPTED * weight / weight.sum(), **_EVIDENCE})
    sources = pd.DataFrame({"source": ["drawn"], "citation": ["Synthetic scenarios, drawn at random"]})
    frames = {
        "probabilities": probabilities,
        "disruptions": _cuts(rng, chain, names),
        "sources": pd.concat([pd.read_csv(folder / "sources.csv"), sources]),
    }
    if (folder / TABLES["durations"].file).exists():  # of the scenarios replaced; those drawn last the whole year
        frames["durations"] = pd.read_csv(folder / TABLES["durations"].file).head(0)
    for name, frame in frames.items():
        frame.to_csv(folder / TABLES[name].file, index=False, lineterminator="\n")
    return load(folder)


def _cuts(rng: np.random.Generator, chain: Chain, names: np.ndarray) -> pd.DataFrame:
    """One to four cuts a scenario, each of a country or an owner, of all segments or of one, by 10% to 100%."""
    supply = chain.table("supply")
    abroad = supply[supply["location"] != chain.home]
    scenario = np.repeat(names, rng.integers(1, 5, len(names)))
    count = len(scenario)
    by_owner = rng.random(count) < 1.0 / 3.0
    owners = sorted(set(abroad["owner"]) - {chain.home, "HYB"})
    cuts = pd.DataFrame(
        {
            "scenario": scenario,
            "segment": np.where(rng.random(count) < 0.5, rng.choice(sorted(set(abroad["segment"])), count), ""),
            "location": np.where(by_owner, "", rng.choice(sorted(set(abroad["location"])), count)),
            "owner": np.where(by_owner, rng.choice(owners, count), ""),
            "value": rng.uniform(0.1, 1.0, count),
        }
    )
    return cuts.drop_duplicates(["scenario", "segment", "location", "owner"]).assign(**_EVIDENCE)


def rows(sizes: Sequence[int] = SIZES, package: str = "chips", limit: float = LIMIT) -> pd.DataFrame:
    """One row a size and method: seconds to the least risk and to the nearest allocation, peak memory, risk, bounds."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            many(Path(scratch) / package, size, package)
            for method in METHODS:
                found.append({"scenarios": size, "method": method, **_measured(Path(scratch) / package, method, limit)})
    return pd.DataFrame(found)


def _measured(folder: Path, method: str, limit: float) -> dict[str, object]:
    """What a process of its own prints, a JSON object a line, until it ends or its time is up."""
    command = [sys.executable, "-m", "benchmarks.scenarios", str(folder), method]
    with tempfile.TemporaryFile("w+") as printed:
        try:
            subprocess.run(command, stdout=printed, check=True, timeout=limit)
        except subprocess.TimeoutExpired:
            print(f"{method}: not finished in {limit:g} seconds", file=sys.stderr)
        printed.seek(0)
        return {name: value for line in printed for name, value in json.loads(line).items()}


def _solve(folder: Path, method: str) -> None:
    """Solve one package by one method, and say how long it took and how much memory."""
    from optimize.program.cache import compiled_first_stage
    from optimize.solving.budgets import budget_of
    from optimize.solving.decomposition import decompose
    from optimize.solving.evaluation import Evaluator
    from optimize.solving.nearest import solve_least_risk
    from optimize.solving.options import Options
    from optimize.solving.units import OBJECTIVE
    from optimize.tolerances import TIE

    start = time.process_time()
    chain = load(folder)
    _say(load=time.process_time() - start)
    start = time.process_time()
    evaluator, options = Evaluator(chain, Options().risk_options()), Options()
    budget = budget_of(chain.numbers, None)
    _say(numbers=time.process_time() - start)
    start = time.process_time()
    if method == "decomposition":
        first = compiled_first_stage(evaluator.inner, evaluator.curve, budget / evaluator.units.money, evaluator.levers)
        found = decompose(evaluator, first, TIE)
        _say(risk=found.risk, gap=found.gap, iterations=found.iterations, passes=found.passes, prices=found.prices)
    else:
        stages, solver, least = solve_least_risk(evaluator, options, budget)
        _say(risk=least.objective / OBJECTIVE, gap=least.certificate.gap, least=time.process_time() - start)
        solver.next_goal(stages.program.cost, least.objective + TIE * OBJECTIVE, stages.cost_of("distance"))
        solver.solve()
    _say(seconds=time.process_time() - start)


def _say(**figures: float) -> None:
    print(json.dumps({**figures, "megabytes": peak_memory()}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _solve(Path(sys.argv[1]), sys.argv[2])
    else:
        print(rows().to_markdown(index=False))
