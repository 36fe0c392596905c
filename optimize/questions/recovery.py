"""How long supply takes to come back after a cut, as far as a package says."""

import numpy as np
import numpy.typing as npt

from chains import Chain
from chains.numbers.layout import layout_of
from chains.tables.schema import TABLES

__all__ = ["Recoveries"]

YEAR = 12.0


class Recoveries:
    """The months until all supply is back (time to recover), by scenario, and the supply that each scenario cuts.

    outage + recovery of the scenarios that durations.csv speaks of; an outage that it leaves out lasts the year.
    """

    def __init__(self, chain: Chain) -> None:
        self._cut, self._months = np.zeros((0, 0), dtype=bool), np.empty(0)
        durations = chain.table("durations")
        if durations.empty:
            return
        tables = {name: chain.table(name) for name in TABLES}
        cuts = layout_of(tables, chain.home, chain.definition).cuts
        deepest = np.zeros(len(cuts.row))
        np.maximum.at(deepest, cuts.cut, tables["disruptions"]["value"].to_numpy(dtype=np.float64)[cuts.rule])
        scenarios = list(tables["probabilities"]["scenario"])
        self._cut = np.zeros((len(scenarios), len(tables["supply"])), dtype=bool)
        self._cut[cuts.scenario[deepest > 0.0], cuts.row[deepest > 0.0]] = True
        given = durations.pivot(index="scenario", columns="parameter", values="value")
        months = given.reindex(columns=["outage", "recovery"]).fillna({"outage": YEAR, "recovery": 0.0}).sum(axis=1)
        self._months = months.reindex(scenarios).to_numpy(dtype=np.float64)

    def months(self, rows: npt.NDArray[np.bool_]) -> float:
        """The longest of the scenarios that cut all of this supply, wholly or in part; NaN where none is known.

        `rows` says of each row of supply.csv whether it is cut off.
        """
        if not len(self._months):
            return float("nan")
        known = self._months[self._cut[:, rows].all(axis=1)]
        known = known[np.isfinite(known)]
        return float(known.max()) if len(known) else float("nan")
