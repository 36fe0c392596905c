"""Answers to further questions as JSON documents, in the layout that interfaces.md promises. NaN becomes null."""

from dataclasses import asdict
from typing import Any

from chains import Chain
from optimize import BreakEven, ChokePoints, CostCurve, Frontier, Priorities, Ranges, SelfSufficiency, WorstCuts
from scenarios.documents import Document, numbers_of, provenance_document, table_of, without_nan

__all__ = [
    "break_even_document",
    "choke_points_document",
    "cost_curve_document",
    "frontier_document",
    "priorities_document",
    "ranges_document",
    "self_sufficiency_document",
]


def frontier_document(chain: Chain, found: Frontier) -> Document:
    """The document of `tierwise frontier`: breakpoints as [budget, risk], slopes beside them."""
    points = found.breakpoints
    pairs = zip(points["budget"], points["risk"], strict=True)
    document: Document = {
        "breakpoints": [[float(budget), float(risk)] for budget, risk in pairs],
        "slopes": [without_nan(row) for row in points[["slope_left", "slope_right"]].to_dict(orient="records")],
        "useless_beyond": found.useless_beyond,
        "exact": found.exact,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }
    return document if found.exact else {**document, "gap": found.gap}


def break_even_document(chain: Chain, found: BreakEven) -> Document:
    """The document of `tierwise break-even`."""
    return {
        "from": found.giving,
        "to": found.receiving,
        "parameter": found.parameter,
        "on": found.on,
        "moved": found.moved,
        "at_one": found.at_one,
        "interval": None if found.interval is None else list(found.interval),
        "words": found.words,
        "curve": [[float(str(factor)), float(fall)] for factor, fall in found.curve.items()],
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def priorities_document(chain: Chain, found: Priorities) -> Document:
    """The document of `tierwise priorities`."""
    return {
        "gap": found.gap,
        "weights": {str(goal): [float(row["least"]), float(row["most"])] for goal, row in found.weights.iterrows()},
        "scaled": numbers_of(found.scaled),
        "values": table_of(found.values),
        "dropped": list(found.dropped),
        "random": {"count": len(found.random), "as_consistent": found.as_consistent, "share": found.share},
        "caution": found.caution,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def choke_points_document(chain: Chain, found: ChokePoints, worst: WorstCuts | None) -> Document:
    """The document of `tierwise choke-points`; `worst` is null where it was not asked for."""
    renamed = found.single.rename(columns={"loss_observed": "loss"})
    return {
        "single": [without_nan(row) for row in renamed.to_dict(orient="records")],
        "worst": None if worst is None else _worst(worst),
        "certificate": asdict(found.certificate if worst is None else found.certificate.worse(worst.certificate)),
        "provenance": provenance_document(chain, found.options),
    }


def _worst(found: WorstCuts) -> dict[str, Any]:
    cuts = [cut.country if found.over == "countries" else [cut.segment, cut.country] for cut in found.cuts]
    return {
        "n": found.n,
        "over": found.over,
        "cuts": cuts,
        "loss": found.loss,
        "unique": found.unique,
        "exact": found.exact,
    }


def ranges_document(found: Ranges) -> Document:
    """What `tierwise optimize --ranges` adds to its document."""
    return {
        "ranges": {str(s): [float(row["least"]), float(row["most"])] for s, row in found.amounts.iterrows()},
        "unique": found.unique,
    }


def self_sufficiency_document(chain: Chain, found: SelfSufficiency) -> Document:
    """The document of `tierwise self-sufficiency`. Risks of an allocation each; `least_risk` is of the same money."""
    segments = found.segments
    solutions = {
        "none": found.none,
        "observed": found.observed,
        "planned": found.planned,
        "least_risk": found.least_risk,
    }
    return {
        "target": found.target,
        "segments": [str(segment) for segment in segments.index[segments["chosen"]]],
        "definition": found.definition,
        "cost": found.cost,
        "factor": without_nan({"factor": found.factor})["factor"],
        "largest": found.largest,
        "allocation": {
            name: numbers_of(solution.allocation.sum(axis=1)) for name, solution in solutions.items() if name != "none"
        },
        "tiers": {str(name): numbers_of(column) for name, column in found.tiers.items()},
        "added": numbers_of(segments["added"]),
        "share": {"today": numbers_of(segments["share_today"]), "reached": numbers_of(segments["share_reached"])},
        "risk": {name: solution.risk for name, solution in solutions.items()} | {"least_risk": found.risk},
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def cost_curve_document(chain: Chain, found: CostCurve) -> Document:
    """The document of `tierwise self-sufficiency --curve`: [target, cost] up to the largest target."""
    return {
        "costs": [[float(str(target)), float(cost)] for target, cost in found.costs.items()],
        "largest": found.largest,
        "segments": list(found.options.segments),
        "definition": found.definition,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }
