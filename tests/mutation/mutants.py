"""Mutants: where an operator of cosmic-ray changes a module, and the source that comes of it."""

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

__all__ = ["ROOMS", "ROOT", "Mutant", "drawn", "mutants", "source_of"]

ROOT = Path(__file__).parents[2]
ROOMS = ("optimize/program", "optimize/solving", "chains/numbers")
"""The program's mathematics."""

_ASIDE = ("RemoveDecorator", "ExceptionReplacer", "VariableInserter", "VariableReplacer")
"""Operators left aside: they end at import, change what only errors do, or need to be told variables."""

_BITS = ("RShift", "LShift", "BitOr", "BitAnd", "BitXor", "Invert")
"""What numbers with a fraction do not have: every test that comes by kills it, which would only flatter the rate."""


@dataclass(frozen=True)
class Mutant:
    """The `occurrence` of an operator in a file of ours, and the row where it is."""

    number: int
    file: str
    operator: str
    occurrence: int
    row: int

    @property
    def module(self) -> str:
        """The name by which it is imported."""
        return ".".join(Path(self.file).with_suffix("").parts).removesuffix(".__init__")

    @property
    def room(self) -> str:
        """The room that its file stands in."""
        return next(room for room in ROOMS if self.file.startswith(f"{room}/"))


def mutants() -> list[Mutant]:
    """Every mutant, in order of files, operators and rows."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    found = ((path.relative_to(ROOT).as_posix(), *place) for path in paths for place in _places(path))
    return [Mutant(number, *place) for number, place in enumerate(found)]


def drawn(every: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """One of each of `count` parts, as equal as can be, of what stands in order: each file has its share.

    Their order is drawn, too, so that the first few are as good a sample as all.
    """
    rng, count = random.Random(seed), min(count, len(every))
    ends = [len(every) * n // count for n in range(count + 1)]
    chosen = [every[rng.randrange(low, high)] for low, high in pairwise(ends)]
    return rng.sample(chosen, count)


@cache
def _operators() -> dict[str, Any]:
    plugins = import_module("cosmic_ray.plugins")
    names = [name for name in plugins.operator_names() if name.split("/")[1] not in _ASIDE]
    return {name: plugins.get_operator(name)() for name in names if not name.endswith(_BITS)}


def _places(path: Path) -> Iterator[tuple[str, int, int]]:
    """Operators, their occurrences and rows in a file."""
    trees, source = import_module("cosmic_ray.ast"), path.read_text("utf-8")
    nodes, aside = list(trees.ast_nodes(trees.get_ast(source))), _annotations(source)
    for name, operator in _operators().items():
        at = [place for node in nodes for place in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(at):
            if not any(low <= start < high for low, high in aside):
                yield name, occurrence, start[0]


def _annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations begin and end."""
    nodes = ast.walk(ast.parse(source))
    given = [getattr(node, name, None) for node in nodes for name in ("annotation", "returns")]
    return [
        ((one.lineno, one.col_offset), (one.end_lineno or one.lineno, one.end_col_offset or 0))
        for one in given
        if isinstance(one, ast.expr)
    ]


def source_of(mutant: Mutant) -> str:
    """The source of the module with the mutant in it."""
    source = (ROOT / mutant.file).read_text("utf-8")
    mutated = import_module("cosmic_ray.mutating").mutate_code(source, _operators()[mutant.operator], mutant.occurrence)
    return str(mutated)
