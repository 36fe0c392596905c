"""Where the advice turns: values of structural numbers at which another tier gets the most money at least risk.

The tier that leads at a value is the one with most money in every least-risk allocation there (money of every lever,
risk within 1e-9 of the least). Where the least-risk allocations are so many that no tier leads in all of them, or two
tiers have equal money, it is a tie, and no tier leads. A number is turned over its range step by step, and where what
leads changes between two steps, the place is found to 1e-4. A change and back between two neighbouring steps is not
seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, log2
from typing import Unpack

import highspy
import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.numbers import ChainNumbers, Enters, sharing
from chains.presenting import Shown
from chains.tables.schema import TIERS
from optimize.program.two_stage import TwoStage
from optimize.progress import counted
from optimize.questions.structural_numbers import StructuralNumber, Structure, Values, asked_of, prepared
from optimize.questions.what_ifs import same_matrices
from optimize.solver.linear import Certificate, NotOptimalError, Optimum, Solver, among_nearest
from optimize.solving.budgets import limits_of
from optimize.solving.conflict import NoSolutionError, explain_conflict
from optimize.solving.draw_programs import DrawnProgram, DrawPrograms
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import check_bought
from optimize.solving.options import Arguments, Options, make_options
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE, TIED_MONEY, TURNING

__all__ = ["Lead", "Map", "Searched", "TurningPoint", "TurningPoints", "turning_points"]

STEPS, MAP_STEPS = 20, 16
"""Steps of a range, and of either range of a map, where no other number is asked for."""
HALVED = 4
"""How often a step is halved at most, where a rival comes near."""
SPARED = 2
"""Values that the search for a change may look at beyond those of bisection."""


@dataclass(frozen=True)
class Lead:
    """What leads while a number goes from `start` to `end`: a tier, or None for a tie."""

    start: float
    end: float
    first: str | None


@dataclass(frozen=True)
class Searched:
    """A number, the range that was searched in so many steps, and what leads where, from the lowest value on."""

    number: StructuralNumber
    steps: int
    leads: tuple[Lead, ...]


@dataclass(frozen=True)
class TurningPoint:
    """`before` leads below the value `at` of a number and `after` above it, to 1e-4.

    Where it is a tie for a while between, `tie` says from where to where, and `at` is where `before` stops having the
    most money in the least-risk allocation nearest to the observed one. before_shares and after_shares[tier]: of the
    money spent, in that allocation, within 1e-4 below and above `at`.
    """

    number: str
    at: float
    tie: tuple[float, float] | None
    before: str
    after: str
    before_shares: pd.Series
    after_shares: pd.Series


@dataclass(frozen=True)
class Map:
    """Who leads where two numbers have the values of a grid: first[n][m] at second[n], first[m].

    A tier, `tie`, or empty where the two together are not possible (probabilities of more than 1).
    """

    numbers: tuple[StructuralNumber, StructuralNumber]
    leads: pd.DataFrame


@dataclass(frozen=True, repr=False)
class TurningPoints(Shown):
    """Where another tier gets the most money.

    `first` leads as the package stands (None: a tie); `searched` says what was turned, how far and how finely; `points`
    are in order of the numbers and their values. `map` is None where none was asked for. `certificate` is the worst of
    all solves.
    """

    chain: Chain
    first: str | None
    searched: tuple[Searched, ...]
    points: tuple[TurningPoint, ...]
    map: Map | None
    options: Options
    certificate: Certificate


def turning_points(
    chain: Chain,
    of: str | Sequence[str] = (),
    map: Sequence[str] = (),  # noqa: A002  (the name that users know)
    steps: int = STEPS,
    **options: Unpack[Arguments],
) -> TurningPoints:
    """Values of structural numbers at which the tier with most money changes, to 1e-4.

    `of`: one number or several (questions/structural_numbers.py), all by default, probabilities one by one for up to
    20 disruptions; () with a `map` searches none. `map`: two numbers whose values are turned together, 17 by 17.
    `steps`: of a range. Other options as for `optimize`. Raises what `optimize` raises, and InputError for a number
    that the chain does not have.
    """
    chosen = make_options(Options, options)
    if steps < 1:
        raise InputError.single("option steps", f"{steps} is too few", "give 1 or more")
    Evaluator(chain, chosen.risk_options(), chosen.levers).check_balance()
    names = [of] if isinstance(of, str) else list(of)
    pair = _pair(chain, map)
    searched, points, certificate = [], [], Certificate(0.0, 0.0, 0.0, 0.0)
    search = _Search(chain, chosen)
    first, _ = search.lead(())
    for name in counted(asked_of(chain, names) if names or not pair else ()):
        found = _searched(search, name, steps)
        searched.append(found.searched)
        points += found.points
        certificate = certificate.worse(found.certificate)
    drawn = None
    if pair:
        drawn, solved = _mapped(search, pair)
        certificate = certificate.worse(solved)
    return TurningPoints(
        chain=chain,
        first=first,
        searched=tuple(searched),
        points=tuple(points),
        map=drawn,
        options=chosen,
        certificate=certificate.worse(search.certificate),
    )


@dataclass(frozen=True)
class _Least:
    """The program of least risk at some values, its optimum, and money by tier [tier, column]."""

    drawn: DrawnProgram
    stages: TwoStage
    optimum: Optimum
    money: np.ndarray


class _Search:
    """Who leads where some structural numbers of a chain have other values, each solve from the basis of the last."""

    def __init__(self, chain: Chain, options: Options) -> None:
        self.chain, self.structure = chain, Structure(chain)
        self._options = options
        self._programs = DrawPrograms(chain.numbers, options)
        self._base = self._programs.at(chain.numbers)
        self._like = self._base.least_risk()
        self._solver = Solver(self._like.program)
        self._basis: highspy.HighsBasis | None = None
        self._tiers = np.array([[float(own == tier) for own in chain.numbers.tiers] for tier in TIERS])
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)

    def of(self, chain: Chain) -> "_Search":
        """A search of a chain that may have more rows: this one where it has none."""
        return self if chain is self.chain else _Search(chain, self._options)

    def lead(self, at: Values) -> tuple[str | None, np.ndarray]:
        """Who leads at these values, and money by tier: min (money_A - money_T) over the least-risk allocations > 0.

        For every other tier T.
        """
        least = self._least(at)
        money, optimum, drawn = least.money, least.optimum, least.drawn
        given = money @ optimum.values
        leader = int(np.argmax(given))
        equal = TIED_MONEY * float(drawn.first.row_upper[least.stages.rows("budgets")].sum())
        leads = [money[leader] - money[n] for n in np.flatnonzero(self._tiers.any(axis=1)) if n != leader]
        proved = self._solver.least_beside(optimum, TIE * OBJECTIVE, leads)
        doubtful = [lead for lead, bound in zip(leads, proved, strict=True) if bound <= equal]
        if doubtful:
            self._keep_to(least)
        return TIERS[leader] if all(self._leads(lead, equal) for lead in doubtful) else None, given

    def shares(self, at: Values) -> pd.Series:
        """Shares of the money spent, by tier, in the least-risk allocation nearest to the observed one."""
        least = self._least(at)
        self._keep_to(least)
        self._solver.change_cost(least.stages.distance)
        nearest = among_nearest(self._solver, self._solver.solve(), least.stages.squares(least.drawn.inner))
        spent = np.maximum(least.money @ nearest.values, 0.0)
        return pd.Series(spent / (spent.sum() or 1.0), index=pd.Index(TIERS, name="tier"), name="share")

    def _least(self, at: Values) -> _Least:
        """The least risk at these values."""
        drawn = self._drawn(self.structure.at(at))
        stages = drawn.least_risk(self._like if same_matrices(drawn, self._base) else None)
        self._solver.hold(stages.program)
        self._solver.start_from(self._basis)
        try:
            optimum = self._solver.solve()
        except NotOptimalError as error:
            conflict = explain_conflict(stages, drawn.inner, limits_of(drawn.inner, self._options, drawn.units.money))
            raise (NoSolutionError(conflict) if conflict else error) from None
        self._basis = self._solver.basis
        self._solver.start_from(None)
        check_bought(stages, drawn.inner, drawn.curve, optimum.values)
        self.certificate = self.certificate.worse(optimum.certificate)
        return _Least(drawn, stages, optimum, self._tiers @ stages.money(drawn.inner))

    def _keep_to(self, least: _Least) -> None:
        """Solve from now on over the least-risk allocations."""
        cost = least.stages.program.cost
        self._solver.next_goal(cost, least.optimum.objective + TIE * OBJECTIVE, np.zeros_like(cost))

    def _leads(self, lead: np.ndarray, equal: float) -> bool:
        """Whether the least of a lead over the least-risk allocations is more than equal money."""
        self._solver.change_cost(lead)
        closest = self._solver.solve()
        self.certificate = self.certificate.worse(closest.certificate)
        return closest.objective > equal

    def _drawn(self, numbers: ChainNumbers) -> DrawnProgram:
        """The programs of other numbers; what they leave alone of the chain's stays the same arrays."""
        drawn = self._programs.at(numbers, self._base.units)
        inner = sharing(numbers, self.chain.numbers, drawn.inner, self._base.inner, Enters.SCENARIO)
        return replace(drawn, inner=inner)


