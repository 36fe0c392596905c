"""A Pyomo solver for a small model that stands on a large block of arrays (a bundle of scenarios).

mpi-sppy speaks Pyomo: it fixes, adds and removes variables and constraints of the first stage. A scenario's recourse
as Pyomo objects would take some twenty times the memory of its arrays, so only the first stage is Pyomo; the recourse
stays in the arrays of `optimize.program.two_stage`, and this solver puts the two together. The root of the
decomposition, a model from which mpi-sppy has taken the cost of the recourse, is solved by it too: every solution
behind a bound is certified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.benders import benders_cuts
from pyomo.core.base.label import NumericLabeler
from pyomo.opt import SolverResults, SolverStatus, TerminationCondition
from pyomo.opt.results.solution import Solution, SolutionStatus
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from chains.numbers import Array
from optimize.solver.linear import LinearProgram, Optimum, Solver

__all__ = ["NAME", "BundleSolver", "Recourse"]

NAME = "tierwise_bundle"
"""Name under which Pyomo, and so mpi-sppy, finds this solver."""


@dataclass(frozen=True)
class Recourse:
    """The recourse of a bundle of scenarios: row_lower <= links @ first + own @ v <= row_upper, bounds on v.

    `first` are the Pyomo variables that the columns of `links` stand for, `total` the Pyomo variable of its cost:
    total >= cost @ v. A model carries it as `model.recourse`.
    """

    first: tuple[Any, ...]
    total: Any
    links: sparse.csr_array
    own: sparse.csr_array
    cost: Array
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array


@pyo.SolverFactory.register(NAME, doc="HiGHS on a Pyomo model that carries a block of arrays")
class BundleSolver:
    """Solves a model with its `recourse`, if its cost is there; a fixed variable is a column with equal bounds.

    Only optimal solutions are returned: NotOptimalError otherwise. Duals d objective / d right-hand side go to the
    suffix `dual`.
    """

    def __init__(self, **_: object) -> None:
        self.name = NAME
        self.options: dict[str, object] = {}

    def solve(self, model: Any, load_solutions: bool = True, **_: object) -> SolverResults:
        """Solve, as mpi-sppy calls it; the results hold the values of the Pyomo variables."""
        variables = list(model.component_data_objects(pyo.Var, active=True))
        form = LinearStandardFormCompiler().write(model, mixed_form=True, column_order=variables)
        whole = any(variable is model.recourse.total for variable in variables)
        program = _together(model.recourse, variables, form) if whole else _alone(variables, form)
        optimum = Solver(program).solve()
        results = _results(model, variables, form, optimum)
        if load_solutions:
            model.solutions.load_from(results)
        return results


# The cut generator of Pyomo asks by name which sign a solver's duals have; -1 is d objective / d right-hand side.
benders_cuts.solver_dual_sign_convention[NAME] = -1


def _together(recourse: Recourse, variables: list[Any], form: Any) -> LinearProgram:
    """One program over the Pyomo variables and the recourse: the rows of the model, total >= cost @ v, the recourse."""
    host = _alone(variables, form)
    links = _spread(recourse.links, recourse.first, variables)
    total = _spread(sparse.csr_array([[1.0]]), [recourse.total], variables)
    blocks: Any = [[host.matrix, None], [total, sparse.csr_array(-recourse.cost[None, :])], [links, recourse.own]]
    return LinearProgram(
        cost=np.concatenate([host.cost, np.zeros(recourse.own.shape[1])]),
        matrix=sparse.csr_array(sparse.block_array(blocks if len(host.row_lower) else blocks[1:], format="csr")),
        row_lower=np.concatenate([host.row_lower, [0.0], recourse.row_lower]),
        row_upper=np.concatenate([host.row_upper, [np.inf], recourse.row_upper]),
        column_lower=np.concatenate([host.column_lower, recourse.column_lower]),
        column_upper=np.concatenate([host.column_upper, recourse.column_upper]),
    )


def _alone(variables: list[Any], form: Any) -> LinearProgram:
    """The rows and the cost of the model, over its variables."""
    sense = np.array([row.bound_type for row in form.rows], dtype=np.int64)
    rhs = np.asarray(form.rhs, dtype=np.float64)
    return LinearProgram(
        cost=_spread(form.c, form.columns, variables).toarray().ravel(),
        matrix=_spread(form.A, form.columns, variables),
        row_lower=np.where(sense <= 0, rhs, -np.inf),
        row_upper=np.where(sense >= 0, rhs, np.inf),
        column_lower=np.array([_bound(v, v.lb, -np.inf) for v in variables], dtype=np.float64),
        column_upper=np.array([_bound(v, v.ub, np.inf) for v in variables], dtype=np.float64),
    )


def _spread(matrix: Any, columns: Sequence[Any], variables: list[Any]) -> sparse.csr_array:
    """A matrix whose columns stand for some variables, over all of them."""
    at = {id(variable): n for n, variable in enumerate(variables)}
    entries = sparse.coo_array(matrix)
    places = np.array([at[id(variable)] for variable in columns], dtype=np.intp)[entries.col]
    shape = (matrix.shape[0], len(variables))
    return sparse.csr_array(sparse.coo_array((entries.data, (entries.row, places)), shape=shape))


def _bound(variable: Any, bound: float | None, missing: float) -> float:
    if variable.fixed:
        return float(variable.value)
    return missing if bound is None else float(bound)


def _results(model: Any, variables: list[Any], form: Any, optimum: Optimum) -> SolverResults:
    """Pyomo's results object: values of the variables, duals of the constraints, both bounds on the objective."""
    results, solution = SolverResults(), Solution()
    symbols = pyo.SymbolMap(NumericLabeler("v"))
    for variable, value in zip(variables, optimum.values, strict=False):
        solution.variable[symbols.getSymbol(variable)] = {"Value": float(value)}
    duals: dict[str, float] = {}
    for row, dual in zip(form.rows, optimum.duals, strict=False):
        symbol = symbols.getSymbol(row.constraint)
        duals[symbol] = duals.get(symbol, 0.0) + float(dual)
    for symbol, dual in duals.items():
        solution.constraint[symbol] = {"Dual": dual}
    solution.status = SolutionStatus.optimal
    objective = optimum.objective + float(form.c_offset[0])
    results.problem.lower_bound = results.problem.upper_bound = objective
    results.solver.status = SolverStatus.ok
    results.solver.termination_condition = TerminationCondition.optimal
    results.solution.insert(solution)
    results._smap_id, results._smap = id(symbols), symbols
    model.solutions.add_symbol_map(symbols)
    return results
