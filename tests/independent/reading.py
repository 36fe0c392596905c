"""Package folders as numbers under the names of segments, uses, scenarios and phases: docs/model.md, 1, 6.1 and 6.2."""

import csv
import io
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

CALM = "calm"
TIERS = ("upstream", "midstream", "downstream")

Row = dict[str, str]


def rows_of(folder: Path, table: str) -> list[Row]:
    """Rows of one table of a package; none where the package leaves the table out."""
    try:
        text = (Path(folder) / f"{table}.csv").read_bytes().decode("utf-8")
    except FileNotFoundError:
        return []
    return [dict(row) for row in _parsed(text)]


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[Row, ...]:
    """The rows of a text, which a model asks for over and over."""
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


class Phase(NamedTuple):
    """A part of the year: its length, and the share of the cuts that is in force."""

    length: float
    share: float


class Stock(NamedTuple):
    """What is held, how much more can be, and what a unit more costs, holding included."""

    held: float
    room: float
    cost: float


class Contract(NamedTuple):
    """The most that can be contracted, what a unit costs, and the cut of it in each scenario."""

    limit: float
    cost: float
    cut: dict[str, float]


class Preference(NamedTuple):
    """Purchases that can be turned to home supply, the cost of a unit turned and the capacity that it adds."""

    limit: float
    premium: float
    response: float


@dataclass
class Supplied:
    """One row of supply: how far it can expand in a disruption, and how much of it each scenario cuts."""

    segment: str
    at_home: bool
    value: float
    surge: float
    cut: dict[str, float]

    def rate(self, scenario: str, share: float) -> float:
        """What it delivers in a year in which this share of the cuts is in force."""
        if scenario == CALM:
            return self.value
        if self.cut[scenario] == 0:
            return self.value * (1.0 + self.surge)
        return self.value * (1.0 - share * self.cut[scenario])


@dataclass
class Model:
    """The numbers of one or several packages, under the names of segments and scenarios."""

    segments: list[str]
    tier: dict[str, str]
    uses: dict[tuple[str, str], float]
    weight: dict[tuple[str, str], float]
    coefficient: dict[tuple[str, str], float]
    dispensable: dict[tuple[str, str], float]
    penalty: dict[tuple[str, str], float]
    probability: dict[str, float]
    phases: dict[str, list[Phase]]
    supply: list[Supplied]
    slope: dict[str, float]
    ceiling: dict[str, float]
    instruments: list[str]
    effectiveness: dict[tuple[str, str], float]
    observed: dict[tuple[str, str], float]
    stock: dict[str, Stock]
    contract: dict[tuple[str, str], Contract]
    preference: dict[str, Preference]

    @property
    def scenarios(self) -> list[str]:
        return list(self.probability)

    @property
    def budget(self) -> dict[str, float]:
        """The observed total by instrument."""
        return {i: sum(self.observed[k, i] for k in self.segments) for i in self.instruments}

    @cached_property
    def demand(self) -> dict[str, float]:
        """Final demand d_k over all uses."""
        return {k: math.fsum(d for (of, _), d in self.uses.items() if of == k) for k in self.segments}

    @cached_property
    def home(self) -> dict[tuple[str, str], float]:
        """H_ks with the cuts in full force."""
        return {(k, s): self.supplied(k, s, 1.0, at_home=True) for k in self.segments for s in self.scenarios}

    @cached_property
    def foreign(self) -> dict[tuple[str, str], float]:
        """F_ks with the cuts in full force."""
        return {(k, s): self.supplied(k, s, 1.0, at_home=False) for k in self.segments for s in self.scenarios}

    def supplied(self, segment: str, scenario: str, share: float, *, at_home: bool) -> float:
        """What stands at home or abroad delivers in a year with this share of the cuts."""
        return math.fsum(row.rate(scenario, share) for row in self._standing.get((segment, at_home), ()))

    @cached_property
    def _standing(self) -> dict[tuple[str, bool], list[Supplied]]:
        """The supply of each segment at home and abroad."""
        standing: dict[tuple[str, bool], list[Supplied]] = {}
        for row in self.supply:
            standing.setdefault((row.segment, row.at_home), []).append(row)
        return standing

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
    tier = {prefix[p] + row["segment"]: row["tier"] for p in full for row in rows_of(p, "segments")}
    observed = _observed(full, prefix)
    instruments = sorted({row["instrument"] for p in full for row in rows_of(p, "subsidies")})
    uses = _uses(full, prefix, links)
    coefficient = _coefficients(full, prefix, links)
    response = _parameters(full, prefix, "response", ("segment",))
    return Model(
        segments=list(tier),
        tier=tier,
        uses=uses,
        weight=_weights(full, prefix, uses),
        coefficient=coefficient,
        dispensable=_critical(full, prefix, coefficient, "dispensable"),
        penalty=_critical(full, prefix, coefficient, "penalty"),
        probability=probability,
        phases={s: _phases(full, s) for s in probability},
        supply=_supply(full, prefix, probability),
        slope={k: response.get((k,), {}).get("slope", 0.0) for k in tier},
        ceiling={k: response.get((k,), {}).get("ceiling", 0.0) for k in tier},
        instruments=instruments,
        effectiveness=_effectiveness(full, tier, instruments),
        observed={(k, i): observed.get((k, i), 0.0) for k in tier for i in instruments},
        stock=_stocks(full, prefix),
        contract=_contracts(full, prefix, probability),
        preference={
            k: Preference(given["limit"], given["premium"], given["response"])
            for (k,), given in _parameters(full, prefix, "procurement", ("segment",)).items()
        },
    )


