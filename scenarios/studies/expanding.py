"""From a study to the chains that it asks about: every case and every point of its grids, with all changes made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from chains import Chain, InputError, Problem, load
from chains.tables.naming import shadowed
from optimize import RobustOptions
from scenarios.studies.parts import Axis, Case, Change, Grid, NewRow
from scenarios.studies.reading import StudyFile
from scenarios.studies.study import Study

__all__ = ["Ready", "changed", "ready_cases", "warnings_of", "with_rows"]


@dataclass(frozen=True)
class Ready:
    """A case that can be solved: its chain, with every change made, and its options; `source` is without any change.

    A point of a grid is named `case.axis=value`; `case` is the case that it starts from and `point` its values.
    """

    name: str
    title: str
    case: str
    source: Chain
    chain: Chain
    options: RobustOptions
    grid: str = ""
    point: Mapping[str, float] = field(default_factory=dict)


def ready_cases(file: StudyFile, folders: Mapping[str, Path] | None = None) -> tuple[Ready, ...]:
    """The cases of a study and then the points of its grids. InputError with the problems of all of them.

    `folders` says where the packages are that the study names, if not where it says.
    """
    study, problems = file.study, list[Problem]()
    places = folders or {}

    @cache
    def reading(*packages: str) -> Chain:
        return load(*(places.get(package, package) for package in packages))

    def attempt(make: Callable[[], Ready], *path: str | int) -> Ready | None:
        try:
            return make()
        except InputError as error:
            problems.extend(_where(problem, file, *path) for problem in error.problems)
            return None

    cases: dict[str, Ready] = {}
    for n, case in enumerate(study.cases):
        made = attempt(lambda case=case: _case(study, case, reading(*case.packages)), "cases", n)  # type: ignore[misc]
        if made is not None:
            cases[case.name] = made
    points: list[Ready] = []
    for n, grid in enumerate(study.grids):
        for start in [cases[name] for name in grid.cases or cases if name in cases]:
            for values in product(*(axis.points for axis in grid.axes)):
                made = attempt(lambda s=start, v=values, g=grid: _point(s, g, v), "grids", n)  # type: ignore[misc]
                points += [made] if made is not None else []
    problems += [*_same_names(file, cases), *_same_points(file, points)]
    if problems:
        raise InputError(problems)
    return (*cases.values(), *points)


def _same_names(file: StudyFile, cases: Mapping[str, Ready]) -> Iterator[Problem]:
    """Two folders of one name: results and reports tell packages apart by their names."""
    first: dict[str, Path] = {}
    for n, case in enumerate(file.study.cases):
        for origin in cases[case.name].chain.origins if case.name in cases else ():
            folder = origin.folder.resolve()
            if first.setdefault(origin.name, folder) != folder:
                wrong = f"two folders are named '{origin.name}': {first[origin.name]} and {folder}"
                right = "rename one: packages are told apart by the folder's name"
                yield Problem(*file.place("cases", n, "packages"), f"cases.{n}.packages", wrong, right)


def _same_points(file: StudyFile, points: Sequence[Ready]) -> Iterator[Problem]:
    """Points of different grids that have one name and are not the same: results are kept by name."""
    first: dict[str, Ready] = {}
    at = {grid.name: n for n, grid in enumerate(file.study.grids)}
    for point in points:
        other = first.setdefault(point.name, point)
        if (other.options, other.chain.changes) != (point.options, point.chain.changes):
            n = at[point.grid]
            wrong = f"a point of grid '{other.grid}' and another of grid '{point.grid}' are both named '{point.name}'"
            yield Problem(*file.place("grids", n), f"grids.{n}", wrong, "give an axis of one of them another name")


def warnings_of(file: StudyFile, ready: Sequence[Ready]) -> list[Problem]:
    """What the packages of a study give reason to doubt, and folders beside it that a shipped name does not mean."""
    beside = []
    for n, case in enumerate(file.study.cases):
        for m, package in enumerate(case.packages):
            warning = shadowed(package, Path(file.place("cases", n, "packages", m)[0]).parent)
            beside += [] if warning is None else [warning]
    return list(dict.fromkeys([*beside, *(warning for case in ready for warning in case.chain.warnings)]))


def _where(problem: Problem, file: StudyFile, *path: str | int) -> Problem:
    """A problem of a chain, at the part of the study that leads to it; problems of package files keep their place."""
    if problem.row:
        return problem
    name, row = file.place(*path)
    said = f"{problem.file}: {problem.wrong}" if problem.file not in name else problem.wrong
    return Problem(name, row, ".".join(str(part) for part in path), said, problem.right)


def _case(study: Study, case: Case, chain: Chain) -> Ready:
    own = {name: getattr(case.options, name) for name in case.options.model_fields_set}
    return Ready(
        name=case.name,
        title=case.title,
        case=case.name,
        source=chain,
        chain=changed(with_rows(chain, (*study.add, *case.add)), (*study.changes, *case.changes), case.definition),
        options=study.options.model_copy(update=own),
    )


def _point(start: Ready, grid: Grid, values: tuple[float, ...]) -> Ready:
    point = {axis.name: value for axis, value in zip(grid.axes, values, strict=True)}
    told = grid.told(point)
    label = ", ".join(f"{name} {value}" for name, value in told.items())
    return Ready(
        name=".".join((start.name, *(f"{name}={value}" for name, value in told.items()))),
        title=f"{start.title}, {label}",
        case=start.name,
        source=start.source,
        chain=changed(start.chain, _changes(grid.axes, values), start.chain.definition),
        options=start.options.model_copy(update=dict(_options(grid.axes, values))),
        grid=grid.name,
        point=point,
    )


def _changes(axes: tuple[Axis, ...], values: tuple[float, ...]) -> list[Change]:
    made = (axis.change(value) for axis, value in zip(axes, values, strict=True))
    return [change for change in made if change is not None]


def _options(axes: tuple[Axis, ...], values: tuple[float, ...]) -> Iterator[tuple[str, Any]]:
    for axis, value in zip(axes, values, strict=True):
        if axis.option is not None:
            yield axis.option, axis.given(value)


def with_rows(chain: Chain, rows: Iterable[NewRow]) -> Chain:
    """The chain with rows added in order. InputError naming every one that does not fit, or lacks another beside it."""
    problems: list[Problem] = []
    for row in rows:
        given: dict[str, Any] = {"low": row.low, "high": row.high, "note": row.note, **row.keys}
        try:
            chain = chain.with_row(row.table, row.value, **given)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    chain.check_finished()
    return chain


def changed(chain: Chain, changes: tuple[Change, ...] | list[Change], definition: str = "location") -> Chain:
    """The chain with the changes made in order. InputError where one matches no row or leaves a range."""
    problems: list[Problem] = []
    for change in changes:
        where = dict(change.where)
        try:
            if change.multiply is not None:
                chain = chain.scaled(change.table, change.multiply, **where)
            elif change.add is not None:
                chain = chain.added(change.table, change.add, **where)
            elif change.set is not None:
                chain = chain.with_value(change.table, change.set, **where)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return chain.counting(definition)
