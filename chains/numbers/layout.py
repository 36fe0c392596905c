"""Where each row of a chain's tables goes in the arrays of the model: all that does not depend on the values.

Draws of uncertain values share one layout, so the matching of keys is done once (`chains.drawing.uncertain`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.numbers.instruments import InstrumentsWhere, place_instruments
from chains.numbers.parts import PartsWhere, place_parts
from chains.numbers.phases import PhasesWhere, place_phases
from chains.numbers.uses import UsesWhere, place_uses
from chains.tables.consistency import CALM
from chains.tables.definitions import is_domestic
from chains.tables.matching import Positions, match
from chains.tables.periods import is_latest
from chains.tables.schema import TABLES

__all__ = ["MEASURED", "Cuts", "Layout", "Surges", "layout_of", "positions", "surges"]

MEASURED = tuple(table.name for table in TABLES.values() if table.evidence and table.feeds)
"""The tables whose values the program needs."""

_PLACE = ("package", "segment", "location")
_Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Surges:
    """All pairs (row of surge.csv, row of supply.csv) that match."""

    rule: Positions
    row: Positions


@dataclass(frozen=True)
class Cuts:
    """All matching pairs of a disruption row and a supply row: `rule[n]` speaks of the cut number `cut[n]`.

    Cut number c is of supply row `row[c]` in the scenario `scenario[c]`, in order of scenario and row.
    """

    rule: Positions
    cut: Positions
    scenario: Positions
    row: Positions


@dataclass(frozen=True)
class Layout:
    """Positions in the arrays of `ChainNumbers`, one for each row of a table, in the table's order.

    demand, supply: segment of each row; at_home: whether a supply row is at home. entry: place of each row of
    inputs.csv among the stored entries of A, whose pattern is `indices`, `indptr` (CSR). slope, ceiling, lag, life:
    rows of response.csv, and their segments; observed: rows of subsidies.csv of each package's latest period, their
    segments and instruments.
    """

    segments: tuple[str, ...]
    tiers: tuple[str, ...]
    scenarios: tuple[str, ...]
    instruments: tuple[str, ...]
    demand: Positions
    supply: Positions
    at_home: npt.NDArray[np.bool_]
    entry: Positions
    indices: npt.NDArray[np.int32]
    indptr: npt.NDArray[np.int32]
    slope: tuple[Positions, Positions]
    ceiling: tuple[Positions, Positions]
    lag: tuple[Positions, Positions]
    life: tuple[Positions, Positions]
    observed: tuple[Positions, Positions, Positions]
    surges: Surges
    cuts: Cuts
    uses: UsesWhere
    effectiveness: InstrumentsWhere
    phases: PhasesWhere
    parts: PartsWhere


def layout_of(tables: _Tables, home: str, definition: str = "location") -> Layout:
    """Layout of a checked set of tables; `definition` says what is domestic (see `numbers_of`)."""
    segments = pd.Index(tables["segments"]["segment"], dtype=object)
    tiers = tuple(tables["segments"]["tier"])
    response, supply = tables["response"], tables["supply"]
    instruments = pd.Index(sorted(set(tables["subsidies"]["instrument"])), dtype=object)
    scenarios = (*tables["probabilities"]["scenario"], CALM)
    entry, indices, indptr = _pattern(tables["inputs"], segments)
    at_home = (supply["location"] == home).to_numpy()
    exposed = at_home & ~is_domestic(supply, home, definition).to_numpy()

    given, responding = response["parameter"].to_numpy(dtype=object), positions(segments, response["segment"])

    def responds(parameter: str) -> tuple[Positions, Positions]:
        rows = np.flatnonzero(given == parameter)
        return rows, responding[rows]

    return Layout(
        segments=tuple(segments),
        tiers=tiers,
        scenarios=scenarios,
        instruments=tuple(instruments),
        demand=positions(segments, tables["demand"]["segment"]),
        supply=positions(segments, supply["segment"]),
        at_home=at_home,
        entry=entry,
        indices=indices,
        indptr=indptr,
        slope=responds("slope"),
        ceiling=responds("ceiling"),
        lag=responds("lag"),
        life=responds("life"),
        observed=_latest(tables["subsidies"], segments, instruments),
        surges=surges(tables["surge"], supply, home),
        cuts=_cuts(tables["disruptions"], supply, exposed, scenarios),
        uses=place_uses(tables["demand"], tables["loss_weights"], segments),
        effectiveness=place_instruments(tables["instruments"], tiers, instruments),
        phases=place_phases(tables["durations"], scenarios),
        parts=place_parts(tables, segments, scenarios, indices, indptr),
    )


def with_durations(layout: Layout, durations: pd.DataFrame) -> Layout:
    """The layout after values have changed: of all it says, which scenarios recover alone depends on values."""
    return replace(layout, phases=place_phases(durations, layout.scenarios))


def positions(index: pd.Index, labels: pd.Series) -> Positions:
    """Position of each label in an index; -1 where it is not there."""
    return index.get_indexer(pd.Index(labels.to_numpy(dtype=object), dtype=object))


def surges(surge: pd.DataFrame, supply: pd.DataFrame, home: str) -> Surges:
    """The rows of surge.csv that speak of each row of supply.csv; of home supply only those that name home."""
    rule, row = match(surge, supply, _PLACE)
    meant = ((supply["location"] != home).to_numpy()[row]) | ((surge["location"] == home).to_numpy()[rule])
    return Surges(rule[meant], row[meant])


def _pattern(
    inputs: pd.DataFrame, segments: pd.Index
) -> tuple[Positions, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Stored entries of A in row order; rows of inputs.csv with the same input and user share one."""
    count = len(segments)
    flat = positions(segments, inputs["input"]) * count + positions(segments, inputs["user"])
    stored, entry = np.unique(flat, return_inverse=True)
    indptr = np.searchsorted(stored, np.arange(count + 1) * count)
    return entry, (stored % count).astype(np.int32), indptr.astype(np.int32)


def _latest(
    subsidies: pd.DataFrame, segments: pd.Index, instruments: pd.Index
) -> tuple[Positions, Positions, Positions]:
    rows = np.flatnonzero(is_latest(subsidies).to_numpy())
    own = subsidies.iloc[rows]
    return rows, positions(segments, own["segment"]), positions(instruments, own["instrument"])


def _cuts(
    disruptions: pd.DataFrame, supply: pd.DataFrame, exposed: npt.NDArray[np.bool_], scenarios: tuple[str, ...]
) -> Cuts:
    """Matching pairs by scenario and supply row; `exposed` rows are also cut as if in their owner's country."""
    keys = (*_PLACE, "owner")
    rules, rows = match(disruptions, supply, keys)
    abroad = np.flatnonzero(exposed)
    more, among = match(disruptions, supply.iloc[abroad].assign(location=supply["owner"].iloc[abroad]), keys)
    rules, rows = np.concatenate([rules, more]), np.concatenate([rows, abroad[among]])
    scenario = positions(pd.Index(scenarios, dtype=object), disruptions["scenario"])[rules]
    found, cut = np.unique(scenario * len(supply) + rows, return_inverse=True)
    whole = max(len(supply), 1)
    return Cuts(rule=rules, cut=cut, scenario=found // whole, row=found % whole)
