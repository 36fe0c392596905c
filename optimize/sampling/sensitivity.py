"""Which assumption moves the answer: a screen of all (Morris), then variance shares of the few that matter (Sobol').

Both work on points of the unit cube of quantiles, so every number varies as its PERT distribution says, and on any
outcome of those points: first a design, then `Sampler.outcomes`, then the analysis. By SALib (Iwanaga, Usher and
Herman, Toward SALib 2.0, Socio-Environmental Systems Modelling 4, 2022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains import InputError
from chains.drawing.uncertain import Uncertain
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.problems import nearest

__all__ = ["ENDS", "OTHERS", "Screen", "Shares", "morris", "morris_design", "sobol", "sobol_design"]

ENDS = (0.05, 0.95)
"""Quantiles between which the screen moves each number: all at the ends of their ranges at once is too unlikely."""

OTHERS = "all others"
"""Label of the group of all factors that do not stand alone."""

NOISE = 1e-6
"""An outcome that varies by no more than this, relative to its size, does not vary: a solver leaves as much."""

_LEVELS = 4


@dataclass(frozen=True, repr=False)
class Screen(Shown):
    """Morris screen.

    `table`: index factor, largest mu_star first; columns mu_star, mu_star_conf, sigma, mu, status, source. Effects are
    changes of the outcome as one number moves from its 5% to its 95% quantile: `mu_star` is the mean of their sizes,
    `mu_star_conf` the half width of its 95% interval, `mu` their mean, `sigma` their standard deviation (interaction
    or curvature). `trajectories` were analysed; `dropped` is the share left out because a draw had no solution.
    """

    table: pd.DataFrame
    trajectories: int
    dropped: float


@dataclass(frozen=True, repr=False)
class Shares(Shown):
    """Sobol' indices: shares of the variance of the outcome.

    `table`: index factor (or OTHERS), largest ST first; columns S1, S1_conf, ST, ST_conf, status, source. `S1` is due
    to the factor alone, `ST` with all its interactions: what would be left if all else were known. `*_conf`: half
    width of the 95% interval. All NaN where the outcome does not vary. The first row that is not OTHERS is the figure
    to collect next. `points` blocks of draws were analysed; `dropped` as in `Screen`.
    """

    table: pd.DataFrame
    points: int
    dropped: float


def morris_design(uncertain: Uncertain, trajectories: int, seed: int) -> Array:
    """Points [trajectories * (F + 1), F]: on each trajectory every one of the F factors moves once.

    Morris, Factorial sampling plans for preliminary computational experiments, Technometrics 33 (1991).
    """
    from SALib.sample import morris as sampling

    if trajectories < 2:
        raise InputError.single("trajectories", f"{trajectories} gives no confidence", "give 2 or more")
    problem = _problem(uncertain.labels, ENDS)
    return np.asarray(sampling.sample(problem, trajectories, num_levels=_LEVELS, seed=seed), dtype=np.float64)


def morris(uncertain: Uncertain, points: Array, outcome: npt.ArrayLike, seed: int = 0) -> Screen:
    """Screen of all factors from the outcome[n] of the points[n, f] of `morris_design`.

    mu_star as in Campolongo, Cariboni and Saltelli, An effective screening design for sensitivity analysis of large
    models, Environmental Modelling and Software 22 (2007). `seed` draws the resamples of the confidence.
    """
    from SALib.analyze import morris as analysis

    kept, values, dropped = _whole_blocks(outcome, len(uncertain.factors) + 1)
    problem = _problem(uncertain.labels, ENDS)
    generator = np.random.default_rng(seed)
    found = analysis.analyze(problem, points[kept], values, num_levels=_LEVELS, seed=generator)
    measures = ("mu_star", "mu_star_conf", "sigma", "mu")
    table = pd.DataFrame({name: np.asarray(found[name], dtype=np.float64) for name in measures})
    table.index = pd.Index(uncertain.labels, name="factor")
    trajectories = len(values) // (len(uncertain.factors) + 1)
    return Screen(_with_evidence(table, uncertain).sort_values("mu_star", ascending=False), trajectories, dropped)


def sobol_design(uncertain: Uncertain, alone: Sequence[str] | Mapping[str, str], count: int, seed: int) -> Array:
    """Points [count * (groups + 2), F] with the factors `alone` each a group and all others one more.

    A mapping gives the group of each of some factors instead, by label.
    Saltelli et al., Variance based sensitivity analysis of model output, Computer Physics Communications 181 (2010).
    InputError unless count is a power of 2 and every label is a factor's.
    """
    from SALib.sample import sobol as sampling

    if count < 2 or count & (count - 1):
        raise InputError.single("count", f"{count} is not a power of 2", "give 64, 128, 256, ...")
    problem = _problem(uncertain.labels, (0.0, 1.0), _groups(uncertain, alone))
    generator = np.random.default_rng(seed)
    return np.asarray(sampling.sample(problem, count, calc_second_order=False, seed=generator), dtype=np.float64)


def sobol(
    uncertain: Uncertain, alone: Sequence[str] | Mapping[str, str], outcome: npt.ArrayLike, seed: int = 0
) -> Shares:
    """First-order and total indices from the outcome[n] of the points of `sobol_design` with the same arguments.

    Sobol', Global sensitivity indices for nonlinear mathematical models, Mathematics and Computers in Simulation 55
    (2001). `seed` draws the resamples of the confidence.
    """
    from SALib.analyze import sobol as analysis

    groups = _groups(uncertain, alone)
    names = list(dict.fromkeys(groups))
    _, values, dropped = _whole_blocks(outcome, len(names) + 2)
    measures = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(values) <= NOISE * np.abs(values).max():
        table = pd.DataFrame(np.nan, index=range(len(names)), columns=list(measures))
    else:
        problem = _problem(uncertain.labels, (0.0, 1.0), groups)
        generator = np.random.default_rng(seed)
        found = analysis.analyze(problem, values, calc_second_order=False, seed=generator)
        table = pd.DataFrame({name: np.asarray(found[name], dtype=np.float64) for name in measures})
    table.index = pd.Index(names, name="factor")
    points = len(values) // (len(names) + 2)
    return Shares(_with_evidence(table, uncertain).sort_values("ST", ascending=False), points, dropped)


def _problem(labels: Sequence[str], ends: tuple[float, float], groups: Sequence[str] | None = None) -> dict[str, Any]:
    """The question in SALib's words."""
    problem: dict[str, Any] = {"num_vars": len(labels), "names": list(labels), "bounds": [list(ends)] * len(labels)}
    return problem | ({"groups": list(groups)} if groups else {})


