"""The risk of an allocation as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from scenarios.asking.evaluation import Evaluation
from scenarios.documents import exact
from scenarios.documents.values import (
    LOSS,
    PROBABILITY,
    Document,
    Tables,
    Units,
    numbers_of,
    provenance_document,
    table_of,
)

__all__ = ["TABLES", "UNITS", "document"]


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


def _losses(chain: Chain, found: Document) -> Iterator[Document]:
    probability = dict(zip(chain.numbers.scenarios, chain.numbers.probability, strict=True))
    for scenario, loss in found["loss"].items():
        yield {"scenario": scenario, "probability": float(probability[scenario]), "value": loss}


TABLES: Tables = {"evaluation": _losses}
"""Loss by scenario as a table."""
UNITS: Units = {"evaluation": {"probability": PROBABILITY, "value": LOSS}}
"""What its numbers count in."""
