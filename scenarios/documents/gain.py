"""The reallocation curve as a JSON document."""

from dataclasses import asdict

from chains import Chain
from optimize import Gain
from scenarios.documents.values import Document, provenance_document

__all__ = ["gain_document"]


def gain_document(chain: Chain, gain: Gain) -> Document:
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
