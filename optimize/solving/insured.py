"""Programs of insurance: the decision whose worst loss is least over some cuts, and the least risk at that worst loss.

The master program of column-and-constraint generation (Zeng and Zhao, Solving two-stage robust optimization problems
using a column-and-constraint generation method, Operations Research Letters 41(5), 2013). Every set of cuts C found so
far has a recourse of its own, of which the first stage is one and the same:

    V = min over x, v_C of  theta    subject to  theta >= L(x, v_C) for every C                    worst loss
        min over x, v_C of  Risk(x)  subject to  L(x, v_C) <= V for every C                        its least risk
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from chains.numbers import Array, ChainNumbers, side_by_side
from optimize.program.cache import compiled_first_stage
from optimize.program.decision import Decision
from optimize.program.two_stage import THICK, TwoStage, stacked
from optimize.solver.linear import Certificate, LinearProgram, Optimum, Solver, among_best
from optimize.solving.budgets import limits_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.idle import idle_of
from optimize.solving.nearest import check_bought
from optimize.solving.options import Options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["Insured"]


class Insured:
    """The two programs over sets of cuts, each given as the numbers of a year in which they are made.

    `budget` by instrument is in the chain's money, and so are the decisions found; what they lose is a share of
    weighted final demand. `certificate` is the worst of all solves.
    """

    def __init__(self, evaluator: Evaluator, options: Options, budget: Array) -> None:
        numbers, money = evaluator.inner, evaluator.units.money
        self._evaluator = evaluator
        self._options = options
        self._idle = idle_of(evaluator, options, budget)
        limits = limits_of(numbers, options, money)
        used = replace(numbers, observed=numbers.observed - self._idle)
        left = budget / money - self._idle.sum(axis=0)
        self._first = compiled_first_stage(used, evaluator.curve, left, evaluator.levers, limits, options.move)
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def least_worst(self, cuts: Sequence[ChainNumbers]) -> tuple[Decision, float]:
        """A decision with the least worst loss over the sets, and that loss: no decision has less.

        max_C L_C = min over eta of eta + sum_C t max(L_C - eta, 0) for every t >= 1.
        """
        years = side_by_side(cuts)
        certain = replace(years, probability=np.ones(len(years.scenarios)))
        stages = stacked(self._first, self._evaluator.compiled, certain, alpha=1.0 - 1.0 / THICK, beta=1.0)
        least = self._solved(Solver(stages.program), stages)
        return self._decision(stages, least.values), max(least.objective, 0.0) / OBJECTIVE

    def least_risk(self, cuts: Sequence[ChainNumbers], worst: float) -> tuple[Decision, float]:
        """The decision of least risk that loses no more than `worst` to any of the sets, and that risk.

        Of several the nearest to the observed one. A loss may be above `worst` by the tie.
        """
        evaluator, options = self._evaluator, self._options
        every = side_by_side([*cuts, evaluator.inner])
        odds = np.concatenate([np.zeros(len(cuts)), evaluator.inner.probability])
        every = replace(every, probability=odds)
        stages = stacked(self._first, evaluator.compiled, every, options.alpha, options.beta)
        held = _held(stages, len(cuts), (worst + TIE) * OBJECTIVE)
        solver = Solver(held)
        least = self._solved(solver, stages)
        squares = stages.squares(evaluator.inner, self._idle)
        nearest = among_best(solver, least, TIE * OBJECTIVE, stages.distance, squares)
        self.certificate = self.certificate.worse(nearest.certificate)
        return self._decision(stages, nearest.values), max(least.objective, 0.0) / OBJECTIVE

    def _solved(self, solver: Solver, stages: TwoStage) -> Optimum:
        optimum = solver.solve()
        check_bought(stages, self._evaluator.inner, self._evaluator.curve, optimum.values)
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum

    def _decision(self, stages: TwoStage, values: Array) -> Decision:
        evaluator = self._evaluator
        return stages.decision(values, evaluator.inner).with_more(self._idle).scaled(evaluator.units.money)


def _held(stages: TwoStage, count: int, most: float) -> LinearProgram:
    """The program with a row L_C <= most for each of its first `count` scenarios."""
    program, start = stages.program, stages.first_columns
    losses: list[tuple[int, Array]] = []
    for block in stages.blocks:
        width = block.column_upper.shape[1]
        for n, scenario in enumerate(block.alike.scenarios):
            if scenario < count:
                losses.append((start + n * width, block.costs["loss"]))
        start += block.column_upper.size
    rows = sparse.lil_array((len(losses), len(program.cost)))
    for row, (first, loss) in enumerate(losses):
        rows[row, first : first + len(loss)] = loss
    return replace(
        program,
        matrix=sparse.csr_array(sparse.vstack([program.matrix, rows], format="csr")),
        row_lower=np.append(program.row_lower, np.full(len(losses), -np.inf)),
        row_upper=np.append(program.row_upper, np.full(len(losses), most)),
    )
