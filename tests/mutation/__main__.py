"""See `tests.mutation`."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.mutation.killing import SURVIVED, met, preload
from tests.mutation.mutants import ROOT, Mutant, mutants, source_of


def line_of(source: str, row: int) -> str:
    """A row of a source, without blanks around it."""
    return source.splitlines()[row - 1].strip()


def told(mutant: Mutant) -> str:
    """A mutant in words: where it is, what stands there and what it makes of that."""
    was, now = line_of((ROOT / mutant.file).read_text("utf-8"), mutant.row), line_of(source_of(mutant), mutant.row)
    return f"{mutant.number} {mutant.file}:{mutant.row}\n    {was}\n    {now}"


def main(words: list[str]) -> int:
    """Let mutants meet the tests; exit status 1 where any survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--count", type=int, default=300, help="mutants (default: 300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="every mutant")
    parser.add_argument("--of", help="those of this file alone, such as optimize/solving/nearest.py")
    parser.add_argument("--only", type=int, nargs="+", help="the mutants of these numbers")
    parser.add_argument("--trust", action="store_true", help="do not run the tests without any mutant first")
    asked = parser.parse_args(words)
    preload()
    every = mutants()
    some = [one for one in every if asked.of in (None, one.file)]
    chosen = some if asked.all else random.Random(asked.seed).sample(some, min(asked.count, len(some)))
    chosen = [every[number] for number in asked.only] if asked.only else chosen
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        if not asked.trust and (wrong := met(None, said)) != SURVIVED:
            print(f"the tests fail without any mutant: {wrong}")
            return 2
        for n, mutant in enumerate(chosen, start=1):
            if (end := met(mutant, said)) == SURVIVED:
                survivors += 1
                print(told(mutant), flush=True)
            print(f"{n} of {len(chosen)}, {survivors} survived: {mutant.number} {end}", file=sys.stderr, flush=True)
    print(f"{len(every)} mutants, {len(chosen)} tried, {len(chosen) - survivors} killed, {survivors} survived")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
