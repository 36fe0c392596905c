"""How good the numbers are: reported, derived or assumed, each weighted by how much it moves the answer.

The weight of a number is its mean elementary effect mu* (Morris, Factorial sampling plans for preliminary computational
experiments, Technometrics 33, 1991; Campolongo, Cariboni and Saltelli, Environmental Modelling and Software 22, 2007):
how far the answer moves, in the mean and whatever its sign, as the number goes from the 5% to the 95% quantile of its
range from many places. Where that takes too many solves, its swing alone (`tornado`). What has no range moves nothing.
What is chosen and not found out (`loss_weights`) is no evidence: it stays as it is, and counts for nothing.
"""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.drawing.uncertain import Uncertain, uncertain
from chains.presenting import Shown
from chains.tables.problems import nearest
from chains.tables.schema import CHOICES, STATUSES
from optimize.sampling.sensitivity import morris, morris_design
from optimize.sampling.tornado import tornado
from optimize.sampling.uncertainty import QUANTITIES, Sampler
from optimize.solving.options import Arguments, Options, make_options
from optimize.tolerances import TIE

__all__ = ["ALL", "Quality", "quality"]

ALL = "all"
"""Label of the row over all packages."""
MOST = 4000
"""Draws beyond which numbers are moved one at a time, unless a number of trajectories is asked for."""
_TRAJECTORIES = 4


@dataclass(frozen=True, repr=False)
class Quality(Shown):
    """What the answer rests on.

    counts: index package (and ALL), columns reported, derived, assumed: how many numbers. weighted: the same of the
    movement of the `outcome`, shares that sum to 1; NaN where no number of a package moves it. numbers: every number
    with a range, the one that moves the outcome most first; index factor, columns package, effect (mu*, or the swing),
    conf (half width of its 95% interval, NaN one at a time), share of all effects, low, value, high, status, source,
    note.
    `method` is `morris` or `one at a time`; `trajectories` were analysed; `dropped` is the share of them without a
    solution. `certain` counts the numbers of `counts` that were not moved. `certificate`: the worst of all solves.
    """

    chain: Chain
    options: Options
    outcome: str
    counts: pd.DataFrame
    weighted: pd.DataFrame
    numbers: pd.DataFrame
    method: str
    trajectories: int
    dropped: float
    certificate: float

    @property
    def certain(self) -> int:
        """How many numbers were taken as certain: they have no range, or no answer of one year depends on them."""
        return int(self.counts.loc[[ALL]].to_numpy().sum()) - len(self.numbers)

    @property
    def choices(self) -> int:
        """How many numbers of the packages are their author's choice."""
        return sum(len(self.chain.table(table)) for table in CHOICES)

    @property
    def moving(self) -> pd.DataFrame:
        """The numbers that move the outcome by more than a solver leaves."""
        moving: pd.DataFrame = self.numbers[self.numbers["effect"].astype(float) > 0.0]
        return moving


def quality(
    chain: Chain,
    outcome: str = "regret",
    trajectories: int | None = None,
    seed: int = 1,
    **options: Unpack[Arguments],
) -> Quality:
    """Shares of numbers by status, counted and weighted by how much each moves an outcome of `Sampler.outcomes`.

    `trajectories` of the Morris screen, 0 to move numbers one at a time; None: 4, or one at a time where that takes
    more than MOST draws. Options as for `optimize`. InputError as `Sampler`, for an outcome that is not there and where
    too many draws have no solution.
    """
    chosen = make_options(Options, options)
    if outcome not in QUANTITIES:
        raise InputError.single(f"outcome '{outcome}'", "is not computed", nearest(outcome, QUANTITIES))
    if trajectories is not None and (trajectories < 0 or trajectories == 1):
        right = "give 2 or more, or 0 to move numbers one at a time"
        raise InputError.single("option trajectories", f"{trajectories} gives no mean effect", right)
    whole = _of_evidence(chain)
    if trajectories is None:
        trajectories = _TRAJECTORIES if _TRAJECTORIES * (len(whole.factors) + 1) <= MOST else 0
    if trajectories and whole.factors:
        effects, dropped, certificate = _screened(chain, whole, chosen, outcome, trajectories, seed)
    else:
        effects, dropped, certificate = _one_at_a_time(chain, whole, chosen, outcome)
    numbers = _described(chain, whole, effects)
    return Quality(
        chain=chain,
        options=chosen,
        outcome=outcome,
        counts=_counts(chain),
        weighted=_weighted(chain, numbers),
        numbers=numbers,
        method="morris" if trajectories else "one at a time",
        trajectories=trajectories,
        dropped=dropped,
        certificate=certificate,
    )


def _of_evidence(chain: Chain) -> Uncertain:
    """The uncertain numbers that a source could settle."""
    whole = uncertain(chain)
    return whole.only(factor.label for factor in whole.factors if factor.table not in CHOICES)


def _screened(
    chain: Chain, whole: Uncertain, options: Options, outcome: str, trajectories: int, seed: int
) -> tuple[pd.DataFrame, float, float]:
    points = morris_design(whole, trajectories, seed)
    found = Sampler(chain, options, whole).outcomes(points)
    screen = morris(whole, points, found[outcome], seed)
    effects = screen.table[["mu_star", "mu_star_conf"]].set_axis(["effect", "conf"], axis=1)
    return effects, screen.dropped, float(found["certificate"].max())


def _one_at_a_time(chain: Chain, whole: Uncertain, options: Options, outcome: str) -> tuple[pd.DataFrame, float, float]:
    found = tornado(chain, options, whole.labels, outcome)
    effects = pd.DataFrame({"effect": found.table["swing"], "conf": np.nan})
    dropped = float(effects["effect"].isna().mean()) if len(effects) else 0.0
    return effects.fillna({"effect": 0.0}), dropped, found.certificate


def _described(chain: Chain, whole: Uncertain, effects: pd.DataFrame) -> pd.DataFrame:
    """Every number that was moved, with its evidence, by falling effect (ties in the order of the tables)."""
    rows = {}
    for factor in whole.factors:
        row = chain.table(factor.table).iloc[factor.row]
        evidence = {"low": factor.low, "value": factor.mode, "high": factor.high, "status": factor.status}
        rows[factor.label] = {"package": str(row["package"]), **evidence, "source": factor.source, "note": row["note"]}
    columns = ["package", "effect", "conf", "share", "low", "value", "high", "status", "source", "note"]
    if not rows:
        return pd.DataFrame(columns=columns).rename_axis("factor")
    table = pd.DataFrame.from_dict(rows, orient="index").join(effects)
    table["effect"] = table["effect"].where(table["effect"] > TIE, 0.0)  # what a solver leaves is no effect
    total = float(table["effect"].sum())
    table["share"] = table["effect"] / total if total > 0 else np.nan
    return table[columns].rename_axis("factor").sort_values("effect", ascending=False, kind="stable")


def _counts(chain: Chain) -> pd.DataFrame:
    counts = chain.status_counts()
    counts.loc[ALL] = counts.sum()
    return counts


def _weighted(chain: Chain, numbers: pd.DataFrame) -> pd.DataFrame:
    """Shares of all effects by package and status."""
    effects = numbers.astype({"effect": float}).pivot_table(
        index="package", columns="status", values="effect", aggfunc="sum", observed=True
    )
    effects = effects.reindex(index=chain.status_counts().index, columns=list(STATUSES)).fillna(0.0)
    effects.loc[ALL] = effects.sum()
    total = effects.sum(axis=1)
    return effects.div(total.where(total > 0), axis=0).rename_axis("package")
