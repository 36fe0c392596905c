"""Every question of docs/model.md that the tests ask: sections 2, 3, 6.2 and 6.3, word for word."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.independent.program import SIZE, Name, Program, Terms
from tests.independent.reading import CALM, TIERS, Model

CAPACITY = "capacity"
LEVERS = (CAPACITY, "stocks", "suppliers", "procurement")


def chords(slope: float, ceiling: float, pieces: int) -> list[tuple[float, float]]:
    """(width in funds, slope) of each chord of g(e) = G (1 - exp(-r e / G)); none without a response."""
    if not (slope > 0 and ceiling > 0):
        return []
    fractions = [j / pieces for j in range(pieces)] + [0.99]
    funds = [-(ceiling / slope) * math.log(1.0 - phi) for phi in fractions]
    return [
        (funds[j + 1] - funds[j], ceiling * (fractions[j + 1] - fractions[j]) / (funds[j + 1] - funds[j]))
        for j in range(pieces)
    ]


Allocation = dict[tuple[str, str], float]

Bought = Mapping[tuple[str, str], float]
"""Money by lever other than capacity and segment; SEGMENT@LOC for suppliers."""


@dataclass
class Evaluated:
    """What follows from an allocation; losses as shares of weighted final demand."""

    risk: float
    expected_loss: float
    cvar: float
    loss: dict[str, float]


@dataclass
class Choice:
    """What may be chosen: budget by instrument, limits on segments and tiers, and how much may move.

    A limit is on all money of a segment or tier, or on that of one lever: LEVER:SEGMENT.
    """

    budget: dict[str, float]
    minimum: Mapping[str, float]
    maximum: Mapping[str, float]
    move: float | None


class Study:
    """Every question about one chain, at one confidence level, weight of CVaR, number of chords and set of levers."""

    def __init__(
        self,
        model: Model,
        alpha: float = 0.9,
        beta: float = 0.5,
        pieces: int = 10,
        levers: Collection[str] = (CAPACITY,),
    ) -> None:
        self.model, self.alpha, self.beta, self.pieces, self.levers = model, alpha, beta, pieces, levers
        self.unit = math.fsum(model.uses.values()) / SIZE
        self.all_loss = math.fsum(model.weight[use] * d for use, d in model.uses.items())

    # What is asked -------------------------------------------------------------------------------------------

    def evaluate(self, allocation: Allocation, bought: Bought | None = None) -> Evaluated:
        """Least loss of every scenario at an allocation and what other levers bought, and the risk of these losses."""
        model = self.model
        cost: Terms = {}
        for s in model.scenarios:
            cost |= self._loss(s)
        _, values = self._fixed.minimise(cost, self._decided(allocation, bought or {}))
        loss = {s: sum(c * max(values[name], 0.0) for name, c in self._loss(s).items()) / SIZE for s in model.scenarios}
        expected = math.fsum(model.probability[s] * loss[s] for s in loss)
        cvar = min(
            eta + math.fsum(model.probability[s] * max(loss[s] - eta, 0.0) for s in loss) / (1.0 - self.alpha)
            for eta in loss.values()
        )
        return Evaluated((1.0 - self.beta) * expected + self.beta * cvar, expected, cvar, loss)

    @property
    def none(self) -> Allocation:
        return dict.fromkeys(self.model.observed, 0.0)

    def choice(
        self,
        budget: float | None = None,
        move: float | None = None,
        minimum: Mapping[str, float] | None = None,
        maximum: Mapping[str, float] | None = None,
    ) -> Choice:
        """A given budget is split over instruments as observed; without one it is the observed total."""
        observed = self.model.budget
        factor = 1.0 if budget is None else budget / math.fsum(observed.values())
        return Choice({i: b * factor for i, b in observed.items()}, minimum or {}, maximum or {}, move)

    def least_risk(self, choice: Choice) -> float:
        """Least risk over all that a choice allows. InfeasibleError if there is nothing."""
        program = self._choosing(choice)
        return program.minimise(self._risk())[0] / SIZE

    def least_risk_within(self, choice: Choice) -> float:
        """Least risk where no tier gets more than its observed share of the budget. InfeasibleError likewise."""
        program = self._choosing(choice)
        whole = math.fsum(choice.budget.values()) / math.fsum(self.model.budget.values())
        for tier in TIERS:
            program.at_most(self._limited(tier), whole * self.funds(tier) / self.unit)
        return program.minimise(self._risk())[0] / SIZE

    def least_risk_across(self, choice: Choice) -> float:
        """Least risk where money of a tier and instrument is split as observed, and nothing but capacity is bought."""
        program, observed = self._choosing(choice), self.model.observed
        for tier in TIERS:
            members = self.model.members(tier)
            for i in self.model.instruments if members else ():
                given = program.variable("given", tier, i)
                there = math.fsum(observed[k, i] for k in members)
                for k in members:
                    part = observed[k, i] / there if there > 0 else 1.0 / len(members)
                    for sign in (1.0, -1.0):
                        program.at_most({("x", k, i): sign, given: -sign * part}, 0.0)
        program.at_most(dict.fromkeys(self._spent(), 1.0), 0.0)
        return program.minimise(self._risk())[0] / SIZE

    def least_distance(self, choice: Choice, risk: float) -> float:
        """Least sum |x - x0|, money of other levers included, over what a choice allows with at most this risk."""
        return self._near(choice, risk)[0] * self.unit

    def short_of_least_squares(self, choice: Choice, risk: float, allocation: Allocation, bought: Bought) -> float:
        """How far, at most, an allocation of this risk that is nearest is from the one with the least squares.

        With terms p = x - x0, and the money of other levers, p is the least of a convex set exactly if p.q >= p.p for
        every q in it; and if p.q >= p.p - r^2, the least one is within r of p. In money.
        """
        least, program, distance = self._near(choice, risk)
        program.at_most(distance, least + 1e-9)
        slope: Terms = {("x", *at): (allocation[at] - x0) / self.unit for at, x0 in self.model.observed.items()}
        here = math.fsum(p * (p + self.model.observed[name[1], name[2]] / self.unit) for name, p in slope.items())
        for (lever, name), money in bought.items():
            ((amount, cost),) = self._money(lever, name).items()
            slope[amount] = cost * money / self.unit
            here += (money / self.unit) ** 2
        return math.sqrt(max(here - program.minimise(slope)[0], 0.0)) * self.unit

    def _near(self, choice: Choice, risk: float) -> tuple[float, Program, Terms]:
        """Least distance from the observed allocation with at most this risk, its program, and the distance."""
        program = self._choosing(choice)
        program.at_most(self._risk(), risk * SIZE)
        cost: Terms = self._spent()
        for (k, i), x0 in self.model.observed.items():
            distance = program.variable("distance", k, i)
            program.at_most({("x", k, i): 1.0, distance: -1.0}, x0 / self.unit)
            program.at_most({("x", k, i): -1.0, distance: -1.0}, -x0 / self.unit)
            cost[distance] = 1.0
        return program.minimise(cost)[0], program, cost

    def range_of(self, choice: Choice, risk: float, name: str) -> tuple[float, float]:
        """The least and the most money of a segment, a tier or LEVER:SEGMENT, with at most this risk."""
        program = self._choosing(choice)
        program.at_most(self._risk(), risk * SIZE)
        money = self._limited(name)
        least, _ = program.minimise(money)
        most, _ = program.minimise({amount: -cost for amount, cost in money.items()})
        return least * self.unit, -most * self.unit

    def leads(self, choice: Choice) -> str | None:
        """The tier that has most money in every allocation with a risk within 1e-9 of the least; None for a tie."""
        program = self._choosing(choice)
        least, values = program.minimise(self._risk())
        program.at_most(self._risk(), least + 1e-9 * SIZE)
        present = [tier for tier in TIERS if self.model.members(tier)]
        money = {tier: self._limited(tier) for tier in present}
        first = max(present, key=lambda tier: sum(cost * values[name] for name, cost in money[tier].items()))
        for rival in present:
            if rival != first:
                lead = dict(money[first]) | {name: -cost for name, cost in money[rival].items()}
                if program.minimise(lead)[0] <= 1e-6 * math.fsum(choice.budget.values()) / self.unit:
                    return None
        return first

    def most_money(self, lever: str, name: str) -> float:
        """What it costs to buy all that a lever other than capacity can buy in a segment, or SEGMENT@LOC."""
        bounds = (
            (cost, self._fixed.bounds[self._fixed.at[amount]][1]) for amount, cost in self._money(lever, name).items()
        )
        return self.unit * math.fsum(cost * (high or 0.0) for cost, high in bounds)

    def next_unit(self, budget: Mapping[str, float]) -> dict[str, float]:
        """Fall in risk per unit when 1% of the budget goes to a segment through the largest instrument."""
        amount = 0.01 * math.fsum(budget.values())
        largest = max(sorted(budget), key=lambda i: budget[i])
        before = self.evaluate(self.model.observed).risk
        falls = {}
        for k in self.model.segments:
            more = dict(self.model.observed)
            more[k, largest] += amount
            falls[k] = (before - self.evaluate(more).risk) / amount
        return falls

    def transfer(self, budget: Mapping[str, float]) -> dict[tuple[str, str], float]:
        """Fall in risk per unit when 1% of the budget, or all there is, moves between two tiers."""
        before = self.evaluate(self.model.observed).risk
        present = [tier for tier in TIERS if self.model.members(tier)]
        falls = {}
        for giving in present:
            moved = min(0.01 * math.fsum(budget.values()), self.funds(giving))
            for receiving in present:
                if giving != receiving and moved > 0:
                    after = self.evaluate(self.shifted(giving, receiving, moved / self.funds(giving))).risk
                    falls[giving, receiving] = (before - after) / moved
        return falls

    def funds(self, tier: str) -> float:
        """All that a tier has in the observed allocation."""
        return math.fsum(self.model.observed[k, i] for k in self.model.members(tier) for i in self.model.instruments)

    def shifted(self, giving: str, receiving: str, share: float) -> Allocation:
        """The observed allocation after a share of the giving tier's funds has moved.

        Leaves pro rata, stays in its instrument, arrives pro rata; in equal parts where nothing is there yet.
        """
        observed = self.model.observed
        givers, takers = self.model.members(giving), self.model.members(receiving)
        after = dict(observed)
        for i in self.model.instruments:
            moving = share * sum(observed[k, i] for k in givers)
            there = sum(observed[k, i] for k in takers)
            for k in givers:
                after[k, i] -= share * observed[k, i]
            for k in takers:
                after[k, i] += moving * (observed[k, i] / there if there > 0 else 1.0 / len(takers))
        return after

    def gain(self, giving: str, receiving: str, shares: Iterable[float]) -> list[float]:
        """Fall in risk at each share moved."""
        before = self.evaluate(self.model.observed).risk
        return [before - self.evaluate(self.shifted(giving, receiving, t)).risk for t in shares]

    def largest_gain(self, giving: str, receiving: str) -> float:
        """The largest fall in risk at any share: the share is a variable, 0 <= t <= 1."""
        program = self._program()
        share = program.variable("share", high=1.0)
        start, end = self.model.observed, self.shifted(giving, receiving, 1.0)
        for at, x0 in start.items():
            change = (end[at] - x0) / self.unit
            program.at_most({("x", *at): 1.0, share: -change}, x0 / self.unit)
            program.at_most({("x", *at): -1.0, share: change}, -x0 / self.unit)
        least = program.minimise(self._risk())[0] / SIZE
        return self.evaluate(start).risk - least

    def least_unmet(self, scenario: str, segment: str, allocation: Allocation) -> float:
        """The least that a segment's final demand can go unmet in a scenario, whatever the others lose."""
        unmet = [name for name in self._fixed.at if name[0] == "u" and name[1] == segment and name[3] == scenario]
        cost: Terms = dict.fromkeys(unmet, 1.0)
        return self._fixed.minimise(cost, self._decided(allocation, {}))[0] * self.unit

    def least_worst(self, choice: Choice, scenarios: Iterable[str]) -> float:
        """The least that a choice allows of the largest loss of these scenarios."""
        program = self._choosing(choice)
        largest = program.variable("largest")
        for s in scenarios:
            program.at_most(self._loss(s) | {largest: -1.0}, 0.0)
        return program.minimise({largest: 1.0})[0] / SIZE

    def least_risk_losing_at_most(self, choice: Choice, scenarios: Iterable[str], worst: float) -> float:
        """Least risk over all that a choice allows with no larger loss in any of these scenarios."""
        program = self._choosing(choice)
        for s in scenarios:
            program.at_most(self._loss(s), worst * SIZE)
        return program.minimise(self._risk())[0] / SIZE

    # How it is written ---------------------------------------------------------------------------------------

    @cached_property
    def _fixed(self) -> Program:
        """The program whose decisions are given."""
        return self._program()

    def _decided(self, allocation: Allocation, bought: Bought) -> Terms:
        """Money as given, as the amounts that it buys; 0 where nothing is given."""
        decided = {("x", *at): allocation[at] / self.unit for at in self.model.observed}
        decided |= dict.fromkeys(self._spent(), 0.0)
        for (lever, name), money in bought.items():
            if money > 0.0:
                ((amount, cost),) = self._money(lever, name).items()
                high = self._fixed.bounds[self._fixed.at[amount]][1]
                decided[amount] = min(money / self.unit / cost, math.inf if high is None else high)
        return decided

    def _loss(self, s: str) -> Terms:
        """L_s = sum_p (sum_kn w_kn u_knp + sum_kl kappa_kl f_klp), of which all demand lost is SIZE."""
        model, factor = self.model, SIZE * self.unit / self.all_loss
        loss: Terms = {}
        for p in range(len(model.phases[s])):
            loss |= {("u", *use, s, p): weight * factor for use, weight in model.weight.items()}
            if s != CALM:
                loss |= {("f", *pair, s, p): model.penalty[pair] * factor for pair in self._dispensable}
        return loss

    @cached_property
    def _dispensable(self) -> list[tuple[str, str]]:
        return [pair for pair, share in self.model.dispensable.items() if share > 0.0]

    def _risk(self) -> Terms:
        """(1 - beta) E[L] + beta (eta + E[max(L - eta, 0)] / (1 - alpha))."""
        cost: Terms = {("eta",): self.beta}
        for s, p in self.model.probability.items():
            cost |= {name: (1.0 - self.beta) * p * w for name, w in self._loss(s).items()}
            cost["excess", s] = self.beta * p / (1.0 - self.alpha)
        return cost

    def _money(self, lever: str, name: str) -> Terms:
        """Money of a lever in a segment: variables and the cost of a unit of each. Suppliers: of SEGMENT@LOC too."""
        model = self.model
        if lever == CAPACITY:
            return {("x", name, i): 1.0 for i in model.instruments}
        if lever not in self.levers:
            return {}
        if lever == "stocks":
            return {("bought", name): model.stock[name].cost} if name in model.stock else {}
        if lever == "procurement":
            return {("preferred", name): model.preference[name].premium} if name in model.preference else {}
        return {
            ("contracted", k, c): contract.cost
            for (k, c), contract in model.contract.items()
            if name in (k, f"{k}@{c}")
        }

    def _spent(self) -> Terms:
        """Money of every lever but capacity."""
        spent: Terms = {}
        for lever in LEVERS[1:]:
            for k in self.model.segments:
                spent |= self._money(lever, k)
        return spent

    def _limited(self, name: str) -> Terms:
        """All money that a limit on a segment, a tier or LEVER:SEGMENT counts."""
        lever, _, rest = name.rpartition(":")
        limited: Terms = {}
        for k in self.model.members(rest):
            for each in [lever] if lever else LEVERS:
                limited |= self._money(each, k)
        return limited

    def _program(self) -> Program:
        """First the decisions, then every phase of every scenario: docs/model.md, sections 2, 6.2 and 6.3."""
        program = Program()
        program.variable("eta", low=None)
        added = {k: self._capacity(program, k) for k in self.model.segments}
        self._other_levers(program)
        for s in self.model.scenarios:
            program.variable("excess", s)
            for p in range(len(self.model.phases[s])):
                self._phase(program, added, s, p)
            self._drawn(program, s)
            program.at_most({**self._loss(s), ("eta",): -1.0, ("excess", s): -1.0}, 0.0)
        return program

    def _capacity(self, program: Program, k: str) -> Terms:
        """Budget x and chords z of a segment, and what is added to its home supply."""
        model = self.model
        pieces = chords(model.slope[k], model.ceiling[k] / self.unit, self.pieces)
        for i in model.instruments:
            program.variable("x", k, i)
        for j, (width, _) in enumerate(pieces):
            program.variable("z", k, j, high=width)
        funds: Terms = {("z", k, j): 1.0 for j in range(len(pieces))}
        program.at_most(funds | {("x", k, i): -model.effectiveness[k, i] for i in model.instruments}, 0.0)
        added: Terms = {("z", k, j): slope for j, (_, slope) in enumerate(pieces)}
        if "procurement" in self.levers and k in model.preference:
            limit, _, response = model.preference[k]
            added[program.variable("preferred", k, high=limit / self.unit)] = response
        return added

    def _other_levers(self, program: Program) -> None:
        if "stocks" in self.levers:
            for k, stock in self.model.stock.items():
                program.variable("bought", k, high=stock.room / self.unit)
        if "suppliers" in self.levers:
            for (k, c), contract in self.model.contract.items():
                program.variable("contracted", k, c, high=contract.limit / self.unit)

    def _phase(self, program: Program, added: Mapping[str, Terms], s: str, p: int) -> None:
        """Home capacity, imports, contracts, what goes unmet or is done without, and the balance of every segment."""
        model, unit = self.model, self.unit
        h, share = model.phases[s][p]
        arrives: dict[str, list[Name]] = {k: [] for k in model.segments}
        for k in model.segments:
            made = program.variable("y", k, s, p)
            capacity = model.supplied(k, s, share, at_home=True)
            program.at_most({made: 1.0, **{name: -h * a for name, a in added[k].items()}}, h * capacity / unit)
            imports = h * model.supplied(k, s, share, at_home=False) / unit
            arrives[k] += [made, program.variable("m", k, s, p, high=imports)]
            if s != CALM and k in model.stock:
                arrives[k].append(program.variable("w", k, s, p))
        for (k, n), demand in model.uses.items():
            arrives[k].append(program.variable("u", k, n, s, p, high=h * demand / unit))
        if "suppliers" in self.levers:
            for (k, c), contract in model.contract.items():
                v = program.variable("v", k, c, s, p)
                arrives[k].append(v)
                program.at_most({v: 1.0, ("contracted", k, c): -h * (1.0 - share * contract.cut[s])}, 0.0)
        if s != CALM:
            for k, l in self._dispensable:
                without = program.variable("f", k, l, s, p)
                arrives[k].append(without)
                most = model.dispensable[k, l] * model.coefficient[k, l]
                program.at_most({without: 1.0, ("y", l, s, p): -most}, 0.0)
        for k in model.segments:
            balance: Terms = dict.fromkeys(arrives[k], -1.0)
            for l in model.segments:
                if (k, l) in model.coefficient:
                    balance["y", l, s, p] = balance.get(("y", l, s, p), 0.0) + model.coefficient[k, l]
            program.at_most(balance, -h * model.demand[k] / unit)

    def _drawn(self, program: Program, s: str) -> None:
        """Over all phases of a disruption no more is drawn than is held and bought."""
        if s == CALM:
            return
        for k, stock in self.model.stock.items():
            drawn: Terms = {("w", k, s, p): 1.0 for p in range(len(self.model.phases[s]))}
            if "stocks" in self.levers:
                drawn["bought", k] = -1.0
            program.at_most(drawn, stock.held / self.unit)

    def _choosing(self, choice: Choice) -> Program:
        """The program with budgets, limits and what may move."""
        model, unit, program = self.model, self.unit, self._program()
        paid: Terms = {program.variable("s", i): 1.0 for i in model.instruments}
        spent = self._spent()
        for sign in (1.0, -1.0):
            difference = {name: sign * amount for name, amount in paid.items()}
            program.at_most(difference | {name: -sign * cost for name, cost in spent.items()}, 0.0)
        for i, amount in choice.budget.items():
            program.at_most({("s", i): 1.0} | {("x", k, i): 1.0 for k in model.segments}, amount / unit)
        if CAPACITY not in self.levers:
            for at in model.observed:
                program.at_most({("x", *at): 1.0}, 0.0)
        for sign, limits in ((-1.0, choice.minimum), (1.0, choice.maximum)):
            for name, amount in limits.items():
                given = {money: sign * cost for money, cost in self._limited(name).items()}
                program.at_most(given, sign * amount / unit)
        if choice.move is not None:
            total: Terms = self._spent()
            for k in model.segments:
                moved = program.variable("moved", k)
                had = sum(model.observed[k, i] for i in model.instruments) / unit
                for sign in (1.0, -1.0):
                    given = {("x", k, i): sign for i in model.instruments}
                    program.at_most({**given, moved: -1.0}, sign * had)
                total[moved] = 1.0
            program.at_most(total, 2.0 * choice.move * math.fsum(choice.budget.values()) / unit)
        return program
