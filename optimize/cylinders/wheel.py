"""The wheel of mpi-sppy: the L-shaped method as hub, which bounds least risk from below, and a spoke from above.

The L-shaped method is Benders decomposition of a two-stage program (Van Slyke and Wets, SIAM Journal on Applied
Mathematics 17, 1969), here with a cut for every bundle and round (Birge and Louveaux, European Journal of Operational
Research 34, 1988). The spoke evaluates the hub's allocations while the hub goes on.
"""

import math
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from mpisppy.cylinders.hub import LShapedHub
from mpisppy.cylinders.lshaped_bounder import XhatLShapedInnerBound
from mpisppy.opt.lshaped import LShapedMethod
from mpisppy.spin_the_wheel import WheelSpinner
from mpisppy.utils.xhat_eval import Xhat_Eval

from chains.numbers import Array
from optimize.cylinders.bundle_solver import NAME
from optimize.cylinders.bundles import BundledProgram
from optimize.solver.silent import standard_output_aside

__all__ = ["Spun", "Stop", "StopAt", "spin"]

Stop = Literal["gap", "optimal", "rounds", "time"]


@dataclass(frozen=True)
class StopAt:
    """When the wheel stops: relative gap between the bounds, rounds of cuts, seconds (None: no limit)."""

    gap: float
    rounds: int
    seconds: float | None


@dataclass(frozen=True)
class Spun:
    """What a wheel found, the same on every rank.

    `lower` bounds the objective, in inner units. Each of `candidates` is a first stage worth evaluating, as the values
    of a bundle's first-stage variables in their order.
    """

    lower: float
    stopped: Stop
    rounds: int
    candidates: tuple[Array, ...]


class _Hub(LShapedHub):  # type: ignore[misc]  # mpi-sppy has no types
    """The hub of mpi-sppy with a limit on time; `reached` says which limit ended it, if one did."""

    reached: Stop | None = None

    def is_converged(self) -> bool:
        """Whether the bounds are near enough, or time is up by the clock of the hub's first rank."""
        if super().is_converged():
            self.reached = "gap"
        else:
            up = time.monotonic() > self.options["until"]
            self.reached = "time" if self.cylinder_comm.bcast(up, root=0) else None
        return self.reached is not None


def spin(problem: BundledProgram, stop_at: StopAt, comm: Any) -> Spun:
    """Solve on all ranks of `comm`, two or more: one half is the hub, the other (the smaller) the spoke.

    Each half shares out the bundles: a rank holds 1 / (half the ranks) of the scenarios.
    """
    wheel = WheelSpinner(_hub(problem, stop_at), [_spoke(problem, comm.Get_size())])
    with standard_output_aside():  # its progress, and the banner of the solver that Pyomo makes for it
        wheel.spin(comm)
    found = comm.allgather(_candidate(wheel))
    told = None
    if comm.Get_rank() == 0:
        method = wheel.spcomm.opt
        ended: Stop = "optimal" if method.first_stage_solution_available else "rounds"
        told = (float(wheel.BestOuterBound), wheel.spcomm.reached or ended, method.iter + 1)
    lower, stopped, rounds = comm.bcast(told, root=0)
    return Spun(lower, stopped, rounds, tuple(values for values in found if values is not None))


def _hub(problem: BundledProgram, stop_at: StopAt) -> dict[str, Any]:
    """The L-shaped method; a bundle's recourse costs nothing at least, since a loss is never negative."""
    seconds = math.inf if stop_at.seconds is None else stop_at.seconds
    options = {
        "root_solver": NAME,
        "root_solver_options": {},
        "sp_solver": NAME,
        "sp_solver_options": {},
        "valid_eta_lb": dict.fromkeys(problem.names, 0.0),
        "max_iter": stop_at.rounds,
        "verbose": False,
    }
    return {
        "hub_class": _Hub,
        "hub_kwargs": {"options": {"rel_gap": stop_at.gap, "until": time.monotonic() + seconds}},
        "opt_class": LShapedMethod,
        "opt_kwargs": {"options": options, "all_scenario_names": problem.names, "scenario_creator": problem.create},
    }


def _spoke(problem: BundledProgram, ranks: int) -> dict[str, Any]:
    """Evaluates the hub's allocations: their first stage holds, so its rows need not be checked again."""
    options = {
        "solver_name": NAME,
        "iter0_solver_options": {},
        "iterk_solver_options": {},
        "solver_options_layers": [],
        "verbose": False,
    }
    return {
        "spoke_class": XhatLShapedInnerBound,
        "opt_class": Xhat_Eval,
        "opt_kwargs": {
            "options": options,
            "all_scenario_names": problem.names,
            "scenario_creator": partial(problem.create, restricted=False),
        },
        "rank_ratio": (ranks // 2) / (ranks - ranks // 2),
    }


def _candidate(wheel: WheelSpinner) -> Array | None:
    """The first stage that this rank can offer: the hub's last, the spoke's best, from the first rank of each."""
    if wheel.cylinder_rank > 0:
        return None
    method = wheel.spcomm.opt
    if wheel.on_hub():
        return np.array([variable.value for variable in method.root_vars], dtype=np.float64)
    if not math.isfinite(wheel.spcomm.best_inner_bound):
        return None
    bundle = next(iter(method.local_scenarios.values()))
    return np.array([variable.value for variable in bundle.recourse.first], dtype=np.float64)
