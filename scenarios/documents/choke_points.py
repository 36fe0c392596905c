"""Choke points as a JSON document."""

from dataclasses import asdict
from typing import Any

from chains import Chain
from optimize import WorstCuts
from scenarios.asking.choke_points import Cuts
from scenarios.documents.values import LOSS, Document, Tables, Units, provenance_document, without_nan

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, cuts: Cuts) -> Document:
    """The document of `tierwise choke-points`; `worst` is null where it was not asked for."""
    found, worst = cuts.found, cuts.worst
    renamed = found.single.rename(columns={"loss_observed": "loss", "survives_observed": "survives"})
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


TABLES: Tables = {"choke_points": lambda chain, found: found["single"]}
"""Every single cut, as a table of a results folder."""
UNITS: Units = {
    "choke_points": {
        **dict.fromkeys(("loss", "loss_least_risk"), LOSS),
        **dict.fromkeys(("survives", "survives_least_risk", "recovers"), "months"),
    }
}
"""What its numbers count in."""
