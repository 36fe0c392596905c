"""The numbers of a chain as arrays, in the notation of the model (docs/model.md, section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from chains.consistency import CALM
from chains.definitions import is_domestic
from chains.matching import Positions, match

__all__ = ["Array", "ChainNumbers", "Positions", "SupplyRows", "numbers_of", "supply_rows"]

Array = npt.NDArray[np.float64]
_PLACE = ("package", "segment", "location")


@dataclass(frozen=True)
class ChainNumbers:
    """Arrays over segments k, scenarios s (`calm` last) and instruments i. Money in the package's unit.

    demand d[k]; inputs A[k, l] = value of k per unit of home output of l; weight w[k]; probability p[s];
    home H[s, k] and foreign F[s, k] supply left in a scenario; slope r[k] (NaN: no response), ceiling G[k];
    effectiveness[i]; observed x0[k, i], the allocation of the latest period.
    """

    segments: tuple[str, ...]
    tiers: tuple[str, ...]
    scenarios: tuple[str, ...]
    instruments: tuple[str, ...]
    demand: Array
    inputs: sparse.csr_array
    weight: Array
    probability: Array
    home: Array
    foreign: Array
    slope: Array
    ceiling: Array
    effectiveness: Array
    observed: Array

    @property
    def calm(self) -> int:
        """Position of the implicit scenario `calm`."""
        return len(self.scenarios) - 1

    @property
    def weighted_demand(self) -> float:
        """sum_k w_k d_k, of which risk is a share."""
        return float(self.weight @ self.demand)


@dataclass(frozen=True)
class SupplyRows:
    """Arrays over the rows r of supply.csv, in their order. Money in the package's unit.

    `segment` is a position among the segments; `at_home` says whether the row is home supply; `value` is
    v_r, and `surged` what the row supplies in a disruption that does not cut it: v_r (1 + surge_r), at home v_r.
    """

    segment: Positions
    location: npt.NDArray[np.object_]
    owner: npt.NDArray[np.object_]
    at_home: npt.NDArray[np.bool_]
    value: Array
    surged: Array


def numbers_of(tables: dict[str, pd.DataFrame], home_country: str, definition: str = "location") -> ChainNumbers:
    """Arrays of a checked set of tables; `tables` has every declared table, empty where not given.

    `definition` says what is domestic: plants at home that are not share the cuts of their owner's country. With
    `location`, as in docs/model.md, all plants at home are domestic.
    """
    segments = pd.Index(tables["segments"]["segment"], dtype=object)
    count = len(segments)

    def by_segment(table: pd.DataFrame, default: float) -> Array:
        values = np.full(count, default)
        values[_positions(segments, table["segment"])] = table["value"]
        return values

    demand = np.zeros(count)
    np.add.at(demand, _positions(segments, tables["demand"]["segment"]), tables["demand"]["value"])
    response = tables["response"]
    instruments, effectiveness, observed = _subsidies(tables, segments)
    probabilities = tables["probabilities"]
    scenarios = (*probabilities["scenario"], CALM)
    probability = np.append(probabilities["value"].to_numpy(), 0.0)
    probability[-1] = max(0.0, 1.0 - probability.sum())
    home, foreign = _supply(tables, segments, scenarios, home_country, definition)
    numbers = ChainNumbers(
        segments=tuple(segments),
        tiers=tuple(tables["segments"]["tier"]),
        scenarios=scenarios,
        instruments=instruments,
        demand=demand,
        inputs=_inputs(tables["inputs"], segments),
        weight=by_segment(tables["loss_weights"], 1.0),
        probability=probability,
        home=home,
        foreign=foreign,
        slope=by_segment(response[response["parameter"] == "slope"], np.nan),
        ceiling=by_segment(response[response["parameter"] == "ceiling"], 0.0),
        effectiveness=effectiveness,
        observed=observed,
    )
    for array in (*vars(numbers).values(), numbers.inputs.data):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return numbers


def supply_rows(tables: Mapping[str, pd.DataFrame], home_country: str) -> SupplyRows:
    """The rows of supply.csv; needs the tables segments, supply and surge."""
    segments = pd.Index(tables["segments"]["segment"], dtype=object)
    supply = tables["supply"].reset_index(drop=True)
    value = supply["value"].to_numpy()
    at_home = (supply["location"] == home_country).to_numpy()
    return SupplyRows(
        segment=_positions(segments, supply["segment"]),
        location=supply["location"].to_numpy(dtype=object),
        owner=supply["owner"].to_numpy(dtype=object),
        at_home=at_home,
        value=value,
        surged=np.where(at_home, value, value * (1.0 + _surge(tables["surge"], supply))),
    )


def _positions(index: pd.Index, labels: pd.Series) -> Positions:
    """Position of each label in an index; -1 where it is not there."""
    return index.get_indexer(pd.Index(labels))


def _inputs(inputs: pd.DataFrame, segments: pd.Index) -> sparse.csr_array:
    rows = _positions(segments, inputs["input"])
    columns = _positions(segments, inputs["user"])
    shape = (len(segments), len(segments))
    return sparse.csr_array(sparse.coo_array((inputs["value"].to_numpy(), (rows, columns)), shape=shape))


def _subsidies(tables: dict[str, pd.DataFrame], segments: pd.Index) -> tuple[tuple[str, ...], Array, Array]:
    """Instruments, their effectiveness, and the observed allocation: each package's latest period."""
    subsidies = tables["subsidies"]
    instruments = pd.Index(sorted(set(subsidies["instrument"])), dtype=object)
    effectiveness = np.ones(len(instruments))
    given = tables["instruments"]
    at = _positions(instruments, given["instrument"])
    effectiveness[at[at >= 0]] = given["value"].to_numpy()[at >= 0]
    latest = subsidies[subsidies["period"] == subsidies.groupby("package")["period"].transform("max")]
    observed = np.zeros((len(segments), len(instruments)))
    rows = _positions(segments, latest["segment"])
    observed[rows, _positions(instruments, latest["instrument"])] = latest["value"]
    return tuple(instruments), effectiveness, observed