# ------------------------------------------------------------------------------------------- rules with blank keys


def _applies(rule: Row, row: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Whether every key that the rule gives is the row's; a column left out is blank."""
    return all(rule.get(key, "") in ("", row[key]) for key in keys)


def _largest(rules: Iterable[Row], row: Mapping[str, str], keys: Sequence[str]) -> float:
    """The largest value over the rules whose non-blank keys all match the row; 0 if none does."""
    return max((float(rule["value"]) for rule in rules if _applies(rule, row, keys)), default=0.0)


def _most_specific(rules: Iterable[Row], row: Mapping[str, str], keys: Sequence[str]) -> float | None:
    """The value of the matching rule with most keys given, then the earlier key; None if no rule matches."""
    matching = [rule for rule in rules if _applies(rule, row, keys)]
    if not matching:
        return None

    def specificity(rule: Row) -> tuple[object, ...]:
        given = [rule.get(key, "") != "" for key in keys]
        return (sum(given), *given)

    return float(max(matching, key=specificity)["value"])


def _of(rows: Iterable[Row], parameter: str) -> list[Row]:
    return [row for row in rows if row["parameter"] == parameter]


def _parameters(
    packages: Iterable[Path], prefix: Mapping[Path, str], table: str, keys: Sequence[str]
) -> dict[tuple[str, ...], dict[str, float]]:
    """Values by parameter of a table whose first key is a segment and none of whose keys may be blank."""
    found: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for p in packages:
        for row in rows_of(p, table):
            key = (prefix[p] + row[keys[0]], *(row[name] for name in keys[1:]))
            found[key][row["parameter"]] = float(row["value"])
    return dict(found)


# ------------------------------------------------------------------------------------------- demand and inputs


def _uses(packages: Iterable[Path], prefix: Mapping[Path, str], links: Iterable[Row]) -> dict[tuple[str, str], float]:
    """d_kn, without the uses that a link row replaces."""
    replaced = {(link["input"], link["replaces"]) for link in links if link["replaces"]}
    demand: dict[tuple[str, str], float] = defaultdict(float)
    for p in packages:
        for row in rows_of(p, "demand"):
            use = (prefix[p] + row["segment"], row["use"])
            if use not in replaced:
                demand[use] += float(row["value"])
    return dict(demand)


def _weights(
    packages: Iterable[Path], prefix: Mapping[Path, str], uses: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], float]:
    """w_kn: the row that names the use, else the one that does not, else 1."""
    rules = [{**row, "segment": prefix[p] + row["segment"]} for p in packages for row in rows_of(p, "loss_weights")]
    found = {(k, n): _most_specific(rules, {"segment": k, "use": n}, ("segment", "use")) for k, n in uses}
    return {use: 1.0 if weight is None else weight for use, weight in found.items()}


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


def _critical(
    packages: Iterable[Path], prefix: Mapping[Path, str], pairs: Iterable[tuple[str, str]], parameter: str
) -> dict[tuple[str, str], float]:
    """sigma_kl or kappa_kl; a rule speaks of inputs within its own package only."""
    found = dict.fromkeys(pairs, 0.0)
    for p in packages:
        rules = _of(rows_of(p, "criticality"), parameter)
        own = [row["segment"] for row in rows_of(p, "segments")]
        for k in own:
            for l in own:
                pair = (prefix[p] + k, prefix[p] + l)
                value = _most_specific(rules, {"input": k, "user": l}, ("input", "user"))
                if pair in found and value is not None:
                    found[pair] = value
    return found


