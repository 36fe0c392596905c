"""HiGHS holds one program and solves it again and again; every optimum comes with its certificate."""

import contextlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import highspy
import numpy as np

from optimize.solver.arrays import Array, dot
from optimize.solver.beside import Beside
from optimize.solver.certificate import Certificate, certify, excludes
from optimize.solver.exact import MOST_ROWS, solve_exactly
from optimize.solver.failures import InaccurateError, InfeasibleError, NotOptimalError
from optimize.solver.linear_program import LinearProgram
from optimize.solver.silent import new_highs
from optimize.tolerances import FEASIBLE

__all__ = ["Optimum", "Solver", "pass_model"]

_PRIMAL_SIMPLEX = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyPrimal)
_DUAL_SIMPLEX = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyDual)
_CHOOSE = int(highspy.simplex_constants.SimplexEdgeWeightStrategy.kSimplexEdgeWeightStrategyChoose)
_DEVEX = int(highspy.simplex_constants.SimplexEdgeWeightStrategy.kSimplexEdgeWeightStrategyDevex)
_UNSCALED, _SCALED, _MOST_SCALED = 0, 2, 4  # values of simplex_scale_strategy; the second is the default
_ORDINARY: dict[str, str | int | float] = {
    "simplex_strategy": _DUAL_SIMPLEX,
    "simplex_scale_strategy": _SCALED,
    "simplex_dual_edge_weight_strategy": _CHOOSE,
    "primal_simplex_bound_perturbation_multiplier": 1.0,
    "presolve": "choose",
    "solver": "choose",
    "primal_feasibility_tolerance": FEASIBLE,
    "dual_feasibility_tolerance": FEASIBLE,
    "user_bound_scale": 0,
}
_FROM_BASIS: dict[str, str | int | float] = {
    "dual_simplex_cost_perturbation_multiplier": 0.0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "simplex_scale_strategy": _UNSCALED,
    "simplex_dual_edge_weight_strategy": _DEVEX,
}
_AS_NEW: dict[str, str | int | float] = _ORDINARY | {"dual_simplex_cost_perturbation_multiplier": 1.0}
_TIGHT: dict[str, str | int | float] = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
_WAYS: tuple[dict[str, str | int | float], ...] = (
    {},
    {"presolve": "off"},
    {"simplex_strategy": _PRIMAL_SIMPLEX, **_TIGHT},
    {"simplex_scale_strategy": _MOST_SCALED, **_TIGHT},
    {"presolve": "off", "simplex_scale_strategy": _UNSCALED, **_TIGHT},
    {"user_bound_scale": -20},
    {"solver": "ipm"},
    {"solver": "ipm", "presolve": "off"},
)
"""Ways to solve a program from scratch, by the options that differ, in the order in which they are tried."""

_EXACT_WORK = 50_000
"""Rows times changes of basis that exact arithmetic may take where all these ways end without an answer: seconds."""


@dataclass(frozen=True)
class Optimum:
    """An optimal solution: objective, column values, row duals (d objective / d right-hand side)."""

    objective: float
    values: Array
    duals: Array
    certificate: Certificate


def pass_model(highs: highspy.Highs, program: LinearProgram, integral: Sequence[int] | np.ndarray = ()) -> None:
    """Hand a program to HiGHS as flat arrays; the columns `integral` take whole numbers only.

    InaccurateError where HiGHS refuses it: it takes no coefficient of 1e15 and more.
    """
    matrix = program.matrix
    rows, columns = matrix.shape
    kinds = np.zeros(columns, dtype=np.int32)
    kinds[list(integral)] = int(highspy.HighsVarType.kInteger)
    taken = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program.cost,
        program.column_lower,
        program.column_upper,
        program.row_lower[:rows],
        program.row_upper[:rows],
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data,
        kinds,
    )
    if taken == highspy.HighsStatus.kError:
        raise InaccurateError(f"the solver takes no coefficient of {np.abs(matrix.data).max(initial=0.0):.3g}")
    for row, lower, upper in zip(program.dense_rows, program.row_lower[rows:], program.row_upper[rows:], strict=True):
        _add_row(highs, row, lower, upper)


