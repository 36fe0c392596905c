"""A synthetic inter-country table of the size of the OECD's, read to an optimised package: seconds and peak memory.

Its figures are drawn, not measured: they serve to time the importer, and nothing else.
"""

import itertools
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pycountry

from benchmarks.measure import peak_memory

__all__ = ["COUNTRIES", "INDUSTRIES", "question", "write_table"]

COUNTRIES, INDUSTRIES = 81, 50
"""4,050 country-sectors, as the OECD's edition of 2025."""
FINALS = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
STEPS = ("import", "optimize", "pymrio")
HOME = "NLD"


def question(countries: int = COUNTRIES, industries: int = INDUSTRIES) -> pd.DataFrame:
    """Seconds and peak memory of importing, of optimising the package, and of pymrio's reader alone, a process each."""
    rows = []
    with TemporaryDirectory() as folder:
        table = Path(folder) / "ICIO2023_2020.csv"
        write_table(table, countries, industries)
        size = f"{countries * industries:,} country-sectors, {table.stat().st_size / 1e6:.0f} MB"
        for step in STEPS:
            command = [sys.executable, "-m", "benchmarks.intercountry", step, folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            rows.append({"step": step, **json.loads(done.stdout)})
    table_of = pd.DataFrame(rows).set_index("step")
    table_of.attrs["note"] = f"A synthetic table in the layout of ICIO: {size}."
    return table_of


def write_table(path: Path, countries: int, industries: int, seed: int = 1) -> None:
    """Write a synthetic table in the layout of ICIO, millions; home is among the countries, imports are a fifth."""
    rng = np.random.default_rng(seed)
    others = [one.alpha_3 for one in pycountry.countries if one.alpha_3 != HOME]
    codes = [HOME, *others[: countries - 2], "ROW"]
    places = np.repeat(np.arange(countries), industries)
    rows = [f"{code}_I{industry:02d}" for code, industry in itertools.product(codes, range(industries))]
    finals = [f"{code}_{final}" for code, final in itertools.product(codes, FINALS)]
    near = np.where(places[:, None] == places[None, :], 1.0, 0.25 / countries)
    output = rng.lognormal(7.0, 1.5, len(rows))
    use = near * rng.lognormal(0.0, 1.5, (len(rows), len(rows)))
    use *= 0.5 * output / use.sum(axis=0)
    use *= np.minimum(1.0, 0.8 * output / use.sum(axis=1))[:, None]
    left = output - use.sum(axis=1)
    final = np.repeat(near[:, ::industries], len(FINALS), axis=1) * rng.uniform(0.1, 1.0, (len(rows), len(finals)))
    final *= (left / final.sum(axis=1))[:, None]
    frame = pd.DataFrame(np.hstack([use, final]), rows, [*rows, *finals])
    frame["OUT"] = frame.sum(axis=1)
    below = pd.DataFrame(0.0, ["TLS", "VA", "OUT"], frame.columns)
    below.loc["OUT", rows] = output
    below.loc["VA", rows] = output - use.sum(axis=0)
    pd.concat([frame, below]).round(6).to_csv(path, index_label="V1")


def _step(step: str, folder: Path) -> dict[str, str]:
    start = time.perf_counter()
    table = folder / "ICIO2023_2020.csv"
    if step == "import":
        from chains.importing import import_set

        import_set("icio", table, folder / "package", home=HOME)
    elif step == "optimize":
        from chains import load
        from optimize import optimize

        optimize(load(folder / "package"))
    else:
        import pymrio

        pymrio.parse_oecd(table).calc_all()
    seconds = time.perf_counter() - start
    return {"seconds": f"{seconds:.1f}", "peak MB": f"{peak_memory():,}"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_step(sys.argv[1], Path(sys.argv[2]))))
