"""What a self-sufficiency target costs, what each target costs, or both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chains import Chain
from chains.presenting import Shown
from optimize import CostCurve, NoSolutionError, SelfSufficiency, cost_curve, self_sufficiency

__all__ = ["Targets", "ask"]

UPSTREAM = ("upstream",)


@dataclass(frozen=True, repr=False)
class Targets(Shown):
    """The answer about a chain, as far as it was asked for.

    `plan` is the cheapest that reaches `target` or, where `reason` says why that cannot be, the largest target.
    """

    chain: Chain
    target: float
    plan: SelfSufficiency | None = None
    curve: CostCurve | None = None
    reason: str = ""


def ask(
    chain: Chain,
    *,
    target: float,
    segments: Sequence[str] = (),
    definition: str | None = None,
    curve: bool = False,
    both: bool = False,
    **options: Any,
) -> Targets:
    """The plan that reaches the target, or (`curve`) the cost of every target; `both`: and if need be a lesser plan.

    `segments` are segments and tiers (none: upstream); `definition` is what counts as domestic (None: the chain's).
    """
    counted = chain if definition is None else chain.counting(definition)
    chosen = tuple(segments) or UPSTREAM
    if curve:
        return Targets(counted, target, curve=cost_curve(counted, segments=chosen, **options))
    if not both:
        return Targets(counted, target, self_sufficiency(counted, target, chosen, **options))
    costs = cost_curve(counted, segments=chosen, **options)
    try:
        return Targets(counted, target, self_sufficiency(counted, target, chosen, **options), costs)
    except NoSolutionError as error:
        plan = self_sufficiency(counted, costs.largest, chosen, **options)
        return Targets(counted, target, plan, costs, str(error))
