"""Ranges as a JSON document."""

from collections.abc import Iterator

from chains import Chain
from optimize import Ranges
from scenarios.documents.values import MONEY, Document, Tables, Units

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: Ranges) -> Document:
    """What `tierwise optimize --ranges` adds to its document."""
    return {
        "ranges": {str(s): [float(row["least"]), float(row["most"])] for s, row in found.amounts.iterrows()},
        "unique": found.unique,
    }


def _segments(chain: Chain, found: Document) -> Iterator[Document]:
    for segment, (least, most) in found["ranges"].items():
        yield {"segment": segment, "least": least, "most": most}


TABLES: Tables = {"ranges": _segments}
"""What each segment gets at least and at most as a table of a results folder."""
UNITS: Units = {"ranges": {"least": MONEY, "most": MONEY}}
"""What its numbers count in."""
