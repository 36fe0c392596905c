"""Packages: a small one or a random one, with or without structure, some of whose files are spoiled."""

import tempfile
from pathlib import Path

import numpy as np

from chains import load
from optimize import NoSolutionError, least_risk
from tests import small
from tests.fuzz import independently
from tests.fuzz.example import Example
from tests.fuzz.spoiling import spoiled_bytes, spoiled_json, spoiled_table
from tests.fuzz.watching import DIFFERS, Verdict
from tests.independent import InfeasibleError
from tests.random_packages import add_structure, draw_options, write
from tests.random_packages import draw as draw_tables


def draw(rng: np.random.Generator) -> Example:
    files, options = valid(rng)
    known = sorted({cell for text in files.values() for row in text.decode().splitlines() for cell in row.split(",")})
    for _ in range(int(rng.choice([0, 1, 1, 1, 2]))):
        name = str(rng.choice(sorted(files)))
        text = files[name].decode("utf-8", "replace")
        if rng.random() < 0.08:
            files[name] = spoiled_bytes(rng, files[name])
        elif rng.random() < 0.04:
            other = str(rng.choice(["Demand.csv", "demands.csv", f"{name}.bak", "readme.txt", f"._{name}", "x.csv"]))
            files[other] = files.pop(name) if rng.random() < 0.5 else files[name]
        elif name.endswith(".json"):
            files[name] = spoiled_json(rng, text).encode()
        else:
            files[name] = spoiled_table(rng, text, known).encode("utf-8", "surrogatepass")
    return Example("packages", {f"package/{name}": content for name, content in files.items()}, options)


def valid(rng: np.random.Generator) -> tuple[dict[str, bytes], dict[str, object]]:
    """The files of a package that is right, and options that suit it."""
    if rng.random() < 0.3:
        texts = small.FILES | (small.OPTIONAL if rng.random() < 0.3 else {})
        texts |= small.STRUCTURE if rng.random() < 0.3 else {}
        return {name: text.encode() for name, text in texts.items()}, {}
    tables, home = draw_tables(rng, money=1.0 if rng.random() < 0.7 else None)
    if rng.random() < 0.4:
        add_structure(rng, tables, home)
    options = draw_options(rng, tables) if rng.random() < 0.3 else {}
    with tempfile.TemporaryDirectory() as there:
        folder = write(Path(there) / "package", tables, home)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}, options


def ask(folder: Path, example: Example) -> Verdict:
    chain = load(folder / "package")
    try:
        return independently.compared(
            lambda: least_risk(chain, **example.options).risk,
            lambda: independently.least_risk(folder / "package", example.options),
        )
    except NoSolutionError as error:
        try:
            right = independently.least_risk(folder / "package", example.options)
        except InfeasibleError:
            return Verdict("no solution", str(error))
        except (RuntimeError, ZeroDivisionError, OverflowError, ValueError, KeyError) as other:
            return Verdict("not compared", str(other))
        return Verdict(DIFFERS, f"no solution ({error}), but independently {right!r}")
