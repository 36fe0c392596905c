"""Choke points: what is lost when one country, one owner or one link is cut off completely.

A cut takes all of the supply that it matches, and all other foreign supply expands by its surge, as in a disruption:

    H_k = sum over home rows that are not cut    of v_r (1 + surge_r)  + supply added by the allocation
    F_k = sum over foreign rows that are not cut of v_r (1 + surge_r)

The loss is that of the recourse (program/recourse.py) with these two, as a share of weighted final demand. A cut
survives, without loss, for as long as stock and what is left of supply allow (program/outage.py): the time to survive
of Simchi-Levi et al., Identifying risks and mitigating disruptions in the automotive supply chain, Interfaces 45
(2015), beside their time to recover, where durations.csv gives one (questions/recovery.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Literal, Unpack

import highspy
import numpy as np
import numpy.typing as npt
import pandas as pd

from chains import Chain
from chains.numbers import Array, ChainNumbers, SupplyRows, of_scenarios, supply_rows
from chains.presenting import Shown
from chains.tables.problems import InputError, nearest
from optimize.program.blocks import Block, GivenBlock
from optimize.program.outage import Outages, same_at_any_length
from optimize.program.two_stage import given_blocks, moved_to, recourse_program
from optimize.progress import counted
from optimize.questions.least_risk import least_risk
from optimize.questions.recovery import Recoveries
from optimize.solver.linear import Certificate, Solver
from optimize.solving.evaluation import Evaluator, allocation_array, decision_of
from optimize.solving.options import BudgetArguments, BudgetOptions, RiskArguments, RiskOptions, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import BALANCED

__all__ = ["ChokePoints", "Cut", "CutLoss", "CutRecourse", "choke_points", "cut_loss", "possible_cuts"]

Kind = Literal["country", "link", "owner"]
KINDS: tuple[Kind, ...] = ("country", "link", "owner")
DIGITS = 12
"""Decimals of a reported loss: what lies beyond is rounding of the solver, which must not rank ties."""
MONTHS, MOST_MONTHS = 12.0, 24.0
"""Of a year, and up to which it is told how long a cut survives."""


@dataclass(frozen=True, order=True)
class Cut:
    """What is cut off: a country, an owner, or a link (one segment's supply from one country).

    Keys that do not apply are empty.
    """

    kind: Kind
    country: str = ""
    owner: str = ""
    segment: str = ""

    def takes(self, location: str, owner: str, segment: str) -> bool:
        """Whether supply of a segment from a country, owned by an owner, is cut off."""
        return self.country in ("", location) and self.owner in ("", owner) and self.segment in ("", segment)

    def __str__(self) -> str:
        """In words, such as `country JPN` or `link JPN to reducers`."""
        to = f" to {self.segment}" if self.segment else ""
        return f"{self.kind} {self.country or self.owner}{to}"


@dataclass(frozen=True, repr=False)
class ChokePoints(Shown):
    """Loss of every single cut, the worst first, and how long each lasts without any.

    single: index `rank` from 1; columns kind, country, owner, segment (empty where they do not apply),
    loss_observed and loss_least_risk, shares of weighted final demand at the observed and at the least-risk
    allocation; survives_observed and survives_least_risk, months that the cut may last without loss there, up to
    MOST_MONTHS; recovers, months until supply is back in the longest scenario of durations.csv that cuts all of it (NaN
    where there is none). Ranked by loss_observed; ties by kind, country, owner, segment.
    """

    chain: Chain
    single: pd.DataFrame
    options: RiskOptions
    certificate: Certificate


@dataclass(frozen=True)
class CutLoss:
    """Loss of one cut at an allocation, as a share of weighted final demand.

    `survives`: months that it may last without loss, up to MOST_MONTHS; `recovers`: as in `ChokePoints`.
    """

    cut: Cut
    loss: float
    survives: float
    recovers: float
    certificate: Certificate


class CutRecourse:
    """Least loss under cuts of supply, one cut scenario after another on one solver (hot starts)."""

    def __init__(self, evaluator: Evaluator) -> None:
        chain = evaluator.chain
        self.segments = evaluator.numbers.segments
        rows = supply_rows({name: chain.table(name) for name in ("segments", "supply", "surge")}, chain.home)
        money = evaluator.units.money
        self.rows: SupplyRows = replace(rows, value=rows.value / money, surged=rows.surged / money)
        self._evaluator = evaluator
        calm = of_scenarios(evaluator.inner, slice(evaluator.inner.calm, None))
        self._year = replace(
            calm, scenarios=("cut",), probability=np.ones(1), phase_length=np.ones(1), disrupted=np.ones(1, dtype=bool)
        )
        self._solver = Solver(recourse_program([given.block for given in given_blocks(evaluator.compiled, self._year)]))
        self._started = False
        self._start: highspy.HighsBasis | None = None
        self._outages = Outages(BALANCED * OBJECTIVE, MOST_MONTHS / MONTHS)
        self._none = self._given(replace(self._year, phase_length=np.zeros(1)))
        self._last: tuple[tuple[Cut, ...], GivenBlock] | None = None
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def loss(self, cuts: Iterable[Cut], provided: Mapping[str, Array]) -> float:
        """Least loss of a year under all of these cuts together, as a share of weighted final demand.

        `provided`: what a decision gives, in inner units (`Evaluator.provided`).
        """
        self._solver.turn_into(moved_to(self._solver.program, [self._block(tuple(cuts), provided)]))
        optimum = self._solver.solve()
        if not self._started:
            self._solver.keep_basis()
            self._started = True
        self.certificate = self.certificate.worse(optimum.certificate)
        return max(optimum.objective, 0.0) / OBJECTIVE

    def survives(self, cuts: Iterable[Cut], provided: Mapping[str, Array], loss: float) -> float:
        """Months that these cuts together may last without loss, MOST_MONTHS at most; `loss` is that of a year.

        Where no stock is there, what can be kept up at all can be for ever.
        """
        none = self._none.at(provided)
        if same_at_any_length(none):
            return MOST_MONTHS if loss <= BALANCED else 0.0
        solver = Solver(self._outages.longest(none, self._block(tuple(cuts), provided)))
        solver.start_from(self._start)
        optimum = solver.solve()
        self._start = self._start or solver.basis
        self.certificate = self.certificate.worse(optimum.certificate)
        return min(max(0.0, MONTHS * float(optimum.values[-1])), MOST_MONTHS)

    def _block(self, cuts: tuple[Cut, ...], provided: Mapping[str, Array]) -> Block:
        """The recourse of a year in which these cuts are made, where these amounts are provided."""
        if self._last is None or self._last[0] != cuts:
            self._last = cuts, self._given(self._cut(cuts))
        return self._last[1].at(provided)

    def _given(self, year: ChainNumbers) -> GivenBlock:
        """The recourse of the one scenario of a year."""
        (given,) = given_blocks(self._evaluator.compiled, year)
        return given

    def _cut(self, cuts: tuple[Cut, ...]) -> ChainNumbers:
        """The numbers of a year in which these cuts are made."""
        kept = np.ones(len(self.rows.value), dtype=bool)
        for cut in cuts:
            kept &= ~self.taken(cut)

        def taken(location: str, owner: str, k: int) -> bool:
            return any(cut.takes(location, owner, self.segments[k]) for cut in cuts)

        parts = {kind: part.cut(taken) for kind, part in self._year.parts.items()}
        return replace(self._year, home=self.home(kept)[None, :], foreign=self.foreign(kept)[None, :], parts=parts)

    def numbers(self, cuts: Iterable[Cut]) -> ChainNumbers:
        """The numbers of a year in which these cuts are made, in inner units."""
        return self._cut(tuple(cuts))

    def taken(self, cut: Cut) -> npt.NDArray[np.bool_]:
        """The supply rows that a cut takes."""
        rows = self.rows
        taken = np.ones(len(rows.value), dtype=bool)
        if cut.country:
            taken &= rows.location == cut.country
        if cut.owner:
            taken &= rows.owner == cut.owner
        if cut.segment:
            taken &= rows.segment == self.segments.index(cut.segment)
        return taken

    def home(self, rows: npt.NDArray[np.bool_]) -> Array:
        """Home supply by segment of some rows with their surge, in inner units."""
        return self._by_segment(self.rows.surged, rows & self.rows.at_home)

    def foreign(self, rows: npt.NDArray[np.bool_]) -> Array:
        """Foreign supply by segment of some rows with their surge, in inner units."""
        return self._by_segment(self.rows.surged, rows & ~self.rows.at_home)

    def _by_segment(self, value: Array, rows: npt.NDArray[np.bool_]) -> Array:
        return np.bincount(self.rows.segment[rows], weights=value[rows], minlength=len(self.segments)).astype(
            np.float64
        )


def choke_points(chain: Chain, **options: Unpack[BudgetArguments]) -> ChokePoints:
    """Loss of every single cut, and how long it survives, at the observed and at the least-risk allocation.

    Countries: every foreign location of supply.csv. Owners: every owner there but the home country, plants at home
    included (hybrid firms, HYB, are an owner like another). Links: every segment and foreign location there. Home is
    never cut. Options: alpha, beta, pieces, and levers, which the least-risk decision may use. InputError where the
    chain does not balance in calm.
    """
    chosen = make_options(BudgetOptions, options)
    best = least_risk(chain, **options)
    evaluator = Evaluator(chain, chosen, chosen.levers)
    recourse = CutRecourse(evaluator)
    observed = evaluator.provided(chain.numbers.observed)
    best_provided = evaluator.provided(decision_of(best))
    recoveries = Recoveries(chain)
    told = {
        cut: [
            *_losses_and_months(recourse, cut, (observed, best_provided)),
            recoveries.months(recourse.taken(cut)),
        ]
        for cut in counted([cut for kind in KINDS for cut in possible_cuts(recourse, chain.home, kind)])
    }
    ranked = sorted(told, key=lambda cut: (-told[cut][0], cut))
    keys = ["kind", "country", "owner", "segment"]
    columns = [*keys, "loss_observed", "loss_least_risk", "survives_observed", "survives_least_risk", "recovers"]
    rank = pd.RangeIndex(1, len(ranked) + 1, name="rank")
    return ChokePoints(
        chain=chain,
        single=pd.DataFrame([[*astuple(cut), *told[cut]] for cut in ranked], index=rank, columns=columns),
        options=chosen,
        certificate=best.certificate.worse(recourse.certificate),
    )


def cut_loss(
    chain: Chain,
    *,
    country: str | None = None,
    owner: str | None = None,
    segment: str | None = None,
    allocation: pd.DataFrame | pd.Series | None = None,
    **options: Unpack[RiskArguments],
) -> CutLoss:
    """Loss when a country, an owner, or a segment's supply from a country is cut off, and how long that survives.

    Give `country`, or `owner`, or `country` and `segment`. `allocation`: as for `evaluate`, by default the observed
    one. InputError for another combination, for the home country and for one that supplies nothing. Options: alpha,
    beta, pieces.
    """
    evaluator = Evaluator(chain, make_options(RiskOptions, options))
    evaluator.check()
    recourse = CutRecourse(evaluator)
    cut = _asked(recourse, chain.home, country, owner, segment)
    money = chain.numbers.observed if allocation is None else allocation_array(chain.numbers, allocation)
    provided = evaluator.provided(money)
    loss, months = _losses_and_months(recourse, cut, [provided])
    return CutLoss(cut, loss, months, Recoveries(chain).months(recourse.taken(cut)), recourse.certificate)


def _losses_and_months(recourse: CutRecourse, cut: Cut, decisions: Sequence[Mapping[str, Array]]) -> list[float]:
    """The loss of a cut where each decision was made, then the months that it survives there."""
    losses = [recourse.loss([cut], provided) for provided in decisions]
    months = [recourse.survives([cut], provided, loss) for provided, loss in zip(decisions, losses, strict=True)]
    return [round(number, DIGITS) for number in (*losses, *months)]


def possible_cuts(recourse: CutRecourse, home: str, kind: Kind) -> list[Cut]:
    """Every cut of a kind that supply.csv holds, in order of their keys; home is never cut."""
    rows = recourse.rows
    abroad = ~rows.at_home
    if kind == "country":
        return [Cut(kind, country=str(place)) for place in sorted(set(rows.location[abroad]))]
    if kind == "owner":
        return [Cut(kind, owner=str(owner)) for owner in sorted(set(rows.owner) - {home})]
    links = {(str(rows.location[r]), recourse.segments[rows.segment[r]]) for r in np.flatnonzero(abroad)}
    return [Cut(kind, country=place, segment=segment) for place, segment in sorted(links)]


def _asked(recourse: CutRecourse, home: str, country: str | None, owner: str | None, segment: str | None) -> Cut:
    """The cut that was asked for, if there is such a cut."""
    kind: Kind
    match country, owner, segment:
        case str(), None, None:
            kind, key = "country", country
        case None, str(), None:
            kind, key = "owner", owner
        case str(), None, str():
            kind, key = "link", f"{country} to {segment}"
        case _:
            right = "give a country, or an owner, or a country and a segment"
            raise InputError.single("cut", "this is not a cut", right)
    known = {str(cut).removeprefix(f"{kind} "): cut for cut in possible_cuts(recourse, home, kind)}
    if home in (country, owner):
        raise InputError.single(f"{kind} '{key}'", "is the home country, which is never cut", "choose a foreign one")
    if key not in known:
        raise InputError.single(f"{kind} '{key}'", "supplies nothing to this chain", nearest(key, tuple(known)))
    return known[key]
