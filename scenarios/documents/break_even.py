"""Break-even as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import BreakEven
from scenarios.documents.values import PER_MONEY, Document, Tables, Units, provenance_document

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: BreakEven) -> Document:
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


def _curve(chain: Chain, found: Document) -> Iterator[Document]:
    for factor, fall in found["curve"]:
        yield {"factor": factor, "value": fall}


TABLES: Tables = {"break_even": _curve}
"""Fall in risk per unit of money moved, over the factor, as a table of a results folder."""
UNITS: Units = {"break_even": {"factor": "factor on the assumption", "value": PER_MONEY}}
"""What its numbers count in."""
