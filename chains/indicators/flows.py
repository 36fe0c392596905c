"""What flows where in the base year: origins into segments, segments into each other, segments into final demand."""

import pandas as pd

from chains.chain import Chain
from chains.tables.definitions import HYBRID

__all__ = ["HOME_FIRMS", "flows"]

HOME_FIRMS = "home firms"
_HYBRIDS, _FOREIGN_PLANTS, _OTHERS = "hybrid firms", "foreign-owned plants at home", "other countries"
_NAMED_COUNTRIES = 5


def flows(chain: Chain) -> pd.DataFrame:
    """Flows in calm at full home output, in money per year; columns kind, source, target, value.

    `origin` flows: imports by country, and the value that home plants add (H_l less its inputs, split over owners
    as their output is). `input` flows: a_kl H_l from segment k to user l. `demand` flows: final demand by use. What
    flows into a segment leaves it again, up to supply that nobody needs.
    """
    numbers = chain.numbers
    segments = list(numbers.segments)
    output = pd.Series(numbers.home[numbers.calm_phase], index=segments)
    inputs = numbers.inputs.tocoo()
    into = [
        ("input", segments[k], segments[user], float(a) * output.iloc[user])
        for k, user, a in zip(inputs.row, inputs.col, inputs.data, strict=True)
    ]
    bought = pd.DataFrame(into, columns=["kind", "source", "target", "value"]).astype({"value": float})
    added = (1.0 - bought.groupby("target")["value"].sum().reindex(segments, fill_value=0.0) / output).fillna(1.0)
    supply = chain.table("supply")
    at_home = supply["location"] == chain.home
    supply["value"] *= supply["segment"].map(added).where(at_home, 1.0)
    supply["source"] = _origins(chain, supply)
    origins = supply.groupby(["source", "segment"])["value"].sum().rename_axis(["source", "target"]).reset_index()
    origins = origins.assign(kind="origin")
    demand = chain.table("demand")[["segment", "use", "value"]]
    demand = demand.rename(columns={"segment": "source", "use": "target"}).assign(kind="demand")
    columns = ["kind", "source", "target", "value"]
    whole = pd.concat([origins[columns], bought, demand[columns]], ignore_index=True)
    return whole.loc[whole["value"] > 0].reset_index(drop=True)


def _origins(chain: Chain, supply: pd.DataFrame) -> pd.Series:
    """Who stands behind each supply row; countries beyond the largest are taken together."""
    abroad = supply[supply["location"] != chain.home]
    largest = abroad.groupby("location")["value"].sum().drop("ROW", errors="ignore").nlargest(_NAMED_COUNTRIES)

    def origin(location: str, owner: str) -> str:
        if location != chain.home:
            return location if location in largest.index else _OTHERS
        return HOME_FIRMS if owner == chain.home else _HYBRIDS if owner == HYBRID else _FOREIGN_PLANTS

    pairs = zip(supply["location"], supply["owner"], strict=True)
    return pd.Series([origin(location, owner) for location, owner in pairs], index=supply.index)
