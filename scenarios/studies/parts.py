"""The parts of a study, checked: changes, cases, grids and draws. Unknown keys are errors."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from optimize import RobustOptions

__all__ = [
    "Axis",
    "Case",
    "Change",
    "Draws",
    "Grid",
    "Name",
    "NewRow",
    "Strict",
]

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""A name that becomes part of names of files."""

MOST_POINTS = 100_000
"""Points of a grid, each a case that is solved, stored and reported."""

MOST_DRAWS = 1 << 20
"""Points of draws in all: hours of work on one machine."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Where = Mapping[str, str | tuple[str, ...]]


class Strict(BaseModel):
    """Frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Change(Strict):
    """A change to the values (and ranges) of the rows of one table: exactly one of multiply, add and set.

    `where` names key columns and the value wanted, or several; without it every row changes.
    """

    table: str
    where: Where = Field(default_factory=dict)
    multiply: Number | None = None
    add: Number | None = None
    set: Number | None = None

    @model_validator(mode="after")
    def _one(self) -> "Change":
        if sum(amount is not None for amount in (self.multiply, self.add, self.set)) != 1:
            raise ValueError("give exactly one of multiply, add and set")
        return self


class NewRow(Strict):
    """A row that is added to a table of measured numbers: key columns, value and, where it has one, range."""

    table: str
    keys: Annotated[Mapping[str, str], Field(min_length=1)]
    value: Number
    low: Number | None = None
    high: Number | None = None
    note: str = ""

    @field_validator("keys")
    @classmethod
    def _keys_alone(cls, keys: Mapping[str, str]) -> Mapping[str, str]:
        if wrong := sorted({"value", "low", "high", "status", "source", "note"} & set(keys)):
            raise ValueError(f"{', '.join(wrong)} is not a key column")
        return keys


class Case(Strict):
    """A chain to be optimised: its packages, what is added to and changed in them, and options of its own."""

    name: Name
    title: str
    packages: Annotated[tuple[str, ...], Field(min_length=1)]
    definition: Literal["location", "ownership", "broad"] = Field("location", description="what counts as domestic")
    add: tuple[NewRow, ...] = Field((), description="rows added to tables of this case, before its changes")
    changes: tuple[Change, ...] = ()
    options: RobustOptions = RobustOptions()
    lead: bool = Field(False, description="shown in full on the first page (without any: one case or two)")


class Axis(Strict):
    """One axis of a grid: the values of an option, or those by which a table is changed."""

    name: Name
    title: str = Field("", description="what the axis counts, with its unit, for people")
    option: str | None = None
    values: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    table: str | None = None
    where: Where = Field(default_factory=dict)
    multiply: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    add: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    set: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "Axis":
        changed = [amounts for amounts in (self.multiply, self.add, self.set) if amounts is not None]
        of_option = self.option is not None and self.values is not None and not (changed or self.table or self.where)
        of_table = self.table is not None and len(changed) == 1 and self.option is None and self.values is None
        if of_option == of_table:
            raise ValueError("give either an option with its values, or a table with one of multiply, add and set")
        if self.option is not None and self.option not in _GRID_OPTIONS:
            raise ValueError(f"'{self.option}' is not an option with numbers: {', '.join(_GRID_OPTIONS)}")
        for point in self.points if self.option is not None else ():
            self.given(point)
        if len(set_of := {*self.points}) != len(self.points):
            raise ValueError(f"each value once, please: {sorted(set_of)}")
        return self

    @property
    def points(self) -> tuple[float, ...]:
        """The values along the axis."""
        return self.values or self.multiply or self.add or self.set or ()

    def told(self, point: float) -> str:
        """A point in words: with six digits, and with more where two points of the axis would be told alike."""
        most = 17  # tells any two floats apart
        digits = next(n for n in range(6, most + 1) if len({f"{p:.{n}g}" for p in self.points}) == len(self.points))
        return f"{point:.{digits}g}"

    def given(self, point: float) -> Any:
        """The value of the option at a point of the axis. ValueError where the option cannot have it."""
        assert self.option is not None
        try:
            return getattr(RobustOptions.model_validate({self.option: point}), self.option)
        except ValidationError as errors:
            raise ValueError(f"{self.option} = {point:g}: {errors.errors()[0]['msg']}") from None

    def change(self, point: float) -> Change | None:
        """The change at a point of the axis; None where the axis is an option."""
        if self.table is None:
            return None
        kind = next(kind for kind in ("multiply", "add", "set") if getattr(self, kind) is not None)
        return Change.model_validate({"table": self.table, "where": self.where, kind: point})


_GRID_OPTIONS = ("budget", "move", "alpha", "beta", "pieces", "ambiguity", "slope_budget")


class Grid(Strict):
    """Every combination of the values of some axes, for some cases (without `cases`: for all)."""

    name: Name
    title: str = Field("", description="what the grid asks, for people")
    cases: tuple[Name, ...] = ()
    axes: Annotated[tuple[Axis, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> "Grid":
        names = [axis.name for axis in self.axes]
        if len(set(names)) != len(names):
            raise ValueError("two axes have the same name")
        if (points := prod(len(axis.points) for axis in self.axes)) > MOST_POINTS:
            raise ValueError(f"{points:,} points, and at most {MOST_POINTS:,} are solved: take fewer values")
        return self

    def told(self, point: Mapping[str, float]) -> dict[str, str]:
        """The values of a point, by axis, in words that tell it from every other (`Axis.told`)."""
        return {axis.name: axis.told(point[axis.name]) for axis in self.axes}


class Draws(Strict):
    """Random draws of every number between its low and high, and what they are used for.

    `replicates` independent scrambles of `count` quasi-random points each give the distribution and its interval.
    `trajectories` (0: none) is the length of the Morris screen; its first `alone` assumptions get Sobol indices of
    their own from `base` points (0: none), all others together.
    """

    cases: tuple[Name, ...] = ()
    count: Annotated[int, Field(ge=2, description="points a replicate; a power of 2")] = 64
    replicates: Annotated[int, Field(ge=2)] = 4
    seed: Annotated[int, Field(ge=0)]
    trajectories: Annotated[int, Field(ge=0)] = 0
    alone: Annotated[int, Field(ge=1)] = 10
    base: Annotated[int, Field(ge=0, description="base points of the Sobol indices; a power of 2")] = 0

    @model_validator(mode="after")
    def _powers(self) -> "Draws":
        for name, value in (("count", self.count), ("base", self.base)):
            if value & (value - 1):
                raise ValueError(f"{name} = {value} is not a power of 2")
        if (points := self.count * self.replicates) > MOST_DRAWS or max(self.base, self.trajectories) > MOST_DRAWS:
            most = max(points, self.base, self.trajectories)
            raise ValueError(f"{most:,} points, and at most {MOST_DRAWS:,} are drawn: take fewer")
        if self.base and not self.trajectories:
            raise ValueError("Sobol indices are of the assumptions that a Morris screen found: give trajectories too")
        return self
