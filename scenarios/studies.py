"""Study files: what is asked of which packages. TOML, checked; unknown keys are errors."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chains import InputError, Problem
from chains.problems import nearest
from optimize import Options

__all__ = ["Case", "GainQuestion", "Study", "read_study"]

_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Case(_Strict):
    """One chain to be optimised: its packages, and options that differ from the study's."""

    name: _Name
    title: str
    packages: Annotated[tuple[str, ...], Field(min_length=1)]


class GainQuestion(_Strict):
    """Between which tiers the reallocation curve is drawn."""

    giving: str = Field(alias="from")
    receiving: str = Field(alias="to")


class Study(_Strict):
    """A question, the cases that answer it, and the options of the program."""

    name: _Name
    title: str
    question: str
    gain: GainQuestion
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    options: Options = Options()

    @model_validator(mode="after")
    def _distinct(self) -> "Study":
        names = [case.name for case in self.cases]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"two cases are named {', '.join(repeated)}")
        return self


def read_study(name_or_file: str) -> Study:
    """A study file (`*.toml`), or the shipped study of that name. InputError with every problem of the file.

    Packages that are folders are found from the file's own folder.
    """
    shipped = resources.files("scenarios.shipped")
    names = sorted(item.name[: -len(".toml")] for item in shipped.iterdir() if item.name.endswith(".toml"))
    path = Path(name_or_file)
    if name_or_file in names:
        file, base, text = f"{name_or_file}.toml", None, (shipped / f"{name_or_file}.toml").read_text("utf-8")
    elif path.is_file():
        file, base, text = str(path), path.parent, path.read_text("utf-8")
    else:
        wrong = "is neither a study file nor a shipped study"
        raise InputError.single(name_or_file, wrong, f"shipped: {', '.join(names)}")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file, f"is not valid TOML ({error})", "mend it") from None
    content.setdefault("name", path.stem if base else name_or_file)
    try:
        study = Study.model_validate(content)
    except ValidationError as errors:
        raise InputError(_problem(file, dict(error)) for error in errors.errors()) from None
    return study if base is None else _placed(study, base)


def _placed(study: Study, base: Path) -> Study:
    """The study with package folders found from `base`."""
    cases = tuple(
        case.model_copy(update={"packages": tuple(str(base / p) if (base / p).is_dir() else p for p in case.packages)})
        for case in study.cases
    )
    return study.model_copy(update={"cases": cases})


def _problem(file: str, error: dict[str, Any]) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        known = {*Study.model_fields, *Case.model_fields, *Options.model_fields, "from", "to"}
        return Problem(file, 0, place, f"'{key}' is not known here", nearest(key, sorted(known)))
    return Problem(file, 0, place, str(error["msg"]), "see the shipped studies")
