"""What a descriptor declares of its files: refused where it is not what is read, since it would be passed over."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from chains.tables.problems import Problem

__all__ = ["resource_problems"]

_DIALECT: Mapping[str, object] = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "escapeChar": None,
    "commentChar": None,
    "skipInitialSpace": False,
    "header": True,
}
"""How tables are read, in the words of a Frictionless dialect."""
_ANY_DIALECT = ("csvddfVersion", "lineTerminator", "caseSensitiveHeader")
"""Keys of a dialect that change nothing in what is read."""
_FIELD: Mapping[str, object] = {"decimalChar": ".", "groupChar": "", "bareNumber": True}
"""How numbers are read, in the words of a Frictionless field."""


def resource_problems(file: str, resources: object, present: Set[str]) -> Iterator[Problem]:
    """What is wrong with the `resources` of the descriptor `file`; `present` are the names of the package's files."""
    if not isinstance(resources, list):
        yield Problem(file, 0, "resources", "is not a list", "write a list of resources")
        return
    for n, resource in enumerate(resources):
        at = f"resources.{n}"
        if not isinstance(resource, dict):
            yield Problem(file, 0, at, "is not an object", 'write {"name": "demand", "path": "demand.csv"}')
            continue
        yield from _path(file, at, resource.get("path"), present)
        yield from _encoding(file, at, resource.get("encoding", "utf-8"))
        yield from _as_read(file, f"{at}.dialect", resource.get("dialect", {}), _DIALECT, _ANY_DIALECT)
        yield from _schema(file, f"{at}.schema", resource.get("schema"))


def _path(file: str, at: str, path: object, present: Set[str]) -> Iterator[Problem]:
    if not isinstance(path, str):
        yield Problem(file, 0, f"{at}.path", "is not the name of a file", 'write one file, such as "demand.csv"')
    elif "/" in path or "\\" in path or path in (".", ".."):
        right = "only files of the package's own folder are read: put it there, and write its name alone"
        yield Problem(file, 0, f"{at}.path", f"'{path}' leads to another folder", right)
    elif path not in present:
        yield Problem(file, 0, "resources", f"'{path}' is listed but not there", "add the file or drop its entry")


def _encoding(file: str, at: str, encoding: object) -> Iterator[Problem]:
    if str(encoding).lower().replace("_", "-") not in ("utf-8", "utf8", "utf-8-sig"):
        wrong = f"{encoding!r} is declared, but files are read as UTF-8"
        yield Problem(file, 0, f"{at}.encoding", wrong, "save the file as CSV UTF-8 and write utf-8")


def _as_read(
    file: str, at: str, declared: object, as_read: Mapping[str, object], free: tuple[str, ...]
) -> Iterator[Problem]:
    """What is declared otherwise than it is read."""
    if not isinstance(declared, dict):
        yield Problem(file, 0, at, "is not an object", "leave it out")
        return
    for key, value in declared.items():
        if key not in free and (key not in as_read or value != as_read[key]):
            right = f"write the file so, with {as_read[key]!r}" if as_read.get(key) else "leave it out"
            yield Problem(file, 0, f"{at}.{key}", f"{value!r} is declared, but files are not read so", right)


def _schema(file: str, at: str, schema: Any) -> Iterator[Problem]:
    """Of a table schema only what would change how a cell is read."""
    if not isinstance(schema, dict):
        return
    missing = schema.get("missingValues", [""])
    if missing != [""]:
        wrong = f"{missing!r} is declared, but only an empty cell is read as missing"
        yield Problem(file, 0, f"{at}.missingValues", wrong, 'empty those cells, and write [""]')
    fields = schema.get("fields")
    for n, field in enumerate(fields if isinstance(fields, list) else []):
        if isinstance(field, dict):
            numbers = {key: value for key, value in field.items() if key in _FIELD}
            yield from _as_read(file, f"{at}.fields.{n}", numbers, _FIELD, ())
