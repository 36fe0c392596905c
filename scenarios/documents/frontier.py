"""The frontier as a JSON document."""

from dataclasses import asdict

from chains import Chain
from optimize import Frontier
from scenarios.documents.values import Document, provenance_document, without_nan

__all__ = ["frontier_document"]


def frontier_document(chain: Chain, found: Frontier) -> Document:
    """The document of `tierwise frontier`: breakpoints as [budget, risk], slopes beside them."""
    points = found.breakpoints
    pairs = zip(points["budget"], points["risk"], strict=True)
    document: Document = {
        "breakpoints": [[float(budget), float(risk)] for budget, risk in pairs],
        "slopes": [without_nan(row) for row in points[["slope_left", "slope_right"]].to_dict(orient="records")],
        "useless_beyond": found.useless_beyond,
        "exact": found.exact,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }
    return document if found.exact else {**document, "gap": found.gap}
