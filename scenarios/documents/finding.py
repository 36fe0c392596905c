"""The published finding as a JSON document."""

from dataclasses import asdict

from chains import Chain
from chains.tables.schema import TIERS
from scenarios.asking.finding import Finding
from scenarios.documents.least_risk import result_document
from scenarios.documents.values import MONEY, Document, Tables, Units, numbers_of, provenance_document, without_nan

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, finding: Finding) -> Document:
    """The document of `tierwise finding`: the published finding, part by part, and what reallocation brings."""
    answer: Document = {
        "shape": [without_nan(asdict(shape)) for shape in finding.shapes],
        "correlations": [without_nan(row) for row in finding.correlations.to_dict(orient="records")],
        "explanation": {
            "observed": numbers_of(finding.explanation.observed),
            "mixtures": finding.explanation.mixtures.reset_index().to_dict(orient="records"),
            "nearest": list(finding.explanation.nearest),
        },
        "claims": [asdict(claim) for claim in finding.claims],
        "certificate": asdict(finding.explanation.certificate),
        "provenance": provenance_document(chain, finding.options),
    }
    if finding.best is None:
        return answer
    best = result_document(finding.best)
    parts = ("risk", "tiers", "next_unit", "transfer", "certificate")
    return answer | {"reallocation": {part: best[part] for part in parts}}


TABLES: Tables = {
    "mixtures": lambda chain, found: found["explanation"]["mixtures"],
    "claims": lambda chain, found: found["claims"],
}
"""What planners would do, and the claims, as tables of a results folder."""
UNITS: Units = {
    "mixtures": {"weight": "weight on risk", **dict.fromkeys(TIERS, MONEY), "moved": "share of the budget"},
    "claims": dict.fromkeys(("published", "computed", "tolerance"), "as the statement says"),
}
"""What their numbers count in."""
