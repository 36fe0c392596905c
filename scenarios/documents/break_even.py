"""Break-even as a JSON document."""

from dataclasses import asdict

from chains import Chain
from optimize import BreakEven
from scenarios.documents.values import Document, provenance_document

__all__ = ["document"]


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
