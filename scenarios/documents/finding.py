"""The published finding as a JSON document."""

from dataclasses import asdict

from chains import Chain
from scenarios.documents.values import Document, numbers_of, provenance_document, without_nan
from scenarios.finding import Finding

__all__ = ["finding_document"]


def finding_document(chain: Chain, finding: Finding) -> Document:
    """The document of `tierwise finding`: the published finding, part by part."""
    return {
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