@dataclass(frozen=True)
class _Found:
    searched: Searched
    points: list[TurningPoint]
    certificate: Certificate


def _searched(base: _Search, name: str, steps: int) -> _Found:
    """What leads over the range of a number, and where that turns from one tier to another."""
    chain, number = prepared(base.chain, name)
    search = base.of(chain)
    samples = [_sample(search, number, value) for value in number.grid(steps).tolist()]
    for _ in range(HALVED):
        doubtful = _doubtful(samples)
        if not doubtful:
            break
        between = (_sample(search, number, (samples[n].at + samples[n + 1].at) / 2.0) for n in doubtful)
        samples = sorted([*samples, *between], key=lambda sample: sample.at)
    changes = [change for low, high in pairwise(samples) for change in _changes(search, number, low, high)]
    points = list(_points(search, number, changes))
    return _Found(Searched(number, steps, tuple(_leads(samples, changes))), points, search.certificate)


@dataclass(frozen=True)
class _Sample:
    """Who leads at a value, and money by tier there."""

    at: float
    first: str | None
    tiers: np.ndarray


def _sample(search: _Search, number: StructuralNumber, at: float) -> _Sample:
    return _Sample(at, *search.lead([(number, at)]))


def _doubtful(samples: Sequence[_Sample]) -> list[int]:
    """Steps n, n + 1 at whose ends one tier leads, by less than what its lead changes in this step or one beside it."""
    found = []
    for n, (low, high) in enumerate(pairwise(samples)):
        if low.first is None or low.first != high.first:
            continue
        leader = TIERS.index(low.first)
        lead = np.array([each.tiers[leader] - np.delete(each.tiers, leader) for each in samples[max(n - 1, 0) : n + 3]])
        ends = lead[min(n, 1) : min(n, 1) + 2]
        if (ends.min(axis=0) < np.abs(np.diff(lead, axis=0)).max(axis=0)).any():
            found.append(n)
    return found


