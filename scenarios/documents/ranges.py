"""Ranges as a JSON document."""

from optimize import Ranges
from scenarios.documents.values import Document

__all__ = ["ranges_document"]


def ranges_document(found: Ranges) -> Document:
    """What `tierwise optimize --ranges` adds to its document."""
    return {
        "ranges": {str(s): [float(row["least"]), float(row["most"])] for s, row in found.amounts.iterrows()},
        "unique": found.unique,
    }
