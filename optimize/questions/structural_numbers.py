"""The numbers of a chain's structure that the advice may turn on, each as one that can be set to any value of a range.

A number that the package has is multiplied by a factor, all its rows alike; one that it leaves at nothing is set to a
level everywhere:

    number             multiplied                    set where there is none
    dispensable        0 to 4, 1 at most reached     share of every input, 0 to 1
    outage             until the longest is 12       months of every disruption, 0.25 to 12
    held               0 to 4                        stock of every segment, months of its use in calm, 0 to 12
    spare              0 to 4                        home surge of every segment, 0 to 0.5
    probability        0 to 4, 1 in all at most
    probability:NAME   likewise, of one disruption   its probability, 0 to what the others leave
    slope:TIER         0.1 to 10, ceilings unchanged

An outage that a package does not give is 12 months.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.filling import SUPPLYING, fill, values_of
from chains.numbers.layout import layout_of
from chains.numbers.need import calm_use
from chains.tables.consistency import PROBABILITY_TOLERANCE
from chains.tables.problems import nearest
from chains.tables.schema import TABLES, TIERS

__all__ = ["StructuralNumber", "Structure", "Values", "asked_of", "names_of", "prepared"]

YEAR = 12.0
MOST_FACTOR, SLOPE_FACTORS = 4.0, (0.1, 10.0)
SHORTEST, LEAST_OUTAGE = 0.25, 0.02
"""Shortest outage looked at, in months, and as a factor."""
MOST_SPARE = 0.5
EACH = 20
"""Disruptions up to which the probability of each is looked at unasked."""


@dataclass(frozen=True)
class StructuralNumber:
    """Some rows of a table whose values are a multiple of one number.

    `unit` is what it counts: `factor`, `share`, `months`, `months of use` or `probability`; `now` what it is in the
    package; `low` and `high` the range. The values of the rows are the number times `each`, or where it is a factor
    times what they are.
    """

    name: str
    unit: str
    now: float
    low: float
    high: float
    table: str
    rows: Positions
    each: Array

    @property
    def geometric(self) -> bool:
        """Whether its range is cut in equal ratios."""
        return self.name.startswith("slope:")

    def grid(self, steps: int) -> Array:
        """Values from low to high in so many steps, and the one of the package."""
        space = np.geomspace if self.geometric else np.linspace
        inside = [self.now] if self.low <= self.now <= self.high else []
        return np.unique(np.append(np.asarray(space(self.low, self.high, steps + 1)), inside))


def names_of(chain: Chain) -> tuple[str, ...]:
    """The numbers that a chain has, in order; probabilities one by one as well."""
    response = chain.table("response")
    responding = set(response.loc[response["parameter"] == "slope", "segment"])
    tiers = {
        tier for segment, tier in zip(chain.numbers.segments, chain.numbers.tiers, strict=True) if segment in responding
    }
    scenarios = list(chain.table("probabilities")["scenario"])
    disrupted = ["outage", "probability", *(f"probability:{name}" for name in scenarios)] if scenarios else []
    return (
        "dispensable",
        *disrupted[:1],
        "held",
        "spare",
        *disrupted[1:],
        *(f"slope:{tier}" for tier in TIERS if tier in tiers),
    )


def asked_of(chain: Chain, names: Sequence[str]) -> tuple[str, ...]:
    """The numbers asked for, each once, or without any the ones to look at; InputError for one that is not there."""
    known = names_of(chain)
    if not names:
        few = len(chain.numbers.scenarios) - 1 <= EACH
        return tuple(name for name in known if few or not name.startswith("probability:"))
    for name in names:
        if name not in known:
            raise InputError.single(
                f"number '{name}'", f"is not a structural number of {chain.name}", nearest(name, known)
            )
    return tuple(dict.fromkeys(names))


def prepared(chain: Chain, name: str) -> tuple[Chain, StructuralNumber]:
    """The chain with rows for what it leaves at nothing, which change no answer, and where the number stands in it."""
    kind, _, of = name.partition(":")
    return _KINDS[kind](chain, name, of)


Values = Sequence[tuple[StructuralNumber, float]]
"""Structural numbers with the values that they have, taken one after the other."""


class Structure:
    """The numbers of a chain where some of its structural numbers have other values."""

    def __init__(self, chain: Chain) -> None:
        tables = {name: chain.table(name) for name in TABLES}
        self._layout = layout_of(tables, chain.home, chain.definition)
        self._values = values_of(tables)
        self._supply = chain.numbers.home, chain.numbers.foreign

    def possible(self, at: Values) -> bool:
        """Whether probabilities then sum to 1 at most."""
        return float(self._changed(at)["probabilities"].sum()) <= 1.0 + PROBABILITY_TOLERANCE

    def at(self, at: Values) -> ChainNumbers:
        """The numbers where the structural numbers have these values."""
        supplying = any(number.table in SUPPLYING for number, _ in at)
        return fill(self._layout, self._changed(at), None if supplying else self._supply)

    def _changed(self, at: Values) -> dict[str, Array]:
        values = {table: array.copy() for table, array in self._values.items()}
        for number, value in at:
            column = values[number.table]
            column[number.rows] = value * (column[number.rows] if number.unit == "factor" else number.each)
        return values


def _rows(chain: Chain, table: str, **keys: str) -> Positions:
    """Where the rows of a table with these keys stand."""
    rows = chain.table(table)
    mine = np.ones(len(rows), dtype=bool)
    for column, cell in keys.items():
        mine &= (rows[column] == cell).to_numpy()
    return np.flatnonzero(mine)


def _values(chain: Chain, table: str, rows: Positions) -> Array:
    return chain.table(table)["value"].to_numpy(dtype=np.float64)[rows]


def _factor(chain: Chain, name: str, table: str, rows: Positions, low: float, high: float) -> StructuralNumber:
    return StructuralNumber(name, "factor", 1.0, low, high, table, rows, _values(chain, table, rows))


def _packages(chain: Chain) -> list[str]:
    return list(dict.fromkeys(chain.table("segments")["package"]))


def _dispensable(chain: Chain, name: str, _: str) -> tuple[Chain, StructuralNumber]:
    rows = _rows(chain, "criticality", parameter="dispensable")
    largest = float(_values(chain, "criticality", rows).max(initial=0.0))
    if largest > 0.0:
        return chain, _factor(chain, name, "criticality", rows, 0.0, min(MOST_FACTOR, 1.0 / largest))
    any_input = {"input": "", "user": "", "parameter": "dispensable"}
    for package in _packages(chain):
        if not len(_rows(chain, "criticality", package=package, **any_input)):
            chain = chain.with_row("criticality", 0.0, package=package, input="", user="", parameter="dispensable")
    rows = _rows(chain, "criticality", parameter="dispensable")
    return chain, StructuralNumber(name, "share", 0.0, 0.0, 1.0, "criticality", rows, np.ones(len(rows)))


def _outage(chain: Chain, name: str, _: str) -> tuple[Chain, StructuralNumber]:
    given = _rows(chain, "durations", parameter="outage")
    for scenario in chain.table("probabilities")["scenario"]:
        if not len(_rows(chain, "durations", scenario=scenario, parameter="outage")):
            chain = chain.with_row("durations", YEAR, scenario=scenario, parameter="outage")
    rows = _rows(chain, "durations", parameter="outage")
    months = _values(chain, "durations", rows)
    if len(given):
        return chain, _factor(chain, name, "durations", rows, LEAST_OUTAGE, YEAR / float(months.max()))
    return chain, StructuralNumber(name, "months", YEAR, SHORTEST, YEAR, "durations", rows, np.ones(len(rows)))


def _held(chain: Chain, name: str, _: str) -> tuple[Chain, StructuralNumber]:
    rows = _rows(chain, "stocks", parameter="held")
    if _values(chain, "stocks", rows).max(initial=0.0) > 0.0:
        return chain, _factor(chain, name, "stocks", rows, 0.0, MOST_FACTOR)
    use = dict(zip(chain.numbers.segments, calm_use(chain.numbers, chain.name), strict=True))
    for segment in chain.numbers.segments:
        if not len(_rows(chain, "stocks", segment=segment, parameter="held")):
            chain = chain.with_row("stocks", 0.0, segment=segment, parameter="held")
    rows = _rows(chain, "stocks", parameter="held")
    monthly = chain.table("stocks")["segment"].iloc[rows].map(use).to_numpy(dtype=np.float64) / YEAR
    return chain, StructuralNumber(name, "months of use", 0.0, 0.0, YEAR, "stocks", rows, np.maximum(monthly, 0.0))


def _spare(chain: Chain, name: str, _: str) -> tuple[Chain, StructuralNumber]:
    rows = _rows(chain, "surge", location=chain.home)
    if _values(chain, "surge", rows).max(initial=0.0) > 0.0:
        return chain, _factor(chain, name, "surge", rows, 0.0, MOST_FACTOR)
    for package in _packages(chain):
        if not len(_rows(chain, "surge", package=package, segment="", location=chain.home)):
            chain = chain.with_row("surge", 0.0, package=package, segment="", location=chain.home)
    rows = _rows(chain, "surge", location=chain.home)
    return chain, StructuralNumber(name, "share", 0.0, 0.0, MOST_SPARE, "surge", rows, np.ones(len(rows)))


def _probability(chain: Chain, name: str, of: str) -> tuple[Chain, StructuralNumber]:
    rows = _rows(chain, "probabilities", scenario=of) if of else np.arange(len(chain.table("probabilities")))
    mine = float(_values(chain, "probabilities", rows).sum())
    left = 1.0 - float(chain.table("probabilities")["value"].sum()) + mine
    if mine > 0.0:
        return chain, _factor(chain, name, "probabilities", rows, 0.0, min(MOST_FACTOR, left / mine))
    if not of:
        wrong = "every disruption has the probability 0, so no factor changes anything"
        raise InputError.single(f"number '{name}'", wrong, "ask of one, such as probability:SCENARIO")
    return chain, StructuralNumber(name, "probability", 0.0, 0.0, left, "probabilities", rows, np.ones(1))


def _slope(chain: Chain, name: str, of: str) -> tuple[Chain, StructuralNumber]:
    response, tiers = chain.table("response"), chain.segments["tier"]
    mine = (response["parameter"] == "slope") & (response["segment"].map(tiers) == of)
    return chain, _factor(chain, name, "response", np.flatnonzero(mine.to_numpy()), *SLOPE_FACTORS)


_KINDS: dict[str, Callable[[Chain, str, str], tuple[Chain, StructuralNumber]]] = {
    "dispensable": _dispensable,
    "outage": _outage,
    "held": _held,
    "spare": _spare,
    "probability": _probability,
    "slope": _slope,
}
