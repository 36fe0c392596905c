"""The frontier as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import Frontier
from scenarios.documents.values import LOSS, MONEY, Document, Tables, Units, provenance_document, without_nan

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: Frontier) -> Document:
    """The document of `tierwise frontier`: breakpoints as [budget, risk], slopes beside them."""
    points = found.breakpoints
    pairs = zip(points["budget"], points["risk"], strict=True)
    answer: Document = {
        "breakpoints": [[float(budget), float(risk)] for budget, risk in pairs],
        "slopes": [without_nan(row) for row in points[["slope_left", "slope_right"]].to_dict(orient="records")],
        "useless_beyond": found.useless_beyond,
        "exact": found.exact,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }
    return answer if found.exact else {**answer, "gap": found.gap}


def _breakpoints(chain: Chain, found: Document) -> Iterator[Document]:
    for budget, risk in found["breakpoints"]:
        yield {"budget": budget, "risk": risk}


TABLES: Tables = {"frontier": _breakpoints}
"""Its breakpoints as a table of a results folder."""
UNITS: Units = {"frontier": {"budget": MONEY, "risk": LOSS}}
"""What its numbers count in."""
