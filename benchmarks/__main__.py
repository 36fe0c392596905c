"""`python -m benchmarks [--question Q ...] [--size S ...] [--repeats N] [--quick]`: one Markdown table a question."""

import argparse
import sys
from collections.abc import Iterator

import pandas as pd

from benchmarks import asking, growing, planning, remembering, scenarios, solving, sweeping
from benchmarks.measure import machine

QUESTIONS = ("solve", "what-ifs", "frontier", "scenarios", "scale", "plan", "memory")


def main(arguments: list[str] | None = None) -> None:
    """Print machine, versions and the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--question", action="append", choices=QUESTIONS, help="default: all")
    parser.add_argument("--size", action="append", choices=("tiny", "small", "medium", "large"), help="default: all")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each contestant that are counted")
    parser.add_argument("--quick", action="store_true", help="the smallest program, once: does all of it run?")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(machine() + "\n")
    for title, table in _tables(chosen):
        sys.stdout.write(f"\n### {title}\n\n{table.reset_index().to_markdown(index=False)}\n")
        sys.stdout.write(f"\n{table.attrs['note']}\n" if table.attrs.get("note") else "")
        sys.stdout.flush()


def _tables(chosen: argparse.Namespace) -> Iterator[tuple[str, pd.DataFrame]]:
    quick, repeats = chosen.quick, 1 if chosen.quick else chosen.repeats
    questions = chosen.question or QUESTIONS
    sizes = ["tiny"] if quick else chosen.size or ["small", "medium", "large"]
    if "solve" in questions:
        for size in sizes:
            yield f"One solve, {size}", solving.question(size, repeats)
    if "what-ifs" in questions:
        table = asking.question(8, 2, "tiny") if quick else asking.question(500, 20)
        yield "What-ifs", table
    if "frontier" in questions:
        yield "Frontier and grid", sweeping.question(repeats, 10 if quick else 100)
    if "scenarios" in questions:
        yield "Many scenarios", scenarios.rows((50,) if quick else scenarios.SIZES).set_index("scenarios")
    if "scale" in questions:
        yield "Size of the chain", growing.question((10,) if quick else growing.SEGMENTS)
    if "plan" in questions:
        yield "Plans over years", planning.question(((6, 4, 10),), 2) if quick else planning.question()
    if "memory" in questions:
        yield f"Peak memory, {sizes[-1]}", remembering.question(sizes[-1])


if __name__ == "__main__":
    main()
