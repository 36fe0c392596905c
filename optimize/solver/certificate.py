"""The certificate of a solution, and the proof that there is none, both recomputed from the matrix."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optimize.solver.arrays import Array
from optimize.solver.linear_program import LinearProgram
from optimize.tolerances import ACCURATE, FEASIBLE, PROOF_ROUNDING

__all__ = ["Certificate", "Part", "certify", "certify_parts", "excludes", "least_reached"]


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


def certify(program: LinearProgram, values: Array, duals: Array, row_upper: Array | None = None) -> Certificate:
    """Certificate of a primal and dual solution (Karush-Kuhn-Tucker conditions of a bounded linear program).

    Of many solutions, arrays [solution, column] and [solution, row], the worst of each measure; `row_upper`
    [solution, row], where those differ.
    """
    upper = program.row_upper if row_upper is None else row_upper
    rows = Part(program.levels(values), duals, program.row_lower, upper, np.zeros(1))
    columns = Part(values, program.reduced_costs(duals), program.column_lower, program.column_upper, program.cost)
    return certify_parts((program.cost * values).sum(axis=-1), rows, columns)


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
    some = amount.nonzero()
    whole = (scale if scale.shape == amount.shape else np.broadcast_to(scale, amount.shape) for scale in scales)
    size, *others = (scale[some] for scale in whole)
    for other in others:
        size = np.where(np.isfinite(size), size, other)
    return float((np.abs(amount[some]) / (1.0 + np.abs(size))).max())


def excludes(program: LinearProgram, prices: Array) -> bool:
    """Whether these multipliers of the rows prove that the program has no solution (Farkas's lemma).

    The sum of the rows, weighted by the prices, lies in one interval as long as the columns keep to their bounds, and
    in another as long as the rows keep to theirs. Where these do not meet, nothing satisfies both.
    """
    prices = prices / max(float(np.abs(prices).max(initial=0.0)), np.finfo(np.float64).tiny)
    combined = -program.reduced_costs(prices, np.zeros_like(program.cost))
    columns, rows = (program.column_lower, program.column_upper), (program.row_lower, program.row_upper)
    above = least_reached(prices, *rows) + least_reached(-combined, *columns)
    below = least_reached(combined, *columns) + least_reached(-prices, *rows)
    return max(above, below) > 0.0


def least_reached(factor: Array, lower: Array, upper: Array) -> float:
    """The least of the sum of factor @ v over lower <= v <= upper, with room for rounding."""
    bound = np.where(factor > 0.0, lower, upper)
    negligible = (factor == 0.0) | ((np.abs(factor) <= FEASIBLE) & ~np.isfinite(bound))
    ends = np.multiply(factor, bound, out=np.zeros_like(factor), where=~negligible)
    return float(ends.sum()) - PROOF_ROUNDING * (1.0 + float(np.abs(ends[np.isfinite(ends)]).sum()))
