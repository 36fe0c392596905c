"""One disruption for certain as a JSON document."""

from dataclasses import asdict

from chains import Chain
from optimize import WhatIf
from scenarios.documents.values import Document, levers_document, numbers_of, provenance_document

__all__ = ["document"]


def document(chain: Chain, found: WhatIf) -> Document:
    """The document of `tierwise what-if`; losses are shares of a year's weighted final demand."""
    solutions = {"observed": found.today, "least": found.best}
    return {
        "loss": numbers_of(found.losses),
        "allocation": {name: numbers_of(one.allocation.sum(axis=1)) for name, one in solutions.items()},
        **levers_document(found.options.levers, {"least": found.best}),
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(found.chain, found.options),
    }
