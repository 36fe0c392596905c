"""The least-risk allocation; beside it, where they are asked for, the robust one and what every other has in common."""

from dataclasses import dataclass
from typing import Any

from chains import Chain
from chains.presenting import Shown
from optimize import Exact, Options, Ranges, Result, Robust, optimize, prove_least_risk, robust
from optimize import ranges as ranges_of
from optimize.questions.exact import check_exact
from optimize.solving.options import make_options

__all__ = ["LeastRisk", "ask"]

ALWAYS_RANGED = 200
"""Segments up to which it is told without being asked whether the answer is unique (two solves a segment)."""


@dataclass(frozen=True, repr=False)
class LeastRisk(Shown):
    """The answer. `in_full`: whether to tell the ranges, or only if the answer is unique; None: neither.

    `spans` is None where nobody asked, or there are too many segments to look at unasked.
    """

    result: Result
    robust: Robust | None
    spans: Ranges | None
    in_full: bool | None
    exact: Exact | None = None


def ask(
    chain: Chain,
    *,
    ambiguity: float = 0.0,
    slope_budget: int = 0,
    ranges: bool | None = None,
    exact: bool = False,
    **options: Any,
) -> LeastRisk:
    """The least-risk answer. `ranges`: tell them, or (False) whether the answer is unique; None: solve nothing more.

    `exact`: prove it in exact arithmetic as well; InputError, before anything is solved, where the chain is too large.
    """
    if exact:
        chosen = make_options(Options, options)
        check_exact(chain, chosen.risk_options(), chosen.levers)
    doubted = ambiguity != 0 or slope_budget != 0
    found = robust(chain, ambiguity, slope_budget, **options) if doubted else None
    result = found.nominal if found else optimize(chain, **options)
    ranged = ranges or (ranges is not None and len(chain.segments) <= ALWAYS_RANGED)
    spans = ranges_of(chain, **options) if ranged else None
    return LeastRisk(result, found, spans, ranges, prove_least_risk(result) if exact else None)
