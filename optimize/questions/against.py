"""The allocation that is best against the worst cuts: defender, attacker, defender.

    min over x of  max over c of  min over y of  L(x, c, y)        sum_j c_j <= n,  c_j in {0, 1}

The defender spends the budget, the attacker who has seen it makes at most n cuts, and the chain makes the best of what
is left. A loss is that of `worst_cuts`: a cut takes all of the supply that it matches for a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Annotated, Unpack

import pandas as pd
from pydantic import Field

from chains import Chain
from chains.numbers import ChainNumbers
from chains.numbers.parts.suppliers import Suppliers
from chains.presenting import Shown
from chains.tables.problems import InputError
from chains.tables.schema import TIERS
from optimize.program.cut_model import Attacker
from optimize.program.decision import Decision
from optimize.questions.choke_points import DIGITS, Cut, CutRecourse, Kind, possible_cuts
from optimize.questions.worst_cuts import KINDS_CUT, Over, attack_at, check_over
from optimize.solver.linear import Certificate, InaccurateError
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator, Solution, decision_of
from optimize.solving.insured import Insured
from optimize.solving.nearest import check_attained, nearest_least_risk
from optimize.solving.options import Arguments, Options, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["Against", "AgainstOptions", "against"]

_REACHED = 2 * TIE
"""Bounds of a worst loss this near have met: the tie, and as much again for the solves."""
_KNOWN = frozenset({"added", "bought", "contracted"})
"""What decisions may provide: what the attacker's program knows."""


class AgainstOptions(Options):
    """And how exact the worst loss must be."""

    gap: Annotated[float, Field(ge=0, lt=1, description="largest gap of the worst loss, relative to it")] = 1e-6

    def nominal(self) -> Options:
        """The options of the least-risk question."""
        return Options(**{name: getattr(self, name) for name in Options.model_fields})


@dataclass(frozen=True, repr=False)
class Against(Shown):
    """The insured allocation beside the observed one and the one of least risk (best on the probabilities).

    `worst_loss`: index observed, least_risk, optimal (insured); the largest loss to at most `n` cuts, a share of
    weighted final demand, recomputed by the recourse. No allocation has a worst loss below `lower_bound`, and no cuts
    cost the insured one more than `upper_bound`: they differ by `gap`, relative to the upper one. Of all allocations
    with that worst loss `optimal` is the one of least risk, and of several the nearest to the observed one.
    `worst_cuts` has a worst set of each, without cuts that its loss does not need; `sets` are all that the search
    found, with the loss of each at the insured allocation. `possible` counts what can be cut. `certificate` is the
    worst over every linear program solved.
    """

    chain: Chain
    n: int
    over: Over
    possible: int
    options: AgainstOptions
    observed: Solution
    least_risk: Solution
    optimal: Solution
    worst_loss: pd.Series
    lower_bound: float
    upper_bound: float
    worst_cuts: dict[str, tuple[Cut, ...]]
    sets: tuple[tuple[tuple[Cut, ...], float], ...]
    iterations: int
    certificate: Certificate

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """A worst set of cuts at the insured allocation; the loss needs every one of them."""
        return self.worst_cuts["optimal"]

    def tiers(self, solution: Solution) -> pd.Series:
        """Money of every lever by tier, in order upstream, midstream, downstream."""
        tier = self.chain.segments["tier"].to_numpy()
        return solution.by_segment.groupby(tier).sum().reindex(TIERS, fill_value=0.0).rename_axis("tier")

    @property
    def gap(self) -> float:
        """Distance of the bounds, relative to the upper one; 0 where nothing can be lost."""
        return max(self.upper_bound - self.lower_bound, 0.0) / self.upper_bound if self.upper_bound > 0 else 0.0

    @property
    def protection(self) -> float:
        """By how much the worst loss is less than with the allocation of least risk."""
        return max(float(self.worst_loss["least_risk"] - self.worst_loss["optimal"]), 0.0)

    @property
    def premium(self) -> float:
        """What that costs on the probabilities: risk of the insured allocation less the least risk."""
        return max(self.optimal.risk - self.least_risk.risk, 0.0)

    @property
    def expected_premium(self) -> float:
        """The same of expected loss, which may fall: risk is not expected loss alone."""
        return self.optimal.expected_loss - self.least_risk.expected_loss


