"""The budget over years a second time: model.md, section 6.4, word for word, year by year and scenario by scenario."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.independent.program import SIZE, Name, Program, Terms
from tests.independent.reading import CALM, Model, read, rows_of
from tests.independent.study import CAPACITY, Allocation, chords

__all__ = ["Later", "PlanStudy", "read_later"]

Rates = dict[tuple[str, str], float]


@dataclass
class Later:
    """What only plans need of a package: lags, lives, and what stocks cost once and every year."""

    lag: dict[str, int]
    life: dict[str, float]
    delay: dict[tuple[str, str], int]
    price: dict[str, float]
    holding: dict[str, float]


def read_later(folder: Path, model: Model) -> Later:
    """From the tables response, instruments and stocks of one package."""
    rows = [row for table in ("response", "stocks") for row in rows_of(folder, table)]
    given = {(row["segment"], row["parameter"]): float(row["value"]) for row in rows}
    lags = [row for row in rows_of(folder, "instruments") if row["parameter"] == "lag"]

    def delay(k: str, i: str) -> int:
        mine = [row for row in lags if row["instrument"] == i and row.get("tier", "") in ("", model.tier[k])]
        best = max(mine, key=lambda row: row.get("tier", "") != "", default=None)
        return 0 if best is None else int(float(best["value"]))

    return Later(
        lag={k: int(given.get((k, "lag"), 0)) for k in model.segments},
        life={k: given.get((k, "life"), math.inf) for k in model.segments},
        delay={(k, i): delay(k, i) for k in model.segments for i in model.instruments},
        price={k: given.get((k, "price"), 1.0) for k in model.stock},
        holding={k: given.get((k, "holding"), 0.0) for k in model.stock},
    )


class PlanStudy:
    """A plan for one package. Years are 1..T; quantities of year t are those of year t, grown."""

    def __init__(
        self,
        folder: Path,
        years: int,
        growth: float = 0.0,
        rate: float = 0.03,
        alpha: float = 0.9,
        beta: float = 0.5,
        pieces: int = 10,
        levers: Collection[str] = (CAPACITY,),
        budget: float | None = None,
    ) -> None:
        self.model = read(folder)
        self.later = read_later(folder, self.model)
        self.years = range(1, years + 1)
        self.growth, self.alpha, self.beta, self.pieces, self.levers = growth, alpha, beta, pieces, levers
        weight = [(1.0 + rate) ** -t for t in self.years]
        self.weight = {t: own / math.fsum(weight) for t, own in zip(self.years, weight, strict=True)}
        self.unit = math.fsum(self.model.uses.values()) / SIZE
        self.all_loss = math.fsum(self.model.weight[use] * d for use, d in self.model.uses.items())
        observed = self.model.budget
        factor = 1.0 if budget is None else budget / math.fsum(observed.values())
        self.budget = {i: b * factor for i, b in observed.items()}

    # What is asked -------------------------------------------------------------------------------------------

    def least(self) -> float:
        """Least discounted risk."""
        return self._program().minimise(self._discounted())[0] / SIZE

    def least_distance(self, risk: float) -> float:
        """Least sum_t |x_t - x0| over money that comes in time, and money of other levers, with at most this risk."""
        program, later = self._program(), self.later
        program.at_most(self._discounted(), risk * SIZE)
        cost: Terms = {}
        for t in self.years:
            for name, own in self._cost(t):
                cost[name] = cost.get(name, 0.0) + own
            for (k, i), x0 in self.model.observed.items():
                if t + later.lag[k] + later.delay[k, i] <= self.years[-1]:
                    distance = program.variable("distance", k, i, t)
                    program.at_most({("x", k, i, t): 1.0, distance: -1.0}, x0 / self.unit)
                    program.at_most({("x", k, i, t): -1.0, distance: -1.0}, -x0 / self.unit)
                    cost[distance] = 1.0
        return program.minimise(cost)[0] * self.unit

    def by_year(self, allocation: Mapping[int, Allocation], amounts: Mapping[Name, float]) -> list[float]:
        """Risk of every year where this money is given; `amounts` of other levers by variable, the chain's money."""
        program = self._program(paying=False)
        fixed = {("x", k, i, t): x / self.unit for t, own in allocation.items() for (k, i), x in own.items()}
        fixed |= {name: amounts.get(name, 0.0) / self.unit for t in self.years for name in self._other(t)}
        cost: Terms = {}
        for t in self.years:
            for s in self.model.scenarios:
                cost |= self._loss(s, t)
        _, values = program.minimise(cost, fixed)
        return [self._risk_of(values, t) for t in self.years]

    def spent(self, amounts: Mapping[Name, float]) -> list[float]:
        """Money of other levers in every year."""
        return [math.fsum(cost * amounts.get(name, 0.0) for name, cost in self._cost(t)) for t in self.years]

    def _risk_of(self, values: Mapping[Name, float], t: int) -> float:
        model = self.model
        loss = {
            s: math.fsum(c * max(values[name], 0.0) for name, c in self._loss(s, t).items()) / SIZE
            for s in model.scenarios
        }
        expected = math.fsum(model.probability[s] * loss[s] for s in loss)
        cvar = min(
            eta + math.fsum(model.probability[s] * max(loss[s] - eta, 0.0) for s in loss) / (1.0 - self.alpha)
            for eta in loss.values()
        )
        return (1.0 - self.beta) * expected + self.beta * cvar

    # How it is written ---------------------------------------------------------------------------------------

    def _grown(self, t: int) -> float:
        return (1.0 + self.growth) ** t

    def _loss(self, s: str, t: int) -> Terms:
        """L_st as a share of year t's weighted demand, times SIZE."""
        model, factor = self.model, SIZE * self.unit / (self.all_loss * self._grown(t))
        loss: Terms = {}
        for p in range(len(model.phases[s])):
            loss |= {("u", *use, s, p, t): weight * factor for use, weight in model.weight.items()}
            if s != CALM:
                loss |= {("f", *pair, s, p, t): model.penalty[pair] * factor for pair in self._dispensable()}
        return loss

    def _dispensable(self) -> Iterator[tuple[str, str]]:
        return (pair for pair, share in self.model.dispensable.items() if share > 0.0)

    def _discounted(self) -> Terms:
        """sum_t weight_t ((1 - beta) E[L_t] + beta (eta_t + E[max(L_t - eta_t, 0)] / (1 - alpha)))."""
        cost: Terms = {}
        for t in self.years:
            cost["eta", t] = self.weight[t] * self.beta
            for s, p in self.model.probability.items():
                cost["excess", s, t] = self.weight[t] * self.beta * p / (1.0 - self.alpha)
                for name, loss in self._loss(s, t).items():
                    cost[name] = cost.get(name, 0.0) + self.weight[t] * (1.0 - self.beta) * p * loss
        return cost

    def _other(self, t: int) -> list[Name]:
        """What a year has of other levers: stock_kt, contracts and preferences of the year."""
        names: list[Name] = []
        if "stocks" in self.levers:
            names += [("stock", k, t) for k in self.model.stock]
        if "suppliers" in self.levers:
            names += [("contracted", k, c, t) for k, c in self.model.contract]
        if "procurement" in self.levers:
            names += [("preferred", k, t) for k in self.model.preference]
        return names

    def _cost(self, t: int) -> Iterator[tuple[Name, float]]:
        """What the year spends on other levers: price (stock_t - stock_t-1) + holding stock_t, and yearly costs."""
        if "stocks" in self.levers:
            for k in self.model.stock:
                yield ("stock", k, t), self.later.price[k] + self.later.holding[k]
                if t > 1:
                    yield ("stock", k, t - 1), -self.later.price[k]
        if "suppliers" in self.levers:
            for (k, c), contract in self.model.contract.items():
                yield ("contracted", k, c, t), contract.cost
        if "procurement" in self.levers:
            for k, preference in self.model.preference.items():
                yield ("preferred", k, t), preference.premium

    def _program(self, *, paying: bool = True) -> Program:
        program, model, unit = Program(), self.model, self.unit
        most = {("stock", k): stock.room for k, stock in model.stock.items()}
        most |= {("contracted", k, c): contract.limit for (k, c), contract in model.contract.items()}
        most |= {("preferred", k): preference.limit for k, preference in model.preference.items()}
        for t in self.years:
            for k in model.segments:
                for i in model.instruments:
                    program.variable("x", k, i, t, high=None if not paying or CAPACITY in self.levers else 0.0)
            for name in self._other(t):
                program.variable(*name, high=most[name[:-1]] / unit)
            self._stock_lasts(program, t)
            added = {k: self._capacity(program, k, t) for k in model.segments}
            if paying:
                self._pay(program, t)
            program.variable("eta", t, low=None)
            for s in model.scenarios:
                program.variable("excess", s, t)
                for p in range(len(model.phases[s])):
                    self._phase(program, added, s, p, t)
                self._drawn(program, s, t)
                program.at_most({**self._loss(s, t), ("eta", t): -1.0, ("excess", s, t): -1.0}, 0.0)
        return program

    def _stock_lasts(self, program: Program, t: int) -> None:
        if "stocks" in self.levers and t > 1:
            for k in self.model.stock:
                program.at_most({("stock", k, t - 1): 1.0, ("stock", k, t): -1.0}, 0.0)

    def _pay(self, program: Program, t: int) -> None:
        """sum_k x_kit + s_it <= B_i and sum_i s_it = spent_t."""
        paid: Terms = {program.variable("s", i, t): 1.0 for i in self.model.instruments}
        for sign in (1.0, -1.0):
            difference = {name: sign * amount for name, amount in paid.items()}
            for name, cost in self._cost(t):
                difference[name] = difference.get(name, 0.0) - sign * cost
            program.at_most(difference, 0.0)
        for i, amount in self.budget.items():
            program.at_most({("s", i, t): 1.0} | {("x", k, i, t): 1.0 for k in self.model.segments}, amount / self.unit)

    def _capacity(self, program: Program, k: str, t: int) -> Terms:
        """z and Z of a segment, what arrives for it, and what is added to its home supply."""
        model, later = self.model, self.later
        pieces = chords(model.slope[k], model.ceiling[k] / self.unit, self.pieces)
        for j, (width, _) in enumerate(pieces):
            new, stands = program.variable("z", k, j, t), program.variable("Z", k, j, t, high=width)
            for sign in (1.0, -1.0):
                terms = {stands: sign, new: -sign}
                if t > 1:
                    terms["Z", k, j, t - 1] = -sign * (1.0 - 1.0 / later.life[k])
                program.at_most(terms, 0.0)
        funds: Terms = {("z", k, j, t): 1.0 for j in range(len(pieces))}
        for i in model.instruments:
            given = t - later.lag[k] - later.delay[k, i]
            if given >= 1:
                funds["x", k, i, given] = -model.effectiveness[k, i]
        program.at_most(funds, 0.0)
        added: Terms = {("Z", k, j, t): slope for j, (_, slope) in enumerate(pieces)}
        if "procurement" in self.levers and k in model.preference:
            added["preferred", k, t] = model.preference[k].response
        return added

    def _phase(self, program: Program, added: Mapping[str, Terms], s: str, p: int, t: int) -> None:
        model, unit, grown = self.model, self.unit, self._grown(t)
        h, share = model.phases[s][p]
        arrives: dict[str, list[Name]] = {k: [] for k in model.segments}
        for k in model.segments:
            made = program.variable("y", k, s, p, t)
            capacity = grown * model.supplied(k, s, share, at_home=True)
            program.at_most({made: 1.0, **{name: -h * a for name, a in added[k].items()}}, h * capacity / unit)
            imports = grown * h * model.supplied(k, s, share, at_home=False) / unit
            arrives[k] += [made, program.variable("m", k, s, p, t, high=imports)]
            if s != CALM and k in model.stock:
                arrives[k].append(program.variable("w", k, s, p, t))
        for (k, n), demand in model.uses.items():
            arrives[k].append(program.variable("u", k, n, s, p, t, high=grown * h * demand / unit))
        if "suppliers" in self.levers:
            for (k, c), contract in model.contract.items():
                v = program.variable("v", k, c, s, p, t)
                arrives[k].append(v)
                program.at_most({v: 1.0, ("contracted", k, c, t): -h * (1.0 - share * contract.cut[s])}, 0.0)
        if s != CALM:
            for k, l in self._dispensable():
                without = program.variable("f", k, l, s, p, t)
                arrives[k].append(without)
                most = model.dispensable[k, l] * model.coefficient[k, l]
                program.at_most({without: 1.0, ("y", l, s, p, t): -most}, 0.0)
        for k in model.segments:
            balance: Terms = dict.fromkeys(arrives[k], -1.0)
            for l in model.segments:
                if (k, l) in model.coefficient:
                    balance["y", l, s, p, t] = balance.get(("y", l, s, p, t), 0.0) + model.coefficient[k, l]
            program.at_most(balance, -grown * h * model.demand[k] / unit)

    def _drawn(self, program: Program, s: str, t: int) -> None:
        if s == CALM:
            return
        for k, stock in self.model.stock.items():
            drawn: Terms = {("w", k, s, p, t): 1.0 for p in range(len(self.model.phases[s]))}
            if "stocks" in self.levers:
                drawn["stock", k, t] = -1.0
            program.at_most(drawn, stock.held / self.unit)

    def every_year(self, allocation: Allocation) -> dict[int, Allocation]:
        """The same allocation in every year."""
        return dict.fromkeys(self.years, allocation)

    def repeated(self, bought: Mapping[tuple[str, str], float]) -> dict[Name, float]:
        """Amounts in every year where money by lever and segment, or SEGMENT@LOC, is given in each.

        A stock pays its holding first; what is left buys more, until the limit.
        """
        model, later, amounts = self.model, self.later, {}
        for (lever, name), money in bought.items():
            k, _, c = name.partition("@")
            for t in self.years:
                if lever == "suppliers":
                    amounts["contracted", k, c, t] = money / model.contract[k, c].cost
                elif lever == "procurement":
                    amounts["preferred", k, t] = money / model.preference[k].premium
                else:
                    before = amounts.get(("stock", k, t - 1), 0.0)
                    more = (money - later.holding[k] * before) / (later.price[k] + later.holding[k])
                    amounts["stock", k, t] = min(before + more, model.stock[k].room)
        return amounts

    def amounts_of(self, levers: Mapping[str, Mapping[str, Sequence[float]]]) -> dict[Name, float]:
        """Amounts in every year from the money of each by lever and member; a stock is what its money has bought."""
        model, later, amounts = self.model, self.later, {}
        for lever, members in levers.items():
            for name, money in members.items():
                k, _, c = name.partition("@")
                for t, own in zip(self.years, money, strict=True):
                    if lever == "suppliers":
                        amounts["contracted", k, c, t] = own / model.contract[k, c].cost
                    elif lever == "procurement":
                        amounts["preferred", k, t] = own / model.preference[k].premium
                    else:
                        before = amounts.get(("stock", k, t - 1), 0.0)
                        amounts["stock", k, t] = (own + later.price[k] * before) / (later.price[k] + later.holding[k])
        return amounts
