"""A linear program under construction, one matrix when solved."""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

SIZE = 1000.0  # total demand, and the risk of losing all of it, inside the programs: solver tolerances are absolute

Name = tuple[object, ...]
Terms = dict[Name, float]


class InfeasibleError(Exception):
    """The program has no solution."""


class Program:
    """A linear program under construction: named variables, rows sum(terms) <= bound; one matrix when solved."""

    def __init__(self) -> None:
        self.at: dict[Name, int] = {}
        self.bounds: list[tuple[float | None, float | None]] = []
        self.rows: list[tuple[Terms, float]] = []
        self._whole: tuple[sparse.csc_array, np.ndarray] | None = None

    def variable(self, *name: object, low: float | None = 0.0, high: float | None = None) -> Name:
        self.at[name] = len(self.bounds)
        self.bounds.append((low, high))
        return name

    def at_most(self, terms: Terms, bound: float) -> None:
        self.rows.append((terms, bound))
        self._whole = None

    def minimise(self, cost: Terms, fixed: Terms | None = None) -> tuple[float, dict[Name, float]]:
        """Least cost and the values that attain it, with some variables fixed."""
        bounds = list(self.bounds)
        for name, value in (fixed or {}).items():
            bounds[self.at[name]] = (value, value)
        matrix, right = self._arrays()
        answer = linprog(
            self._vector(cost),
            A_ub=matrix,
            b_ub=right,
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if answer.status == 2:
            raise InfeasibleError
        if answer.status != 0:
            raise RuntimeError(answer.message)
        return float(answer.fun), {name: float(answer.x[n]) for name, n in self.at.items()}

    def _arrays(self) -> tuple[sparse.csc_array, np.ndarray]:
        if self._whole is None:
            size = len(self.rows), len(self.bounds)
            row = [n for n, (terms, _) in enumerate(self.rows) for _ in terms]
            column = [self.at[name] for terms, _ in self.rows for name in terms]
            factor = [float(factor) for terms, _ in self.rows for factor in terms.values()]
            matrix = sparse.coo_array((factor, (row, column)), shape=size).tocsc()
            self._whole = matrix, np.array([bound for _, bound in self.rows])
        return self._whole

    def _vector(self, terms: Terms) -> np.ndarray:
        vector = np.zeros(len(self.bounds))
        for name, factor in terms.items():
            vector[self.at[name]] += factor
        return vector
