"""What-ifs: scattered changes of budget, cuts, demand, ceilings and stocks, against a loop over highspy by hand."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from pyomo.contrib.solver.common.factory import SolverFactory

from benchmarks.case import ALPHA, BETA, PIECES, SIZES, Case, case_of, synthetic_chain
from benchmarks.contestants.with_pyomo import OPTIONS, model_of
from benchmarks.looping import Loop
from benchmarks.measure import Clock, as_table, silence
from chains.numbers import ChainNumbers
from chains.numbers.parts.stocks import Stocks
from optimize import WhatIfs
from optimize.program.response import chords
from optimize.solving.units import OBJECTIVE

__all__ = ["question"]

HAND, TIERWISE, REBUILT = "highspy loop by hand", "Tierwise", "Pyomo model rebuilt"
SAME = 1e-8


@dataclass(frozen=True)
class Change:
    """One what-if: the numbers of the chain after it, and its budget."""

    numbers: ChainNumbers
    budget: float


def question(
    count: int, rebuilt: int, size: str = "small", *, structured: bool = False, clock: Clock = time.perf_counter
) -> pd.DataFrame:
    """Seconds a what-if, medians over `count` of them; the Pyomo model is rebuilt for the first `rebuilt` only.

    `structured`: with all tables of structure and every lever, and stocks that change too; the Pyomo model is left out,
    since it knows no structure.

    The loop by hand knows which bounds each what-if changes and asks for the objective alone; Tierwise finds them from
    the changed numbers, and recomputes the certificate of every answer.
    """
    case = case_of(synthetic_chain(*SIZES[size], structured=structured))
    asked, loop = WhatIfs(case.chain, alpha=ALPHA, beta=BETA, levers=case.levers), Loop(case)
    ways: dict[str, Callable[[Change], float]] = {
        HAND: lambda change: loop.risk(change.numbers, change.budget),
        TIERWISE: lambda change: asked.risk(change.numbers, budget=change.budget),
    }
    if not structured:
        ways[REBUILT] = partial(_rebuilt, case)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for n, change in enumerate(_changes(case.chain.numbers, count)):
        answers = {}
        for name, way in ways.items():
            if name != REBUILT or n < rebuilt:
                with silence():
                    start = clock()
                    answers[name] = way(change)
                    seconds[name].append(clock() - start)
        if not np.allclose(list(answers.values()), answers[HAND], rtol=SAME, atol=1e-12):
            raise RuntimeError(f"what-if {n} has different answers: {answers}")
    return as_table(seconds, (HAND, TIERWISE))


def _changes(numbers: ChainNumbers, count: int) -> Iterator[Change]:
    """What-ifs of each kind in turn, each drawn anew from the base."""
    rng = np.random.default_rng(5)
    budget = float(numbers.observed.sum())
    kinds = (None, _cuts, _demand, _ceilings, *((_held,) if numbers.part(Stocks) else ()))
    for n in range(count):
        kind = kinds[n % len(kinds)]
        if kind is None:
            yield Change(numbers, budget * rng.uniform(0.3, 2.0))
        else:
            yield Change(kind(numbers, rng), budget)


def _cuts(numbers: ChainNumbers, rng: np.random.Generator) -> ChainNumbers:
    """More is cut in one scenario, in all its phases."""
    foreign, scenario = numbers.foreign.copy(), rng.integers(numbers.calm)
    foreign[numbers.phase_scenario == scenario] *= rng.uniform(0.2, 1.0, len(numbers.segments))
    return replace(numbers, foreign=foreign)


def _demand(numbers: ChainNumbers, rng: np.random.Generator) -> ChainNumbers:
    return replace(numbers, demand=numbers.demand * rng.uniform(0.8, 1.0, len(numbers.segments)))


def _ceilings(numbers: ChainNumbers, rng: np.random.Generator) -> ChainNumbers:
    return replace(numbers, ceiling=numbers.ceiling * rng.uniform(0.5, 1.5, len(numbers.segments)))


def _held(numbers: ChainNumbers, rng: np.random.Generator) -> ChainNumbers:
    """Other stocks are held; as much can be held as before."""
    stocks = numbers.part(Stocks)
    assert stocks is not None
    held = stocks.held * rng.uniform(0.5, 1.5, len(stocks.held))
    changed = replace(stocks, held=held, most=stocks.held + stocks.most - held)
    return replace(numbers, parts={**numbers.parts, Stocks: changed})


def _changed(case: Case, change: Change) -> Case:
    """The arrays of a what-if in the base's inner units, for the model that is built again."""
    money = float(case.chain.numbers.demand.sum()) / OBJECTIVE
    numbers = change.numbers
    return replace(
        case,
        home=numbers.home / money,
        foreign=numbers.foreign / money,
        demand=numbers.demand / money,
        width=chords(numbers.slope, numbers.ceiling / money, PIECES).width,
        budget=change.budget / money,
    )


def _rebuilt(case: Case, change: Change) -> float:
    """Least risk of a what-if by plain Pyomo and its HiGHS interface, the model built anew."""
    model = model_of(_changed(case, change))
    model.distance_alone.deactivate()
    found = SolverFactory("highs").solve(model, solver_options=OPTIONS).incumbent_objective
    return float(found / OBJECTIVE * case.chain.numbers.demand.sum() / change.numbers.demand.sum())
