"""Ranges as a JSON document."""

from chains import Chain
from optimize import Ranges
from scenarios.documents.values import Document

__all__ = ["document"]


def document(chain: Chain, found: Ranges) -> Document:
    """What `tierwise optimize --ranges` adds to its document."""
    return {
        "ranges": {str(s): [float(row["least"]), float(row["most"])] for s, row in found.amounts.iterrows()},
        "unique": found.unique,
    }
