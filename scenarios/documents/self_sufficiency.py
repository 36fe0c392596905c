"""A self-sufficiency target, and the cost of each, as JSON documents."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import CostCurve, SelfSufficiency
from scenarios.asking.self_sufficiency import Targets
from scenarios.documents.values import (
    MONEY,
    Document,
    Tables,
    Units,
    levers_document,
    numbers_of,
    provenance_document,
    without_nan,
)

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: Targets) -> Document:
    """The document of `tierwise self-sufficiency`; of a study, the plan and the cost of each target.

    A study's plan is that of the largest target where `reason` says why the one asked for cannot be reached.
    """
    plan = None if found.plan is None else _plan(found.chain, found.plan)
    curve = None if found.curve is None else _curve(found.chain, found.curve)
    if plan is None or curve is None:
        return plan or curve or {}
    reached = {"target": found.target, "reachable": not found.reason, "reason": found.reason}
    return reached | {"curve": curve, "plan": plan}


def _plan(chain: Chain, found: SelfSufficiency) -> Document:
    """Risks of an allocation each; `least_risk` is of the same money."""
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
        **levers_document(found.options.levers, {"planned": found.planned, "least_risk": found.least_risk}),
        "added": numbers_of(segments["added"]),
        "share": {"today": numbers_of(segments["share_today"]), "reached": numbers_of(segments["share_reached"])},
        "risk": {name: solution.risk for name, solution in solutions.items()} | {"least_risk": found.risk},
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _curve(chain: Chain, found: CostCurve) -> Document:
    """Pairs [target, cost] up to the largest target."""
    return {
        "costs": [[float(str(target)), float(cost)] for target, cost in found.costs.items()],
        "largest": found.largest,
        "segments": list(found.options.segments),
        "definition": found.definition,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _segments(chain: Chain, found: Document) -> Iterator[Document]:
    plan = found.get("plan", found)
    for segment, money in plan.get("allocation", {}).get("planned", {}).items():
        shares = {f"share_{when}": plan["share"][when][segment] for when in ("today", "reached")}
        yield {"segment": segment, "observed": plan["allocation"]["observed"][segment], "planned": money, **shares}


def _costs(chain: Chain, found: Document) -> Iterator[Document]:
    for target, cost in found.get("curve", found).get("costs", []):
        yield {"target": target, "cost": cost}


TABLES: Tables = {"self_sufficiency": _segments, "self_sufficiency_costs": _costs}
"""The plan by segment, and the cost of every target, as tables of a results folder."""
UNITS: Units = {
    "self_sufficiency": {
        **dict.fromkeys(("observed", "planned"), MONEY),
        **dict.fromkeys(("share_today", "share_reached"), "domestic share of use"),
    },
    "self_sufficiency_costs": {"target": "domestic share of use", "cost": MONEY},
}
"""What their numbers count in."""