def _supply(
    tables: dict[str, pd.DataFrame], segments: pd.Index, scenarios: tuple[str, ...], home: str, definition: str
) -> tuple[Array, Array]:
    """Home and foreign supply H[s, k] and F[s, k] that each scenario leaves.

    H_ks = sum over home rows of v_r (1 - c_rs)
    F_ks = sum over foreign rows of v_r (1 - c_rs) (1 + surge_r [s != calm, c_rs == 0])
    """
    rows = supply_rows(tables, home)
    at, is_home, value, surged = rows.segment, rows.at_home, rows.value, rows.surged
    supply = tables["supply"].reset_index(drop=True)
    exposed = is_home & ~is_domestic(supply, home, definition).to_numpy()
    scenario, row, cut = _cuts(tables["disruptions"], supply, exposed, scenarios)
    lost = surged[row] - value[row] * (1.0 - cut)
    shape = (len(scenarios), len(segments))
    result = []
    for side in (is_home, ~is_home):
        left = np.tile(np.bincount(at[side], surged[side], len(segments)), (len(scenarios), 1))
        left[-1] = np.bincount(at[side], value[side], len(segments))
        mine = side[row]
        flat = np.ravel_multi_index((scenario[mine], at[row[mine]]), shape)
        left -= np.bincount(flat, lost[mine], len(scenarios) * len(segments)).reshape(shape)
        result.append(np.maximum(left, 0.0))
    return result[0], result[1]


def _surge(surge: pd.DataFrame, supply: pd.DataFrame) -> Array:
    """Surge of every supply row: the largest matching value, 0 if none."""
    rules, rows = match(surge, supply, _PLACE)
    largest = np.zeros(len(supply))
    np.maximum.at(largest, rows, surge["value"].to_numpy()[rules])
    return largest


def _cuts(
    disruptions: pd.DataFrame, supply: pd.DataFrame, exposed: npt.NDArray[np.bool_], scenarios: tuple[str, ...]
) -> tuple[Positions, Positions, Array]:
    """Cut c_rs > 0 as (scenario, supply row, fraction): the largest over the matching disruption rows.

    `exposed` rows are also cut as if they stood in their owner's country.
    """
    keys = (*_PLACE, "owner")
    rules, rows = match(disruptions, supply, keys)
    abroad = np.flatnonzero(exposed)
    more, among = match(disruptions, supply.iloc[abroad].assign(location=supply["owner"].iloc[abroad]), keys)
    rules, rows = np.concatenate([rules, more]), np.concatenate([rows, abroad[among]])
    scenario = _positions(pd.Index(scenarios, dtype=object), disruptions["scenario"])[rules]
    cut = disruptions["value"].to_numpy()[rules]
    order = np.lexsort((cut, rows, scenario))
    scenario, rows, cut = scenario[order], rows[order], cut[order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (np.diff(scenario) != 0) | (np.diff(rows) != 0)
    keep = last & (cut > 0)
    return scenario[keep], rows[keep], cut[keep]
