"""TOML with the place of every value, so that a problem can name its file and row, and one file can extend another."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Node", "Override", "merged", "parse"]

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


@dataclass(frozen=True)
class Node:
    """A value of a TOML file and where it stands: a table (dict), an array (list) or a plain value."""

    value: Any
    file: str
    row: int

    @property
    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain for node in self.value]
        return self.value

    def place(self, path: Sequence[str | int]) -> tuple[str, int]:
        """File and row of the value at a path, or of the innermost part of it that stands in a file."""
        if not path:
            return self.file, self.row
        inner = None
        if isinstance(self.value, dict):
            inner = self.value.get(path[0])
        elif isinstance(self.value, list) and isinstance(path[0], int) and path[0] < len(self.value):
            inner = self.value[path[0]]
        return inner.place(path[1:]) if isinstance(inner, Node) else (self.file, self.row)


@dataclass(frozen=True)
class Override:
    """What a study that extends another put in place of what it found there."""

    key: str
    was: Any
    was_in: str
    now: Any
    now_in: str


def parse(text: str, file: str) -> Node:
    """The content of a TOML file. tomllib.TOMLDecodeError where it is not TOML."""
    return _node(tomllib.loads(text), _rows(text), (), file, 1)


def _node(value: Any, rows: dict[tuple[str | int, ...], int], path: tuple[str | int, ...], file: str, row: int) -> Node:
    row = rows.get(path, row)
    if isinstance(value, dict):
        return Node({key: _node(inner, rows, (*path, key), file, row) for key, inner in value.items()}, file, row)
    if isinstance(value, list):
        return Node([_node(inner, rows, (*path, n), file, row) for n, inner in enumerate(value)], file, row)
    return Node(value, file, row)


def _rows(text: str) -> dict[tuple[str | int, ...], int]:
    """Row of every table header and of every key that begins a line; what stands within a value shares its row."""
    rows: dict[tuple[str | int, ...], int] = {}
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    for row, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = ()
            *outer, last = header[2].split(".")
            for name in outer:
                table = (*table, name)
                table = (*table, counts[table] - 1) if table in counts else table
            table = (*table, last)
            if header[1] == "[[":
                rows.setdefault(table, row)
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            rows[table] = row
        elif key:
            rows.setdefault((*table, key[1]), row)
    return rows


def merged(base: Node, child: Node, without: Sequence[str] = ()) -> tuple[Node, list[Override]]:
    """A study that extends `base`: tables are joined key by key, named entries of an array by name.

    Changes are added to those of the base; every other value of the child takes the place of the base's, and is
    returned as an override. Cases named in `without` are left out.
    """
    overrides: list[Override] = []
    whole = _joined(base, child, "", overrides)
    if without:
        kept = [node for node in whole.value["cases"].value if node.value["name"].plain not in without]
        left = dict.fromkeys(without, "left out")
        overrides += [Override(f"cases.{name}", "a case", base.file, how, child.file) for name, how in left.items()]
        whole.value["cases"] = Node(kept, base.file, whole.value["cases"].row)
    return whole, overrides


def _joined(base: Node, child: Node, key: str, overrides: list[Override]) -> Node:
    if isinstance(base.value, dict) and isinstance(child.value, dict):
        joined = dict(base.value)
        for name, node in child.value.items():
            place = f"{key}.{name}".lstrip(".")
            joined[name] = _joined(base.value[name], node, place, overrides) if name in base.value else node
        return Node(joined, child.file, child.row)
    if isinstance(base.value, list) and isinstance(child.value, list):
        if key.rpartition(".")[2] in ("add", "changes"):
            return Node([*base.value, *child.value], child.file, child.row)
        if all(_name(node) for node in (*base.value, *child.value)):
            return _by_name(base, child, key, overrides)
    if base.plain != child.plain:
        overrides.append(Override(key, base.plain, base.file, child.plain, child.file))
    return child


def _by_name(base: Node, child: Node, key: str, overrides: list[Override]) -> Node:
    """Arrays of named tables: entries of the same name are joined, new ones stand at the end."""
    joined = {_name(node): node for node in base.value}
    for node in child.value:
        name = _name(node)
        joined[name] = _joined(joined[name], node, f"{key}.{name}", overrides) if name in joined else node
    return Node(list(joined.values()), child.file, child.row)


def _name(node: Node) -> str:
    given = node.value.get("name") if isinstance(node.value, dict) else None
    return str(given.plain) if given is not None else ""