def against(chain: Chain, n: int, over: Over = "countries", gap: float = 1e-6, **options: Unpack[Arguments]) -> Against:
    """The allocation whose loss to the worst at most n cuts, of countries or of links, is least.

    Column-and-constraint generation (solving/insured.py): the master program over the sets of cuts found so far gives
    a decision and a lower bound, the attacker's program (program/cut_model.py) the worst set at that decision and an
    upper bound, until they meet to `gap`. The other options are those of `optimize`. A country that would supply under
    a contract can be cut as well where the money may buy contracts.

    Raises InputError where the input is wrong (n is not a whole number from 0 to the number of possible cuts),
    NoSolutionError where the options leave no allocation, NotOptimalError where the bounds are not proven to meet.
    """
    check_over(over)
    _check_number(n)
    chosen = make_options(AgainstOptions, {"gap": gap, **options})
    evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers)
    evaluator.check()
    attackers = _Attackers(evaluator, int(n), over)
    budget = budget_of(chain.numbers, chosen.budget)
    nominal = nearest_least_risk(evaluator, chosen.nominal(), budget)
    observed = evaluator.solution(chain.numbers.observed)
    best = evaluator.solution_near(nominal.decision, nominal.reached)
    check_attained(best.risk, nominal.risk)
    search = _Search(attackers, Insured(evaluator, chosen.nominal(), budget), chosen.gap)
    at = {"observed": decision_of(observed), "least_risk": decision_of(best)}
    found = {name: attackers.worst(decision) for name, decision in at.items()}
    at["optimal"], risk, found["optimal"] = search.insured(found)
    optimal = evaluator.solution(at["optimal"])
    check_attained(optimal.risk, risk)
    losses = {name: round(worst.loss, DIGITS) for name, worst in found.items()}
    return Against(
        chain=chain,
        n=int(n),
        over=over,
        possible=len(attackers.possible),
        options=chosen,
        observed=observed,
        least_risk=best,
        optimal=optimal,
        worst_loss=pd.Series(losses, name="worst_loss"),
        lower_bound=search.lower,
        upper_bound=found["optimal"].bound,
        worst_cuts={name: attackers.needed(at[name], worst) for name, worst in found.items()},
        sets=tuple((cuts, round(attackers.loss(at["optimal"], cuts), DIGITS)) for cuts in search.sets),
        iterations=search.iterations,
        certificate=nominal.certificate.worse(evaluator.certificate)
        .worse(attackers.certificate)
        .worse(search.master.certificate),
    )


def _check_number(n: object) -> None:
    if not isinstance(n, Integral) or isinstance(n, bool) or int(n) < 0:
        raise InputError.single("option cuts", f"{n!r} is not a number of cuts", "give a whole number of 0 or more")


@dataclass(frozen=True)
class _Worst:
    """The worst set of cuts at a decision, its loss, and what no set exceeds; shares of weighted final demand."""

    cuts: tuple[Cut, ...]
    loss: float
    bound: float


