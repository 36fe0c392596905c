"""The risk of an allocation as a JSON document."""

from dataclasses import asdict

from chains import Chain
from scenarios.asking.evaluation import Evaluation
from scenarios.documents import exact
from scenarios.documents.values import Document, numbers_of, provenance_document, table_of

__all__ = ["document"]


def document(chain: Chain, found: Evaluation) -> Document:
    """The document of `tierwise evaluate`."""
    solution = found.solution
    return {
        "risk": solution.risk,
        "expected_loss": solution.expected_loss,
        "cvar": solution.cvar,
        "var": solution.var,
        "loss": numbers_of(solution.loss),
        "unmet": table_of(solution.unmet),
        "certificate": asdict(solution.certificate),
        "provenance": provenance_document(chain, found.options),
        **({"exact": exact.document(found.exact)} if found.exact else {}),
    }
