"""A linear program as arrays, its solution by HiGHS, and the certificate recomputed from the matrix."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import NamedTuple

import highspy
import numpy as np
from scipy import sparse

from optimize.solver.arrays import Array
from optimize.solver.silent import new_highs
from optimize.tolerances import ACCURATE, FEASIBLE, PROOF_ROUNDING

__all__ = [
    "ACCURATE",
    "Certificate",
    "InaccurateError",
    "InfeasibleError",
    "LinearProgram",
    "NotOptimalError",
    "Optimum",
    "Part",
    "Solver",
    "certify",
    "certify_parts",
    "dot",
    "excludes",
    "pass_model",
]

_PRIMAL_SIMPLEX = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyPrimal)
_DUAL_SIMPLEX = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyDual)
_UNSCALED, _SCALED, _MOST_SCALED = 0, 2, 4  # values of simplex_scale_strategy; the second is the default
_ORDINARY: dict[str, str | int | float] = {
    "simplex_strategy": _DUAL_SIMPLEX,
    "simplex_scale_strategy": _SCALED,
    "presolve": "choose",
    "solver": "choose",
    "primal_feasibility_tolerance": FEASIBLE,
    "dual_feasibility_tolerance": FEASIBLE,
    "user_bound_scale": 0,
}
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


class NotOptimalError(Exception):
    """HiGHS ended without an optimal solution; `status` is its word for it. Never a result."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(f"the solver ended with status '{status}'")

    def __reduce__(self) -> tuple[type["NotOptimalError"], tuple[str]]:
        """Pickle by the status: a study solves its cases in other processes."""
        return type(self), (self.status,)


class InfeasibleError(NotOptimalError):
    """No solution exists: proven by multipliers of the rows, checked against the matrix."""


class InaccurateError(NotOptimalError):
    """Whatever was found is not proven to the tolerance that a result must meet; `reached` says how far it came."""

    def __init__(self, reached: str) -> None:
        super().__init__("Inaccurate")
        self.reached = reached
        self.args = (
            f"no answer: what the solver found could not be proven right ({reached}). Mostly numbers of very different "
            "size are the reason: look for a slope, ceiling, effectiveness, input coefficient, supply, surge, weight, "
            "amount of money or alpha that is out of proportion to the others",
        )

    def __reduce__(self) -> tuple[type["InaccurateError"], tuple[str]]:
        """Pickle by how far it came: a study solves its cases in other processes."""
        return type(self), (self.reached,)


@dataclass(frozen=True)
class LinearProgram:
    """min cost @ v  subject to  row_lower <= [matrix; dense_rows] @ v <= row_upper,  column_lower <= v <= column_upper.

    `dense_rows` stand below those of the matrix, which so need not be copied where one is added.
    """

    cost: Array
    matrix: sparse.csr_array
    row_lower: Array
    row_upper: Array
    column_lower: Array
    column_upper: Array
    dense_rows: tuple[Array, ...] = ()

    def with_row(self, row: Array, upper: float, cost: Array) -> "LinearProgram":
        """This program with one more row, row @ v <= upper, and another cost."""
        return replace(
            self,
            cost=cost,
            dense_rows=(*self.dense_rows, row),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, upper),
        )

    def folded(self) -> "LinearProgram":
        """The same program with its dense rows as rows of the matrix."""
        dense = [sparse.csr_array(row[None, :]) for row in self.dense_rows]
        return replace(self, matrix=sparse.csr_array(sparse.vstack([self.matrix, *dense], format="csr")), dense_rows=())

    def columns(self, which: np.ndarray, matrix: sparse.csr_array | None = None) -> "LinearProgram":
        """This program with some columns alone; `matrix` is that of such a program at hand."""
        return replace(
            self,
            cost=self.cost[which],
            matrix=sparse.csr_array(self.matrix[:, which]) if matrix is None else matrix,
            column_lower=self.column_lower[which],
            column_upper=self.column_upper[which],
            dense_rows=tuple(row[which] for row in self.dense_rows),
        )

    def levels(self, values: Array) -> Array:
        """Levels of the rows, [matrix; dense_rows] @ v, of one solution or of many [solution, column]."""
        level: Array = (self.matrix @ values.T).T
        dense = [(values * row).sum(axis=-1, keepdims=True) for row in self.dense_rows]
        return np.concatenate([level, *dense], axis=-1) if dense else level

    def reduced_costs(self, duals: Array) -> Array:
        """Reduced costs, cost - [matrix; dense_rows]' @ duals, of one solution or of many [solution, row]."""
        rows = self.matrix.shape[0]
        reduced: Array = self.cost - (self.transposed @ duals[..., :rows].T).T
        for n, row in enumerate(self.dense_rows, rows):
            reduced -= duals[..., n, None] * row
        return reduced

    @cached_property
    def transposed(self) -> sparse.csc_array:
        """The matrix transposed; it shares the matrix's entries."""
        return self.matrix.T


