"""Quasi-random draws in replicates, and the distribution of what comes of them with an honest interval.

Points of one scrambled Sobol' sequence are not independent, so their spread says nothing of the error. Replicates,
each scrambled anew, are independent and unbiased: the interval is Student's over their estimates (Owen, Monte Carlo
variance of scrambled net quadrature, SIAM Journal on Numerical Analysis 34, 1997; L'Ecuyer and Lemieux, Recent advances
in randomized quasi-Monte Carlo methods, 2002).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, stdtrit

from chains import InputError
from chains.drawing.draws import RESCALED
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.schema import TIERS
from optimize.sampling.uncertainty import QUANTITIES

__all__ = ["LEVEL", "STATISTICS", "Distribution", "design", "distribution"]

STATISTICS: Mapping[str, float | None] = {
    "mean": None,
    "5%": 0.05,
    "25%": 0.25,
    "median": 0.5,
    "75%": 0.75,
    "95%": 0.95,
}
"""The statistics of each quantity, and the quantile that each is."""

LEVEL = 0.95
"""Confidence of the intervals."""


@dataclass(frozen=True, repr=False)
class Distribution(Shown):
    """Distribution of the outcomes over all draws.

    quantities: index (quantity, statistic), columns estimate, low, high, draws: the mean over replicates of the
    replicate's statistic, its 95% interval, and on how many draws it rests (those where the quantity is defined).
    first: index tier, the same columns: the share of draws in which the tier gets the largest share of the money.
    outside: index table, columns mean (how many of its drawn numbers a draw takes out of their range, as what must hold
    is restored) and share (of draws that take any). without_solution: share of all `draws` that have none; `problems`
    counts why, by what was said.
    """

    quantities: pd.DataFrame
    first: pd.DataFrame
    outside: pd.DataFrame
    draws: int
    replicates: int
    without_solution: float
    problems: pd.Series
    certificate: float


def design(factors: int, count: int, replicates: int, seed: int) -> Array:
    """Points [replicate, count, factor] in [0, 1): a scrambled Sobol' sequence for each replicate.

    InputError unless count is a power of 2 (the sequence is balanced only then) and there are 2 replicates or more.
    """
    from scipy.stats import qmc

    if count < 1 or count & (count - 1):
        raise InputError.single("draws", f"{count} is not a power of 2", "give 64, 128, 256, ... draws a replicate")
    if replicates < 2:
        raise InputError.single("replicates", f"{replicates} gives no interval", "give 2 or more")
    streams = np.random.SeedSequence(seed).spawn(replicates)
    return np.stack([qmc.Sobol(factors, seed=np.random.default_rng(own)).random(count) for own in streams])


def distribution(outcomes: Sequence[pd.DataFrame]) -> Distribution:
    """Distribution from the outcomes of each replicate (`Sampler.outcomes`).

    Draws without a solution are left out of the statistics and counted. InputError where there are fewer than 2
    replicates, or a replicate has no draw with a solution.
    """
    if len(outcomes) < 2:
        raise InputError.single("replicates", f"{len(outcomes)} gives no interval", "give 2 or more")
    whole = pd.concat(list(outcomes), ignore_index=True)
    solved = [own[own["problem"] == ""] for own in outcomes]
    for number, own in enumerate(solved, start=1):
        if own.empty:
            said = str(outcomes[number - 1]["problem"].iloc[0])
            raise InputError.single(f"replicate {number}", f"no draw has a solution: {said}", "narrow the ranges")
    rows = {}
    for quantity in QUANTITIES:
        defined = [own[quantity].dropna().to_numpy(dtype=np.float64) for own in solved]
        for statistic, share in STATISTICS.items():
            rows[quantity, statistic] = _interval([_statistic(own, share) for own in defined], defined)
    chosen = [own.loc[own["first"] != "", "first"].to_numpy() for own in solved]
    ranked = {tier: _chance([own == tier for own in chosen]) for tier in TIERS}
    columns = ["estimate", "low", "high", "draws"]
    quantities = pd.DataFrame(list(rows.values()), columns=columns)
    quantities.index = pd.MultiIndex.from_tuples(list(rows), names=["quantity", "statistic"])
    failed = whole.loc[whole["problem"] != "", "problem"]
    return Distribution(
        quantities=quantities,
        first=pd.DataFrame.from_dict(ranked, orient="index", columns=columns).rename_axis("tier"),
        outside=_outside(whole),
        draws=len(whole),
        replicates=len(outcomes),
        without_solution=len(failed) / len(whole),
        problems=failed.value_counts(),
        certificate=float(whole["certificate"].max()),
    )


def _outside(whole: pd.DataFrame) -> pd.DataFrame:
    """How many numbers of each table were taken out of their range, over the draws with a solution."""
    solved = whole[whole["problem"] == ""]
    counts = {table: solved[f"outside_{table}"].to_numpy(dtype=np.float64) for table in RESCALED}
    rows = {table: (float(own.mean()), float((own > 0).mean())) for table, own in counts.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "share"]).rename_axis("table")


def _statistic(values: npt.NDArray[np.float64 | np.bool_], share: float | None) -> float:
    """Mean (share None) or quantile of one replicate; NaN where no draw defines it."""
    if len(values) == 0:
        return float("nan")
    return float(np.mean(values) if share is None else np.quantile(values, share))


def _interval(
    estimates: Sequence[float], draws: Sequence[npt.NDArray[np.float64 | np.bool_]]
) -> tuple[float, float, float, int]:
    """Mean over the replicates, both ends of Student's interval, and the number of draws.

    mean +- t_{n-1, 0.975} s / sqrt(n) over the n replicates' estimates.
    """
    count = len(estimates)
    mean = float(np.mean(estimates))
    half = float(stdtrit(count - 1, (1.0 + LEVEL) / 2.0)) * float(np.std(estimates, ddof=1)) / np.sqrt(count)
    return mean, mean - half, mean + half, sum(map(len, draws))


def _chance(happened: Sequence[npt.NDArray[np.bool_]]) -> tuple[float, float, float, int]:
    """The same for a probability, within [0, 1].

    Where it happens in every draw or in none, replicates do not differ; then the interval is the exact one of as many
    independent draws (Clopper and Pearson, The use of confidence or fiducial limits, Biometrika 26, 1934), which is
    wider than that of a balanced sequence.
    """
    mean, low, high, draws = _interval([_statistic(own, None) for own in happened], happened)
    tail = (1.0 - LEVEL) / 2.0
    if mean == 1.0:
        low = float(betaincinv(draws, 1.0, tail))
    elif mean == 0.0:
        high = float(betaincinv(1.0, draws, 1.0 - tail))
    return mean, max(low, 0.0), min(high, 1.0), draws
