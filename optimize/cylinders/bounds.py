"""Least risk between bounds, where the program is larger than the memory of one machine."""

from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import pandas as pd
from mpi4py import MPI

from chains import Chain, InputError
from chains.presenting import Shown
from chains.tables.problems import Problem
from optimize.cylinders.bundles import BundledProgram, split
from optimize.cylinders.evaluating import losses, shared_risk
from optimize.cylinders.wheel import Stop, StopAt, spin
from optimize.program.decision import Decision, lever_money
from optimize.program.response import chords
from optimize.program.risk import Risk
from optimize.solver.linear import Certificate, NotOptimalError, Solver
from optimize.solving.balance import check_calm
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.conflict import NoSolutionError, explain_conflict
from optimize.solving.options import Arguments, Options, make_options
from optimize.solving.units import OBJECTIVE, Units, to_inner
from optimize.tolerances import TIE

__all__ = ["Bounds", "least_risk_bounds"]


@dataclass(frozen=True, repr=False)
class Bounds(Shown):
    """An allocation, its exact risk, and how much lower least risk could be; risks are shares of final demand.

    allocation[segment, instrument] in the chain's money; `levers`: money by member of every other lever. `lower` <=
    least risk <= `risk.risk`; `gap` is their difference as a share of `risk.risk`. `stopped` says what ended the
    search: the gap asked for, no cut left to add (optimal), the rounds or the time. `certificate` is that of the
    evaluation behind `risk`; `scenarios` counts those that can happen, calm included.
    """

    chain: Chain
    options: Options
    allocation: pd.DataFrame
    levers: dict[str, pd.Series]
    risk: Risk
    lower: float
    stopped: Stop
    rounds: int
    scenarios: int
    bundles: int
    ranks: int
    certificate: Certificate

    @property
    def gap(self) -> float:
        """(risk - lower) / risk; 0 where there is no risk."""
        return (self.risk.risk - self.lower) / self.risk.risk if self.risk.risk > 0 else 0.0

    @property
    def exact(self) -> bool:
        """Whether the bounds meet, to 1e-9 of final demand: then the allocation is one of least risk."""
        return self.risk.risk - self.lower <= TIE


def least_risk_bounds(
    chain: Chain,
    *,
    gap: float = 1e-4,
    rounds: int = 200,
    seconds: float | None = None,
    bundle: int = 100,
    comm: Any = None,
    **options: Unpack[Arguments],
) -> Bounds:
    """Least risk between bounds; call it on every rank of `comm` (default: all), two or more; each gets the answer.

    Stops at a relative gap, or after so many rounds of cuts or seconds. `bundle` is about how many scenarios are
    solved together: fewer take fewer rounds but more time a round. Options as for `optimize`. Unlike there, of several
    least-risk allocations any may be reported. Raises InputError, NoSolutionError and NotOptimalError as `optimize`.
    """
    world = MPI.COMM_WORLD if comm is None else comm
    _check(gap, rounds, seconds, bundle, world.Get_size())
    chosen = make_options(Options, options)
    problem, units = _bundled(chain, chosen, bundle, world.Get_size())
    _check_first_stage(chain, problem, units)
    spun = spin(problem, StopAt(gap, rounds, seconds), world)
    decisions = [problem.decision(values) for values in spun.candidates]
    evaluated = [(*shared_risk(problem, decision, world), decision) for decision in decisions]
    risk, certificate, decision = min(evaluated, key=lambda answer: answer[0].risk)
    return Bounds(
        chain=chain,
        options=chosen,
        allocation=pd.DataFrame(
            decision.allocation * units.money,
            index=pd.Index(problem.numbers.segments, name="segment"),
            columns=pd.Index(problem.numbers.instruments, name="instrument"),
        ),
        levers=lever_money(chain.numbers, decision.scaled(units.money), problem.levers),
        risk=risk,
        lower=min(max(spun.lower, 0.0) / OBJECTIVE, risk.risk),
        stopped=spun.stopped,
        rounds=spun.rounds,
        scenarios=sum(len(scenarios) for scenarios in problem.bundles),
        bundles=len(problem.bundles),
        ranks=world.Get_size(),
        certificate=certificate,
    )


def _check(gap: float, rounds: int, seconds: float | None, bundle: int, ranks: int) -> None:
    """InputError naming everything that is wrong with how to solve."""
    problems = [
        Problem(f"option {name}", 0, "", f"{given!r} is out of range", right)
        for name, given, wrong, right in (
            ("gap", gap, not 0 <= gap < 1, "give a number from 0 to less than 1"),
            ("rounds", rounds, rounds < 1, "give a whole number of 1 or more"),
            ("seconds", seconds, seconds is not None and not seconds > 0, "give a number above 0"),
            ("bundle", bundle, bundle < 1, "give a whole number of 1 or more"),
        )
        if wrong
    ]
    if ranks < 2:
        right = "start it by mpiexec -n 3, or any number from 2"
        problems.append(Problem("mpiexec", 0, "", "there is one process, but the bounds need two", right))
    if problems:
        raise InputError(problems)


def _bundled(chain: Chain, options: Options, bundle: int, ranks: int) -> tuple[BundledProgram, Units]:
    """The chain in inner units, its scenarios in bundles: at least one for every rank of the larger half."""
    inner, units = to_inner(chain.numbers)
    possible = int((inner.probability > 0).sum())
    half = ranks - ranks // 2
    if possible < half:
        wrong = f"{ranks} processes are too many for {possible} scenarios that can happen"
        raise InputError.single("mpiexec", wrong, f"use at most {2 * possible}")
    return (
        BundledProgram(
            numbers=inner,
            curve=chords(inner.slope, inner.ceiling, options.pieces),
            budget=budget_of(chain.numbers, options.budget) / units.money,
            limits=limits_of(inner, options, units.money),
            options=options,
            bundles=split(inner.probability, max(half, -(-possible // bundle))),
        ),
        units,
    )


def _check_first_stage(chain: Chain, problem: BundledProgram, units: Units) -> None:
    """InputError if calm does not balance without subsidies, NoSolutionError if the options leave no allocation."""
    numbers = problem.numbers
    calm = np.array([numbers.calm])
    loss, _ = losses(problem, calm, Decision(np.zeros_like(numbers.observed)))
    check_calm(chain, numbers, units, float(loss[0]))
    stages = problem.two_stage(calm)
    try:
        Solver(stages.program).solve()
    except NotOptimalError as error:
        conflict = explain_conflict(stages, numbers, problem.limits)
        raise (NoSolutionError(conflict) if conflict else error) from None
