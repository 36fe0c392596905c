"""Implied priorities as a JSON document."""

from dataclasses import asdict

from chains import Chain
from optimize import Priorities
from scenarios.documents.values import Document, numbers_of, provenance_document, table_of

__all__ = ["document"]


def document(chain: Chain, found: Priorities) -> Document:
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
