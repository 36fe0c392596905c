"""The recourse of many scenarios as arrays, from one compiled scenario.

A compiled scenario reads  W own + T links + P data (sense) b.  Scenario s has data theta_s, so its right-hand side is
b - P theta_s; its links stand for columns of the first stage times factors of the scenario; rows that hold a single
column of the scenario become bounds on it. W and T are one for all scenarios with as many phases (`Alike`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from chains.numbers import Array, ChainNumbers, Positions
from optimize.program.compiling import Compiled, Parts
from optimize.program.links import Alike, Link
from optimize.program.recourse import DATA, DISRUPTED, data_names

__all__ = ["Block", "GivenBlock", "compile_block", "compile_given"]


@dataclass(frozen=True)
class _Free:
    """Column bounds before any row becomes one: those of the compiled scenario, `lower` and `upper` [column].

    Where the scenario is `calm` [scenario] and the column `closed` [column] the upper one is 0. All others share one
    upper bound, which so is kept once.
    """

    lower: Array
    upper: Array
    calm: npt.NDArray[np.bool_]
    closed: npt.NDArray[np.bool_]

    def of(self, which: Positions) -> "_Free":
        """Those of some scenarios, in this order."""
        return replace(self, calm=self.calm[which])

    def at(self, columns: Positions | slice) -> tuple[Array, Array]:
        """The bounds [scenario, column] of some columns, read-only where all scenarios have the same."""
        shape = (len(self.calm), len(self.upper[columns]))
        lower, upper = (np.broadcast_to(bound[columns], shape) for bound in (self.lower, self.upper))
        closed = self.closed[columns]
        if self.calm.any() and closed.any():
            upper = upper.copy()
            upper[np.ix_(self.calm, closed)] = 0.0
        return lower, upper


@dataclass(frozen=True)
class Block:
    """The recourse of alike scenarios, ready to stack: own matrix W, link matrix T, bounds by scenario.

    Arrays over [scenario, row] and [scenario, column]; `factors` [scenario, link], None where all are 1; `rows` are
    the compiled rows [row], in rising order; `stage` says which members of which first-stage groups the links
    repeat; `groups` are slices of own columns, `costs` the objectives of the recourse as coefficients of own
    columns.
    """

    alike: Alike
    own: sparse.csr_array
    links: sparse.csr_array
    factors: Array | None
    rows: Positions
    stage: tuple[tuple[str, Positions], ...]
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array
    groups: dict[str, slice]
    costs: dict[str, Array]

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return len(self.alike.scenarios)

    def members(self, groups: Mapping[str, slice]) -> Positions:
        """Positions of the first-stage columns that the links repeat [link]."""
        return np.concatenate([groups[name].start + members for name, members in self.stage]).astype(np.intp)

    def linked(self, provided: Mapping[str, Array]) -> Array:
        """What the first stage provides, as values of the columns that the links repeat [link]; 0 where not given."""
        given = (provided[name][at] if name in provided else np.zeros(len(at)) for name, at in self.stage)
        return np.concatenate([np.empty(0), *given])

    def of(self, which: Positions) -> "Block":
        """The block of some of its scenarios, in this order."""
        return replace(
            self,
            alike=Alike(self.alike.scenarios[which], self.alike.rows[which]),
            factors=None if self.factors is None else self.factors[which],
            row_lower=self.row_lower[which],
            row_upper=self.row_upper[which],
            column_lower=self.column_lower[which],
            column_upper=self.column_upper[which],
        )


@dataclass(frozen=True)
class GivenBlock:
    """A block whose links have given values instead: they move its right-hand sides and bounds.

    `rows` and `bounds` hold the coefficients of the links, in the rows of the block and in the rows that became
    bounds on the columns `bounded` (times `scale`). `moved` is what the data of the scenarios move those; `free`
    are the column bounds without any of this.
    """

    block: Block
    rows: sparse.csr_array
    bounds: sparse.csr_array
    parts: Parts
    lower: Array
    upper: Array
    moved: Array
    free: _Free

    def at(self, provided: Mapping[str, Array]) -> Block:
        """The block where the first stage provides these amounts, by group; 0 for groups that are not there."""
        return self.moved_by(self.block.linked(provided))

    def of(self, which: Positions) -> "GivenBlock":
        """The block of some of its scenarios, in this order; one may stand several times."""
        return replace(self, block=self.block.of(which), moved=self.moved[which], free=self.free.of(which))

    def moved_by(self, values: Array) -> Block:
        """The block where the columns that the links repeat have these values [link], or [scenario, link]."""
        block = self.block
        shape = (block.count, values.shape[-1])
        each = np.broadcast_to(values, shape) if block.factors is None else block.factors * values
        shift = (self.rows @ each.T).T
        lower, upper = self._bounded(self.moved + (self.bounds @ each.T).T)
        return replace(
            block,
            row_lower=block.row_lower - shift,
            row_upper=block.row_upper - shift,
            column_lower=lower,
            column_upper=upper,
        )

    def moved_at(self, values: Array) -> Array:
        """What data and links of these values [link] move the rows that became bounds [scenario, bound]."""
        each = values[:, None] if self.block.factors is None else (self.block.factors * values).T
        return np.asarray(self.moved + (self.bounds @ each).T)

    def bounds_at(self, which: Positions, moved: Array) -> tuple[Positions, Array, Array]:
        """The columns of some rows that became bounds, and their bounds [scenario, bound] where these are moved so."""
        at = self.parts.bounded[which]
        factors, lower, upper = self.parts.factors[which], self.lower[which], self.upper[which]
        return at, *_ends(factors, lower, upper, moved, *self.free.at(at))

    def _bounded(self, moved: Array) -> tuple[Array, Array]:
        """Column bounds [scenario, column] where the rows that became bounds are moved so far."""
        return _bounded(self.parts, self.lower, self.upper, moved, self.free)


def compile_block(
    compiled: Compiled,
    numbers: ChainNumbers,
    alike: Alike,
    links: Sequence[Link],
    own: Sequence[str],
    without: Sequence[str] = (),
) -> Block:
    """The block of alike scenarios from their compiled recourse, its links being columns of the first stage.

    Rows with a column of `without` are left out.
    """
    return _compiled(compiled, numbers, alike, links, own, without, given=False).block


def compile_given(
    compiled: Compiled,
    numbers: ChainNumbers,
    alike: Alike,
    links: Sequence[Link],
    own: Sequence[str],
    without: Sequence[str] = (),
) -> GivenBlock:
    """The same where the links will have given values; the block of its own has them at 0."""
    return _compiled(compiled, numbers, alike, links, own, without, given=True)


def _compiled(
    compiled: Compiled,
    numbers: ChainNumbers,
    alike: Alike,
    links: Sequence[Link],
    own: Sequence[str],
    without: Sequence[str],
    given: bool,
) -> GivenBlock:
    names = tuple(link.name for link in links)
    linked, later = ((), names) if given else (names, ())
    parts = compiled.parts(tuple(own), linked, data_names, later, tuple(without))
    groups = compiled.groups
    first, last = groups[own[0]].start, groups[own[-1]].stop
    theta = np.hstack([data.values(numbers, alike) for data in DATA]).T
    shift = (parts.data @ theta).T
    moved = (parts.bounds_data @ theta).T
    lower, upper = compiled.row_lower[parts.bounds], compiled.row_upper[parts.bounds]
    free = _free(compiled, numbers, alike, own)
    column_lower, column_upper = _bounded(parts, lower, upper, moved, free)
    block = Block(
        alike=alike,
        own=parts.own,
        links=parts.links,
        factors=_factors(numbers, alike, links),
        rows=parts.rows,
        stage=tuple((link.stage, link.member(numbers, alike.phases)) for link in links),
        row_lower=compiled.row_lower[parts.rows] - shift,
        row_upper=compiled.row_upper[parts.rows] - shift,
        column_lower=column_lower,
        column_upper=column_upper,
        groups={name: slice(groups[name].start - first, groups[name].stop - first) for name in own},
        costs={name: cost[first:last] for name, cost in compiled.costs.items()},
    )
    return GivenBlock(block, parts.given, parts.bounds_given, parts, lower, upper, moved, free)


def _free(compiled: Compiled, numbers: ChainNumbers, alike: Alike, own: Sequence[str]) -> _Free:
    """Column bounds before any row becomes one; in calm, what only a disruption allows is 0."""
    groups = compiled.groups
    first, last = groups[own[0]].start, groups[own[-1]].stop
    closed = np.zeros(last - first, dtype=np.bool_)
    for name in DISRUPTED:
        if name in own:
            closed[groups[name].start - first : groups[name].stop - first] = True
    calm = ~numbers.disrupted[alike.rows[:, 0]]
    return _Free(compiled.column_lower[first:last], compiled.column_upper[first:last], calm, closed)


def _bounded(parts: Parts, lower: Array, upper: Array, moved: Array, free: _Free) -> tuple[Array, Array]:
    """Column bounds with those of the rows that hold one column alone: lower <= factor v + moved <= upper."""
    bounds = []
    own = free.at(parts.bounded)
    ends = _ends(parts.factors, lower, upper, moved, *own)
    for bound, before, end in zip(free.at(slice(None)), own, ends, strict=True):
        if end is before:  # as lower bounds are, mostly: of all scenarios one row
            bounds.append(bound)
        else:
            bounds.append(bound if bound.flags.writeable else bound.copy())
            bounds[-1][:, parts.bounded] = end
    return bounds[0], bounds[1]


def _ends(
    factors: Array, lower: Array, upper: Array, moved: Array, column_lower: Array, column_upper: Array
) -> tuple[Array, Array]:
    """The same of the columns of those rows alone, one a row."""
    lower, upper = np.where(factors > 0, lower, upper), np.where(factors > 0, upper, lower)
    if np.isfinite(lower).any():
        column_lower = np.maximum(column_lower, (lower - moved) / factors)
    if np.isfinite(upper).any():
        column_upper = np.minimum(column_upper, (upper - moved) / factors)
    return column_lower, column_upper


def _factors(numbers: ChainNumbers, alike: Alike, links: Sequence[Link]) -> Array | None:
    """Factors of all links [scenario, link]; None where every one is 1."""
    count = len(alike.scenarios)
    each = [
        np.ones((count, len(link.member(numbers, alike.phases))))
        if link.factor is None
        else link.factor(numbers, alike)
        for link in links
    ]
    factors = np.hstack([np.empty((count, 0)), *each])
    return None if (factors == 1.0).all() else factors
