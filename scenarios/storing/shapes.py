"""What stands in the documents of a results folder: whoever edited one is told where, before anything relies on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chains import InputError, Problem
from chains.tables.json_files import read_json
from scenarios.studies import Study

__all__ = ["CaseDocument", "Manifest", "answers_told", "read_shape"]

_RIGHT = "run the study again"


def _inside(copy: str) -> str:
    parts = PurePosixPath(copy).parts
    if len(parts) != 2 or parts[0] != "inputs" or parts[1] == ".." or "\\" in copy or "\0" in copy:
        raise ValueError("not a folder of its own in inputs")
    return copy


Copy = Annotated[str, AfterValidator(_inside)]
"""Where the copy of a package is: a folder of its own in `inputs`, and nowhere else on the disk."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Overridden(_Shape):
    key: str
    was: Any
    was_in: str
    now: Any
    now_in: str


class Manifest(_Shape):
    """`study.json`; `writers`, which older results lack, are the libraries that wrote tables and report."""

    study: Annotated[Study, Field(strict=False)]
    options: Mapping[str, Any]
    overrides: list[_Overridden]
    cases: list[str]
    packages: Mapping[str, str]
    folders: Mapping[str, Copy]
    versions: Mapping[str, str]
    writers: Mapping[str, str] = Field(default_factory=dict)


class _Failed(_Shape):
    kind: str
    reason: str


class CaseDocument(_Shape):
    """`cases/CASE.json`."""

    case: str
    title: str
    of: str
    grid: str
    point: Mapping[str, float]
    package: str
    changes: list[str]
    answers: Mapping[str, dict[str, Any]]
    failed: Mapping[str, _Failed]


Kind = TypeVar("Kind", bound=_Shape)


@contextmanager
def answers_told(folder: Path) -> Iterator[None]:
    """Whoever reads stored answers within relies on their shape: answers of another are an InputError.

    The shape of an answer stands in no one place (every question has its own), so it shows where an answer is used.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        wrong = f"holds answers of another shape than Tierwise writes ({type(error).__name__}: {error})"
        raise InputError.single(str(folder), wrong, f"`tierwise verify` says which; {_RIGHT}") from error


def read_shape(path: Path, kind: type[Kind]) -> tuple[dict[str, Any], Kind]:
    """A document as it stands, and with its parts named. InputError with all that is not as Tierwise writes it."""
    content, problems = read_json(path, str(path))
    if problems:
        raise InputError(problems)
    try:
        return content, kind.model_validate(content)
    except ValidationError as errors:
        raise InputError(
            Problem(
                str(path), 0, ".".join(map(str, error["loc"])), f"is not as it was written ({error['msg']})", _RIGHT
            )
            for error in errors.errors()
        ) from None
