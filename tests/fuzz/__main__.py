"""See `tests.fuzz`."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from tests.fuzz.example import kept
from tests.fuzz.kinds import KINDS
from tests.fuzz.running import Ended, drawn, spread, tried
from tests.fuzz.watching import FINDINGS, Verdict

ENDS = ("refused", "same", "no solution", "not proved", "not compared", *FINDINGS)


class Told:
    """What came of inputs: counted, and findings by name."""

    def __init__(self) -> None:
        self.ends, self.warned, self.seconds = Counter[str](), Counter[str](), 0.0
        self.found: dict[str, Verdict] = {}

    def take(self, ended: Iterable[Ended]) -> "Told":
        """Count what came of more inputs."""
        for one in ended:
            self.ends[one.verdict.ended] += 1
            self.warned.update(one.verdict.warned)
            self.seconds += one.seconds
            if one.verdict.ended in FINDINGS:
                self.found[one.name] = one.verdict
        return self

    def row(self, kind: str) -> str:
        """The counts in a line."""
        return f"{kind:<12}" + "".join(f"{self.ends[end]:>14}" for end in ENDS) + f"{self.seconds:>10.0f}"


def keep(found: dict[str, Verdict], kind: str, seed: int) -> None:
    """Store findings of a kind as seeds: of those that end in the same words one."""
    seen = set()
    for name, verdict in found.items():
        same = sha256(f"{verdict.ended}{verdict.words.strip().splitlines()[-1:]}".encode()).hexdigest()
        number = name.removeprefix(f"{kind}-{seed}-")
        if same not in seen and number.isdecimal():
            [(_, example)] = drawn(kind, seed, [int(number)])
            example.keep(name, f"{verdict.ended}: {verdict.words[-300:]}")
        seen.add(same)


def main(words: list[str]) -> int:
    """Try inputs and say what came of them; exit status 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=500, help="inputs of each kind (default: 500)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--of", choices=[*KINDS], action="append", help="this kind alone; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    parser.add_argument("--keep", action="store_true", help="store findings in tests/fuzz/seeds")
    parser.add_argument("--again", action="store_true", help="the stored seeds instead of new inputs")
    asked = parser.parse_args(words)
    total = Told()
    print(f"{'':<12}" + "".join(f"{end:>14}" for end in ENDS) + f"{'seconds':>10}")
    for kind in asked.of or KINDS:
        own = [(name, example) for name, example in kept().items() if example.kind == kind]
        ended = tried(own) if asked.again else spread(kind, asked.seed, asked.count, asked.workers)
        told = Told().take(ended)
        print(told.row(kind), flush=True)
        if asked.keep and not asked.again:
            keep(told.found, kind, asked.seed)
        total.ends += told.ends
        total.warned += told.warned
        total.seconds += told.seconds
        total.found |= told.found
    for name, verdict in list(total.found.items())[:20]:
        print(f"\n{name}: {verdict.ended}\n{verdict.words[-1500:]}")
    warned = ", ".join(f"{count} {name}" for name, count in total.warned.most_common()) or "none"
    print(f"\nwarnings given: {warned}")
    print(f"{total.ends.total()} inputs, {len(total.found)} findings, {total.seconds:.0f} s of processor")
    return int(bool(total.found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