def _add_row(highs: highspy.Highs, row: Array, lower: float, upper: float) -> None:
    """Add the row lower <= row @ v <= upper to what HiGHS holds."""
    at = np.flatnonzero(row).astype(np.int32)
    highs.addRow(lower, upper, len(at), at, row[at])


class Solver:
    """One HiGHS instance that holds one program; bounds may change between solves (hot starts)."""

    def __init__(self, program: LinearProgram) -> None:
        self.program = program
        self._highs = new_highs(
            {
                "threads": 1,
                "primal_feasibility_tolerance": FEASIBLE,
                "dual_feasibility_tolerance": FEASIBLE,
            }
        )
        pass_model(self._highs, program)
        self._basis: highspy.HighsBasis | None = None
        self._reached: Array | None = None

    def hold(self, program: LinearProgram) -> None:
        """Hold another program, of whatever shape, as a new solver would; HiGHS keeps the memory that it has.

        To get and to clear that takes a new one as long as a short solve.
        """
        self.program, self._basis, self._reached = program, None, None
        self._set_options(_AS_NEW)
        pass_model(self._highs, program)

    def solve(self) -> Optimum:
        """Solve, from the kept basis if there is one; the optimum's certificate is within the tolerance.

        A hot start may end undecided, with a basis that loses digits, or with a verdict that is wrong: then from
        scratch, one way after another. What the last solve left behind is cleared before one, or the last digits would
        depend on what was solved before. InfeasibleError where it is proven that there is no solution, InaccurateError
        where nothing is proven.
        """
        if self._basis is not None:
            self._highs.clearSolver()
            self._highs.setBasis(self._basis)
        optimum = self._run()
        return optimum if optimum is not None and optimum.certificate.accurate else self._from_scratch()

    def _from_scratch(self) -> Optimum:
        """Solve without a basis, in every way that there is until the answer is certain."""
        found: list[tuple[float, Certificate, highspy.HighsBasis]] = []
        verdicts: list[str] = []
        try:
            for way in _WAYS:
                self._highs.clearSolver()
                self._set_options(_ORDINARY | way)
                optimum = self._run()
                if optimum is None:
                    verdicts.append(self._highs.modelStatusToString(self._highs.getModelStatus()))
                    if self._proven_infeasible():
                        raise InfeasibleError(verdicts[-1])
                elif optimum.certificate.accurate:
                    return optimum
                else:
                    found.append((optimum.certificate.worst, optimum.certificate, self.basis))
        finally:
            self._set_options(_ORDINARY)
        _, certificate, basis = min(found, key=lambda reached: reached[0], default=(0.0, None, self.basis))
        optimum = self._from_exact(basis)
        if optimum is None:
            raise InaccurateError(str(certificate) if certificate else f"the solver ended with status '{verdicts[0]}'")
        return optimum

    def _from_exact(self, basis: highspy.HighsBasis) -> Optimum | None:
        """The optimum of exact arithmetic, where the program is small enough for it; None where there is no proof."""
        rows = len(self.program.row_upper)
        if not basis.valid or rows > MOST_ROWS:
            return None
        try:
            exact = solve_exactly(self.program, basis, most=_EXACT_WORK // rows)
        except NotOptimalError:
            return None
        self._reached = values = np.array([float(value) for value in exact.values])
        duals = np.array([float(price) for price in exact.duals])
        certificate = certify(self.program, values, duals)
        return Optimum(float(exact.objective), values, duals, certificate) if certificate.accurate else None

    def _run(self) -> Optimum | None:
        """What HiGHS takes for the optimum, from where it stands; None if it ends with anything else."""
        self._highs.run()
        return self._optimum() if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None

    def _proven_infeasible(self) -> bool:
        """Whether HiGHS says that there is no solution, and has multipliers of the rows that prove it."""
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return False
        _, has, prices = self._highs.getDualRay()  # type: ignore[attr-defined]  # not in its stubs
        return bool(has) and excludes(self.program, np.asarray(prices, dtype=np.float64))

    def _set_options(self, options: dict[str, str | int | float]) -> None:
        for option, value in options.items():
            self._highs.setOptionValue(option, value)

    def _optimum(self) -> Optimum:
        solution = self._highs.getSolution()
        values, duals = _array(solution.col_value), _array(solution.row_dual)
        self._reached = values
        certificate = certify(self.program, values, duals)
        return Optimum(dot(self.program.cost, values), values, duals, certificate)

    def keep_basis(self) -> None:
        """Start every later solve from the basis reached now (scattered what-ifs)."""
        self.start_from(self.basis)

    @property
    def basis(self) -> highspy.HighsBasis:
        """The basis reached now."""
        return self._highs.getBasis()

    def start_from(self, basis: highspy.HighsBasis | None) -> None:
        """Start every later solve from a basis of a program of this shape; None: from where the last one ended.

        From a basis few pivots are left: costs and bounds need no perturbation, and scaling the program, or working out
        the length of every edge (a system of equations for each row), would take longer than it saves. Inner units keep
        its numbers near one.
        """
        self._basis = basis
        if basis is not None:
            self._set_options(_FROM_BASIS)

    def turn_into(self, program: LinearProgram) -> None:
        """Take over the bounds and the cost of a program with the same matrix; only what differs is handed to HiGHS."""
        self._change_cost(program.cost)
        old = self.program
        self._now(program)
        columns = _differing((old.column_lower, program.column_lower), (old.column_upper, program.column_upper))
        if len(columns):
            lower, upper = program.column_lower[columns], program.column_upper[columns]
            self._highs.changeColsBounds(len(columns), columns, lower, upper)
        rows = _differing((old.row_lower, program.row_lower), (old.row_upper, program.row_upper))
        if len(rows):
            lower, upper = program.row_lower[rows], program.row_upper[rows]
            self._highs.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]  # not in its stubs

    def go_on(self, program: LinearProgram) -> None:
        """Take over bounds and cost likewise, to solve from where the last solve ended.

        By the primal simplex where the solution reached keeps to the new bounds, by the dual simplex where not.
        """
        self.turn_into(program)
        self._go_by(self._reached is not None and program.holds(self._reached))

    def _go_by(self, kept: bool) -> None:
        """The primal simplex where the solution reached is kept to, the dual simplex where not."""
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX if kept else _DUAL_SIMPLEX)

    def _now(self, program: LinearProgram) -> None:
        """The program that HiGHS holds from now on, mostly of the same matrix."""
        program.share(self.program)
        self.program = program

    def _change_cost(self, cost: Array) -> None:
        """Hand over the costs that differ from those of the program."""
        at = _differing((self.program.cost, cost))
        if len(at):
            self._highs.changeColsCost(len(at), at, cost[at])

    def limit_columns(self, columns: np.ndarray, upper: Array) -> None:
        """Give some columns new upper bounds (their lower bounds stay)."""
        bounds = self.program.column_upper.copy()
        bounds[columns] = upper
        self._now(replace(self.program, column_upper=bounds))
        lower = self.program.column_lower[columns]
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def limit_rows(self, rows: np.ndarray, upper: Array) -> None:
        """Give some rows new upper bounds (their lower bounds stay)."""
        bounds = self.program.row_upper.copy()
        bounds[rows] = upper
        self._now(replace(self.program, row_upper=bounds))
        for row, most in zip(rows, upper, strict=True):
            self._highs.changeRowBounds(int(row), self.program.row_lower[row], most)

    def change_cost(self, cost: Array) -> None:
        """Minimise another cost from the solution reached, which stays feasible: hence by the primal simplex."""
        self._change_cost(cost)
        self._now(replace(self.program, cost=cost))
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)

    @contextlib.contextmanager
    def set_aside(self) -> Iterator[highspy.HighsBasis]:
        """The basis reached, while HiGHS holds nothing: another solver of this size then has its memory."""
        basis, options = self.basis, self._highs.getOptions()
        self._highs = new_highs({})
        try:
            yield basis
        finally:
            self._highs.passOptions(options)
            pass_model(self._highs, self.program)
            self._highs.setBasis(basis)

    def prices(self, *costs: Array) -> Array | None:
        """Row prices of some costs at the basis reached [cost, row]; None where HiGHS has no factors of it at hand."""
        basic = self.basic()
        if basic is None:
            return None
        at = np.maximum(basic, -1)  # rows, which cost nothing, stand behind the columns
        found = [self.solved_across(np.append(cost, 0.0)[at]) for cost in costs]
        prices = [each for each in found if each is not None]
        return np.stack(prices) if len(prices) == len(costs) else None

    def least_beside(self, best: Optimum, tie: float, costs: Sequence[Array]) -> list[float]:
        """What each of other costs is at least within `tie` of the optimum reached; -inf where solving has to tell."""
        prices = self.prices(*costs) if costs else None
        if prices is None:
            return [-np.inf for _ in costs]
        return Beside(self.program, best.values, best.duals).least(np.stack(costs), prices, best.objective + tie)

    def solve_from(self, program: LinearProgram, basis: highspy.HighsBasis) -> Optimum:
        """Solve a program with the same matrix from a basis that has a solution: hence by the primal simplex."""
        self.turn_into(program)
        self.start_from(basis)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        return self.solve()

    def solve_anew(self, program: LinearProgram) -> Optimum:
        """Solve a program with the same matrix from no basis, presolved."""
        self.turn_into(program)
        self.start_from(None)
        self._highs.clearSolver()
        self._set_options(_ORDINARY)
        return self.solve()

    def basic(self) -> np.ndarray | None:
        """The basic columns of the basis reached, in the order of its factors, a row n as -1 - n; None without any."""
        status, basic = self._highs.getBasicVariables()  # type: ignore[attr-defined]  # not in its stubs
        return np.asarray(basic, dtype=np.intp) if status == highspy.HighsStatus.kOk else None

    def solved(self, right: Array) -> Array | None:
        """The solution x of B x = right, where B is the basis reached; None where HiGHS has no factors of it."""
        status, found = self._highs.getBasisSolve(right)  # type: ignore[attr-defined]  # not in its stubs
        return np.asarray(found, dtype=np.float64) if status == highspy.HighsStatus.kOk else None

    def solved_across(self, right: Array) -> Array | None:
        """The solution y of B' y = right, likewise."""
        status, found = self._highs.getBasisTransposeSolve(right)  # type: ignore[attr-defined]  # not in its stubs
        return np.asarray(found, dtype=np.float64) if status == highspy.HighsStatus.kOk else None

    def next_goal(self, row: Array, upper: float, cost: Array) -> None:
        """Add the row `row @ v <= upper` and minimise another cost from the solution reached.

        Where that solution keeps to the row it stays feasible, and the primal simplex goes on from it.
        """
        self._go_by(self._reached is not None and dot(row, self._reached) <= upper + FEASIBLE)
        _add_row(self._highs, row, -highspy.kHighsInf, upper)
        self._change_cost(cost)
        self._now(self.program.with_row(row, upper, cost))


def _array(values: list[float]) -> Array:
    """A list as an array, read-only; packed first, which takes half as long as NumPy does."""
    return np.frombuffer(struct.pack(f"{len(values)}d", *values))


def _differing(*pairs: tuple[Array, Array]) -> np.ndarray:
    """Positions where the arrays of any pair differ."""
    return np.flatnonzero(reduce(np.logical_or, (old != new for old, new in pairs))).astype(np.int32)
