"""The model a second time, for tests: straight from docs/model.md, sharing no code with the program.

Reads package folders with the csv module, writes the linear program scenario by scenario into dense arrays and
solves it with scipy. Slow and plain on purpose; it must not import anything from `chains` or `optimize`.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

CALM = "calm"
TIERS = ("upstream", "midstream", "downstream")
SIZE = 1000.0  # total demand, and the risk of losing all of it, inside the programs: solver tolerances are absolute

Row = dict[str, str]


def same(a: float, b: float, relative: float = 1e-7, absolute: float = 1e-12) -> bool:
    """Whether two numbers agree as closely as two solvers of one program must."""
    return abs(a - b) <= relative * max(abs(a), abs(b)) + absolute


# ---------------------------------------------------------------------------------------------------- reading


def rows_of(folder: Path, table: str) -> list[Row]:
    """Rows of one table of a package; none where the package leaves the table out."""
    path = Path(folder) / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Model:
    """The numbers of one or several packages, under the names of segments and scenarios."""

    segments: list[str]
    tier: dict[str, str]
    demand: dict[str, float]
    weight: dict[str, float]
    coefficient: dict[tuple[str, str], float]
    probability: dict[str, float]
    home: dict[tuple[str, str], float]
    foreign: dict[tuple[str, str], float]
    slope: dict[str, float]
    ceiling: dict[str, float]
    instruments: list[str]
    effectiveness: dict[str, float]
    observed: dict[tuple[str, str], float]

    @property
    def scenarios(self) -> list[str]:
        return list(self.probability)

    @property
    def budget(self) -> dict[str, float]:
        """The observed total by instrument."""
        return {i: sum(self.observed[k, i] for k in self.segments) for i in self.instruments}

    def members(self, name: str) -> list[str]:
        """The segment of that name, or the segments of that tier."""
        return [name] if name in self.segments else [k for k in self.segments if self.tier[k] == name]


def read(*folders: Path) -> Model:
    """The model of one package, or of several composed; a folder without segments.csv is a link package."""
    packages = [Path(folder) for folder in folders]
    prefix = {p: f"{p.name}/" if len(packages) > 1 else "" for p in packages}
    full = [p for p in packages if rows_of(p, "segments")]
    links = [row for p in packages if p not in full for row in rows_of(p, "inputs")]
    probability = _probabilities(full)
    home, foreign = _supply(full, prefix, probability)
    tier = {prefix[p] + row["segment"]: row["tier"] for p in full for row in rows_of(p, "segments")}
    observed = _observed(full, prefix)
    instruments = sorted({row["instrument"] for p in full for row in rows_of(p, "subsidies")})
    used = {(p, row["instrument"]) for p in full for row in rows_of(p, "subsidies")}
    stated = {
        row["instrument"]: float(row["value"])
        for p in full
        for row in rows_of(p, "instruments")
        if (p, row["instrument"]) in used
    }
    parameters = {
        (row["parameter"], prefix[p] + row["segment"]): float(row["value"])
        for p in full
        for row in rows_of(p, "response")
    }
    weights = {prefix[p] + row["segment"]: float(row["value"]) for p in full for row in rows_of(p, "loss_weights")}
    return Model(
        segments=list(tier),
        tier=tier,
        demand=_demand(full, prefix, links),
        weight={k: weights.get(k, 1.0) for k in tier},
        coefficient=_coefficients(full, prefix, links),
        probability=probability,
        home=home,
        foreign=foreign,
        slope={k: parameters.get(("slope", k), 0.0) for k in tier},
        ceiling={k: parameters.get(("ceiling", k), 0.0) for k in tier},
        instruments=instruments,
        effectiveness={i: stated.get(i, 1.0) for i in instruments},
        observed={(k, i): observed.get((k, i), 0.0) for k in tier for i in instruments},
    )


def _probabilities(packages: Iterable[Path]) -> dict[str, float]:
    """Scenarios of the same name are one; `calm` has what is missing to 1."""
    probability = {r["scenario"]: float(r["value"]) for p in packages for r in rows_of(p, "probabilities")}
    probability[CALM] = max(0.0, 1.0 - math.fsum(probability.values()))
    return probability


def _demand(packages: Iterable[Path], prefix: Mapping[Path, str], links: Iterable[Row]) -> dict[str, float]:
    """Final demand d_k over all uses, without the uses that a link row replaces."""
    replaced = {(link["input"], link["replaces"]) for link in links if link["replaces"]}
    demand: dict[str, float] = defaultdict(float)
    for p in packages:
        for row in rows_of(p, "demand"):
            segment = prefix[p] + row["segment"]
            if (segment, row["use"]) not in replaced:
                demand[segment] += float(row["value"])
    return demand


def _coefficients(
    packages: Iterable[Path], prefix: Mapping[Path, str], links: Iterable[Row]
) -> dict[tuple[str, str], float]:
    coefficient: dict[tuple[str, str], float] = defaultdict(float)
    for p in packages:
        for row in rows_of(p, "inputs"):
            coefficient[prefix[p] + row["input"], prefix[p] + row["user"]] += float(row["value"])
    for link in links:
        coefficient[link["input"], link["user"]] += float(link["value"])
    return coefficient


def _observed(packages: Iterable[Path], prefix: Mapping[Path, str]) -> dict[tuple[str, str], float]:
    """x0: each package's subsidies of its latest period, the greatest in string order."""
    observed = {}
    for p in packages:
        subsidies = rows_of(p, "subsidies")
        latest = max((row["period"] for row in subsidies), default="")
        for row in subsidies:
            if row["period"] == latest:
                observed[prefix[p] + row["segment"], row["instrument"]] = float(row["value"])
    return observed


