"""Intensities of a user's firms, by tier and by segment, and firm-years far from the others of their tier."""

import numpy as np
import pandas as pd

from chains.chain import Chain
from chains.numbers import Array
from chains.tables.schema import TIERS

__all__ = ["FAR", "INTENSITIES", "firm_intensities", "firm_outliers"]

INTENSITIES = {"subsidy_intensity": "subsidies", "rd_intensity": "rd"}
"""Ratios to sales, and the column that is divided by them."""

FAR = 3.5
"""Modified z-score beyond which a value is an outlier (Iglewicz and Hoaglin 1993)."""

_NORMAL = 0.6745
"""Median absolute deviation of a standard normal variable, to four digits as in Iglewicz and Hoaglin."""


def firm_intensities(chain: Chain) -> pd.DataFrame:
    """Subsidies and R&D over sales of the firms of `firms.csv`, by year.

    Columns level (tier or segment), chain, name, year, intensity, firms (those with sales above 0 and the other
    figure), pooled (sum over sum: the intensity of the group) and median (of the firms' own ratios). By tier a firm is
    in its own; by segment its figures are split by the shares of `firm_segments.csv`: its ratio is the same in each.
    """
    firms = chain.table("firms")
    shares = chain.table("firm_segments")[["package", "firm", "segment", "value"]]
    split = firms.merge(shares, on=["package", "firm"]).rename(columns={"segment": "name"})
    levels = (("tier", firms.assign(name=firms["tier"], value=1.0)), ("segment", split))
    rows = [
        {"level": level, "chain": key[0], "name": key[1], "year": key[2], **_pooled(own, intensity)}
        for level, table in levels
        for intensity in INTENSITIES
        for key, own in _groups(table, chain)
    ]
    columns = ["level", "chain", "name", "year", "intensity", "firms", "pooled", "median"]
    return pd.DataFrame([row for row in rows if row["firms"]], columns=columns)


def _groups(table: pd.DataFrame, chain: Chain) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    """The rows by chain, name and year: tiers and segments in the order of the chain, years upwards."""
    place = {name: n for n, name in enumerate([*TIERS, *chain.numbers.segments])}
    found = [((str(a), str(b), str(c)), own) for (a, b, c), own in table.groupby(["chain", "name", "year"], sort=False)]
    return sorted(found, key=lambda one: (one[0][0], place[one[0][1]], one[0][2]))


def _pooled(own: pd.DataFrame, intensity: str) -> dict[str, object]:
    """The intensity of a group of firms; a firm without sales or without the figure is in neither sum."""
    column = INTENSITIES[intensity]
    known = own[(own["sales"] > 0) & own[column].notna() & (own["value"] > 0)]
    sales, figure = known["value"] * known["sales"], known["value"] * known[column]
    return {
        "intensity": intensity,
        "firms": int(known["firm"].nunique()),
        "pooled": float(figure.sum() / sales.sum()) if len(known) else np.nan,
        "median": float((known[column] / known["sales"]).median()) if len(known) else np.nan,
    }


def firm_outliers(chain: Chain) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Firm-years whose intensity is an outlier in their chain and tier, the farthest first; and which cannot be told.

    The rule: modified z-score M = 0.6745 (x - median) / MAD beyond 3.5 in size (B. Iglewicz and D. C. Hoaglin, How to
    Detect and Handle Outliers, ASQC Quality Press 1993), MAD the median absolute deviation from the median. Where more
    than half of the values are the same MAD is 0 and M is not defined: chain, tier and intensity of those come second.
    Columns firm, year, chain, tier, intensity,
    value, median, score.
    """
    firms = chain.table("firms")
    found, untested = [], []
    for intensity, column in INTENSITIES.items():
        known = firms[(firms["sales"] > 0) & firms[column].notna()]
        known = known.assign(intensity=intensity, value=known[column] / known["sales"])
        for (name, tier), own in known.groupby(["chain", "tier"], sort=False):
            median = float(own["value"].median())
            scores = _scores(own["value"].to_numpy(dtype=float), median)
            if scores is None:
                untested.append((str(name), str(tier), intensity))
            else:
                found.append(own.assign(median=median, score=scores)[np.abs(scores) > FAR])
    columns = ["firm", "year", "chain", "tier", "intensity", "value", "median", "score"]
    listed = pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)
    farthest = listed.sort_values("score", key=lambda score: -score.abs(), kind="stable")
    return farthest.reset_index(drop=True), untested


def _scores(values: Array, median: float) -> Array | None:
    """Modified z-scores; None where the median absolute deviation is 0."""
    deviation = float(np.median(np.abs(values - median)))
    return _NORMAL * (values - median) / deviation if deviation > 0 else None
