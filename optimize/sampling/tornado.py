"""One assumption at a time: the outcome as each number goes from low to high while the others stay at their values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains import Chain, InputError
from chains.drawing.uncertain import uncertain
from chains.numbers import Array
from chains.presenting import Shown
from chains.tables.problems import nearest
from optimize.sampling.sensitivity import ENDS
from optimize.sampling.uncertainty import QUANTITIES, Sampler
from optimize.solving.options import Options

__all__ = ["Tornado", "tornado"]


@dataclass(frozen=True, repr=False)
class Tornado(Shown):
    """The outcome at both ends of each factor.

    `table`: index factor, largest swing first; columns low, high: the factor's 5% and 95% quantile, in its unit;
    at_low, at_high: the outcome there; swing = |at_high - at_low|; status, source: the evidence. `base`: the outcome
    with every number at its value. NaN where a draw has no solution; `problems` says why, by factor.
    `certificate`: the worst of all solves.
    """

    outcome: str
    base: float
    table: pd.DataFrame
    problems: dict[str, str]
    certificate: float


def tornado(chain: Chain, options: Options, factors: Sequence[str] | None = None, outcome: str = "regret") -> Tornado:
    """The outcome at both ends of each factor (labels of `uncertain(chain)`; None: all) with all others at their mode.

    What must hold still holds: when one supply row is drawn, its segment's other rows make room for it
    (`chains.drawing.draws`). InputError for a label or an outcome that is not there, and as `Sampler`.
    """
    whole = uncertain(chain)
    labels = whole.labels if factors is None else tuple(factors)
    if outcome not in QUANTITIES:
        raise InputError.single(f"outcome '{outcome}'", "is not computed", nearest(outcome, QUANTITIES))
    chosen = {factor.label: factor for factor in whole.only(labels).factors}
    at = {label: n for n, label in enumerate(whole.labels)}
    points = np.tile(whole.at_modes, (1 + 2 * len(labels), 1))
    for n, label in enumerate(labels):
        points[1 + 2 * n : 3 + 2 * n, at[label]] = ENDS
    found = Sampler(chain, options, whole).outcomes(points)
    ends = found[outcome].to_numpy(dtype=np.float64)[1:].reshape(-1, 2)
    table = pd.DataFrame(
        {
            "low": [_value(whole.values(point), at[label]) for label, point in zip(labels, points[1::2], strict=True)],
            "high": [_value(whole.values(point), at[label]) for label, point in zip(labels, points[2::2], strict=True)],
            "at_low": ends[:, 0],
            "at_high": ends[:, 1],
            "swing": np.abs(ends[:, 1] - ends[:, 0]),
            "status": [chosen[label].status for label in labels],
            "source": [chosen[label].source for label in labels],
        },
        index=pd.Index(labels, name="factor"),
    )
    said = zip((label for label in labels for _ in ENDS), found["problem"].iloc[1:], strict=True)
    return Tornado(
        outcome=outcome,
        base=float(found[outcome].iloc[0]),
        table=table.sort_values("swing", ascending=False),
        problems={label: problem for label, problem in said if problem},
        certificate=float(found["certificate"].max()),
    )


def _value(values: Array, at: int) -> float:
    return float(values[at])
