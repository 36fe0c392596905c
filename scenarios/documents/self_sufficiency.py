"""A self-sufficiency target, and the cost of each, as JSON documents."""

from dataclasses import asdict

from chains import Chain
from optimize import CostCurve, SelfSufficiency
from scenarios.documents.values import Document, numbers_of, provenance_document, without_nan

__all__ = ["cost_curve_document", "self_sufficiency_document"]


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
