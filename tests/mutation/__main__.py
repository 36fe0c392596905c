"""See `tests.mutation`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.mutation.live import Living, changed
from tests.mutation.mutants import ROOMS, ROOT, Mutant, drawn, mutants, source_of
from tests.mutation.session import SURVIVED, Session, anew, forked, in_session, measured
from tests.mutation.verdicts import Verdicts


def line_of(source: str, row: int) -> str:
    """A row of a source, without blanks around it."""
    return source.splitlines()[row - 1].strip()


def told(mutant: Mutant) -> str:
    """A mutant in words: where it is, what stands there and what it makes of that."""
    was, now = line_of((ROOT / mutant.file).read_text("utf-8"), mutant.row), line_of(source_of(mutant), mutant.row)
    return f"{mutant.number} {mutant.file}:{mutant.row} {mutant.operator}\n    {was}\n    {now}"


class Counted:
    """Ends of mutants, by their rooms."""

    def __init__(self, of: int, every: int) -> None:
        self.of, self.every = of, every
        self.tried, self.survived = Counter[str](), Counter[str]()

    def take(self, mutant: Mutant, end: str) -> None:
        """Count one, and tell it where it survived."""
        self.tried[mutant.room] += 1
        if end.startswith(SURVIVED):
            self.survived[mutant.room] += 1
            print(f"{told(mutant)}\n    {end}", flush=True)
        survived = self.survived.total()
        print(
            f"{self.tried.total()} of {self.of}, {survived} survived: {mutant.number} {end}",
            file=sys.stderr,
            flush=True,
        )

    def leave_out(self, mutant: Mutant) -> None:
        """Do not count one that is no program."""
        self.of -= 1
        print(f"left out: {mutant.number} is no program", file=sys.stderr, flush=True)

    def rows(self) -> str:
        """Counts by room."""
        rooms = [(room, self.tried[room], self.survived[room]) for room in ROOMS if self.tried[room]]
        lines = [f"{room:<20}{n:>6} tried{n - s:>6} killed{s:>6} survived{(n - s) / n:>8.1%}" for room, n, s in rooms]
        n, s = self.tried.total(), self.survived.total()
        lines.append(f"{f'all, of {self.every}':<20}{n:>6} tried{n - s:>6} killed{s:>6} survived{(n - s) / n:>8.1%}")
        return "\n".join(lines)


def untried(chosen: Sequence[Mutant], counted: Counted, verdicts: Verdicts) -> list[Mutant]:
    """Count those that have a verdict, and say which have none."""
    for mutant in chosen:
        if (end := verdicts.of(mutant)) is not None:
            counted.take(mutant, end)
    return [mutant for mutant in chosen if verdicts.of(mutant) is None]


def meet(session: Session, chosen: Sequence[Mutant], counted: Counted, verdicts: Verdicts, most: float) -> None:
    """Let mutants meet the tests that reach them, until one fails or `most` seconds are spent."""
    reached, living = measured(session), Living(str(ROOT))
    for mutant in chosen:
        path = ROOT / mutant.file
        try:
            codes = changed(path.read_text("utf-8"), source_of(mutant), str(path))
        except SyntaxError:
            counted.leave_out(mutant)
            continue
        every = reached.meeting(mutant)
        names = reached.within(every, most)
        said = f"{len(names)} of {len(every)} tests that reach it, {reached.seconds(names):.0f} s"
        if codes is None:
            end = forked(lambda say, m=mutant, of=names: say(anew(m, of, reached.seconds(of))))  # type: ignore[misc]
        else:
            end = session.meet(names, lambda name: reached.tests[name].seconds, lambda of=codes: living.put_in(of))  # type: ignore[misc]
        end = f"{end} ({said})" if end == SURVIVED else end
        verdicts.add(mutant, end)
        counted.take(mutant, end)


def main(words: list[str]) -> int:
    """Let mutants meet the tests; exit status 1 where any survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--count", type=int, default=300, help="mutants (default: 300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="every mutant")
    parser.add_argument("--of", help="those of this file alone, such as optimize/solving/nearest.py")
    parser.add_argument("--only", type=int, nargs="+", help="the mutants of these numbers")
    parser.add_argument("--seconds", type=float, default=60.0, help="of tests for a mutant at most (default: 60)")
    parser.add_argument("--verdicts", type=Path, help="append each end to this file; what it holds is not tried again")
    asked = parser.parse_args(words)
    for name in ("numpy", "pandas", "scipy.optimize", "scipy.sparse", "highspy", "pyomo.environ", "cosmic_ray.plugins"):
        import_module(name)
    every = mutants()
    some = [one for one in every if asked.of in (None, one.file)]
    chosen = some if asked.all else drawn(some, asked.count, asked.seed)
    chosen = [every[number] for number in asked.only] if asked.only else chosen
    counted, verdicts = Counted(len(chosen), len(every)), Verdicts(asked.verdicts)
    rest = untried(chosen, counted, verdicts)
    in_session(lambda session: meet(session, rest, counted, verdicts, asked.seconds))
    print(counted.rows())
    return int(counted.survived.total() > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
