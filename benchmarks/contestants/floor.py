"""The floor: arrays prepared in advance, handed to HiGHS, which solves; nothing else is timed."""

from dataclasses import dataclass

import highspy
import numpy as np

from benchmarks.case import ALPHA, BETA, TOLERANCE, Answer, Case
from chains.numbers import Array
from optimize.program.first_stage import first_stage
from optimize.program.two_stage import TwoStage, two_stage
from optimize.solver.linear import LinearProgram, pass_model
from optimize.solver.silent import new_highs
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskOptions

__all__ = ["Prepared", "first_solve", "prepare", "program_of", "second_solve"]

_PRIMAL = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyPrimal)


@dataclass(frozen=True)
class Prepared:
    """The program as arrays, the cost of the second solve and the slack of its row."""

    program: LinearProgram
    distance: Array
    slack: float


def prepare(case: Case) -> Prepared:
    """Arrays of the program (not timed)."""
    stages, _ = program_of(case)
    return Prepared(stages.program, stages.distance, case.slack)


def program_of(case: Case) -> tuple[TwoStage, Evaluator]:
    """The program with the places of its columns, and what compiled it."""
    evaluator = Evaluator(case.chain, RiskOptions(alpha=ALPHA, beta=BETA), case.levers)
    budget = budget_of(case.chain.numbers, None) / evaluator.units.money
    first = first_stage(evaluator.inner, evaluator.curve, budget, levers=evaluator.levers)
    return two_stage(first, evaluator.compiled, evaluator.inner, ALPHA, BETA), evaluator


def first_solve(prepared: Prepared) -> tuple[highspy.Highs, float]:
    """Hand over and run: HiGHS, and the least risk found."""
    highs = new_highs(
        {"threads": 1, "primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE}
    )
    pass_model(highs, prepared.program)
    highs.run()
    return highs, highs.getInfo().objective_function_value


def second_solve(prepared: Prepared, highs: highspy.Highs, risk: float) -> Answer:
    """One more row and another cost, from the basis reached: the distance found."""
    cost, columns = prepared.program.cost, len(prepared.program.cost)
    at = np.flatnonzero(cost).astype(np.int32)
    highs.addRow(-highspy.kHighsInf, risk + prepared.slack, len(at), at, cost[at])
    highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), prepared.distance)
    highs.setOptionValue("simplex_strategy", _PRIMAL)
    highs.run()
    return Answer(risk, highs.getInfo().objective_function_value)
