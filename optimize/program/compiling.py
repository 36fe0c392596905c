"""Compile a Pyomo model into arrays, with its columns in named groups."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from chains.numbers import Array

__all__ = ["Compiled", "LostRowError", "compile_columns", "compile_model", "with_entries"]


@dataclass(frozen=True)
class Compiled:
    """A linear model as arrays: row_lower <= matrix @ v <= row_upper, column_lower <= v <= column_upper.

    `groups` gives the positions of each variable's columns, in the order of its index; `costs` each objective's
    coefficients; `row_names` the constraint behind each row.
    """

    matrix: sparse.csr_array
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array
    groups: dict[str, slice]
    costs: dict[str, Array]
    row_names: tuple[str, ...]
    _places: dict[tuple[tuple[str, ...], ...], "Parts"] = field(default_factory=dict, compare=False, repr=False)
    _parts: dict[tuple[tuple[str, ...], ...], "Parts"] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def with_numbers(self, entries: Array, bounds: Sequence[Array], costs: Mapping[str, Array]) -> "Compiled":
        """The same model with other entries of the matrix, bounds (of rows, then columns) and costs.

        Its pattern is shared, and so is how it splits into columns of groups.
        """
        row_lower, row_upper, column_lower, column_upper = bounds
        matrix = with_entries(self.matrix, entries)
        return Compiled(
            matrix,
            row_lower,
            row_upper,
            column_lower,
            column_upper,
            self.groups,
            dict(costs),
            self.row_names,
            self._places,
        )

    def parts(
        self,
        own: tuple[str, ...],
        links: tuple[str, ...],
        data: tuple[str, ...],
        given: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
    ) -> "Parts":
        """The matrix split into columns of groups; `given` have values later. Kept for the next time.

        Rows with an entry in a group of `without` are left out. LostRowError if another row has an entry in a group
        that is not named at all.
        """
        names = (own, links, data, given, without)
        if names not in self._parts:
            if names not in self._places:
                self._places[names] = self._split(*names)
            self._parts[names] = self._places[names].filled(self.matrix.data)
        return self._parts[names]

    def _split(self, *names: tuple[str, ...]) -> "Parts":
        """The parts with the place of every entry in the matrix, from 1 on, instead of its number."""
        matrix = with_entries(self.matrix, np.arange(1.0, self.matrix.nnz + 1.0))
        every = np.arange(matrix.shape[1])
        columns = [np.concatenate([every[:0], *(every[self.groups[name]] for name in some)]) for some in names]
        *kept, dropped = columns
        touched = np.diff(sparse.csr_array(matrix[:, dropped]).indptr) > 0
        rows = np.flatnonzero(~touched)
        self._check(rows, np.setdiff1d(every, np.concatenate(columns)))
        own, links, data, given = (sparse.csr_array(matrix[rows][:, some]) for some in kept)
        alone = np.flatnonzero((np.diff(own.indptr) == 1) & (np.diff(links.indptr) == 0))
        bounded, first = np.unique(own.indices[own.indptr[alone]], return_index=True)
        bounds = alone[first]
        rest = np.setdiff1d(np.arange(len(rows)), bounds)
        return Parts(
            rows=rows[rest],
            own=sparse.csr_array(own[rest]),
            links=sparse.csr_array(links[rest]),
            data=sparse.csr_array(data[rest]),
            given=sparse.csr_array(given[rest]),
            bounds=rows[bounds],
            bounded=bounded,
            factors=own.data[own.indptr[bounds]],
            bounds_data=sparse.csr_array(data[bounds]),
            bounds_given=sparse.csr_array(given[bounds]),
        )

    def _check(self, rows: np.ndarray, unknown: np.ndarray) -> None:
        """LostRowError if one of the rows has an entry in a column that nobody named."""
        entries = sparse.csr_array(self.matrix[rows][:, unknown])
        lost = np.flatnonzero(np.diff(entries.indptr))
        if len(lost):
            groups = sorted(
                name
                for name, own in self.groups.items()
                if np.isin(unknown[entries.indices], np.arange(own.start, own.stop)).any()
            )
            names = sorted({self.row_names[rows[n]].partition("[")[0] for n in lost})
            raise LostRowError(names, groups)


class LostRowError(Exception):
    """A step would drop rows that it does not know: those that hold columns which it does not name."""

    def __init__(self, rows: Sequence[str], groups: Sequence[str]) -> None:
        self.rows, self.groups = tuple(rows), tuple(groups)
        super().__init__(f"the rows {', '.join(rows)} hold {', '.join(groups)}, which this step does not know")


@dataclass(frozen=True)
class Parts:
    """Some rows of a compiled matrix, split by columns.

    Rows that hold a single own column, and no link, are `bounds` of it: of the columns `bounded` [bound] times
    `factors` [bound]. `rows` are the others.
    """

    rows: np.ndarray
    own: sparse.csr_array
    links: sparse.csr_array
    data: sparse.csr_array
    given: sparse.csr_array
    bounds: np.ndarray
    bounded: np.ndarray
    factors: Array
    bounds_data: sparse.csr_array
    bounds_given: sparse.csr_array

    def filled(self, entries: Array) -> "Parts":
        """The parts with the entries of a matrix at the places, from 1 on, that stand in these."""

        def fill(part: sparse.csr_array) -> sparse.csr_array:
            return with_entries(part, entries[part.data.astype(np.intp) - 1])

        return replace(
            self,
            own=fill(self.own),
            links=fill(self.links),
            data=fill(self.data),
            given=fill(self.given),
            factors=entries[self.factors.astype(np.intp) - 1],
            bounds_data=fill(self.bounds_data),
            bounds_given=fill(self.bounds_given),
        )


def with_entries(matrix: sparse.csr_array, entries: Array) -> sparse.csr_array:
    """A matrix of the same pattern, which it shares: a new array would check it once more."""
    other = copy(matrix)
    other.data = entries
    return other


def compile_model(model: pyo.ConcreteModel, names: Sequence[str]) -> Compiled:
    """Arrays of a model; its columns are those of the variables `names`, in that order (absent ones are empty).

    LostRowError if the model has variables that are not named.
    """
    return compile_columns(model, {name: _members(model, name) for name in names})


def compile_columns(model: pyo.ConcreteModel, named: Mapping[str, Sequence[Any]]) -> Compiled:
    """The same with the variables of each group of columns given."""
    variables: list[Any] = []
    groups: dict[str, slice] = {}
    for name, members in named.items():
        groups[name] = slice(len(variables), len(variables) + len(members))
        variables += members
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    position = {id(variable): n for n, variable in enumerate(variables)}
    unknown = sorted({variable.parent_component().name for variable in form.columns if id(variable) not in position})
    if unknown:
        raise LostRowError([model.name], unknown)
    columns = np.array([position[id(variable)] for variable in form.columns], dtype=np.intp)
    rhs = np.asarray(form.rhs, dtype=np.float64)
    sense = np.array([row.bound_type for row in form.rows], dtype=np.int64)
    costs = {}
    for objective, row in zip(form.objectives, form.c.tocsr(), strict=True):
        cost = np.zeros(len(variables))
        cost[columns] = row.toarray().ravel()
        costs[objective.local_name] = cost
    return Compiled(
        matrix=_spread(form.A, columns, (len(rhs), len(variables))),
        row_lower=np.where(sense <= 0, rhs, -np.inf),
        row_upper=np.where(sense >= 0, rhs, np.inf),
        column_lower=_bounds([variable.lb for variable in variables], -np.inf),
        column_upper=_bounds([variable.ub for variable in variables], np.inf),
        groups=groups,
        costs=costs,
        row_names=tuple(row.constraint.local_name for row in form.rows),
    )


def _members(model: pyo.ConcreteModel, name: str) -> list[Any]:
    component = model.component(name)
    return [] if component is None else list(component.values())


def _spread(matrix: sparse.csc_array, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """The compiler's matrix with its columns at their places among all columns."""
    entries = matrix.tocoo()
    spread = sparse.coo_array((entries.data, (entries.row, columns[entries.col])), shape=shape)
    return sparse.csr_array(spread)


def _bounds(bounds: list[float | None], missing: float) -> Array:
    return np.array([missing if bound is None else bound for bound in bounds], dtype=np.float64)