@dataclass(frozen=True)
class Certificate:
    """How far a solution is from satisfying the optimality conditions, recomputed from the matrix.

    Each is relative: primal and dual infeasibility to 1 + |bound| and 1 + |cost|, complementarity (the largest
    product of a dual and its slack) and gap (primal minus dual objective) to 1 + |objective|.
    """

    primal: float
    dual: float
    complementarity: float
    gap: float

    @property
    def worst(self) -> float:
        """The largest of the four; not a number if any is."""
        return float(np.max([self.primal, self.dual, self.complementarity, self.gap]))

    @property
    def accurate(self) -> bool:
        """Whether it is within the tolerance."""
        return self.worst <= ACCURATE

    def __str__(self) -> str:
        measures = ((name, getattr(self, name)) for name in ("primal", "dual", "complementarity", "gap"))
        said = ", ".join(f"{name} {value:.1e}" for name, value in measures)
        return f"the conditions of an optimum hold to {said}, where {ACCURATE:g} is asked"

    def worse(self, other: "Certificate") -> "Certificate":
        """The larger of each measure: the certificate of two solutions taken together."""
        return Certificate(
            max(self.primal, other.primal),
            max(self.dual, other.dual),
            max(self.complementarity, other.complementarity),
            max(self.gap, other.gap),
        )


@dataclass(frozen=True)
class Optimum:
    """An optimal solution: objective, column values, row duals (d objective / d right-hand side)."""

    objective: float
    values: Array
    duals: Array
    certificate: Certificate


def certify(program: LinearProgram, values: Array, duals: Array, row_upper: Array | None = None) -> Certificate:
    """Certificate of a primal and dual solution (Karush-Kuhn-Tucker conditions of a bounded linear program).

    Of many solutions, arrays [solution, column] and [solution, row], the worst of each measure; `row_upper`
    [solution, row], where those differ.
    """
    upper = program.row_upper if row_upper is None else row_upper
    rows = Part(program.levels(values), duals, program.row_lower, upper, np.zeros(1))
    columns = Part(values, program.reduced_costs(duals), program.column_lower, program.column_upper, program.cost)
    return certify_parts((program.cost * values).sum(axis=-1), rows, columns)


def dot(left: Array, right: Array) -> float:
    """The scalar product, without BLAS: its threads cost more than they save on vectors of some thousands."""
    return float((left * right).sum())


class Part(NamedTuple):
    """Rows or columns of a program: level between bounds, price of the bound, and the size a price is relative to."""

    level: Array
    price: Array
    lower: Array
    upper: Array
    size: Array


def certify_parts(objective: Array, *parts: Part) -> Certificate:
    """The certificate of a program's rows and columns, with the objective reached.

    Of many solutions, objective [solution] and arrays [solution, row or column], the worst of each measure.
    """
    size = 1.0 + np.abs(objective)
    primal = dual = product = dual_objective = np.zeros_like(size)
    for level, price, lower, upper, scale in parts:
        bound = np.where(price > 0.0, lower, upper)
        finite = np.isfinite(bound)
        at, priced = np.where(finite, bound, 0.0), price * finite
        dual = np.maximum(dual, _largest(price - priced, scale))
        outside = np.maximum(np.maximum(lower - level, level - upper), 0.0)
        primal = np.maximum(primal, _largest(outside, lower, upper))
        dual_objective = dual_objective + (priced * at).sum(axis=-1)
        product = np.maximum(product, np.abs(priced * (level - at)).max(axis=-1, initial=0.0))
    gap = np.abs(objective - dual_objective)
    worst = (float(measure.max()) for measure in (primal, dual, product / size, gap / size))
    return Certificate(*worst)


def _largest(amount: Array, *scales: Array) -> float:
    """The largest amount relative to 1 + |scale|, the first scale that is finite; few amounts are not 0."""
    if not amount.any():
        return 0.0
    some = (amount != 0.0).nonzero()
    size, *others = (np.broadcast_to(scale, amount.shape)[some] for scale in scales)
    for other in others:
        size = np.where(np.isfinite(size), size, other)
    return float((np.abs(amount[some]) / (1.0 + np.abs(size))).max())


def excludes(program: LinearProgram, prices: Array) -> bool:
    """Whether these multipliers of the rows prove that the program has no solution (Farkas's lemma).

    The sum of the rows, weighted by the prices, lies in one interval as long as the columns keep to their bounds, and
    in another as long as the rows keep to theirs. Where these do not meet, nothing satisfies both.
    """
    prices = prices / max(float(np.abs(prices).max(initial=0.0)), np.finfo(np.float64).tiny)
    combined = -replace(program, cost=np.zeros_like(program.cost)).reduced_costs(prices)
    columns = _reach(combined, program.column_lower, program.column_upper)
    rows = _reach(prices, program.row_lower, program.row_upper)
    return bool(max(rows[0] - columns[1], columns[0] - rows[1]) > 0.0)