def _leads(samples: Sequence[_Sample], changes: Sequence["_Change"]) -> Iterator[Lead]:
    """What leads from where to where; a tie between two tiers that is no wider than what is found is left out."""
    start, first = samples[0].at, samples[0].first
    n = 0
    while n < len(changes):
        change = changes[n]
        end, then = change.middle, change.above
        if then is None and n + 1 < len(changes) and changes[n + 1].high - change.low <= 2.0 * TURNING:
            n += 1
            end, then = (change.low + changes[n].high) / 2.0, changes[n].above
        if then != first:
            yield Lead(start, end, first)
            start, first = end, then
        n += 1
    yield Lead(start, samples[-1].at, first)


@dataclass(frozen=True)
class _Change:
    """`below` leads at `low` and `above` at `high`, which lie no further apart than TURNING."""

    low: float
    high: float
    below: str | None
    above: str | None

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2.0


def _changes(search: _Search, number: StructuralNumber, low: _Sample, high: _Sample) -> Iterator[_Change]:
    """Where what leads changes between two values; where both ends agree nothing is looked for.

    Changes are told by the cells that n bisections give, each no wider than TURNING. Where one tier gives way to
    another, the next value is where the lines through the money of both meet (regula falsi), but as near to the middle
    as it takes to look at no more than n + SPARED values (as the ITP method does: Oliveira and Takahashi, ACM
    Transactions on Mathematical Software 47, 2020).
    """
    halvings = max(0, ceil(log2((high.at - low.at) / TURNING)))
    width = (high.at - low.at) / 2.0**halvings

    def between(i: int, one: _Sample, j: int, other: _Sample, left: int) -> Iterator[_Change]:
        if one.first == other.first:
            return
        if j - i == 1:
            yield _Change(one.at, other.at, one.first, other.first)
            return
        middle, room = (i + j) / 2.0, max(2.0 ** (left - 1) - (j - i) / 2.0, 0.0)
        k = round(min(max(_meeting(i, one, j, other), middle - room), middle + room))
        k = min(max(k, i + 1), j - 1)
        found = _sample(search, number, low.at + k * width)
        yield from between(i, one, k, found, left - 1)
        yield from between(k, found, j, other, left - 1)

    yield from between(0, low, 2**halvings, high, halvings + SPARED)


