"""What follows from an allocation: least loss in every scenario, and the risk of those losses."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.tables.consistency import CALM
from chains.tables.problems import Problem, nearest
from optimize.program.cache import compiled_recourse
from optimize.program.compiling import Compiled
from optimize.program.response import Chords, chords
from optimize.program.risk import Risk, risk_of
from optimize.program.two_stage import Block, recourse_program
from optimize.solver.linear import Certificate, LinearProgram, Solver
from optimize.solving.balance import check_balance, check_calm
from optimize.solving.least_losses import Recourse, least_losses
from optimize.solving.options import RiskOptions, make_options
from optimize.solving.units import OBJECTIVE, Units, to_inner

__all__ = ["Evaluator", "Solution", "evaluate"]


@dataclass(frozen=True)
class Solution:
    """An allocation and what follows from it.

    allocation[segment, instrument] in the chain's money; loss[scenario] and unmet[scenario, segment] as shares of
    weighted final demand (unmet is weighted too, so its rows sum to loss). A scenario's loss is unique; which
    segments go short may not be.
    """

    allocation: pd.DataFrame
    risk: float
    expected_loss: float
    cvar: float
    var: float
    loss: pd.Series
    unmet: pd.DataFrame
    certificate: Certificate


class Evaluator:
    """Evaluates many allocations of one chain, each from the basis of the first (hot starts)."""

    def __init__(self, chain: Chain, options: RiskOptions) -> None:
        self.chain = chain
        self.options = options
        self.numbers: ChainNumbers = chain.numbers
        self.inner: ChainNumbers
        self.units: Units
        self.inner, self.units = to_inner(self.numbers)
        self.curve: Chords = chords(self.inner.slope, self.inner.ceiling, options.pieces)
        self._started = False
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    @cached_property
    def compiled(self) -> Compiled:
        """The compiled recourse of the chain, in inner units."""
        return compiled_recourse(self.inner)

    @cached_property
    def _program(self) -> tuple[LinearProgram, Block]:
        return recourse_program(self.compiled, self.inner)

    @cached_property
    def _solver(self) -> Solver:
        return Solver(self._program[0])

    @cached_property
    def _output(self) -> np.ndarray:
        return self._program[1].positions("y").ravel()

    @cached_property
    def _unmet(self) -> np.ndarray:
        return self._program[1].positions("u")

    @cached_property
    def none(self) -> Solution:
        """No subsidy at all. InputError if the chain does not balance in calm."""
        solution = self.solution(np.zeros_like(self.numbers.observed))
        check_calm(self.chain, self.inner, self.units, float(solution.loss[CALM]))
        return solution

    def check_balance(self) -> None:
        """InputError if the chain does not balance in calm; solves that scenario alone."""
        check_balance(self.chain, self.compiled, self.inner, self.units)

    def risk(self, allocation: Array, curve: Chords | None = None) -> Risk:
        """Risk of an allocation x[k, i] in the chain's money, with the chain's response or another (inner units)."""
        _, unmet = self._recourse(allocation, curve)
        return self._risk(unmet)

    def losses(self, allocation: Array, curve: Chords | None = None) -> Array:
        """Least loss L[s] of every scenario, a share of weighted final demand; arguments as for `risk`."""
        return np.asarray(self._recourse(allocation, curve)[1].sum(axis=1))

    def solution(self, allocation: Array) -> Solution:
        """The full solution at an allocation x[k, i] in the chain's money."""
        return self._described(allocation, *self._recourse(allocation))

    def solution_near(self, allocation: Array, reached: Recourse) -> Solution:
        """The full solution at an allocation, where a recourse at hand leaves little or nothing to solve."""
        capacity = self._capacity(allocation, self.curve)
        unmet, certificate = least_losses(self.compiled, self.inner, capacity, reached)
        self.certificate = self.certificate.worse(certificate)
        return self._described(allocation, certificate, self._weighted(unmet))

    def _described(self, allocation: Array, certificate: Certificate, unmet: Array) -> Solution:
        risk = self._risk(unmet)
        scenarios = pd.Index(self.numbers.scenarios, name="scenario")
        segments = pd.Index(self.numbers.segments, name="segment")
        instruments = pd.Index(self.numbers.instruments, name="instrument")
        return Solution(
            allocation=pd.DataFrame(allocation, index=segments, columns=instruments),
            risk=risk.risk,
            expected_loss=risk.expected_loss,
            cvar=risk.cvar,
            var=risk.var,
            loss=pd.Series(unmet.sum(axis=1), index=scenarios, name="loss"),
            unmet=pd.DataFrame(unmet, index=scenarios, columns=segments),
            certificate=certificate,
        )

    def _risk(self, unmet: Array) -> Risk:
        return risk_of(unmet.sum(axis=1), self.numbers.probability, self.options.alpha, self.options.beta)

    def _recourse(self, allocation: Array, curve: Chords | None = None) -> tuple[Certificate, Array]:
        """Certificate and weighted unmet final demand [s, k], as shares of weighted final demand."""
        capacity = self._capacity(allocation, curve or self.curve)
        self._solver.limit_columns(self._output, capacity.ravel())
        optimum = self._solver.solve()
        if not self._started:
            self._solver.keep_basis()
            self._started = True
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum.certificate, self._weighted(optimum.values[self._unmet])

    def _capacity(self, allocation: Array, curve: Chords) -> Array:
        """Home capacity [s, k] at an allocation in the chain's money, inner units."""
        funds = (allocation / self.units.money) @ self.inner.effectiveness
        return np.asarray(self.inner.home + curve.added(funds))

    def _weighted(self, unmet: Array) -> Array:
        """Unmet demand [s, k] in inner units as weighted shares of weighted final demand."""
        return np.asarray(np.maximum(unmet, 0.0) * self.inner.weight / OBJECTIVE)


