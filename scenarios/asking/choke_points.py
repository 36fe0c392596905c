"""Every single cut, and the worst set of cuts where it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Unpack

from chains import Chain
from chains.presenting import Shown
from optimize import ChokePoints, WorstCuts, choke_points, worst_cuts
from optimize.solving.options import RiskArguments

__all__ = ["Cuts", "ask"]


@dataclass(frozen=True, repr=False)
class Cuts(Shown):
    """The answer; `worst` is None where no set was asked for."""

    found: ChokePoints
    worst: WorstCuts | None


def ask(
    chain: Chain,
    *,
    worst: int | None = None,
    over: Any = "countries",
    levers: str | Iterable[str] = ("capacity",),
    **options: Unpack[RiskArguments],
) -> Cuts:
    """Every single cut; `worst`: and the worst set of at most so many `over` countries or links.

    The worst set is at the observed allocation, so `levers` speak of the single cuts alone.
    """
    found = choke_points(chain, levers=levers, **options)
    return Cuts(found, None if worst is None else worst_cuts(chain, worst, over, **options))
