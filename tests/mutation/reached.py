"""Which tests reach which rows of the mathematics, and how long each takes; worked out once, and kept."""

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from itertools import accumulate

from tests.mutation.mutants import ROOMS, ROOT, Mutant

__all__ = ["KEPT", "Reached", "Test", "sources"]

KEPT = ROOT / "build/mutation.json"


@dataclass(frozen=True)
class Test:
    """Seconds of processor of one test, and the rows of each file of ours that it runs."""

    seconds: float
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


def sources() -> str:
    """A hash of all that tests and what they test are made from."""
    paths = [path for room in (*ROOMS, "optimize", "chains", "tests") for path in sorted((ROOT / room).rglob("*.py"))]
    return sha256(b"".join(path.read_bytes() for path in paths if "mutation" not in path.parts)).hexdigest()


class Reached:
    """Tests by their ids."""

    def __init__(self, tests: dict[str, Test]) -> None:
        self.tests = tests

    @staticmethod
    def kept() -> "Reached":
        """What was kept of these sources."""
        if not KEPT.is_file():
            return Reached({})
        kept = json.loads(KEPT.read_text("utf-8"))
        return Reached({name: Test(**one) for name, one in kept["tests"].items()} if kept["of"] == sources() else {})

    def keep(self, more: Mapping[str, Test]) -> None:
        """Take more tests, and keep all."""
        self.tests |= more
        KEPT.parent.mkdir(exist_ok=True)
        tests = {name: asdict(one) for name, one in self.tests.items()}
        KEPT.write_text(json.dumps({"of": sources(), "tests": tests}), "utf-8")

    def meeting(self, mutant: Mutant) -> list[str]:
        """Tests that run the statement of a mutant: first those of files that name its module or are named for it.

        Of either the cheapest of each file first, and then file by file.
        """
        rows = _statement(mutant.file, mutant.row)
        met = [
            name
            for name, test in self.tests.items()
            if (own := test.rows.get(mutant.file)) and (rows is None or not rows.isdisjoint(own))
        ]
        its_own = _near(mutant.module)
        near = {name: self.tests[name].seconds for name in met if name.partition("::")[0] in its_own}
        far = {name: self.tests[name].seconds for name in met if name not in near}
        return [*_in_order(near), *_in_order(far)]

    def within(self, names: Sequence[str], seconds: float) -> list[str]:
        """As many of the tests as take so long together."""
        spent = accumulate(self.tests[name].seconds for name in names)
        return [name for name, so_far in zip(names, spent, strict=True) if so_far <= seconds]

    def seconds(self, names: Sequence[str]) -> float:
        return sum(self.tests[name].seconds for name in names)


def _in_order(seconds: Mapping[str, float]) -> list[str]:
    files: dict[str, list[str]] = {}
    for name in sorted(seconds, key=lambda name: seconds[name]):
        files.setdefault(name.partition("::")[0], []).append(name)
    first = [names[0] for names in files.values()]
    rest = sorted((names[1:] for names in files.values()), key=lambda names: sum(seconds[name] for name in names))
    return [*first, *(name for names in rest for name in names)]


@cache
def _near(module: str) -> frozenset[str]:
    """Files of tests that name a module, or are named for it."""
    *rooms, name = module.split(".")
    paths = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "tests").rglob("test_*.py")}
    named = frozenset(own for own, path in paths.items() if f"from {module} import" in path.read_text("utf-8"))
    return named | {"/".join(["tests", *rooms, f"test_{name}.py"])}


@cache
def _statements(file: str) -> list[tuple[int, int, bool]]:
    """First and last row of each statement, of a compound one its head with decorators; whether it is in a function."""
    found: list[tuple[int, int, bool]] = []

    def walk(node: ast.AST, inside: bool) -> None:
        for one in ast.iter_child_nodes(node):
            if isinstance(one, ast.stmt):
                body = getattr(one, "body", None)
                last = one.end_lineno or one.lineno
                first = min([one.lineno, *(each.lineno for each in getattr(one, "decorator_list", ()))])
                found.append((first, max(one.lineno, body[0].lineno - 1) if body else last, inside))
            walk(one, inside or isinstance(node, ast.FunctionDef))

    walk(ast.parse((ROOT / file).read_text("utf-8")), False)
    return found


def _statement(file: str, row: int) -> set[int] | None:
    """Rows of the innermost statement that has a row; None where it runs at import."""
    around = [one for one in _statements(file) if one[0] <= row <= one[1]]
    first, last, inside = min(around, key=lambda one: one[1] - one[0])
    return set(range(first, last + 1)) if inside else None
