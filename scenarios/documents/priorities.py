"""Implied priorities as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import Priorities
from scenarios.documents.values import Document, Tables, Units, numbers_of, provenance_document, table_of

__all__ = ["TABLES", "UNITS", "document"]


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


def _weights(chain: Chain, found: Document) -> Iterator[Document]:
    for goal, (least, most) in found["weights"].items():
        yield {"goal": goal, "least": least, "most": most, "reached": found["scaled"][goal]}


TABLES: Tables = {"priorities": _weights}
"""The goals as a table of a results folder."""
UNITS: Units = {
    "priorities": {
        **dict.fromkeys(("least", "most"), "weight, 0 to 1"),
        "reached": "0 without subsidy, 1 at the goal's best",
    }
}
"""What its numbers count in."""
