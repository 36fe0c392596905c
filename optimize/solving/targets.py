"""Targets of self-sufficiency as linear programs: the least budget of a target, and the largest target there is.

A target tau asks every chosen segment k for own_k >= tau used_k (program/calm_plan.py). For a given tau that is a
row of a linear program; the largest tau is a max-min of ratios.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from chains import Chain
from chains.numbers import Array, supply_rows
from chains.tables.definitions import is_domestic
from optimize.program.calm_plan import calm_plan, plan_columns
from optimize.program.compiling import compile_model
from optimize.program.decision import Decision
from optimize.program.first_stage import AWAY
from optimize.program.levers import purchases_of
from optimize.program.squares import squares_of
from optimize.solver.linear import Certificate, LinearProgram, Optimum, Solver, among_best
from optimize.solving.evaluation import Evaluator
from optimize.tolerances import EXACT_TARGET, FEASIBLE, TARGET_ROOM, TIE

__all__ = ["Plan", "Targets"]


@dataclass(frozen=True)
class Plan:
    """The least budget, its decision, the supply added[k] and the domestic shares of use[k]. Inner units."""

    cost: float
    decision: Decision
    added: Array
    shares: Array


class Targets:
    """The programs of one chain, compiled once; each target adds its rows. Inner units."""

    def __init__(self, chain: Chain, evaluator: Evaluator) -> None:
        self._shape = evaluator.inner.observed.shape
        domestic = _domestic_supply(chain) / evaluator.units.money
        compiled = compile_model(
            calm_plan(evaluator.inner, evaluator.curve, domestic, evaluator.levers), plan_columns(evaluator.levers)
        )
        self._groups = compiled.groups
        self._levers = evaluator.levers
        self._squares = squares_of([compiled.groups], evaluator.inner, evaluator.levers, evaluator.inner.observed)
        self._capacity = np.array([n for n, row in enumerate(compiled.row_names) if row.startswith("own_capacity[")])
        self._program = LinearProgram(
            cost=np.zeros(compiled.matrix.shape[1]),
            matrix=compiled.matrix,
            row_lower=compiled.row_lower,
            row_upper=compiled.row_upper,
            column_lower=compiled.column_lower,
            column_upper=compiled.column_upper,
        )
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def today(self) -> Array:
        """Shares own_k / used_k without subsidies, with sum_k own_k as large as can be; NaN where nothing is used."""
        upper = self._program.column_upper.copy()
        for name in ("x", "spent", *(lever.decided[0] for lever in purchases_of(self._levers))):
            upper[self._groups[name]] = 0.0
        program = replace(self._program, cost=-self._ones("own"), column_upper=upper)
        return self._shares(self._solved(Solver(program)))

    def least_cost(self, chosen: Sequence[int], target: float) -> float:
        """Least money with own_k >= target used_k for every chosen segment k."""
        return max(self._solved(Solver(self._cheapest(chosen, target))).objective, 0.0)

    def plan(self, chosen: Sequence[int], target: float) -> Plan:
        """The plan of least budget that reaches a target.

        Of several plans of least budget the nearest to the observed allocation (to 1e-9; of equally near ones that of
        least squares), and of several ways to run it one with the largest sum_k own_k.
        """
        program = self._cheapest(chosen, target)
        solver = Solver(program)
        least = self._solved(solver)
        nearest = self._checked(among_best(solver, least, _tie(least), self._ones(*AWAY), self._squares))
        solver.turn_into(self._decided(solver.program, nearest.values))
        values = np.maximum(self._checked(solver.solve()).values, 0.0)
        optimum = replace(least, values=values)
        return Plan(max(least.objective, 0.0), self._decision(values), self._added(values), self._shares(optimum))

    def largest(self, chosen: Sequence[int]) -> tuple[float, Array]:
        """The largest target that all chosen segments reach together with any money, and the prices that prove it.

        max over plans of min_k own_k / used_k, by Dinkelbach's method for several ratios: at a level tau just above
        what is reached,

            min lack   subject to   own_k + n_k lack >= tau used_k

        with n_k the use of segment k in the plan before. While lack <= 0 its plan reaches tau and mostly more; once
        lack > 0 no plan reaches tau. The prices are the duals of own_capacity[k]: whose capacity stands in the way.
        (Crouzeix, Ferland and Schaible, An algorithm for generalized fractional programs, Journal of Optimization
        Theory and Applications 47, 1985.)
        """
        before = self._solved(Solver(self._program))
        reached = self._least_share(chosen, before)
        while True:
            level = min(reached + EXACT_TARGET, 1.0)
            optimum = self._solved(Solver(self._lacking(chosen, level, before)))
            lack = float(optimum.values[-1])
            prices = np.asarray(-optimum.duals[self._capacity])
            reached = max(reached, self._least_share(chosen, optimum))
            if lack > FEASIBLE:
                return max(reached - TARGET_ROOM, 0.0), prices
            if level == 1.0:
                return 1.0, prices
            reached, before = max(reached, level), optimum

    def short_of(self, prices: Array) -> list[int]:
        """Segments whose domestic capacity stands in the way of a larger target, from the prices of the largest."""
        return [int(k) for k in np.flatnonzero(prices > FEASIBLE * prices.max(initial=0.0))]

    def _cheapest(self, chosen: Sequence[int], target: float) -> LinearProgram:
        """The program min sum_ki x_ki + spent  subject to  own_k - target used_k >= 0 for every chosen k."""
        wanted = self._wanted(chosen, target)
        return self._with_rows(replace(self._program, cost=self._ones("x", "spent")), wanted)

    def _decided(self, program: LinearProgram, values: Array) -> LinearProgram:
        """The program max sum_k own_k in which what money buys is decided."""
        lower, upper = program.column_lower.copy(), program.column_upper.copy()
        for name in ("x", *(lever.decided[0] for lever in purchases_of(self._levers))):
            at = self._groups[name]
            lower[at] = upper[at] = np.clip(values[at], lower[at], upper[at])
        return replace(program, cost=-self._ones("own"), column_lower=lower, column_upper=upper)

    def _lacking(self, chosen: Sequence[int], target: float, before: Optimum) -> LinearProgram:
        """The program min lack  subject to  own_k - target used_k + n_k lack >= 0 for every chosen k that is used."""
        use = before.values[self._groups["used"]]
        used = [k for k in chosen if use[k] > FEASIBLE]
        program = self._program
        wide = replace(
            program,
            cost=np.append(program.cost, 1.0),
            matrix=sparse.csr_array(sparse.hstack([program.matrix, sparse.csr_array((program.matrix.shape[0], 1))])),
            column_lower=np.append(program.column_lower, -1.0),
            column_upper=np.append(program.column_upper, np.inf),
        )
        lack = sparse.csr_array(use[used][:, None])
        return self._with_rows(wide, sparse.csr_array(sparse.hstack([self._wanted(used, target), lack])))

    def _wanted(self, chosen: Sequence[int], target: float) -> sparse.csr_array:
        """Rows own_k - target used_k over the columns of the plan."""
        rows, members = np.arange(len(chosen)), np.asarray(chosen, dtype=np.intp)
        columns = np.concatenate([self._groups["own"].start + members, self._groups["used"].start + members])
        entries = np.concatenate([np.ones(len(rows)), np.full(len(rows), -target)])
        shape = (len(rows), len(self._program.cost))
        return sparse.csr_array(sparse.coo_array((entries, (np.tile(rows, 2), columns)), shape=shape))

    def _with_rows(self, program: LinearProgram, rows: sparse.csr_array) -> LinearProgram:
        """A program with more rows, each at least 0."""
        count = rows.shape[0]
        return replace(
            program,
            matrix=sparse.csr_array(sparse.vstack([program.matrix, rows])),
            row_lower=np.append(program.row_lower, np.zeros(count)),
            row_upper=np.append(program.row_upper, np.full(count, np.inf)),
        )

    def _added(self, values: Array) -> Array:
        """Supply added [k]: what own_capacity allows beyond D_k."""
        others = values.copy()
        for name in ("own", "added"):
            others[self._groups[name]] = 0.0
        return np.asarray(values[self._groups["added"]] - self._program.matrix[self._capacity] @ others)

    def _shares(self, optimum: Optimum) -> Array:
        own, used = optimum.values[self._groups["own"]], optimum.values[self._groups["used"]]
        return np.asarray(np.divide(own, used, out=np.full(len(own), np.nan), where=used > FEASIBLE))

    def _least_share(self, chosen: Sequence[int], optimum: Optimum) -> float:
        """The least share of the chosen segments that are used, within 0 and 1; 1 if none is."""
        shares = self._shares(optimum)[list(chosen)]
        return float(np.clip(np.nanmin(np.append(shares, 1.0)), 0.0, 1.0))

    def _decision(self, values: Array) -> Decision:
        bought = {lever.name: values[self._groups[lever.decided[0]]] for lever in purchases_of(self._levers)}
        return Decision(values[self._groups["x"]].reshape(self._shape), bought)

    def _ones(self, *names: str) -> Array:
        cost = np.zeros(len(self._program.cost))
        for name in names:
            cost[self._groups[name]] = 1.0
        return cost

    def _solved(self, solver: Solver) -> Optimum:
        return self._checked(solver.solve())

    def _checked(self, optimum: Optimum) -> Optimum:
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum


def _tie(best: Optimum) -> float:
    return TIE * (1.0 + abs(best.objective))


def _domestic_supply(chain: Chain) -> Array:
    """Base-year supply D[k] that counts as domestic under the chain's definition, in the chain's money."""
    tables = {name: chain.table(name) for name in ("segments", "supply", "surge")}
    rows = supply_rows(tables, chain.home)
    domestic = is_domestic(tables["supply"], chain.home, chain.definition).to_numpy()
    supply = np.zeros(len(chain.numbers.segments))
    np.add.at(supply, rows.segment[domestic], rows.value[domestic])
    return supply
