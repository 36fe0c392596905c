"""Formulas in the notes of data: `formula: EXPRESSION` at the end of a note, worked out from the numbers of the data.

An expression is plain arithmetic: numbers, `+ - * / **`, brackets, `min(a, b)`, and cells `table[key/key]`, which stand
for the `value` of the row with these keys, in the order of the table's key columns. `*` for a key stands for every
row, and the cell for their sum: `supply[servos/CHN/*]` is all that is made in China. A cell of another shipped package
names it first: `robots:supply[reducers/JPN/JPN]`.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tests.independent import Row

KEYS: Mapping[str, tuple[str, ...]] = {
    "demand": ("segment", "use"),
    "inputs": ("input", "user"),
    "supply": ("segment", "location", "owner"),
    "surge": ("segment", "location"),
    "response": ("segment", "parameter"),
    "subsidies": ("segment", "instrument", "period"),
    "instruments": ("instrument", "tier", "parameter"),
    "disruptions": ("scenario", "segment", "location", "owner"),
    "probabilities": ("scenario",),
    "durations": ("scenario", "parameter"),
    "criticality": ("input", "user", "parameter"),
    "loss_weights": ("segment", "use"),
    "stocks": ("segment", "parameter"),
    "suppliers": ("segment", "location", "parameter"),
    "procurement": ("segment", "parameter"),
    "tiers": ("chain", "tier", "period", "indicator"),
}
"""Key columns of every table with values, in the order in which a formula gives them."""

_MARK = "formula:"
_CELL = re.compile(r"(?:(?P<package>[a-z_]+):)?(?P<table>[a-z_]+)\[(?P<keys>[^\]]*)\]")
_OPERATIONS: Mapping[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}

Read = Callable[[str, str], list[Row]]
"""Rows of a package's table, by the names of the package and the table."""


class Cell(NamedTuple):
    """A cell as a formula names it; `package` is blank for the package of the formula itself."""

    package: str
    table: str
    keys: tuple[str, ...]


def formula(note: str) -> str:
    """The expression at the end of a note; blank where the note has none."""
    _, mark, expression = note.rpartition(_MARK)
    return expression.strip() if mark else ""


def cells(expression: str) -> Iterator[Cell]:
    """The cells that an expression names."""
    for found in _CELL.finditer(expression):
        yield Cell(found["package"] or "", found["table"], tuple(found["keys"].split("/")))


def rows_at(cell: Cell, read: Read, package: str) -> list[Row]:
    """The rows that a cell stands for; a ValueError if there is none, or if it has another number of keys."""
    columns = KEYS[cell.table]
    if len(columns) != len(cell.keys):
        raise ValueError(f"{cell.table} has the keys {', '.join(columns)}, the formula gives {'/'.join(cell.keys)}")
    wanted = dict(zip(columns, cell.keys, strict=True))
    rows = read(cell.package or package, cell.table)
    found = [row for row in rows if all(key in ("*", row.get(column, "")) for column, key in wanted.items())]
    if not found:
        raise ValueError(f"{cell.table} has no row {'/'.join(cell.keys)}")
    return found


def evaluate(expression: str, read: Read, package: str) -> float:
    """What an expression comes to with the numbers of the data; a ValueError if it is more than arithmetic."""

    def number(found: re.Match[str]) -> str:
        cell = Cell(found["package"] or "", found["table"], tuple(found["keys"].split("/")))
        return repr(sum(float(row["value"]) for row in rows_at(cell, read, package)))

    return _work_out(ast.parse(_CELL.sub(number, expression).strip(), mode="eval").body)


def _work_out(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_work_out(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_work_out(node.left), _work_out(node.right))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "min" and not node.keywords:
        return min(_work_out(argument) for argument in node.args)
    raise ValueError(f"{ast.unparse(node)} is more than plain arithmetic")