# ------------------------------------------------------------------------------------------- scenarios


def _probabilities(packages: Iterable[Path]) -> dict[str, float]:
    """Scenarios of the same name are one; `calm` has what is missing to 1."""
    probability = {r["scenario"]: float(r["value"]) for p in packages for r in rows_of(p, "probabilities")}
    probability[CALM] = max(0.0, 1.0 - math.fsum(probability.values()))
    return probability


def _phases(packages: Iterable[Path], scenario: str) -> list[Phase]:
    """Months of outage, then two halves of the recovery, cut off at the end of the year."""
    if scenario == CALM:
        return [Phase(1.0, 0.0)]
    rows = [row for p in packages for row in rows_of(p, "durations") if row["scenario"] == scenario]
    months = {row["parameter"]: float(row["value"]) for row in rows}
    outage, recovery = months.get("outage", 12.0), months.get("recovery", 0.0)
    phases: list[Phase] = []
    for length, share in ((outage / 12.0, 1.0), (recovery / 24.0, 0.75), (recovery / 24.0, 0.25)):
        left = 1.0 - math.fsum(phase.length for phase in phases)
        phases.append(Phase(max(0.0, min(length, left)), share))
    return [phase for phase in phases if phase.length > 0.0]


def _supply(packages: Iterable[Path], prefix: Mapping[Path, str], scenarios: Iterable[str]) -> list[Supplied]:
    """Every supply row with its cuts and its surge; a rule speaks of its own package only."""
    found = []
    for p in packages:
        country = json.loads((p / "datapackage.json").read_text(encoding="utf-8"))["tierwise"]["home"]
        for row in rows_of(p, "supply"):
            at_home = row["location"] == country
            # A blank location means any foreign one: at home only a row that names the country counts.
            surges = [r for r in rows_of(p, "surge") if not at_home or r["location"] == country]
            surge = _largest(surges, row, ("segment", "location"))
            cut = {s: _cut(p, row, s) for s in scenarios}
            found.append(Supplied(prefix[p] + row["segment"], at_home, float(row["value"]), surge, cut))
    return found


def _cut(package: Path, row: Mapping[str, str], scenario: str) -> float:
    rules = [rule for rule in rows_of(package, "disruptions") if rule["scenario"] == scenario]
    return _largest(rules, row, ("segment", "location", "owner"))


# ------------------------------------------------------------------------------------------- money


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


def _effectiveness(
    packages: Iterable[Path], tier: Mapping[str, str], instruments: Iterable[str]
) -> dict[tuple[str, str], float]:
    """As stated by a package that uses the instrument, for the segment's tier: whole, or as a product of factors."""
    rules = []
    for p in packages:
        used = {row["instrument"] for row in rows_of(p, "subsidies")}
        rules += [row for row in rows_of(p, "instruments") if row["instrument"] in used]

    def stated(k: str, i: str, parameter: str) -> float | None:
        return _most_specific(_of(rules, parameter), {"instrument": i, "tier": tier[k]}, ("instrument", "tier"))

    found = {}
    for k in tier:
        for i in instruments:
            whole = stated(k, i, "effectiveness")
            factors = (stated(k, i, parameter) for parameter in ("raised", "additional", "survival"))
            product = math.prod(1.0 if factor is None else factor for factor in factors)
            found[k, i] = product if whole is None else whole
    return found


def _stocks(packages: Iterable[Path], prefix: Mapping[Path, str]) -> dict[str, Stock]:
    found = {}
    for (k,), given in _parameters(packages, prefix, "stocks", ("segment",)).items():
        held = given.get("held", 0.0)
        room = given.get("limit", held) - held
        found[k] = Stock(held, room, given.get("price", 1.0) + given.get("holding", 0.0))
    return found


def _contracts(
    packages: Iterable[Path], prefix: Mapping[Path, str], scenarios: Sequence[str] | Mapping[str, float]
) -> dict[tuple[str, str], Contract]:
    """Contracts stand where they are located and are owned there: a disruption cuts them as it cuts other supply."""
    found = {}
    for p in packages:
        for (k, c), given in _parameters([p], {p: ""}, "suppliers", ("segment", "location")).items():
            row = {"segment": k, "location": c, "owner": c}
            cut = {s: _cut(p, row, s) for s in scenarios}
            found[prefix[p] + k, c] = Contract(given["limit"], given["cost"], cut)
    return found