class _Attackers:
    """The attacker at one decision after another."""

    def __init__(self, evaluator: Evaluator, n: int, over: Over) -> None:
        self._evaluator = evaluator
        self.n = n
        self.recourse = CutRecourse(evaluator)
        self.possible = _possible(self.recourse, evaluator, KINDS_CUT[over])
        if n > len(self.possible):
            wrong = f"{n} {over} cannot be cut: there are {len(self.possible)} that supply from abroad"
            raise InputError.single("option cuts", wrong, f"give a whole number from 0 to {len(self.possible)}")

    @property
    def certificate(self) -> Certificate:
        """The worst of every recourse solved."""
        return self.recourse.certificate

    def worst(self, decision: Decision) -> _Worst:
        """The worst set of at most n cuts at a decision in the chain's money."""
        if self.n == 0:
            return _Worst((), 0.0, 0.0)
        provided = self._evaluator.provided(decision)
        if unknown := sorted(set(provided) - _KNOWN):
            wrong = f"the attacker's program does not know what {', '.join(unknown)} would be worth under cuts"
            raise InputError.single("option levers", wrong, "leave out the lever that provides it")
        attack = attack_at(self._evaluator, self.recourse, provided, self.possible, self.n)
        positions, objective = Attacker(attack).solve()
        cuts = tuple(self.possible[j] for j in positions)
        loss = self.loss(decision, cuts)
        return _Worst(cuts, loss, max(objective / OBJECTIVE, loss))

    def loss(self, decision: Decision, cuts: Sequence[Cut]) -> float:
        """Least loss of a set of cuts at a decision; none lose nothing."""
        return self.recourse.loss(cuts, self._evaluator.provided(decision)) if cuts else 0.0

    def needed(self, decision: Decision, worst: _Worst) -> tuple[Cut, ...]:
        """The cuts of a worst set without which the loss would be less, the least harmful tried first."""
        kept = list(worst.cuts)
        for cut in sorted(worst.cuts, key=lambda cut: (self.loss(decision, [cut]), cut)):
            others = [other for other in kept if other != cut]
            if self.loss(decision, others) >= worst.loss - TIE:
                kept = others
        return tuple(kept)


def _possible(recourse: CutRecourse, evaluator: Evaluator, kind: Kind) -> list[Cut]:
    """Every cut of a kind that supply.csv holds and, where the money may buy contracts, that suppliers.csv holds."""
    cuts = set(possible_cuts(recourse, evaluator.chain.home, kind))
    suppliers = evaluator.inner.part(Suppliers)
    if suppliers is not None and "suppliers" in {lever.name for lever in evaluator.levers}:
        for place, k in zip(suppliers.location, suppliers.segment, strict=True):
            segment = recourse.segments[k] if kind == "link" else ""
            cuts.add(Cut(kind, country=place, segment=segment))
    return sorted(cuts)


class _Search:
    """Column-and-constraint generation. `sets`: the sets of cuts found so far; `lower`: what no decision goes below."""

    def __init__(self, attackers: _Attackers, master: Insured, gap: float) -> None:
        self.master = master
        self.sets: list[tuple[Cut, ...]] = []
        self.lower = 0.0
        self.iterations = 0
        self._attackers = attackers
        self._gap = gap

    def insured(self, known: dict[str, _Worst]) -> tuple[Decision, float, _Worst]:
        """The insured decision, its risk and its worst set, from the worst sets of `least_risk` and other decisions."""
        for worst in known.values():
            self._add(worst)
        target = self._least_worst(known["least_risk"].bound)
        while True:
            self.iterations += 1
            decision, risk = self.master.least_risk(self._years(), target)
            worst = self._attackers.worst(decision)
            if worst.bound <= target + _REACHED:
                return decision, risk, worst
            self._add_new(worst, target)

    def _least_worst(self, upper: float) -> float:
        """The least worst loss, proven to the gap and attained by some decision, from that of a decision at hand."""
        while upper - self.lower > max(self._gap * upper, _REACHED):
            self.iterations += 1
            decision, self.lower = self.master.least_worst(self._years())
            found = self._attackers.worst(decision)
            upper = min(upper, found.bound)
            if upper - self.lower <= max(self._gap * upper, _REACHED):
                break
            self._add_new(found, self.lower)
        return upper

    def _years(self) -> list[ChainNumbers]:
        return [self._attackers.recourse.numbers(cuts) for cuts in self.sets]

    def _add(self, worst: _Worst) -> None:
        if worst.cuts and worst.cuts not in self.sets:
            self.sets.append(worst.cuts)

    def _add_new(self, worst: _Worst, claimed: float) -> None:
        """Add a set that costs more than was claimed; InaccurateError where the program knew it."""
        if worst.cuts in self.sets or not worst.cuts:
            cuts = ", ".join(map(str, worst.cuts)) or "no cut"
            raise InaccurateError(f"{cuts} was to cost {claimed:.9g} at most, and costs {worst.bound:.9g}")
        self.sets.append(worst.cuts)
