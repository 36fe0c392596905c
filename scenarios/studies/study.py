"""The study: a question, the cases that answer it, and what is asked of each."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from chains.tables.naming import named
from optimize import RobustOptions
from scenarios.studies.asked import Output, missing_tables, with_tables
from scenarios.studies.parts import (
    Axis,
    Case,
    Change,
    Draws,
    Grid,
    Name,
    NewRow,
    Strict,
)

__all__ = ["Study"]


class About(Strict):
    """What a study says of itself, and what it asks of its cases."""

    name: Name
    title: str
    question: str
    answer: str = Field(
        "", description="the answer in words, a Jinja template over the cases; empty: said by the report"
    )
    outputs: tuple[Output, ...] = Field((), description="questions asked of every case beside the least-risk one")
    options: RobustOptions = RobustOptions()


if TYPE_CHECKING:

    class Asking(About):
        """And the arguments of what it asks."""
else:
    Asking = with_tables(About)


class Study(Asking):
    """A question, the cases that answer it, and the options of the program.

    Everything that a study file says can be said here, and the other way round. The methods return a new study
    (`scenarios.Study` can be run too):

        Study(name="doubling", title="Twice the money", question="...")
            .case("today", "robots", title="As it is")
            .case("double", "robots", title="Doubled", changes=[Change(table="subsidies", multiply=2)])
    """

    add: tuple[NewRow, ...] = Field((), description="rows added to tables of every case, before all changes")
    changes: tuple[Change, ...] = Field((), description="changes to every case")
    cases: tuple[Case, ...] = ()
    grids: tuple[Grid, ...] = ()
    draws: Draws | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for what, names in (
            ("cases", [case.name for case in self.cases]),
            ("grids", [grid.name for grid in self.grids]),
        ):
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise ValueError(f"two {what} are named {', '.join(repeated)}")
        self._known_cases()
        if missing := missing_tables(self, self.outputs):
            raise ValueError("; ".join(missing))
        return self

    def _known_cases(self) -> None:
        known = {case.name for case in self.cases}
        named = [(f"grid {grid.name}", grid.cases) for grid in self.grids]
        for where, names in (*named, ("draws", self.draws.cases if self.draws else ())):
            unknown = [name for name in names if name not in known]
            if unknown and known:
                raise ValueError(f"{where} names {', '.join(unknown)}; the cases are {', '.join(sorted(known))}")

    def case(
        self,
        name: str,
        *packages: str | Path,
        title: str = "",
        definition: str = "location",
        add: Iterable[NewRow] = (),
        changes: Iterable[Change] = (),
        lead: bool = False,
        **options: Any,
    ) -> Self:
        """This study with one more case. Options as in `optimize`, and `ambiguity`, `slope_budget`.

        A `lead` case is shown in full on the first page of the report.
        `"robots"` is the shipped package wherever the script runs; `"./robots"` or `Path("robots")` is a folder.
        """
        case = {
            "name": name,
            "title": title or name,
            "packages": [package if isinstance(package, str) else named(package) for package in packages],
            "definition": definition,
            "add": [*add],
            "changes": [*changes],
            "options": options,
            "lead": lead,
        }
        return self._with(cases=(*self.cases, Case.model_validate(case)))

    def add_row(
        self, table: str, value: float, *, low: float | None = None, high: float | None = None, **keys: str
    ) -> Self:
        """This study with one more row in a table of every case; `keys` are its key columns."""
        row = NewRow(table=table, keys=keys, value=value, low=low, high=high)
        return self._with(add=(*self.add, row))

    def change(self, table: str, *, where: Mapping[str, str | tuple[str, ...]] | None = None, **how: float) -> Self:
        """This study with one more change to every case: `multiply=`, `add=` or `set=`."""
        change = Change.model_validate({"table": table, "where": dict(where or {}), **how})
        return self._with(changes=(*self.changes, change))

    def grid(self, name: str, *axes: Axis, cases: Iterable[str] = (), title: str = "") -> Self:
        """This study with one more grid; `title`: what it asks, for people."""
        return self._with(grids=(*self.grids, Grid(name=name, title=title, axes=axes, cases=tuple(cases))))

    def draw(self, **how: Any) -> Self:
        """This study with draws: `seed`, `count`, `replicates`, `trajectories`, `alone`, `base`, `cases`."""
        return self._with(draws=Draws.model_validate(how))

    def ask(self, *outputs: str, **questions: Any) -> Self:
        """This study with further outputs, and the tables that some need.

        `gain={"from": ..., "to": ...}`, `self_sufficiency={"target": ...}`, `what_if={"cuts": [...], "months": ...}`.
        """
        return self._with(outputs=(*self.outputs, *outputs), **questions)

    def _with(self, **parts: Any) -> Self:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**given, **parts})