def _groups(uncertain: Uncertain, alone: Sequence[str] | Mapping[str, str]) -> list[str]:
    """The group of each factor."""
    named = alone if isinstance(alone, Mapping) else dict(zip(alone, alone, strict=True))
    for label in named:
        if label not in uncertain.labels:
            raise InputError.single("uncertain", f"there is no '{label}'", nearest(label, uncertain.labels))
    return [named.get(label, OTHERS) for label in uncertain.labels]


def _whole_blocks(outcome: npt.ArrayLike, size: int) -> tuple[npt.NDArray[np.bool_], Array, float]:
    """Which points to keep, their outcomes, and the share of blocks of `size` points dropped for a NaN."""
    blocks = np.asarray(outcome, dtype=np.float64).reshape(-1, size)
    whole = np.asarray(np.isfinite(blocks).all(axis=1))
    if whole.sum() < 2:
        wrong = f"{int(whole.sum())} of {len(whole)} blocks of draws have a solution throughout"
        raise InputError.single("outcome", wrong, "give more draws, or narrow the ranges")
    return np.repeat(whole, size), blocks[whole].ravel(), 1.0 - float(whole.mean())


def _with_evidence(table: pd.DataFrame, uncertain: Uncertain) -> pd.DataFrame:
    """The table with the status and source of each factor's number (empty for a group)."""
    known = {factor.label: factor for factor in uncertain.factors}
    found = [known.get(str(label)) for label in table.index]
    return table.assign(
        status=[factor.status if factor else "" for factor in found],
        source=[factor.source if factor else "" for factor in found],
    )