def evaluate(chain: Chain, allocation: pd.DataFrame | pd.Series | None = None, **options: object) -> Solution:
    """Risk of a given allocation (default: the observed one).

    `allocation` is money in the chain's unit by (segment, instrument): a DataFrame with segments as index and
    instruments as columns, or a Series with that MultiIndex (by segment alone where there is one instrument); what it
    leaves out gets nothing. Options: alpha,
    beta, pieces. Raises InputError where the input is wrong, NotOptimalError if the solver fails.
    """
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    _ = evaluator.none
    if allocation is None:
        return evaluator.solution(chain.numbers.observed)
    return evaluator.solution(allocation_array(chain.numbers, allocation))


def allocation_array(numbers: ChainNumbers, allocation: pd.DataFrame | pd.Series) -> Array:
    """An allocation as an array x[k, i]; InputError naming every label and amount that is wrong."""
    frame = _as_frame(numbers, allocation)
    problems = []
    for labels, known, what in (
        (frame.index, numbers.segments, "segment"),
        (frame.columns, numbers.instruments, "instrument"),
    ):
        for label in labels[~labels.isin(list(known))]:
            problems.append(Problem("allocation", 0, "", f"unknown {what} '{label}'", nearest(str(label), known)))
        for label in labels[labels.duplicated()].unique():
            problems.append(Problem("allocation", 0, "", f"{what} '{label}' stands twice", "keep one"))
    amounts = frame.apply(pd.to_numeric, errors="coerce").astype("float64")
    right = "give a finite amount of 0 or more"
    for row, column in np.argwhere(~(np.isfinite(amounts.to_numpy()) & (amounts.to_numpy() >= 0.0))):
        segment, instrument = frame.index[row], frame.columns[column]
        wrong = f"the amount for segment '{segment}' by '{instrument}' is {frame.iat[row, column]!r}"
        problems.append(Problem("allocation", 0, "", wrong, right))
    if problems:
        raise InputError(problems)
    whole = amounts.reindex(index=list(numbers.segments), columns=list(numbers.instruments), fill_value=0.0)
    return np.asarray(whole, dtype=np.float64)


def _as_frame(numbers: ChainNumbers, allocation: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Segments by instruments; a Series by segment alone says all where there is one instrument."""
    if isinstance(allocation, pd.DataFrame):
        return allocation
    if allocation.index.nlevels == 2 and allocation.index.is_unique:
        return allocation.unstack(fill_value=0)
    if allocation.index.nlevels == 1 and len(numbers.instruments) == 1:
        return allocation.to_frame(numbers.instruments[0])
    wrong = "is not a table of segments by instruments"
    right = f"give a DataFrame, or a Series by (segment, instrument), each once; {', '.join(numbers.instruments)}"
    raise InputError.single("allocation", wrong, right)
