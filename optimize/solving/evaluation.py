"""What follows from a decision: least loss in every scenario, and the risk of those losses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Unpack

import highspy
import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.presenting import Shown
from chains.tables.consistency import CALM
from chains.tables.problems import Problem, nearest
from optimize.program.blocks import Block, GivenBlock
from optimize.program.cache import CompiledRecourse, compiled_recourse
from optimize.program.decision import Decision, lever_money, provided
from optimize.program.first_stage import Limit
from optimize.program.levers import Lever, levers_of
from optimize.program.response import Chords, chords
from optimize.program.risk import Risk, risk_of
from optimize.program.two_stage import given_blocks, moved_to
from optimize.solver.linear import Certificate, Optimum, Solver
from optimize.solving.balance import check_balance, check_calm, least_output
from optimize.solving.budgets import budget_of, limits_of
from optimize.solving.least_losses import Recourse, least_losses
from optimize.solving.losses import LeastLosses, Losses
from optimize.solving.options import Options, RiskArguments, RiskOptions, make_options
from optimize.solving.units import Units, to_inner
from optimize.tolerances import LEAST_MONEY

__all__ = ["Evaluator", "Solution", "allocation_array", "decision_of", "evaluate"]


@dataclass(frozen=True, repr=False)
class Solution(Shown):
    """A decision and what follows from it.

    allocation[segment, instrument] in the chain's money; loss[scenario] and unmet[scenario, segment] as shares of
    weighted final demand (unmet is weighted too; its rows sum to loss, less what it costs to do without inputs). A
    scenario's loss is unique; which segments go short may not be. `levers`: money by member of every other lever that
    was bought, by name (a contract is `segment@LOCATION`).
    """

    chain: Chain
    options: RiskOptions
    allocation: pd.DataFrame
    risk: float
    expected_loss: float
    cvar: float
    var: float
    loss: pd.Series
    unmet: pd.DataFrame
    certificate: Certificate
    levers: dict[str, pd.Series] = field(default_factory=dict)
    amounts: dict[str, pd.Series] = field(default_factory=dict)

    @property
    def spent(self) -> float:
        """Money spent in all."""
        return float(self.allocation.to_numpy().sum() + sum(money.sum() for money in self.levers.values()))

    @property
    def by_segment(self) -> pd.Series:
        """Money by segment, of every lever and instrument."""
        money = self.allocation.sum(axis=1)
        for bought in self.levers.values():
            at = bought.index.str.partition("@").get_level_values(0)
            money = money.add(bought.groupby(at).sum(), fill_value=0.0).reindex(money.index)
        return money.rename("money")


class Evaluator:
    """Evaluates many decisions of one chain, each from the basis of the first (hot starts).

    Decisions are in the chain's money; everything else is in inner units (solving/units.py). `levers` are those that
    decisions may use, by name. `recourse` gives the compiled recourse of numbers in inner units, where not the cache.
    """

    def __init__(
        self,
        chain: Chain,
        options: RiskOptions,
        levers: Iterable[str] = ("capacity",),
        recourse: Callable[[ChainNumbers], CompiledRecourse] | None = None,
    ) -> None:
        self.chain = chain
        self.options = options
        self.numbers: ChainNumbers = chain.numbers
        self.levers: tuple[Lever, ...] = levers_of(self.numbers, levers)
        self.inner: ChainNumbers
        self.units: Units
        self.inner, self.units = to_inner(self.numbers)
        self.curve: Chords = chords(self.inner.slope, self.inner.ceiling, options.pieces)
        self._recourse_of = recourse or partial(compiled_recourse, levers=self.levers)
        self._started = False
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    @cached_property
    def compiled(self) -> CompiledRecourse:
        """The compiled recourse of the chain, in inner units."""
        return self._recourse_of(self.inner)

    @cached_property
    def given(self) -> list[GivenBlock]:
        """The recourse of every scenario where the first stage is given."""
        return given_blocks(self.compiled, self.inner)

    @cached_property
    def _least(self) -> tuple[LeastLosses, Solver]:
        least = LeastLosses(self.inner, [given.block for given in self.given])
        return least, Solver(least.program)

    @cached_property
    def none(self) -> Solution:
        """No subsidy at all; the first evaluation, from whose basis the others start."""
        return self.solution(np.zeros_like(self.numbers.observed))

    def check(self) -> None:
        """InputError if the chain does not balance in calm."""
        check_calm(self.chain, self.inner, self.units, float(self.none.loss[CALM]))

    def check_balance(self) -> None:
        """InputError if the chain does not balance in calm; solves that scenario alone."""
        check_balance(self.chain, self.compiled, self.inner, self.units)

    def check_supply(self) -> None:
        """As `check_balance`, but nothing is compiled where the least home output already meets all need in calm."""
        if least_output(self.inner) is None:
            self.check_balance()

    @property
    def least_money(self) -> float:
        """The least money that is told from none (LEAST_MONEY), in the chain's."""
        return LEAST_MONEY * self.units.money

    def budget(self, total: float | None) -> Array:
        """The budget by instrument in inner units, of a total in the chain's money; None: as observed."""
        return budget_of(self.numbers, total) / self.units.money

    def limits(self, options: Options) -> list[Limit]:
        """Bounds on segments and tiers in inner units, of options in the chain's money."""
        return limits_of(self.inner, options, self.units.money)

    def provided(self, decision: Decision | Array, curve: Chords | None = None) -> dict[str, Array]:
        """What a decision in the chain's money provides, in inner units, with the chain's response or another."""
        made = decision if isinstance(decision, Decision) else Decision(decision)
        inner = Decision(
            made.allocation / self.units.money,
            {name: amounts / self.units.money for name, amounts in made.bought.items()},
        )
        return provided(inner, self.inner, curve or self.curve, self.levers)

    def risk(self, decision: Decision | Array, curve: Chords | None = None) -> Risk:
        """Risk of a decision or of an allocation x[k, i] alone, with the chain's response or another (inner units)."""
        return self._risk(self._recourse(decision, curve)[1])

    def losses(self, decision: Decision | Array, curve: Chords | None = None) -> Array:
        """Least loss L[s] of every scenario, a share of weighted final demand; arguments as for `risk`."""
        return self._recourse(decision, curve)[1].loss

    def solution(self, decision: Decision | Array) -> Solution:
        """The full solution at a decision."""
        return self._described(decision, *self._recourse(decision))

    def solution_near(self, decision: Decision | Array, reached: Sequence[Recourse]) -> Solution:
        """The full solution at a decision, where a recourse at hand leaves little or nothing to solve."""
        losses, certificate = least_losses(self.compiled, self.inner, self.provided(decision), reached)
        self.certificate = self.certificate.worse(certificate)
        return self._described(decision, certificate, losses)

    def _described(self, decision: Decision | Array, certificate: Certificate, losses: Losses) -> Solution:
        made = decision if isinstance(decision, Decision) else Decision(decision)
        risk = self._risk(losses)
        scenarios = pd.Index(self.numbers.scenarios, name="scenario")
        segments = pd.Index(self.numbers.segments, name="segment")
        instruments = pd.Index(self.numbers.instruments, name="instrument")
        levers = lever_money(self.numbers, made, self.levers)
        amounts = {name: pd.Series(made.bought[name], index=money.index, name=name) for name, money in levers.items()}
        return Solution(
            chain=self.chain,
            options=self.options,
            allocation=pd.DataFrame(made.allocation, index=segments, columns=instruments),
            risk=risk.risk,
            expected_loss=risk.expected_loss,
            cvar=risk.cvar,
            var=risk.var,
            loss=pd.Series(losses.loss, index=scenarios, name="loss"),
            unmet=pd.DataFrame(losses.unmet, index=scenarios, columns=segments),
            certificate=certificate,
            levers=levers,
            amounts=amounts,
        )

    def reached(self, decision: Decision | Array) -> tuple[Solution, Optimum, highspy.HighsBasis]:
        """The full solution at a decision, with the optimum of its recourse and the basis of that."""
        optimum, losses = self._optimum(decision)
        return self._described(decision, optimum.certificate, losses), optimum, self._least[1].basis

    def risk_of_losses(self, loss: Array) -> float:
        """Risk where the scenarios have these losses [s], shares of weighted final demand."""
        return risk_of(loss, self.numbers.probability, self.options.alpha, self.options.beta).risk

    def _risk(self, losses: Losses) -> Risk:
        return risk_of(losses.loss, self.numbers.probability, self.options.alpha, self.options.beta)

    def _blocks(self, decision: Decision | Array, curve: Chords | None = None) -> list[Block]:
        given = self.provided(decision, curve)
        return [block.at(given) for block in self.given]

    def _recourse(self, decision: Decision | Array, curve: Chords | None = None) -> tuple[Certificate, Losses]:
        """Certificate and losses, each scenario's the least."""
        optimum, losses = self._optimum(decision, curve)
        return optimum.certificate, losses

    def _optimum(self, decision: Decision | Array, curve: Chords | None = None) -> tuple[Optimum, Losses]:
        least, solver = self._least
        solver.turn_into(moved_to(solver.program, self._blocks(decision, curve)))
        optimum = solver.solve()
        if not self._started:
            solver.keep_basis()
            self._started = True
        self.certificate = self.certificate.worse(optimum.certificate)
        return optimum, least.losses(optimum.values)


def decision_of(solution: Solution) -> Decision:
    """The decision of a solution, in the chain's money."""
    return Decision(
        solution.allocation.to_numpy(), {name: bought.to_numpy() for name, bought in solution.amounts.items()}
    )


def evaluate(
    chain: Chain, allocation: pd.DataFrame | pd.Series | None = None, **options: Unpack[RiskArguments]
) -> Solution:
    """Risk of a given allocation (default: the observed one).

    `allocation` is money in the chain's unit by (segment, instrument): a DataFrame with segments as index and
    instruments as columns, or a Series with that MultiIndex (by segment alone where there is one instrument); what it
    leaves out gets nothing. Options: alpha,
    beta, pieces. Raises InputError where the input is wrong, NotOptimalError if the solver fails.
    """
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    evaluator.check()
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
