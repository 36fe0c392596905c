"""Read a study file: TOML, checked; every problem at its row, with the nearest key that is known."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from textwrap import shorten
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

import data
from chains import InputError, Problem
from chains.tables.naming import named
from chains.tables.problems import nearest
from chains.tables.text_files import read_text
from scenarios.studies.nodes import Node, Override, merged, parse
from scenarios.studies.study import Study

__all__ = ["StudyFile", "read_study", "shipped_studies"]

_OUTSIDE = ("extends", "without")
"""Keys of a file that are about other files; they are not part of the study."""

_SHOWN = 80
"""Characters of a wrong value that are repeated in its problem."""


@dataclass(frozen=True)
class StudyFile:
    """A study with where its parts stand, and what it overrides in the studies that it extends."""

    study: Study
    content: Node
    overrides: tuple[Override, ...] = ()

    def place(self, *path: str | int) -> tuple[str, int]:
        """File and row of a part of the study."""
        return self.content.place(path)

    @classmethod
    def of(cls, study: Study) -> "StudyFile":
        """A study that was made in a script: it has no rows."""
        return cls(study, Node({}, f"study {study.name}", 0))


def shipped_studies() -> list[str]:
    """Names of the studies that ship with Tierwise."""
    items = resources.files("scenarios.shipped").iterdir()
    return sorted(item.name.removesuffix(".toml") for item in items if item.name.endswith(".toml"))


def read_study(name_or_file: str) -> StudyFile:
    """A study file (`*.toml`), or the shipped study of that name. InputError with every problem of the file.

    Packages that are folders, and studies that are extended, are found from the file's own folder; a shipped name means
    what ships with Tierwise, whatever stands beside the file.
    """
    content, overrides = _read(name_or_file, ())
    content.value.setdefault("name", Node(Path(name_or_file).stem, content.file, 1))
    try:
        study = Study.model_validate(content.plain)
    except ValidationError as errors:
        raise InputError(_problem(content, dict(error)) for error in _own(errors)) from None
    if not study.cases:
        raise InputError.single(content.file, "has no case", "add a table [[cases]] with name, title and packages")
    return StudyFile(study, content, tuple(overrides))


def _read(name_or_file: str, above: tuple[str, ...]) -> tuple[Node, list[Override]]:
    """The content of a file joined with what it extends, and what it overrides there."""
    names, path = shipped_studies(), Path(name_or_file)
    if name_or_file in names:
        file, base = f"{name_or_file}.toml", None
        text = (resources.files("scenarios.shipped") / file).read_text("utf-8")
    elif path.is_file():
        file, base = str(path), path.parent
        text, problems = read_text(path, file)
        if problems:
            raise InputError(problems)
    else:
        wrong = "is neither a study file nor a shipped study"
        raise InputError.single(name_or_file, wrong, f"shipped: {', '.join(names)}")
    if file in above:
        raise InputError.single(file, f"extends itself, through {' and '.join(above)}", "extend another study")
    try:
        content = parse(text, file)
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file, f"is not valid TOML ({error})", "mend it") from None
    except RecursionError:
        raise InputError.single(file, "is nested too deeply", "docs/studies.md has every key") from None
    if base is not None:
        content = _placed(content, base)
    outside = {key: content.value.pop(key) for key in _OUTSIDE if key in content.value}
    if "extends" not in outside:
        return content, []
    extended, overrides = _read(_extended(outside["extends"], base), (*above, file))
    without = _left_out(extended, outside["without"]) if "without" in outside else []
    extended.value.pop("name", None)
    whole, more = merged(extended, content, without)
    return whole, [*overrides, *more]


def _extended(node: Node, base: Path | None) -> str:
    """The study that a file extends: a shipped one, or a file found from the file's own folder."""
    name = node.plain
    if not isinstance(name, str):
        raise InputError([Problem(node.file, node.row, "extends", f"{name!r} is not text", "name one study")])
    if base is None or name in shipped_studies():
        return name
    return str(base / name) if str(base / name) not in shipped_studies() else f"./{name}"


def _left_out(extended: Node, node: Node) -> list[str]:
    cases = extended.value["cases"].plain if "cases" in extended.value else []
    known = [case.get("name") for case in cases]
    given = node.plain if isinstance(node.plain, list) else [node.plain]
    problems = [
        Problem(node.file, node.row, "without", f"'{name}' is not a case of {extended.file}", nearest(str(name), known))
        for name in given
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return given


def _placed(content: Node, base: Path) -> Node:
    """The content with package folders found from `base`; a shipped name is the shipped package everywhere."""
    cases = content.value.get("cases")
    for case in cases.value if cases is not None and isinstance(cases.value, list) else []:
        packages = case.value.get("packages") if isinstance(case.value, dict) else None
        if packages is not None and isinstance(packages.value, list):
            packages.value[:] = [_folder(node, base) for node in packages.value]
    return content


def _folder(node: Node, base: Path) -> Node:
    is_folder = isinstance(node.value, str) and node.value not in data.names()
    return Node(named(base / node.value), node.file, node.row) if is_folder else node


def _own(errors: ValidationError) -> list[Any]:
    """Errors without those of lists that are too short only because what is wrong in them was left out."""
    every = errors.errors()
    inner = [error["loc"] for error in every]

    def follows(error: Any) -> bool:
        above = error["loc"]
        return error["type"] == "too_short" and any(len(at) > len(above) and at[: len(above)] == above for at in inner)

    return [error for error in every if not follows(error)]


def _problem(content: Node, error: dict[str, Any]) -> Problem:
    path: Sequence[str | int] = error["loc"]
    file, row = content.place(path)
    column = ".".join(str(part) for part in path)
    if error["type"] == "extra_forbidden":
        key = str(path[-1])
        known = sorted({*_keys_at(path[:-1]), *(_OUTSIDE if len(path) == 1 else ())})
        return Problem(file, row, column, f"'{key}' is not known here", nearest(key, known))
    if error["type"] == "missing":
        return Problem(file, row, column, f"'{path[-1]}' is missing", f"give {path[-1]}")
    message = str(error["msg"]).removeprefix("Value error, ")
    given = "" if isinstance(error["input"], dict | list) else f"{shorten(repr(error['input']), _SHOWN)}: "
    return Problem(file, row, column, f"{given}{message}", "docs/studies.md has every key")


def _keys_at(path: Sequence[str | int]) -> set[str]:
    """The keys that are known at a path of a study."""
    model: type[BaseModel] = Study
    for part in path:
        if isinstance(part, str):
            fields = {(field.alias or name): field.annotation for name, field in model.model_fields.items()}
            model = next(_models(fields.get(part)), model)
    return {field.alias or name for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models within a type such as tuple[Case, ...] or Draws | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
