"""Draws: an outcome with all its numbers drawn, against HiGHS alone on the same programs, handed over as arrays."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import highspy
import numpy as np
import pandas as pd

from benchmarks.measure import Clock, silence, take_turns
from chains import load
from chains.drawing.draws import Draws
from optimize.sampling.uncertainty import Sampler
from optimize.solver.linear import LinearProgram, Solver, pass_model
from optimize.solver.silent import new_highs
from optimize.solving.draw_programs import DrawnProgram, DrawPrograms
from optimize.solving.options import Options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["PACKAGES", "question"]

PACKAGES = (("robots",), ("chips",), ("robots", "chips", "coupled"))
SAME = 1e-8
_SILENT = {"threads": 1, "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
_PRIMAL, _DUAL = 4, 1  # values of simplex_strategy
_DEVEX = 1  # of simplex_dual_edge_weight_strategy
_FROM_BASIS = {
    "dual_simplex_cost_perturbation_multiplier": 0.0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "simplex_scale_strategy": 0,
    "simplex_dual_edge_weight_strategy": _DEVEX,
}


@dataclass(frozen=True)
class _Programs:
    """What a draw solves: no money, the observed money, least risk, and the nearest that has it."""

    none: LinearProgram
    observed: LinearProgram
    least: LinearProgram
    distance: np.ndarray


def question(
    count: int = 60, repeats: int = 5, packages: Sequence[tuple[str, ...]] = PACKAGES, clock: Clock = time.process_time
) -> pd.DataFrame:
    """Milliseconds a draw, of the processor: Tierwise, and HiGHS by hand in the same order or each program by itself.

    By hand is nothing but handing over arrays and solving, with the options that Tierwise gives HiGHS: no numbers are
    drawn, no program is built, no certificate, no squares. All find the same three risks to 1e-8.
    """
    rows = {"+".join(names): _row(names, count, repeats, clock) for names in packages}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("package")


def _row(names: Sequence[str], count: int, repeats: int, clock: Clock) -> dict[str, str]:
    chain = load(*names)
    sampler = Sampler(chain, Options())
    points = np.random.default_rng(1).random((count, len(sampler.uncertain.factors)))
    programs, draws = DrawPrograms(chain.numbers, Options()), Draws(chain, sampler.uncertain)
    given = [_programs(programs.at(draws.numbers(point))) for point in points]
    base = _programs(programs.at(chain.numbers))
    with silence():
        bases = [_cold(program) for program in (base.none, base.observed, base.least)]
    by_hand = {
        "in this order": partial(_in_order, basis=bases[0]),
        "each from the base case": partial(_apart, bases=bases),
    }
    contestants: dict[str, Callable[[], object]] = {
        "Tierwise": partial(sampler.outcomes, points),
        **{name: partial(_every, way, given) for name, way in by_hand.items()},
    }
    with silence():
        found = sampler.outcomes(points)[["risk_none", "risk_observed", "risk_least"]].to_numpy(dtype=np.float64)
        if not all(np.allclose(_every(way, given), found, rtol=0.0, atol=SAME) for way in by_hand.values()):
            raise RuntimeError("not the same risks")
    seconds = take_turns(contestants, dict.fromkeys(contestants, repeats), clock)
    each = {name: 1e3 * float(np.median(taken)) / count for name, taken in seconds.items()}
    return {
        "Tierwise, ms": f"{each['Tierwise']:.3g}",
        **{f"HiGHS {name}, ms": f"{each[name]:.3g}" for name in by_hand},
        **{f"/ {name}": f"{each['Tierwise'] / each[name]:.2f}" for name in by_hand},
    }


def _every(way: Callable[[_Programs], list[float]], given: Sequence[_Programs]) -> list[list[float]]:
    return [way(one) for one in given]


def _programs(drawn: DrawnProgram) -> _Programs:
    stages = drawn.least_risk()
    nothing, observed = np.zeros_like(drawn.inner.observed), drawn.inner.observed
    return _Programs(drawn.held(stages, nothing), drawn.held(stages, observed), stages.program, stages.distance)


def _cold(program: LinearProgram) -> highspy.HighsBasis:
    solver = Solver(program)
    solver.solve()
    return solver.basis


def _in_order(given: _Programs, basis: highspy.HighsBasis) -> list[float]:
    """Each from where the last ended: the primal simplex, the dual one for the observed money; then the nearest."""
    highs = _holding(given.none, basis, _PRIMAL)
    risks = [_solved(highs)]
    for program, strategy in ((given.observed, _DUAL), (given.least, _PRIMAL)):
        columns, rows = np.arange(len(program.cost), dtype=np.int32), np.arange(len(program.row_lower), dtype=np.int32)
        highs.changeColsBounds(len(columns), columns, program.column_lower, program.column_upper)
        highs.changeRowsBounds(len(rows), rows, program.row_lower, program.row_upper)  # type: ignore[attr-defined]
        highs.setOptionValue("simplex_strategy", strategy)
        risks.append(_solved(highs))
    _solve_nearest(highs, given, risks[-1])
    return risks


def _apart(given: _Programs, bases: Sequence[highspy.HighsBasis]) -> list[float]:
    """Each by a HiGHS of its own, by the dual simplex from the basis that the base case has of it; then the nearest."""
    risks = []
    for program, basis in zip((given.none, given.observed, given.least), bases, strict=True):
        highs = _holding(program, basis, _DUAL)
        risks.append(_solved(highs))
    _solve_nearest(highs, given, risks[-1])
    return risks


def _holding(program: LinearProgram, basis: highspy.HighsBasis, strategy: int) -> highspy.Highs:
    highs = new_highs(_SILENT | _FROM_BASIS | {"simplex_strategy": strategy})
    pass_model(highs, program)
    highs.setBasis(basis)
    return highs


def _solve_nearest(highs: highspy.Highs, given: _Programs, risk: float) -> None:
    at, cost = np.flatnonzero(given.least.cost).astype(np.int32), given.least.cost
    highs.addRow(-highspy.kHighsInf, (risk + TIE) * OBJECTIVE, len(at), at, cost[at])
    columns = np.arange(len(cost), dtype=np.int32)
    highs.changeColsCost(len(columns), columns, given.distance)
    highs.setOptionValue("simplex_strategy", _PRIMAL)
    _solved(highs)


def _solved(highs: highspy.Highs) -> float:
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError("a draw was not solved")
    return float(highs.getInfo().objective_function_value) / OBJECTIVE
