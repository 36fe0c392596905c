"""The questions that a study asks, by name: from a chain and JSON arguments to JSON documents."""

from collections.abc import Callable
from typing import Any

from chains import Chain
from chains.indicators import indicators_by_definition, ranking_by_definition
from optimize import (
    NoSolutionError,
    break_even,
    choke_points,
    cost_curve,
    frontier,
    gain_curve,
    optimize,
    priorities,
    ranges,
    robust,
    self_sufficiency,
    worst_cuts,
)
from optimize.questions.by_definition import least_risk_by_definition
from scenarios.documents.break_even import break_even_document
from scenarios.documents.choke_points import choke_points_document
from scenarios.documents.finding import finding_document
from scenarios.documents.frontier import frontier_document
from scenarios.documents.gain import gain_document
from scenarios.documents.indicators import indicators_document
from scenarios.documents.least_risk import optimize_document
from scenarios.documents.priorities import priorities_document
from scenarios.documents.ranges import ranges_document
from scenarios.documents.robust import robust_document
from scenarios.documents.self_sufficiency import cost_curve_document, self_sufficiency_document
from scenarios.documents.values import Document, table_of
from scenarios.finding import find
from scenarios.running.draws import draw_block, tornado_document

__all__ = ["COMPARED", "QUESTIONS"]

COMPARED = 100
"""Random allocations that a study compares the observed one with; `tierwise priorities` draws 1,000."""

Options = dict[str, Any]


def _optimize(chain: Chain, *, options: Options) -> Document:
    return optimize_document(optimize(chain, **options))


def _robust(chain: Chain, *, options: Options) -> Document:
    return robust_document(robust(chain, **options))


def _finding(chain: Chain, *, measured: Options) -> Document:
    return finding_document(chain, find(chain, **measured))


def _gain(chain: Chain, *, giving: str, receiving: str, measured: Options) -> Document:
    return gain_document(chain, gain_curve(chain, giving, receiving, **measured))


def _frontier(chain: Chain, *, measured: Options) -> Document:
    return frontier_document(chain, frontier(chain, **measured))


def _break_even(chain: Chain, *, giving: str, receiving: str, measured: Options) -> Document:
    return break_even_document(chain, break_even(chain, giving, receiving, **measured))


def _priorities(chain: Chain, *, measured: Options) -> Document:
    return priorities_document(chain, priorities(chain, draws=COMPARED, **measured))


def _choke_points(chain: Chain, *, measured: Options) -> Document:
    return choke_points_document(chain, choke_points(chain, **measured), worst_cuts(chain, 2, **measured))


def _ranges(chain: Chain, *, options: Options) -> Document:
    return ranges_document(ranges(chain, **options))


def _indicators(chain: Chain) -> Document:
    ranking = ranking_by_definition(chain, "import_share")
    return indicators_document(indicators_by_definition(chain), "import_share", ranking)


def _definitions(chain: Chain, *, options: Options) -> Document:
    return table_of(least_risk_by_definition(chain, **options))


def _self_sufficiency(chain: Chain, *, target: float, segments: list[str], measured: Options) -> Document:
    """What the target costs; where it cannot be reached, why, and what the largest that can be reached costs."""
    chosen = tuple(segments) or ("upstream",)
    curve = cost_curve(chain, segments=chosen, **measured)
    document = {"target": target, "reachable": True, "reason": "", "curve": cost_curve_document(chain, curve)}
    try:
        plan = self_sufficiency(chain, target, chosen, **measured)
    except NoSolutionError as error:
        document |= {"reachable": False, "reason": str(error)}
        plan = self_sufficiency(chain, curve.largest, chosen, **measured)
    return document | {"plan": self_sufficiency_document(chain, plan)}


QUESTIONS: dict[str, Callable[..., Document | list[Document]]] = {
    "optimize": _optimize,
    "robust": _robust,
    "finding": _finding,
    "gain": _gain,
    "frontier": _frontier,
    "break-even": _break_even,
    "priorities": _priorities,
    "choke-points": _choke_points,
    "ranges": _ranges,
    "indicators": _indicators,
    "definitions": _definitions,
    "self-sufficiency": _self_sufficiency,
    "draws": draw_block,
    "tornado": tornado_document,
}
