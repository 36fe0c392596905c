"""The descriptor of a package, `datapackage.json`: read its `tierwise` object, write its table schemas."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Set
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from chains.tables.countries import REST_OF_WORLD, countries
from chains.tables.declaring import Kind, Table
from chains.tables.json_files import json_of
from chains.tables.money import SCALES, Money, Scale, money_of, unit_advice
from chains.tables.problems import Problem, nearest
from chains.tables.resources import resource_problems
from chains.tables.schema import TABLES

__all__ = ["DESCRIPTOR", "Meta", "describe", "describe_resources", "descriptor_bytes", "read_meta"]

DESCRIPTOR = "datapackage.json"

_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


_NOT_SAID: Any = ""
"""A default that is filled in from another key, or an error: nothing goes on with it."""


class Meta(BaseModel):
    """What the numbers of a package are about: home country, money and base year.

    `scale` says how many units of the currency one of its money is. `unit` is what people read (by default currency and
    scale, per year); where it is given without a scale, it must name one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    home: str
    currency: str
    scale: Scale = _NOT_SAID
    unit: _Text = _NOT_SAID
    year: int

    @property
    def money(self) -> Money:
        """Currency and scale."""
        return Money(self.currency, self.scale)

    @property
    def given(self) -> dict[str, Any]:
        """What a descriptor has of it: a unit only where it says something of its own."""
        return self.model_dump(exclude={"unit"} if self.unit == _unit(self.money) else set())

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, content: Any) -> Any:
        """The scale that a unit names, and the unit that a scale makes; what is wrong is left to the fields."""
        if not isinstance(content, dict):
            return content
        unit, currency = content.get("unit"), content.get("currency")
        if "scale" not in content:
            money = money_of(unit, str(currency)) if isinstance(unit, str) else None
            named = {"scale": money.scale} if money is not None else {}
            return content | (named if "unit" in content else {"scale": None})
        if "unit" not in content and content["scale"] in SCALES and isinstance(currency, str):
            return content | {"unit": _unit(Money(currency, content["scale"]))}
        return content

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, currency: str) -> str:
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError(f"'{currency}' is not an ISO 4217 currency code, three capital letters")
        return currency

    @field_validator("scale", mode="before")
    @classmethod
    def _is_scale(cls, scale: Any) -> Any:
        if scale not in SCALES:
            wrong = "is not given" if scale is None else f"'{scale}' is not known"
            raise ValueError(f"{wrong}: one of {', '.join(SCALES)}")
        return scale

    @field_validator("unit")
    @classmethod
    def _is_money(cls, unit: str, info: ValidationInfo) -> str:
        """A unit names the money that currency and scale say; beside a scale it may name none."""
        currency, scale = info.data.get("currency"), info.data.get("scale")
        if currency is None or scale is None:
            return unit
        money = money_of(unit, currency)
        if money is None and not scale:
            raise ValueError(f"'{unit}' does not say a scale: {unit_advice(currency)}")
        if money is not None and money != Money(currency, scale):
            raise ValueError(f"'{unit}' is {money}, but currency and scale are {Money(currency, scale)}")
        return unit

    @field_validator("home")
    @classmethod
    def _is_country(cls, home: str) -> str:
        if home not in countries() - {REST_OF_WORLD}:
            raise ValueError(f"'{home}' is not an ISO 3166 alpha-3 country code")
        return home


def _unit(money: Money) -> str:
    """The unit of a yearly amount, for people."""
    return f"{money} per year"


def read_meta(
    read: Callable[[str], tuple[str, list[Problem]]], file: str, files: Set[str], *, link: bool
) -> tuple[Meta | None, list[Problem]]:
    """Read the `tierwise` object of a package's descriptor, and check what it says of the package's `files`.

    `read` gives the text of the descriptor, whose name in messages is `file`. A link package has no such object, and
    may have no descriptor.
    """
    example = '"tierwise": {"home": "CHN", "currency": "CNY", "scale": "billion", "year": 2022}'
    if DESCRIPTOR not in files:
        missing = Problem(file, 0, "", "the file is missing", f"write a descriptor with {example}")
        return None, [] if link else [missing]
    text, problems = read(DESCRIPTOR)
    content, problems = (None, problems) if problems else json_of(text, file)
    if content is None and problems:  # null is JSON, and has no object
        return None, problems
    if isinstance(content, dict):
        problems += resource_problems(file, content.get("resources", []), files)
    if link:
        return None, problems
    if not isinstance(content, dict) or not isinstance(content.get("tierwise"), dict):
        return None, [*problems, Problem(file, 0, "tierwise", "the object 'tierwise' is missing", f"add {example}")]
    try:
        return Meta.model_validate(content["tierwise"]), problems
    except ValidationError as errors:
        return None, problems + [_meta_problem(file, dict(error), example) for error in errors.errors()]


def _meta_problem(file: str, error: dict[str, Any], example: str) -> Problem:
    key = ".".join(str(part) for part in error["loc"])
    known = tuple(Meta.model_fields)
    right = nearest(key, known) if error["type"] == "extra_forbidden" else f"as in {example}"
    wrong = (
        f"'{key}' is not known"
        if error["type"] == "extra_forbidden"
        else str(error["msg"]).removeprefix("Value error, ")
    )
    return Problem(file, 0, f"tierwise.{key}", wrong, right)


def describe(name: str, meta: Meta | None, headers: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """Content of `datapackage.json` for a package that has tables with these headers (Frictionless Data Package v1).

    `meta` is None for a link package, which measures nothing of its own.
    """
    descriptor: dict[str, Any] = {"profile": "tabular-data-package", "name": name}
    if meta is not None:
        descriptor["tierwise"] = meta.given
    descriptor["resources"] = describe_resources(headers)
    return descriptor


def descriptor_bytes(content: Mapping[str, Any]) -> bytes:
    """The content of `datapackage.json` as every package of ours has it."""
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode()


def describe_resources(headers: Mapping[str, Collection[str]]) -> list[dict[str, Any]]:
    """The `resources` of a descriptor: schemas of the tables with these headers; other names are passed over."""
    return [_resource(TABLES[table], headers[table]) for table in TABLES if table in headers]


def _resource(table: Table, header: Collection[str]) -> dict[str, Any]:
    columns = [column for column in table.columns if column.name in header]
    fields = []
    for column in columns:
        constraints: dict[str, Any] = {"required": not column.blank}
        if column.choices:
            constraints["enum"] = list(column.choices)
        if column.minimum is not None:
            constraints["minimum"] = column.minimum
        if column.maximum is not None:
            constraints["maximum"] = column.maximum
        kind = "number" if column.kind is Kind.NUMBER else "string"
        fields.append({"name": column.name, "type": kind, "description": column.meaning, "constraints": constraints})
    names = [column.name for column in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    key = [column for column in table.columns if column.name in table.key and column.name in names]
    if not any(column.blank for column in key):
        schema["primaryKey"] = [column.name for column in key]
    return {
        "name": table.name.replace("_", "-"),
        "path": table.file,
        "profile": "tabular-data-resource",
        "description": table.meaning,
        "encoding": "utf-8",
        "schema": schema,
    }