def _reach(factor: Array, lower: Array, upper: Array) -> tuple[float, float]:
    """Least and most of the sum of factor @ v over lower <= v <= upper, with room for rounding on either side."""
    ends = []
    for low, high in ((lower, upper), (upper, lower)):
        bound = np.where(factor > 0.0, low, high)
        negligible = (factor == 0.0) | ((np.abs(factor) <= FEASIBLE) & ~np.isfinite(bound))
        ends.append(np.multiply(factor, bound, out=np.zeros_like(factor), where=~negligible))
    finite = [np.abs(end[np.isfinite(end)]).sum() for end in ends]
    room = PROOF_ROUNDING * (1.0 + max(finite))
    return float(ends[0].sum()) - room, float(ends[1].sum()) + room


def pass_model(highs: highspy.Highs, program: LinearProgram, integral: Sequence[int] | np.ndarray = ()) -> None:
    """Hand a program to HiGHS as flat arrays; the columns `integral` take whole numbers only."""
    matrix = program.matrix
    rows, columns = matrix.shape
    kinds = np.zeros(columns, dtype=np.int32)
    kinds[list(integral)] = int(highspy.HighsVarType.kInteger)
    highs.passModel(
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
        if self._highs.getNumCol() < len(self.program.cost):
            raise InaccurateError(f"the solver takes no coefficient of {np.abs(self.program.matrix.data).max():.3g}")
        found: list[Certificate] = []
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
                    found.append(optimum.certificate)
        finally:
            self._set_options(_ORDINARY)
        if found:
            raise InaccurateError(str(min(found, key=lambda certificate: certificate.worst)))
        raise InaccurateError(f"the solver ended with status '{verdicts[0]}'")

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

        From a basis few pivots are left: costs need no perturbation, and scaling the program would take longer than it
        saves. Inner units keep its numbers near one.
        """
        self._basis = basis
        if basis is not None:
            self._highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
            self._highs.setOptionValue("simplex_scale_strategy", _UNSCALED)

    def turn_into(self, program: LinearProgram) -> None:
        """Take over the bounds and the cost of a program with the same matrix; only what differs is handed to HiGHS."""
        self._change_cost(program.cost)
        old, self.program = self.program, program
        columns = _differing((old.column_lower, program.column_lower), (old.column_upper, program.column_upper))
        if len(columns):
            lower, upper = program.column_lower[columns], program.column_upper[columns]
            self._highs.changeColsBounds(len(columns), columns, lower, upper)
        rows = _differing((old.row_lower, program.row_lower), (old.row_upper, program.row_upper))
        if len(rows):
            lower, upper = program.row_lower[rows], program.row_upper[rows]
            self._highs.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]  # not in its stubs

    def _change_cost(self, cost: Array) -> None:
        """Hand over the costs that differ from those of the program."""
        at = _differing((self.program.cost, cost))
        if len(at):
            self._highs.changeColsCost(len(at), at, cost[at])

    def limit_columns(self, columns: np.ndarray, upper: Array) -> None:
        """Give some columns new upper bounds (their lower bounds stay)."""
        bounds = self.program.column_upper.copy()
        bounds[columns] = upper
        self.program = replace(self.program, column_upper=bounds)
        lower = self.program.column_lower[columns]
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def limit_rows(self, rows: np.ndarray, upper: Array) -> None:
        """Give some rows new upper bounds (their lower bounds stay)."""
        bounds = self.program.row_upper.copy()
        bounds[rows] = upper
        self.program = replace(self.program, row_upper=bounds)
        for row, most in zip(rows, upper, strict=True):
            self._highs.changeRowBounds(int(row), self.program.row_lower[row], most)

    def change_cost(self, cost: Array) -> None:
        """Minimise another cost from the solution reached, which stays feasible: hence by the primal simplex."""
        self._change_cost(cost)
        self.program = replace(self.program, cost=cost)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)

    def among_best(self, best: Optimum, tie: float, cost: Array) -> Optimum:
        """Of the solutions within `tie` of the best, the one of least other cost (a lexicographic solve)."""
        self.next_goal(self.program.cost, best.objective + tie, cost)
        return self.solve()

    def next_goal(self, row: Array, upper: float, cost: Array) -> None:
        """Add the row `row @ v <= upper` and minimise another cost from the solution reached.

        Where that solution keeps to the row it stays feasible, and the primal simplex goes on from it.
        """
        kept = self._reached is not None and dot(row, self._reached) <= upper + FEASIBLE
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX if kept else _DUAL_SIMPLEX)
        _add_row(self._highs, row, -highspy.kHighsInf, upper)
        self._change_cost(cost)
        self.program = self.program.with_row(row, upper, cost)


def _array(values: list[float]) -> Array:
    """A list as an array, read-only; packed first, which takes half as long as NumPy does."""
    return np.frombuffer(struct.pack(f"{len(values)}d", *values))


def _differing(*pairs: tuple[Array, Array]) -> np.ndarray:
    """Positions where the arrays of any pair differ."""
    return np.flatnonzero(reduce(np.logical_or, (old != new for old, new in pairs))).astype(np.int32)
