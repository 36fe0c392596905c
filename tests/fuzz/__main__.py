"""See `tests.fuzz`."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np

from tests.fuzz.example import Example, kept
from tests.fuzz.kinds import KINDS
from tests.fuzz.watching import FINDINGS, Verdict, watched, watching

COUNTS = {"workbooks": 100, "results": 100}
"""Kinds of which each input takes a second or so."""

ENDS = ("refused", "same", "no solution", "not proved", "not compared", *FINDINGS)


def tried(example: Example, root: Path) -> Verdict:
    """What comes of one example, in a folder of its own below `root`."""
    with tempfile.TemporaryDirectory(dir=root) as there:
        example.write(Path(there))
        return watched(lambda: KINDS[example.kind].ask(Path(there), example))


def drawn(kind: str, seed: int, count: int) -> Iterator[tuple[str, Example]]:
    """Examples of a kind with their names."""
    for n in range(count):
        yield f"{kind}-{seed}-{n}", KINDS[kind].draw(np.random.default_rng([sorted(KINDS).index(kind), seed, n]))


def run(examples: Iterator[tuple[str, Example]], keep: bool, counts: Counter[str]) -> list[tuple[str, Verdict]]:
    """Try examples; the findings."""
    findings, seen = [], set()
    with tempfile.TemporaryDirectory() as there:
        usual, tempfile.tempdir = tempfile.tempdir, there
        try:
            for name, example in examples:
                with watching(Path(there)):
                    verdict = tried(example, Path(there))
                counts[verdict.ended] += 1
                if verdict.ended in FINDINGS:
                    findings.append((name, verdict))
                    same = sha256(f"{verdict.ended}{verdict.words.strip().splitlines()[-1:]}".encode()).hexdigest()[:8]
                    if keep and same not in seen:
                        example.keep(name, f"{verdict.ended}: {verdict.words[-300:]}")
                    seen.add(same)
        finally:
            tempfile.tempdir = usual
    return findings


def main(words: list[str]) -> int:
    """Try inputs and say what came of them; exit status 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument(
        "--count", type=int, help="inputs of each kind (default: 500; 100 of kinds that are solved whole)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--of", choices=[*KINDS], action="append", help="this kind alone; may be repeated")
    parser.add_argument("--keep", action="store_true", help="store findings in tests/fuzz/seeds")
    parser.add_argument("--again", action="store_true", help="the stored seeds instead of new inputs")
    asked = parser.parse_args(words)
    found: list[tuple[str, Verdict]] = []
    total: Counter[str] = Counter()
    print(f"{'':<12}" + "".join(f"{end:>14}" for end in ENDS) + f"{'seconds':>10}")
    for kind in asked.of or KINDS:
        counts: Counter[str] = Counter()
        start = time.process_time()
        own = ((name, one) for name, one in kept().items() if one.kind == kind)
        found += run(
            own if asked.again else drawn(kind, asked.seed, asked.count or COUNTS.get(kind, 500)), asked.keep, counts
        )
        total += counts
        print(
            f"{kind:<12}" + "".join(f"{counts[end]:>14}" for end in ENDS) + f"{time.process_time() - start:>10.0f}",
            flush=True,
        )
    for name, verdict in found[:20]:
        print(f"\n{name}: {verdict.ended}\n{verdict.words[-1500:]}")
    print(f"\n{sum(total.values())} inputs, {len(found)} findings")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
