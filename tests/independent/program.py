"""A linear program under construction, dense when solved."""

import numpy as np
from scipy.optimize import linprog

SIZE = 1000.0  # total demand, and the risk of losing all of it, inside the programs: solver tolerances are absolute

Name = tuple[object, ...]
Terms = dict[Name, float]


class InfeasibleError(Exception):
    """The program has no solution."""


class Program:
    """A linear program under construction: named variables, rows sum(terms) <= bound; dense when solved."""

    def __init__(self) -> None:
        self.at: dict[Name, int] = {}
        self.bounds: list[tuple[float | None, float | None]] = []
        self.rows: list[tuple[Terms, float]] = []
        self._dense: tuple[np.ndarray, np.ndarray] | None = None

    def variable(self, *name: object, low: float | None = 0.0, high: float | None = None) -> Name:
        self.at[name] = len(self.bounds)
        self.bounds.append((low, high))
        return name

    def at_most(self, terms: Terms, bound: float) -> None:
        self.rows.append((terms, bound))
        self._dense = None

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

    def _arrays(self) -> tuple[np.ndarray, np.ndarray]:
        if self._dense is None:
            matrix = np.zeros((len(self.rows), len(self.bounds)))
            for n, (terms, _) in enumerate(self.rows):
                matrix[n] = self._vector(terms)
            self._dense = matrix, np.array([bound for _, bound in self.rows])
        return self._dense

    def _vector(self, terms: Terms) -> np.ndarray:
        vector = np.zeros(len(self.bounds))
        for name, factor in terms.items():
            vector[self.at[name]] += factor
        return vector
