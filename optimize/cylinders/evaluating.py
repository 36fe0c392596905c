"""The exact risk of a decision, its scenarios shared out over the ranks."""

from typing import Any

import numpy as np

from chains.numbers import Array, Positions
from optimize.cylinders.bundles import BundledProgram
from optimize.program.decision import Decision, provided
from optimize.program.risk import Risk, risk_of
from optimize.program.two_stage import given_blocks
from optimize.solver.linear import Certificate, Solver
from optimize.solving.losses import LeastLosses

__all__ = ["losses", "shared_risk"]


def losses(problem: BundledProgram, scenarios: Positions, decision: Decision) -> tuple[Array, Certificate]:
    """Least loss L[s] of some scenarios, shares of weighted final demand, at a decision in inner units."""
    numbers = problem.part(scenarios)
    amounts = provided(decision, numbers, problem.curve, problem.levers)
    least = LeastLosses(numbers, [given.at(amounts) for given in given_blocks(problem.compiled, numbers)])
    optimum = Solver(least.program).solve()
    return least.losses(optimum.values).loss, optimum.certificate


def shared_risk(problem: BundledProgram, decision: Decision, comm: Any) -> tuple[Risk, Certificate]:
    """Risk of a decision over all scenarios that can happen; each rank evaluates its share, bundle by bundle."""
    mine = range(comm.Get_rank(), len(problem.bundles), comm.Get_size())
    found = {number: losses(problem, problem.bundles[number], decision) for number in mine}
    every = {number: answer for part in comm.allgather(found) for number, answer in part.items()}
    certificate = Certificate(0.0, 0.0, 0.0, 0.0)
    for _, more in every.values():
        certificate = certificate.worse(more)
    order = np.concatenate(problem.bundles)
    loss = np.concatenate([every[number][0] for number in range(len(problem.bundles))])
    alpha, beta = problem.options.alpha, problem.options.beta
    return risk_of(loss, problem.numbers.probability[order], alpha, beta), certificate
