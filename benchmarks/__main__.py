"""`python -m benchmarks [--question Q ...] [--size S ...] [--repeats N] [--quick]`: one Markdown table a question."""

import argparse
import sys
import time
from collections.abc import Iterator

import pandas as pd

from benchmarks import (
    asking,
    drawing,
    growing,
    intercountry,
    planning,
    remembering,
    scaling,
    scenarios,
    solving,
    starting,
    sweeping,
)
from benchmarks.measure import machine

QUESTIONS = (
    "solve",
    "what-ifs",
    "draws",
    "frontier",
    "scenarios",
    "scale",
    "plan",
    "memory",
    "import",
    "start",
    "segments",
    "rows",
    "streamed",
)
STRUCTURED = ("solve", "what-ifs", "memory")
"""Those that can be asked with all tables of structure filled and every lever."""


def main(arguments: list[str] | None = None) -> None:
    """Print machine, versions and the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--question", action="append", choices=QUESTIONS, help="default: all")
    parser.add_argument("--size", action="append", choices=("tiny", "small", "medium", "large"), help="default: all")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each contestant that are counted")
    parser.add_argument("--quick", action="store_true", help="the smallest program, once: does all of it run?")
    parser.add_argument("--structured", action="store_true", help="solve, what-ifs, memory: all tables, every lever")
    parser.add_argument("--processor", action="store_true", help="solve, what-ifs: seconds of the processor, not wall")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(machine() + "\n")
    for title, table in _tables(chosen):
        sys.stdout.write(f"\n### {title}\n\n{table.reset_index().to_markdown(index=False)}\n")
        sys.stdout.write(f"\n{table.attrs['note']}\n" if table.attrs.get("note") else "")
        sys.stdout.flush()


def _tables(chosen: argparse.Namespace) -> Iterator[tuple[str, pd.DataFrame]]:
    quick, repeats, structured = chosen.quick, 1 if chosen.quick else chosen.repeats, chosen.structured
    clock = time.process_time if chosen.processor else time.perf_counter
    questions = chosen.question or (STRUCTURED if structured else QUESTIONS)
    sizes = ["tiny"] if quick else chosen.size or ["small", "medium", "large"]
    if "solve" in questions:
        for size in sizes:
            yield f"One solve, {size}", solving.question(size, repeats, structured=structured, clock=clock)
    if "what-ifs" in questions:
        count, rebuilt, size = (8, 2, "tiny") if quick else (500, 20, "small")
        yield "What-ifs", asking.question(count, rebuilt, size, structured=structured, clock=clock)
    if "draws" in questions:
        yield "Draws", drawing.question(2, 1, drawing.PACKAGES[:1]) if quick else drawing.question(repeats=repeats)
    if "frontier" in questions:
        yield "Frontier and grid", sweeping.question(repeats, 10 if quick else 100)
    if "scenarios" in questions:
        yield "Many scenarios", scenarios.rows((50,) if quick else scenarios.SIZES).set_index("scenarios")
    if "scale" in questions:
        yield "Size of the chain", growing.question((10,) if quick else growing.SEGMENTS)
    if "plan" in questions:
        yield "Plans over years", planning.question(((6, 4, 10),), 2) if quick else planning.question()
    if "import" in questions:
        yield "An inter-country table", intercountry.question(4, 5) if quick else intercountry.question()
    if "start" in questions:
        yield "Start", starting.question(repeats)
    if "segments" in questions:
        yield "The command optimize by segments", scaling.by_segments((10, 20)) if quick else scaling.by_segments()
    if "rows" in questions:
        yield "Reading and checking by rows", scaling.by_rows((400, 800)) if quick else scaling.by_rows()
    if "streamed" in questions:
        yield "Streamed scenarios", scaling.by_scenarios((100, 200)) if quick else scaling.by_scenarios()
    if "memory" in questions:
        yield f"Peak memory, {sizes[-1]}", remembering.question(sizes[-1], structured=structured)


if __name__ == "__main__":
    main()
