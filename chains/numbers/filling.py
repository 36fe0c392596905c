"""The numbers of a chain as arrays, in the notation of the model (docs/model.md, section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from chains.numbers.chain_numbers import ChainNumbers
from chains.numbers.layout import MEASURED, Layout, Surges, layout_of, positions, surges
from chains.numbers.parts.base import Base
from chains.numbers.phases import Phases
from chains.numbers.quantities import Array, Positions
from chains.numbers.sums import summed

__all__ = [
    "SUPPLYING",
    "Array",
    "ChainNumbers",
    "Positions",
    "SupplyRows",
    "fill",
    "numbers_of",
    "supply_rows",
    "values_of",
]

SUPPLYING = frozenset({"supply", "surge", "disruptions"})
"""Tables whose values say what every phase supplies; its length does not."""

SWAMPED = 1e6
"""Times its least row that a segment's supply, surge included, may be before what is left is added up row by row.

Taken off the whole, what is cut of the largest row would take the digits of the least with it.
"""


@dataclass(frozen=True)
class SupplyRows:
    """Arrays over the rows r of supply.csv, in their order. Money in the package's unit.

    `segment` is a position among the segments; `at_home` says whether the row is home supply; `value` is
    v_r, and `surged` what the row supplies in a disruption that does not cut it: v_r (1 + surge_r).
    """

    segment: Positions
    location: npt.NDArray[np.object_]
    owner: npt.NDArray[np.object_]
    at_home: npt.NDArray[np.bool_]
    value: Array
    surged: Array


def numbers_of(tables: Mapping[str, pd.DataFrame], home_country: str, definition: str = "location") -> ChainNumbers:
    """Arrays of a checked set of tables; `tables` has every declared table, empty where not given.

    `definition` says what is domestic: plants at home that are not share the cuts of their owner's country. With
    `location`, as in docs/model.md, all plants at home are domestic.
    """
    return fill(layout_of(tables, home_country, definition), values_of(tables))


def values_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, Array]:
    """The column `value` of every table that the program needs, by table."""
    return {table: tables[table]["value"].to_numpy(dtype=np.float64) for table in MEASURED}


def fill(layout: Layout, values: Mapping[str, Array], supply: tuple[Array, Array] | None = None) -> ChainNumbers:
    """Arrays from the values of the tables, `values[table]` in the order of the table's rows.

    `supply`: home and foreign supply of every phase, where the values of the tables SUPPLYING are known to give that.
    """
    count = len(layout.segments)

    def by_segment(at: Positions, given: Array, default: float) -> Array:
        result = np.full(count, default)
        result[at] = given
        return result

    def response(where: tuple[Positions, Positions], default: float) -> Array:
        return by_segment(where[1], values["response"][where[0]], default)

    rows, segment, instrument = layout.observed
    observed = np.zeros((count, len(layout.instruments)))
    observed[segment, instrument] = values["subsidies"][rows]
    probability = np.append(values["probabilities"], 0.0)
    probability[-1] = max(0.0, 1.0 - probability.sum())
    phases = layout.phases.fill(values)
    home, foreign = supply or _supply(layout, values, phases)
    use_share, weight = layout.uses.fill(values)
    coefficients = summed(layout.entry, values["inputs"], len(layout.indices))
    numbers = ChainNumbers(
        segments=layout.segments,
        tiers=layout.tiers,
        scenarios=layout.scenarios,
        instruments=layout.instruments,
        phase_scenario=phases.scenario,
        disrupted=phases.scenario < len(layout.scenarios) - 1,
        use_segment=layout.uses.segment,
        demand=summed(layout.demand, values["demand"], count),
        inputs=sparse.csr_array((coefficients, layout.indices, layout.indptr), shape=(count, count)),
        use_share=use_share,
        weight=weight,
        probability=probability,
        phase_length=phases.length,
        home=home,
        foreign=foreign,
        slope=response(layout.slope, np.nan),
        ceiling=response(layout.ceiling, 0.0),
        effectiveness=layout.effectiveness.fill(values),
        observed=observed,
        lag=response(layout.lag, 0.0),
        life=response(layout.life, np.inf),
        delay=layout.effectiveness.delays(values),
        parts=layout.parts.fill(values, Base(coefficients, phases)),
    )
    for holder in (numbers, *numbers.parts.values()):
        for array in (*vars(holder).values(), numbers.inputs.data):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
    return numbers


def supply_rows(tables: Mapping[str, pd.DataFrame], home_country: str) -> SupplyRows:
    """The rows of supply.csv; needs the tables segments, supply and surge."""
    segments = pd.Index(tables["segments"]["segment"], dtype=object)
    supply = tables["supply"].reset_index(drop=True)
    value = supply["value"].to_numpy()
    at_home = (supply["location"] == home_country).to_numpy()
    rules = surges(tables["surge"], supply, home_country)
    return SupplyRows(
        segment=positions(segments, supply["segment"]),
        location=supply["location"].to_numpy(dtype=object),
        owner=supply["owner"].to_numpy(dtype=object),
        at_home=at_home,
        value=value,
        surged=_surged(value, rules, tables["surge"]["value"].to_numpy()),
    )


def _surged(value: Array, rules: Surges, fraction: Array) -> Array:
    """What each supply row gives in a disruption that spares it; the largest matching surge counts, 0 if none."""
    largest = np.zeros(len(value))
    np.maximum.at(largest, rules.row, fraction[rules.rule])
    return value * (1.0 + largest)


def _supply(layout: Layout, values: Mapping[str, Array], phases: Phases) -> tuple[Array, Array]:
    """Home and foreign supply H[t, k] and F[t, k] that each phase leaves, per year.

    H_kt = sum over home rows    of v_r (1 - c_rt) (1 + surge_r [disrupted, c_rt == 0])
    F_kt = sum over foreign rows of the same

    c_rt is the largest value over the scenario's matching disruption rows, 0 if none, times the share of the cuts that
    the phase has.
    """
    cuts = layout.cuts
    surged = _surged(values["supply"], layout.surges, values["surge"])
    cut = np.zeros(len(cuts.row))
    np.maximum.at(cut, cuts.cut, values["disruptions"][cuts.rule])
    sides = (layout.at_home, ~layout.at_home)
    home, foreign = (np.empty((len(phases.scenario), len(layout.segments))) for _ in sides)
    for share in np.unique(phases.cut):
        mine = phases.cut == share
        left = _left(layout, values["supply"], surged, cut * share, sides)
        home[mine], foreign[mine] = (side[phases.scenario[mine]] for side in left)
    return home, foreign


def _left(
    layout: Layout, value: Array, surged: Array, cut: Array, sides: tuple[npt.NDArray[np.bool_], ...]
) -> list[Array]:
    """Supply [s, k] of each side that every scenario leaves while its cuts are `cut`."""
    cuts = layout.cuts
    lost = np.where(cut > 0, surged[cuts.row] - value[cuts.row] * (1.0 - cut), 0.0)
    segment = layout.supply[cuts.row]
    shape = (len(layout.scenarios), len(layout.segments))
    result = []
    for side in sides:
        own = layout.supply[side]
        spared = summed(own, surged[side], shape[1])
        left = np.tile(spared, (shape[0], 1))
        left[-1] = summed(own, value[side], shape[1])
        mine = side[cuts.row]
        flat = cuts.scenario[mine] * shape[1] + segment[mine]
        left -= summed(flat, lost[mine], shape[0] * shape[1]).reshape(shape)
        some = side & (value > 0)
        least = np.full(shape[1], np.inf)
        np.minimum.at(least, layout.supply[some], value[some])
        swamped = least * SWAMPED < spared
        if swamped.any():
            rows = np.flatnonzero(side & swamped[layout.supply])
            left[:-1, swamped] = _added_up(layout, surged, value, cut, rows)[:-1, swamped]
        result.append(np.maximum(left, 0.0))
    return result


def _added_up(layout: Layout, surged: Array, value: Array, cut: Array, rows: Positions) -> Array:
    """What some supply rows leave in every scenario [s, k], added up: a difference would lose digits."""
    place = np.full(len(value), -1)
    place[rows] = np.arange(len(rows))
    kept = np.tile(surged[rows], (len(layout.scenarios), 1))
    hit = np.flatnonzero((cut > 0) & (place[layout.cuts.row] >= 0))
    row = layout.cuts.row[hit]
    kept[layout.cuts.scenario[hit], place[row]] = value[row] * (1.0 - cut[hit])
    return np.array([summed(layout.supply[rows], amounts, len(layout.segments)) for amounts in kept])
