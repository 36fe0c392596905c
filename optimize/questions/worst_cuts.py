"""The worst set of at most n cuts: an attacker who knows how the chain would make the best of what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal, Unpack

import numpy as np

from chains import Chain
from chains.numbers import Array
from chains.numbers.parts.stocks import Stocks
from chains.numbers.parts.suppliers import Suppliers
from chains.presenting import Shown
from chains.tables.problems import InputError, nearest
from optimize.program.cut_model import Attacker
from optimize.program.price_bounds import Attack
from optimize.questions.choke_points import DIGITS, Cut, CutRecourse, Kind, possible_cuts
from optimize.solver.linear import Certificate, InaccurateError
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskArguments, RiskOptions, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE

__all__ = ["KINDS_CUT", "Over", "WorstCuts", "attack_at", "check_over", "worst_cuts"]

Over = Literal["countries", "links"]
KINDS_CUT: dict[str, Kind] = {"countries": "country", "links": "link"}


@dataclass(frozen=True, repr=False)
class WorstCuts(Shown):
    """The at most `n` cuts whose least loss is largest, at the observed allocation.

    `loss` is a share of weighted final demand, recomputed by the recourse; `bound`, proven by branch and bound, is
    what no set of at most n cuts exceeds, equal to `loss` up to 1e-9, so the answer is `exact`. `cuts` holds none
    that the loss does not need; it is `unique` if every set as bad as this contains it. `certificate` is that of the
    recourse.
    """

    chain: Chain
    n: int
    over: Over
    cuts: tuple[Cut, ...]
    loss: float
    bound: float
    unique: bool
    options: RiskOptions
    certificate: Certificate
    exact: Literal[True] = True


def worst_cuts(chain: Chain, n: int, over: Over = "countries", **options: Unpack[RiskArguments]) -> WorstCuts:
    """The set of at most n countries, or of at most n links (segment, country), whose loss of supply costs most.

    max over c of L(c), sum_j c_j <= n, c_j in {0, 1}; L(c) is the least loss when every cut with c_j = 1 is made and
    all other foreign supply expands by its surge. A bilevel program (Stackelberg), made single by linear programming
    duality: program/cut_model.py. Options: alpha, beta, pieces. InputError where n is not a whole number of 1 or
    more, `over` is unknown, or the chain does not balance in calm; NotOptimalError unless exactness is proven.
    """
    _check(n, over)
    chosen = make_options(RiskOptions, options)
    evaluator = Evaluator(chain, chosen)
    evaluator.check()
    recourse = CutRecourse(evaluator)
    provided = evaluator.provided(chain.numbers.observed)
    possible = possible_cuts(recourse, chain.home, KINDS_CUT[over])
    cuts: list[Cut] = []
    loss, bound, unique = 0.0, 0.0, True
    if possible:
        attacker = Attacker(attack_at(evaluator, recourse, provided, possible, int(n)))
        found, objective = attacker.solve()
        bound = objective / OBJECTIVE
        cuts = _needed(recourse, provided, [possible[j] for j in found], bound)
        loss = _loss(recourse, provided, cuts)
        if abs(bound - loss) > TIE:
            raise InaccurateError(f"no set of cuts attains the bound {bound:.12g}: the worst found loses {loss:.12g}")
        unique = not cuts or _second(attacker, [possible.index(cut) for cut in cuts]) < loss - TIE
    return WorstCuts(
        chain=chain,
        n=int(n),
        over=over,
        cuts=tuple(cuts),
        loss=round(loss, DIGITS),
        bound=bound,
        unique=unique,
        options=chosen,
        certificate=recourse.certificate,
    )


def _check(n: object, over: str) -> None:
    """InputError where the question is not one."""
    check_over(over)
    if not isinstance(n, Integral) or isinstance(n, bool) or int(n) < 1:
        raise InputError.single("n", f"{n!r} is not a number of cuts", "give a whole number of 1 or more")


def check_over(over: str) -> None:
    """InputError where this is not what can be cut."""
    if over not in KINDS_CUT:
        raise InputError.single(f"over '{over}'", "is not what can be cut", nearest(over, tuple(KINDS_CUT)))


def attack_at(
    evaluator: Evaluator, recourse: CutRecourse, provided: Mapping[str, Array], possible: Sequence[Cut], n: int
) -> Attack:
    """What the attacker faces where a decision provides this (inner units).

    Possible cuts share no supply row, and none takes a row at home. What is contracted arrives like other imports: a
    cut takes that of its place, and what no possible cut takes arrives like stock, whatever is cut.
    """
    everything = np.ones(len(recourse.rows.value), dtype=bool)
    stock = np.zeros(len(evaluator.inner.segments))
    foreign = np.array([recourse.foreign(recourse.taken(cut)) for cut in possible])
    if (stocks := evaluator.inner.part(Stocks)) is not None:
        np.add.at(stock, stocks.segment, stocks.held + provided.get("bought", 0.0))
    if "contracted" in provided and (suppliers := evaluator.inner.part(Suppliers)) is not None:
        contracts = zip(suppliers.segment, suppliers.location, provided["contracted"], strict=True)
        for k, place, amount in contracts:
            takers = [j for j, cut in enumerate(possible) if cut.takes(place, place, recourse.segments[k])]
            for j in takers:
                foreign[j, k] += amount
            if not takers:
                stock[k] += amount
    return Attack(
        numbers=evaluator.inner,
        home=recourse.home(everything) + provided["added"],
        foreign=foreign,
        stock=stock,
        most=n,
    )


def _loss(recourse: CutRecourse, provided: Mapping[str, Array], cuts: Sequence[Cut]) -> float:
    """Least loss of a set of cuts; without one there is no disruption, and calm loses nothing."""
    return recourse.loss(cuts, provided) if cuts else 0.0


def _needed(recourse: CutRecourse, provided: Mapping[str, Array], cuts: Sequence[Cut], bound: float) -> list[Cut]:
    """The cuts without which the loss would be less, the least harmful tried first."""
    kept = list(cuts)
    for cut in sorted(cuts, key=lambda cut: (_loss(recourse, provided, [cut]), cut)):
        others = [other for other in kept if other != cut]
        if _loss(recourse, provided, others) >= bound - TIE:
            kept = others
    return kept


def _second(attacker: Attacker, cuts: Sequence[int]) -> float:
    """Largest loss of a set that does not contain all of these cuts."""
    attacker.exclude(cuts)
    return attacker.solve()[1] / OBJECTIVE
