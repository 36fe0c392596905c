"""What exact rational arithmetic proves of a least-risk answer, and of the risk of an allocation (solver/exact.py).

It is exact for the program as compiled: every number of it, after chords are drawn and money is turned into inner
units, is a floating-point number and so a fraction. What rounding did before, when decimals were read and the program
was written, is not in it: some 1e-16 of each number. Such rounding may leave a program without any exact solution (the
demand of a segment is more by one digit at the end than its uses together). Then its inequalities are loosened by a few
such digits, and the answer says so.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from chains import Chain, InputError
from chains.numbers import Array
from optimize.program.decision import Decision
from optimize.program.first_stage import first_stage
from optimize.program.levers import purchases_of
from optimize.program.two_stage import TwoStage, two_stage
from optimize.questions.least_risk import Result
from optimize.solver.exact import MOST_ROWS, ExactOptimum, solve_exactly
from optimize.solver.linear import InfeasibleError, LinearProgram, Solver
from optimize.solving.evaluation import Evaluator, Solution, decision_of
from optimize.solving.idle import idle_of
from optimize.solving.nearest import solve_least_risk
from optimize.solving.options import RiskOptions
from optimize.solving.units import OBJECTIVE

__all__ = ["Exact", "check_exact", "prove_least_risk", "prove_risk"]

_DIGITS = 8
"""Units in the last place by which inequalities are loosened where rounding left no solution."""


@dataclass(frozen=True)
class Exact:
    """Fractions, shares of weighted final demand.

    `risk` is that of the allocation reported and `least` the least risk, None where that was not asked. `reported` is
    what floating point says of the one that was asked for. `rows`, `columns`: of the program. `pivots`: changes of
    basis from where floating point ended to the proof. `loosened`: the last digits of inequalities gave way.
    """

    risk: Fraction
    least: Fraction | None
    reported: float
    rows: int
    columns: int
    pivots: int
    loosened: bool

    @property
    def error(self) -> float:
        """How far the number reported in floating point is from the proved one."""
        return float(abs(Fraction(self.reported) - (self.risk if self.least is None else self.least)))

    @property
    def gap(self) -> float | None:
        """By how much the risk of the allocation reported is above the least: the tie, 1e-9, at most."""
        return None if self.least is None else float(self.risk - self.least)


def check_exact(chain: Chain, options: RiskOptions, levers: tuple[str, ...] = ("capacity",)) -> None:
    """InputError where the program of this chain is too large for a proof."""
    evaluator = Evaluator(chain, options, levers)
    rows = _stages(evaluator, evaluator.inner.observed).program.matrix.shape[0]
    if rows > MOST_ROWS:
        wrong = f"the program of {chain.name} has {rows:,} rows, and exact arithmetic would take too long"
        right = f"leave it out, or ask of a chain with no more than {MOST_ROWS:,}: fewer segments, scenarios or phases"
        raise InputError.single("option exact", wrong, right)


def prove_least_risk(result: Result) -> Exact:
    """The least risk of `optimize`, and the risk of the allocation that it reports.

    NotOptimalError where no proof is found.
    """
    chain, options = result.chain, result.options
    evaluator = Evaluator(chain, options.risk_options(), options.levers)
    budget = np.asarray(result.budget, dtype=np.float64)
    _, solver, _ = solve_least_risk(evaluator, options, budget, idle_of(evaluator, options, budget))
    least, loosened = _exactly(solver)
    given, stages, gave_way = _proved(evaluator, decision_of(result.optimal))
    return Exact(
        risk=given.objective / int(OBJECTIVE),
        least=least.objective / int(OBJECTIVE),
        reported=result.risk,
        rows=stages.program.matrix.shape[0],
        columns=stages.program.matrix.shape[1],
        pivots=least.pivots + given.pivots,
        loosened=loosened or gave_way,
    )


def prove_risk(chain: Chain, solution: Solution, options: RiskOptions) -> Exact:
    """The risk of an allocation, as `evaluate` tells it. NotOptimalError where no proof is found."""
    given, stages, loosened = _proved(Evaluator(chain, options), decision_of(solution))
    rows, columns = stages.program.matrix.shape
    return Exact(given.objective / int(OBJECTIVE), None, solution.risk, rows, columns, given.pivots, loosened)


def _exactly(solver: Solver) -> tuple[ExactOptimum, bool]:
    """The exact optimum of what a solver has solved, and whether its inequalities had to be loosened."""
    try:
        return solve_exactly(solver.program, solver.basis), False
    except InfeasibleError:
        return solve_exactly(_loosened(solver.program), solver.basis), True


def _loosened(program: LinearProgram) -> LinearProgram:
    """The program with inequalities that give way by some digits at the end."""
    free = program.row_lower < program.row_upper
    digits = [
        np.where(free & np.isfinite(ends), _DIGITS * np.spacing(np.where(np.isfinite(ends), ends, 0.0)), 0.0)
        for ends in (np.abs(program.row_lower), np.abs(program.row_upper))
    ]
    return replace(program, row_lower=program.row_lower - digits[0], row_upper=program.row_upper + digits[1])


def _proved(evaluator: Evaluator, decision: Decision) -> tuple[ExactOptimum, TwoStage, bool]:
    """The least risk where a decision in the chain's money is given."""
    inner = decision.scaled(1.0 / evaluator.units.money)
    stages = _stages(evaluator, inner.allocation)
    solver = Solver(_given(stages, inner))
    solver.solve()
    found, loosened = _exactly(solver)
    return found, stages, loosened


def _stages(evaluator: Evaluator, allocation: Array) -> TwoStage:
    """The program of least risk whose distances are from an allocation (inner units)."""
    numbers = replace(evaluator.inner, observed=allocation)
    first = first_stage(numbers, evaluator.curve, allocation.sum(axis=0), levers=evaluator.levers)
    options = evaluator.options
    return two_stage(first, evaluator.compiled, evaluator.inner, options.alpha, options.beta)


def _given(stages: TwoStage, decision: Decision) -> LinearProgram:
    """The program in which a decision is given: no budget matters any more."""
    program = stages.program
    lower, upper, most = program.column_lower.copy(), program.column_upper.copy(), program.row_upper.copy()
    amounts = {"x": decision.allocation.ravel()}
    amounts |= {lever.decided[0]: decision.bought[lever.name] for lever in purchases_of(stages.levers)}
    for name, amount in amounts.items():
        lower[stages.columns(name)] = upper[stages.columns(name)] = amount
    most[stages.rows("budgets")] = np.inf
    return replace(program, column_lower=lower, column_upper=upper, row_upper=most)
