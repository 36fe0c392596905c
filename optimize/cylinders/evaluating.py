"""The exact risk of an allocation, its scenarios shared out over the ranks."""

from dataclasses import replace
from typing import Any

import numpy as np

from chains.numbers import Array, Positions
from optimize.cylinders.bundles import BundledProgram
from optimize.program.risk import Risk, risk_of
from optimize.program.two_stage import recourse_program
from optimize.solver.linear import Certificate, Solver
from optimize.solving.units import OBJECTIVE

__all__ = ["losses", "shared_risk"]


def losses(problem: BundledProgram, scenarios: Positions, allocation: Array) -> tuple[Array, Certificate]:
    """Least loss L[s] of some scenarios, shares of weighted final demand, at an allocation x[k, i] in inner units."""
    numbers = problem.part(scenarios)
    added = problem.curve.added(allocation @ numbers.effectiveness)
    program, block = recourse_program(problem.compiled, replace(numbers, home=numbers.home + added))
    optimum = Solver(program).solve()
    unmet = optimum.values.reshape(len(scenarios), -1)[:, block.groups["u"]]
    return np.maximum(unmet, 0.0) @ numbers.weight / OBJECTIVE, optimum.certificate


def shared_risk(problem: BundledProgram, allocation: Array, comm: Any) -> tuple[Risk, Certificate]:
    """Risk of an allocation over all scenarios that can happen; each rank evaluates its share, bundle by bundle."""
    mine = range(comm.Get_rank(), len(problem.bundles), comm.Get_size())
    found = {number: losses(problem, problem.bundles[number], allocation) for number in mine}
    every = {number: answer for part in comm.allgather(found) for number, answer in part.items()}
    certificate = Certificate(0.0, 0.0, 0.0, 0.0)
    for _, more in every.values():
        certificate = certificate.worse(more)
    order = np.concatenate(problem.bundles)
    loss = np.concatenate([every[number][0] for number in range(len(problem.bundles))])
    alpha, beta = problem.options.alpha, problem.options.beta
    return risk_of(loss, problem.numbers.probability[order], alpha, beta), certificate
