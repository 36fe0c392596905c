"""Every single cut, and the worst set of cuts where it is asked for."""

from dataclasses import dataclass
from typing import Any

from chains import Chain
from optimize import ChokePoints, WorstCuts, choke_points, worst_cuts

__all__ = ["Cuts", "ask"]


@dataclass(frozen=True)
class Cuts:
    """The answer; `worst` is None where no set was asked for."""

    found: ChokePoints
    worst: WorstCuts | None


def ask(chain: Chain, *, worst: int | None = None, over: Any = "countries", **options: Any) -> Cuts:
    """Every single cut; `worst`: and the worst set of at most so many `over` countries or links."""
    found = choke_points(chain, **options)
    measured = {
        name: given for name, given in options.items() if name != "levers"
    }  # the worst set is of what is observed
    return Cuts(found, None if worst is None else worst_cuts(chain, worst, over, **measured))