def _meeting(i: int, one: _Sample, j: int, other: _Sample) -> float:
    """Where the lines through the money of the tier that leads at i and of the one at j meet; the middle with a tie."""
    if one.first is None or other.first is None:
        return (i + j) / 2.0
    before, after = TIERS.index(one.first), TIERS.index(other.first)
    falls, rises = (each.tiers[before] - each.tiers[after] for each in (one, other))
    return float(i + (j - i) * falls / (falls - rises))


def _points(search: _Search, number: StructuralNumber, changes: Sequence[_Change]) -> Iterator[TurningPoint]:
    """Changes from one tier to another, a tie between them or not; from a tier to a tie and back is none."""
    left: _Change | None = None  # where the last tier that led stopped to
    for change in changes:
        left = change if change.below is not None else left
        if change.above is None or left is None or left.below is None or left.below == change.above:
            continue
        narrow = change.high - left.low <= 2.0 * TURNING
        low, high = (left.low, change.high) if narrow else _nearest_turn(search, number, left, change)
        yield TurningPoint(
            number=number.name,
            at=(low + high) / 2.0,
            tie=None if narrow else (left.middle, change.middle),
            before=left.below,
            after=change.above,
            before_shares=search.shares([(number, low)]),
            after_shares=search.shares([(number, high)]),
        )


def _nearest_turn(search: _Search, number: StructuralNumber, left: _Change, right: _Change) -> tuple[float, float]:
    """Within a tie: where the tier that led before stops having the most in the allocation nearest to the observed."""
    low, high = left.low, right.high
    while high - low > TURNING:
        middle = (low + high) / 2.0
        if search.shares([(number, middle)]).idxmax() == left.below:
            low = middle
        else:
            high = middle
    return low, high


def _pair(chain: Chain, names: Sequence[str]) -> tuple[str, str] | None:
    """The two numbers of a map; InputError where they are not two that the chain has."""
    if not names:
        return None
    asked = asked_of(chain, names)
    if len(names) != 2 or len(asked) != 2:
        raise InputError.single("option map", f"'{','.join(names)}' is not a pair", "give two numbers that differ: A,B")
    return asked[0], asked[1]


def _mapped(base: _Search, pair: tuple[str, str]) -> tuple[Map, Certificate]:
    """Who leads on the grid of two numbers."""
    chain, one = prepared(base.chain, pair[0])
    chain, other = prepared(chain, pair[1])
    search = base.of(chain)
    columns, rows = one.grid(MAP_STEPS), other.grid(MAP_STEPS)

    def first(at: Values) -> str:
        return (search.lead(at)[0] or "tie") if search.structure.possible(at) else ""

    leads = [[first([(one, x), (other, y)]) for x in columns.tolist()] for y in rows.tolist()]
    index, across = pd.Index(rows, name=other.name), pd.Index(columns, name=one.name)
    return Map((one, other), pd.DataFrame(leads, index=index, columns=across)), search.certificate
