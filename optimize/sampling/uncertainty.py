"""What the answer is when every uncertain number is drawn: one row of outcomes for every draw.

The outcome of a point depends on the point alone, to the last bit: not on the points solved before it, their order,
or the process. Every draw is solved as by a HiGHS of its own, from the basis of the base case, solved cold.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains import Chain, InputError
from chains.drawing.draws import RESCALED, Draws, draw_name
from chains.drawing.uncertain import Uncertain, uncertain
from chains.numbers import Array, ChainNumbers
from chains.tables.schema import TIERS
from optimize.program.decision import money_by_segment
from optimize.program.two_stage import TwoStage
from optimize.progress import counted
from optimize.solver.linear import NotOptimalError, Solver, among_nearest
from optimize.solving.balance import check_balance
from optimize.solving.budgets import budget_of
from optimize.solving.draw_programs import DrawnProgram, DrawPrograms
from optimize.solving.evaluation import Evaluator
from optimize.solving.losses import losses_of
from optimize.solving.nearest import check_bought, solve_least_risk
from optimize.solving.options import Options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import BALANCED, TIE

__all__ = ["COLUMNS", "OUTSIDE", "QUANTITIES", "Sampler"]

QUANTITIES = (
    "risk_none",
    "risk_observed",
    "risk_least",
    "regret",
    "reduction",
    *(f"share_{tier}" for tier in TIERS),
)
"""The outcomes of a draw that are numbers: risks and regret as shares of final demand, the others as fractions."""

OUTSIDE = tuple(f"outside_{table}" for table in RESCALED)
"""How many drawn numbers of a table left their range when they were put in order."""

COLUMNS = ("draw", *QUANTITIES, "first", *OUTSIDE, "certificate", "problem")
"""Columns of outcomes."""


class Sampler:
    """Solves draws of one chain. What they share (layout, compiled programs, basis) is worked out once.

    `uncertain` are the numbers drawn, by default all that have a range. InputError where the chain itself or the
    options are wrong, NoSolutionError where the options leave no allocation in the base case.
    """

    def __init__(self, chain: Chain, options: Options, uncertain_numbers: Uncertain | None = None) -> None:
        self.chain = chain
        self.options = options
        self.uncertain = uncertain(chain) if uncertain_numbers is None else uncertain_numbers
        self._draws = Draws(chain, self.uncertain)
        evaluator = Evaluator(chain, options.risk_options(), options.levers)
        evaluator.check()
        solve_least_risk(evaluator, options, budget_of(chain.numbers, options.budget))
        self._programs = DrawPrograms(chain.numbers, options)
        base = self._programs.at(chain.numbers)
        self._base = base.held(base.least_risk(), np.zeros_like(base.inner.observed))
        cold = Solver(self._base)
        cold.solve()
        self._basis = cold.basis

    def outcomes(self, points: npt.ArrayLike) -> pd.DataFrame:
        """One row for each of the points[n, f], quantiles in [0, 1] of the uncertain numbers; columns COLUMNS.

        `risk_none`, `risk_observed`, `risk_least`: risk without subsidies, at the observed and at the least-risk
        allocation; `regret` = observed - least; `reduction` = regret / observed (NaN where the observed risk is 0);
        `share_*`: shares of the money spent in the least-risk allocation nearest to the observed one (NaN where
        none is spent), `first` the tier with the largest; `outside_*`: how many drawn numbers of a table were taken
        out of their range so that what must hold still holds; `certificate`: the worst of the draw's solves.
        A draw without a solution has NaN, and says why in `problem`, which is empty otherwise.
        """
        solver = Solver(self._base)  # one for all draws, but never one for two threads
        every = list(np.atleast_2d(np.asarray(points, dtype=np.float64)))
        rows = [self._outcome(point, solver) for point in counted(every)]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _outcome(self, point: Array, solver: Solver) -> dict[str, object]:
        row: dict[str, object] = dict.fromkeys((*QUANTITIES, *OUTSIDE, "certificate"), np.nan) | {
            "first": "",
            "problem": "",
        }
        name = draw_name(self.uncertain, point)
        try:
            values = self._draws.values(point)
            outside = {f"outside_{table}": float(count) for table, count in self._draws.outside(values).items()}
            return row | {"draw": name} | self._solved(self._draws.filled(values), solver) | outside
        except (InputError, NotOptimalError) as error:
            said = str(error).replace(f"{name}: ", "").replace("\n", "; ")
            return row | {"draw": name, "problem": said}

    def _solved(self, numbers: ChainNumbers, solver: Solver) -> dict[str, object]:
        """One program, solved with all money held at 0, then at the observed amounts, then free, then for the nearest.

        Each solve goes on from where the one before ended, the first from the basis of the base case.
        """
        drawn = self._programs.at(numbers)
        stages = drawn.least_risk()
        solver.hold(drawn.held(stages, np.zeros_like(drawn.inner.observed)))
        none = solver.solve_from(solver.program, self._basis)
        solver.start_from(None)
        self._check_calm(drawn, stages, none.values)
        solver.go_on(drawn.held(stages, drawn.inner.observed))
        observed = solver.solve()
        solver.go_on(stages.program)
        least = solver.solve()
        check_bought(stages, drawn.inner, drawn.curve, least.values)
        solver.next_goal(stages.program.cost, least.objective + TIE * OBJECTIVE, stages.distance)
        nearest = among_nearest(solver, solver.solve(), stages.squares(drawn.inner))
        check_bought(stages, drawn.inner, drawn.curve, nearest.values)
        risks = [max(one.objective, 0.0) / OBJECTIVE for one in (none, observed, least)]
        regret = risks[1] - risks[2]
        return {
            "risk_none": risks[0],
            "risk_observed": risks[1],
            "risk_least": risks[2],
            "regret": regret,
            "reduction": regret / risks[1] if risks[1] > 0 else np.nan,
            "certificate": max(one.certificate.worst for one in (none, observed, least, nearest)),
            **_shares(
                numbers, money_by_segment(drawn.inner, stages.decision(nearest.values, drawn.inner), stages.levers)
            ),
        }

    def _check_calm(self, drawn: DrawnProgram, stages: TwoStage, values: Array) -> None:
        """InputError unless calm balances; it is solved alone where this solution without subsidies loses in calm.

        Where its loss has no weight in the risk, it need not be the least.
        """
        calm = drawn.inner.calm
        if losses_of(drawn.inner, stages.own(values)).loss[calm] > BALANCED:
            check_balance(self.chain, drawn.recourse, drawn.inner, drawn.units)


def _shares(numbers: ChainNumbers, by_segment: Array) -> dict[str, object]:
    """Share of each tier in the money spent, and which has the largest (of equals the one further upstream)."""
    tiers = np.array(numbers.tiers)
    spent = float(by_segment.sum())
    if spent <= 0.0:
        return {}
    shares = {tier: float(by_segment[tiers == tier].sum()) / spent for tier in TIERS}
    first = max(TIERS, key=lambda tier: shares[tier])
    return {f"share_{tier}": share for tier, share in shares.items()} | {"first": first}
