"""What the answer is when every uncertain number is drawn: one row of outcomes for every draw.

The outcome of a point depends on the point alone, to the last bit: not on the points solved before it, their order,
or the process. Every solve is by a HiGHS of its own that starts from the basis of the base case, solved cold.
"""

from typing import NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
import pandas as pd

from chains import Chain, InputError
from chains.draws import Draws, draw_name
from chains.numbers import Array, ChainNumbers
from chains.schema import TIERS
from chains.uncertain import Uncertain, uncertain
from optimize.balance import check_calm
from optimize.choices import budget_of
from optimize.draw_programs import DrawnProgram, DrawPrograms
from optimize.evaluation import Evaluator
from optimize.linear import Certificate, LinearProgram, NotOptimalError, Optimum, Solver
from optimize.nearest import TIE, check_bought, solve_least_risk
from optimize.options import Options
from optimize.risk import risk_of
from optimize.units import OBJECTIVE

__all__ = ["COLUMNS", "QUANTITIES", "Sampler"]

QUANTITIES = (
    "risk_none",
    "risk_observed",
    "risk_least",
    "regret",
    "reduction",
    *(f"share_{tier}" for tier in TIERS),
)
"""The outcomes of a draw that are numbers: risks and regret as shares of final demand, the others as fractions."""

COLUMNS = ("draw", *QUANTITIES, "first", "certificate", "problem")
"""Columns of outcomes."""


class _Bases(NamedTuple):
    """Optimal bases of the base case: least loss without subsidies and at the observed ones, and least risk."""

    none: highspy.HighsBasis
    observed: highspy.HighsBasis
    least: highspy.HighsBasis


class Sampler:
    """Solves draws of one chain. What they share (layout, compiled programs, bases) is worked out once.

    `uncertain` are the numbers drawn, by default all that have a range. InputError where the chain itself or the
    options are wrong, NoSolutionError where the options leave no allocation in the base case.
    """

    def __init__(self, chain: Chain, options: Options, uncertain_numbers: Uncertain | None = None) -> None:
        self.chain = chain
        self.options = options
        self.uncertain = uncertain(chain) if uncertain_numbers is None else uncertain_numbers
        self._draws = Draws(chain, self.uncertain)
        evaluator = Evaluator(chain, options.risk_options())
        _ = evaluator.none
        solve_least_risk(evaluator, options, budget_of(chain.numbers, options.budget))
        self._programs = DrawPrograms(chain.numbers, options)
        self._bases = self._cold(self._programs.at(chain.numbers))

    def outcomes(self, points: npt.ArrayLike) -> pd.DataFrame:
        """One row for each of the points[n, f], quantiles in [0, 1] of the uncertain numbers; columns COLUMNS.

        `risk_none`, `risk_observed`, `risk_least`: risk without subsidies, at the observed and at the least-risk
        allocation; `regret` = observed - least; `reduction` = regret / observed (NaN where the observed risk is 0);
        `share_*`: shares of the money spent in the least-risk allocation nearest to the observed one (NaN where
        none is spent), `first` the tier with the largest; `certificate`: the worst of the draw's solves.
        A draw without a solution has NaN, and says why in `problem`, which is empty otherwise.
        """
        rows = [self._outcome(point) for point in np.atleast_2d(np.asarray(points, dtype=np.float64))]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _outcome(self, point: Array) -> dict[str, object]:
        row: dict[str, object] = dict.fromkeys((*QUANTITIES, "certificate"), np.nan) | {"first": "", "problem": ""}
        name = draw_name(self.uncertain, point)
        try:
            return row | {"draw": name} | self._solved(self._draws.numbers(point))
        except (InputError, NotOptimalError) as error:
            said = str(error).replace(f"{name}: ", "").replace("\n", "; ")
            return row | {"draw": name, "problem": said}

    def _solved(self, numbers: ChainNumbers) -> dict[str, object]:
        drawn = self._programs.at(numbers)
        certificates: list[Certificate] = []
        given = (np.zeros_like(numbers.observed), drawn.inner.observed)
        programs, unmet = drawn.least_losses(given)
        risks: list[float] = []
        for program, basis in zip(programs, (self._bases.none, self._bases.observed), strict=True):
            optimum = _from(program, basis).solve()
            loss = self._loss(drawn.inner, optimum, unmet)
            if not risks:
                check_calm(self.chain, drawn.inner, drawn.units, float(loss[numbers.calm]))
            risks.append(risk_of(loss, numbers.probability, self.options.alpha, self.options.beta).risk)
            certificates.append(optimum.certificate)
        least, allocation, certificate = self._least(drawn)
        worst = max(one.worst for one in (*certificates, certificate))
        regret = risks[1] - least
        return {
            "risk_none": risks[0],
            "risk_observed": risks[1],
            "risk_least": least,
            "regret": regret,
            "reduction": regret / risks[1] if risks[1] > 0 else np.nan,
            "certificate": worst,
            **_shares(numbers, allocation),
        }

    def _loss(self, inner: ChainNumbers, optimum: Optimum, unmet: np.ndarray) -> Array:
        """Loss of every scenario as a share of weighted final demand."""
        return np.asarray((np.maximum(optimum.values[unmet], 0.0) * inner.weight / OBJECTIVE).sum(axis=1))

    def _least(self, drawn: DrawnProgram) -> tuple[float, Array, Certificate]:
        """Least risk, the nearest allocation x[k, i] that attains it (as `optimize` does), and the certificate."""
        stages = drawn.least_risk()
        solver = _from(stages.program, self._bases.least)
        least = solver.solve()
        solver.start_from(None)
        solver.next_goal(stages.program.cost, least.objective + TIE * OBJECTIVE, np.zeros_like(stages.program.cost))
        solver.change_cost(stages.cost_of("distance"))
        nearest = solver.solve()
        check_bought(stages, drawn.inner, drawn.curve, nearest.values)
        allocation = np.maximum(nearest.values[stages.columns("x")], 0.0).reshape(drawn.inner.observed.shape)
        risk = max(least.objective, 0.0) / OBJECTIVE
        return risk, allocation, least.certificate.worse(nearest.certificate)

    def _cold(self, base: DrawnProgram) -> _Bases:
        """Optimal bases of the base case, from which every draw starts."""
        given = (np.zeros_like(base.inner.observed), base.inner.observed)
        programs, _ = base.least_losses(given)
        solvers = [Solver(program) for program in (*programs, base.least_risk().program)]
        for solver in solvers:
            solver.solve()
        return _Bases(*(solver.basis for solver in solvers))


def _from(program: LinearProgram, basis: highspy.HighsBasis) -> Solver:
    """A solver of its own for a program, which starts from a basis."""
    solver = Solver(program)
    solver.start_from(basis)
    return solver


def _shares(numbers: ChainNumbers, allocation: Array) -> dict[str, object]:
    """Share of each tier in the money spent, and which has the largest (of equals the one further upstream)."""
    by_segment, tiers = allocation.sum(axis=1), np.array(numbers.tiers)
    spent = float(by_segment.sum())
    if spent <= 0.0:
        return {}
    shares = {tier: float(by_segment[tiers == tier].sum()) / spent for tier in TIERS}
    first = max(TIERS, key=lambda tier: shares[tier])
    return {f"share_{tier}": share for tier, share in shares.items()} | {"first": first}