def _applies(rule: Row, row: Row, keys: Sequence[str]) -> bool:
    return all(rule[key] in ("", row[key]) for key in keys)


def _largest(rules: Iterable[Row], row: Row, keys: Sequence[str]) -> float:
    """The largest value over the rules whose non-blank keys all match the row; 0 if none does."""
    return max((float(rule["value"]) for rule in rules if _applies(rule, row, keys)), default=0.0)


def _supply(
    packages: Iterable[Path], prefix: Mapping[Path, str], scenarios: Iterable[str]
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """H_ks and F_ks, one supply row and one scenario at a time; a rule speaks of its own package only."""
    home: dict[tuple[str, str], float] = defaultdict(float)
    foreign: dict[tuple[str, str], float] = defaultdict(float)
    for p in packages:
        country = json.loads((p / "datapackage.json").read_text(encoding="utf-8"))["tierwise"]["home"]
        disruptions, surges = rows_of(p, "disruptions"), rows_of(p, "surge")
        for row in rows_of(p, "supply"):
            surge = _largest(surges, row, ("segment", "location"))
            for s in scenarios:
                rules = [rule for rule in disruptions if rule["scenario"] == s]
                cut = _largest(rules, row, ("segment", "location", "owner"))
                left = float(row["value"]) * (1.0 - cut)
                if row["location"] == country:
                    home[prefix[p] + row["segment"], s] += left
                else:
                    extra = surge if s != CALM and cut == 0 else 0.0
                    foreign[prefix[p] + row["segment"], s] += left * (1.0 + extra)
    return home, foreign


# ---------------------------------------------------------------------------------------------------- programs

Name = tuple[object, ...]
Terms = dict[Name, float]


class InfeasibleError(Exception):
    """The program has no solution."""


class Program:
    """A linear program under construction: named variables, rows sum(terms) <= bound; dense when solved."""

    def __init__(self) -> None:
        self.at: dict[Name, int] = {}
        self.bounds: list[tuple[float | None, float | None]] = []
        self.rows: list[tuple[Terms, float]] = []
        self._dense: tuple[np.ndarray, np.ndarray] | None = None

    def variable(self, *name: object, low: float | None = 0.0, high: float | None = None) -> Name:
        self.at[name] = len(self.bounds)
        self.bounds.append((low, high))
        return name

    def at_most(self, terms: Terms, bound: float) -> None:
        self.rows.append((terms, bound))
        self._dense = None

    def minimise(self, cost: Terms, fixed: Terms | None = None) -> tuple[float, dict[Name, float]]:
        """Least cost and the values that attain it, with some variables fixed."""
        bounds = list(self.bounds)
        for name, value in (fixed or {}).items():
            bounds[self.at[name]] = (value, value)
        matrix, right = self._arrays()
        answer = linprog(
            self._vector(cost),
            A_ub=matrix,
            b_ub=right,
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if answer.status == 2:
            raise InfeasibleError
        if answer.status != 0:
            raise RuntimeError(answer.message)
        return float(answer.fun), {name: float(answer.x[n]) for name, n in self.at.items()}

    def _arrays(self) -> tuple[np.ndarray, np.ndarray]:
        if self._dense is None:
            matrix = np.zeros((len(self.rows), len(self.bounds)))
            for n, (terms, _) in enumerate(self.rows):
                matrix[n] = self._vector(terms)
            self._dense = matrix, np.array([bound for _, bound in self.rows])
        return self._dense

    def _vector(self, terms: Terms) -> np.ndarray:
        vector = np.zeros(len(self.bounds))
        for name, factor in terms.items():
            vector[self.at[name]] += factor
        return vector


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


@dataclass
class Evaluated:
    """What follows from an allocation; losses as shares of weighted final demand."""

    risk: float
    expected_loss: float
    cvar: float
    loss: dict[str, float]


@dataclass
class Choice:
    """What may be chosen: budget by instrument, limits on segments and tiers, and how much may move."""

    budget: dict[str, float]
    minimum: Mapping[str, float]
    maximum: Mapping[str, float]
    move: float | None


class Study:
    """Every question of the model about one chain, at one confidence level, weight of CVaR and number of chords."""

    def __init__(self, model: Model, alpha: float = 0.9, beta: float = 0.5, pieces: int = 10) -> None:
        self.model, self.alpha, self.beta, self.pieces = model, alpha, beta, pieces
        self.unit = math.fsum(model.demand.values()) / SIZE
        self.all_loss = math.fsum(model.weight[k] * model.demand.get(k, 0.0) for k in model.segments)
        self._fixed = self._program()

    # What is asked -------------------------------------------------------------------------------------------

    def evaluate(self, allocation: Allocation) -> Evaluated:
        """Least loss of every scenario at an allocation, and the risk of these losses."""
        model = self.model
        fixed: Terms = {("x", k, i): allocation[k, i] / self.unit for k in model.segments for i in model.instruments}
        cost: Terms = {}
        for s in model.scenarios:
            cost |= self._loss(s)
        _, values = self._fixed.minimise(cost, fixed)
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
        """Least risk over all allocations of a choice. InfeasibleError if there is none."""
        program = self._choosing(choice)
        return program.minimise(self._risk())[0] / SIZE

    def least_distance(self, choice: Choice, risk: float) -> float:
        """Least sum |x - x0| over the allocations of a choice with at most this risk."""
        program = self._choosing(choice)
        program.at_most(self._risk(), risk * SIZE)
        cost: Terms = {}
        for (k, i), x0 in self.model.observed.items():
            distance = program.variable("distance", k, i)
            program.at_most({("x", k, i): 1.0, distance: -1.0}, x0 / self.unit)
            program.at_most({("x", k, i): -1.0, distance: -1.0}, -x0 / self.unit)
            cost[distance] = 1.0
        return program.minimise(cost)[0] * self.unit

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
        fixed: Terms = {("x", *at): amount / self.unit for at, amount in allocation.items()}
        return self._fixed.minimise({("u", segment, scenario): 1.0}, fixed)[0] * self.unit

    # How it is written ---------------------------------------------------------------------------------------

    def _loss(self, s: str) -> Terms:
        """L_s = sum_k w_k u_ks, of which all demand lost is SIZE."""
        factor = SIZE * self.unit / self.all_loss
        return {("u", k, s): self.model.weight[k] * factor for k in self.model.segments}

    def _risk(self) -> Terms:
        """(1 - beta) E[L] + beta (eta + E[max(L - eta, 0)] / (1 - alpha))."""
        cost: Terms = {("eta",): self.beta}
        for s, p in self.model.probability.items():
            cost |= {name: (1.0 - self.beta) * p * w for name, w in self._loss(s).items()}
            cost["excess", s] = self.beta * p / (1.0 - self.alpha)
        return cost

    def _program(self) -> Program:
        """Variables x, z and, scenario by scenario, y, m, u; rows as in docs/model.md, section 2."""
        model, unit = self.model, self.unit
        program = Program()
        program.variable("eta", low=None)
        pieces = {}
        for k in model.segments:
            pieces[k] = chords(model.slope[k], model.ceiling[k] / unit, self.pieces)
            for i in model.instruments:
                program.variable("x", k, i)
            for j, (width, _) in enumerate(pieces[k]):
                program.variable("z", k, j, high=width)
            funds: Terms = {("z", k, j): 1.0 for j in range(len(pieces[k]))}
            funds |= {("x", k, i): -model.effectiveness[i] for i in model.instruments}
            program.at_most(funds, 0.0)
        for s in model.scenarios:
            program.variable("excess", s)
            for k in model.segments:
                program.variable("y", k, s)
                program.variable("m", k, s, high=model.foreign.get((k, s), 0.0) / unit)
                program.variable("u", k, s, high=model.demand.get(k, 0.0) / unit)
            for k in model.segments:
                output: Terms = {("z", k, j): -slope for j, (_, slope) in enumerate(pieces[k])}
                program.at_most({("y", k, s): 1.0, **output}, model.home.get((k, s), 0.0) / unit)
                used: Terms = {(name, k, s): -1.0 for name in ("y", "m", "u")}
                for l in model.segments:
                    if (k, l) in model.coefficient:
                        used["y", l, s] = used.get(("y", l, s), 0.0) + model.coefficient[k, l]
                program.at_most(used, -model.demand.get(k, 0.0) / unit)
            program.at_most({**self._loss(s), ("eta",): -1.0, ("excess", s): -1.0}, 0.0)
        return program

    def _choosing(self, choice: Choice) -> Program:
        """The program with budgets, limits and what may move."""
        model, unit, program = self.model, self.unit, self._program()
        for i, amount in choice.budget.items():
            program.at_most({("x", k, i): 1.0 for k in model.segments}, amount / unit)
        for sign, limits in ((-1.0, choice.minimum), (1.0, choice.maximum)):
            for name, amount in limits.items():
                given: Terms = {("x", k, i): sign for k in model.members(name) for i in model.instruments}
                program.at_most(given, sign * amount / unit)
        if choice.move is not None:
            total: Terms = {}
            for k in model.segments:
                moved = program.variable("moved", k)
                had = sum(model.observed[k, i] for i in model.instruments) / unit
                for sign in (1.0, -1.0):
                    given = {("x", k, i): sign for i in model.instruments}
                    program.at_most({**given, moved: -1.0}, sign * had)
                total[moved] = 1.0
            program.at_most(total, 2.0 * choice.move * math.fsum(choice.budget.values()) / unit)
        return program
