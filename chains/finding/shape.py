"""Part 1 of the finding: does an indicator peak midstream, an inverted U over the tiers?

From published intervals (`tiers.csv`), or from a user's own firms (`firms.csv`) by the intersection-union test.
Three tier means cannot be tested with a quadratic (Lind and Mehlum 2010): it is saturated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from chains.chain import Chain
from chains.tables.problems import InputError
from chains.tables.schema import TIERS

__all__ = ["CORRELATED", "RATIOS", "Shape", "correlations", "shapes"]

RATIOS = {"subsidy_intensity": "subsidies", "rd_intensity": "rd", "margin": "profit"}
"""Indicators computed from firms, and the column that is divided by sales."""

CORRELATED = (("rd_intensity", "subsidy_intensity"), ("rd_intensity", "margin"), ("subsidy_intensity", "margin"))
"""Pairs of indicators that Table 5-9 of the JST report correlates."""

_PERIOD = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True)
class Shape:
    """Whether one indicator of one chain and period is highest midstream.

    upstream, midstream, downstream: the published value, or the mean over firm-years, as a fraction of sales (or in
    the indicator's unit). `low` and `high` are the published intervals by tier, `observations` the firm-years by
    tier; `p` is the p-value of the intersection-union test, None for intervals.
    """

    chain: str
    indicator: str
    period: str
    upstream: float
    midstream: float
    downstream: float
    inverted_u: bool
    p: float | None
    method: str
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    observations: tuple[int, ...] | None = None


def shapes(chain: Chain, periods: Sequence[str] = (), level: float = 0.05) -> tuple[Shape, ...]:
    """One Shape for each chain, indicator and period of `tiers.csv`, and of `firms.csv` where it is given.

    Firm-level results take the place of published ones. Firms are grouped by `periods` (such as `2018-2022`), else
    by those of `tiers.csv`, else all years together. `level` is the significance level. InputError for a period
    that is not a year or two.
    """
    found = {(shape.chain, shape.indicator, shape.period): shape for shape in _published(chain)}
    for shape in _firm_level(chain, periods, level):
        found[shape.chain, shape.indicator, shape.period] = shape
    return tuple(found.values())


def _published(chain: Chain) -> list[Shape]:
    """Inverted U where the interval midstream lies above the intervals at both ends."""
    tiers = chain.table("tiers")
    values = tiers.assign(low=tiers["low"].fillna(tiers["value"]), high=tiers["high"].fillna(tiers["value"]))
    found = []
    for (name, indicator, period), rows in values.groupby(["chain", "indicator", "period"], sort=False):
        by_tier = rows.drop_duplicates("tier").set_index("tier")[["value", "low", "high"]]
        if set(by_tier.index) != set(TIERS):
            continue
        value, low, high = (tuple(float(x) for x in by_tier.loc[list(TIERS), end]) for end in by_tier.columns)
        found.append(
            Shape(
                chain=str(name),
                indicator=str(indicator),
                period=str(period),
                upstream=value[0],
                midstream=value[1],
                downstream=value[2],
                inverted_u=low[1] > max(high[0], high[2]),
                p=None,
                method="published intervals: midstream's low above both ends' high",
                low=low,
                high=high,
            )
        )
    return found


def _firm_level(chain: Chain, periods: Sequence[str], level: float) -> list[Shape]:
    firms = _ratios(chain)
    found = []
    for name, mine in firms.groupby("chain", sort=False):
        for period, first, last in _spans(chain, str(name), periods):
            within = mine[mine["year"].between(first, last)]
            for indicator in RATIOS:
                samples = [within.loc[within["tier"] == tier, indicator].dropna() for tier in TIERS]
                found.append(_tested(str(name), indicator, period, samples, level))
    return found


def _ratios(chain: Chain) -> pd.DataFrame:
    """Firm-years with their ratios to sales; a firm-year without sales has none."""
    firms = chain.table("firms")
    years = pd.to_numeric(firms["year"], errors="coerce")
    if years.isna().any():
        wrong = f"year '{firms.loc[years.isna(), 'year'].iloc[0]}' is not a number"
        raise InputError.single("firms.csv", wrong, "write years such as 2021")
    sales = firms["sales"].where(firms["sales"] > 0)
    ratios = {indicator: firms[column] / sales for indicator, column in RATIOS.items()}
    return firms.assign(year=years.astype(int), **ratios)


def _spans(chain: Chain, name: str, periods: Sequence[str]) -> list[tuple[str, int, int]]:
    """Periods as (label, first year, last year)."""
    tiers = chain.table("tiers")
    labels = list(periods) or sorted(set(tiers.loc[tiers["chain"] == name, "period"]))
    spans = []
    for label in labels:
        match = _PERIOD.fullmatch(label)
        if match is None:
            raise InputError.single(f"period '{label}'", "is not a year or two", "write 2018-2022, or 2022")
        spans.append((label, int(match[1]), int(match[2] or match[1])))
    return spans or [("all years", -(10**9), 10**9)]


def _tested(name: str, indicator: str, period: str, samples: list[pd.Series], level: float) -> Shape:
    """Intersection-union test (Berger 1982): p is the larger of two one-sided Welch tests, mid > each end."""
    up, mid, down = samples
    counts = tuple(len(sample) for sample in samples)
    p: float | None = None
    method = "intersection-union of two one-sided Welch tests, midstream above each end"
    if min(counts) >= 2:
        tests = [stats.ttest_ind(mid, end, equal_var=False, alternative="greater").pvalue for end in (up, down)]
        p = float(max(tests)) if np.isfinite(tests).all() else None
    if p is None:
        method += f"; not computable from {counts[0]}, {counts[1]} and {counts[2]} observations"
    means = [float(sample.mean()) if len(sample) else float("nan") for sample in samples]
    return Shape(
        chain=name,
        indicator=indicator,
        period=period,
        upstream=means[0],
        midstream=means[1],
        downstream=means[2],
        inverted_u=p is not None and p < level,
        p=p,
        method=method,
        observations=counts,
    )


def correlations(chain: Chain) -> pd.DataFrame:
    """Pearson correlations between indicators over firm-years, by tier, in the order of Table 5-9.

    Columns chain, tier, first, second, r, p (two-sided), n; NaN where fewer than three firm-years have both.
    """
    firms = _ratios(chain)
    rows = []
    for name, mine in firms.groupby("chain", sort=False):
        for tier in TIERS:
            own = mine[mine["tier"] == tier]
            for first, second in CORRELATED:
                both = own[[first, second]].dropna()
                r, p = float("nan"), float("nan")
                if len(both) >= 3 and (both.nunique() > 1).all():
                    r, p = (float(number) for number in stats.pearsonr(both[first], both[second]))
                rows.append((name, tier, first, second, r, p, len(both)))
    return pd.DataFrame(rows, columns=["chain", "tier", "first", "second", "r", "p", "n"])
