"""The places in the code that make a message about input, and which of them were reached."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chains import Problem

__all__ = ["places", "reached"]

ROOT = Path(__file__).parents[2]
PACKAGES = ("chains", "optimize", "scenarios")
Place = tuple[str, int, int]
"""File, first and last line."""


def places() -> dict[Place, str]:
    """Every call that makes a Problem, with the function that it stands in."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name == "chains/tables/problems.py":
                continue
            for function in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call) and _makes(node.func):
                            found[name, node.lineno, node.end_lineno or node.lineno] = function.name
    return found


def _makes(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "Problem"
    return isinstance(called, ast.Attribute) and called.attr == "single"


@contextmanager
def reached() -> Iterator[set[tuple[str, int]]]:
    """Files and lines that make a Problem within."""
    lines: set[tuple[str, int]] = set()
    usual = Problem.__init__

    def noted(self: Problem, *words: Any, **named: Any) -> None:
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename.endswith("problems.py"):
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT):
            lines.add((path.relative_to(ROOT).as_posix(), frame.f_lineno))
        usual(self, *words, **named)

    Problem.__init__ = noted  # type: ignore[method-assign]
    try:
        yield lines
    finally:
        Problem.__init__ = usual  # type: ignore[method-assign]
