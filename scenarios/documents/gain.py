"""The reallocation curve as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import Gain
from scenarios.documents.values import LOSS, Document, Tables, Units, provenance_document

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, gain: Gain) -> Document:
    """The document of `tierwise gain`."""
    return {
        "from": gain.giving,
        "to": gain.receiving,
        "funds": gain.funds,
        "shares": [float(share) for share in gain.curve.index],
        "gain": [float(fall) for fall in gain.curve],
        "peak": {"share": gain.peak_share, "gain": gain.peak_gain},
        "certificate": asdict(gain.certificate),
        "provenance": provenance_document(chain, gain.options),
    }


def _curve(chain: Chain, found: Document) -> Iterator[Document]:
    for share, fall in zip(found["shares"], found["gain"], strict=True):
        yield {"share": share, "value": fall}


TABLES: Tables = {"gain": _curve}
"""The curve as a table of a results folder."""
UNITS: Units = {"gain": {"share": "share of the giving tier's funds", "value": LOSS}}
"""What its numbers count in."""
