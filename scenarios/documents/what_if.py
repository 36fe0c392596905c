"""One disruption for certain as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import WhatIf
from scenarios.documents.values import (
    CAPACITY,
    LOSS,
    MONEY,
    Document,
    Tables,
    Units,
    amounts_document,
    levers_document,
    numbers_of,
    provenance_document,
)

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: WhatIf) -> Document:
    """The document of `tierwise what-if`; losses are shares of a year's weighted final demand, stock is in months."""
    solutions = {"observed": found.today, "least": found.best}
    options = found.options
    return {
        "cuts": list(options.cuts),
        "months": options.months,
        "stock": dict(options.stock),
        "loss": numbers_of(found.losses),
        "budget": found.budget,
        "not_needed": found.not_needed,
        "allocation": {name: numbers_of(one.allocation.sum(axis=1)) for name, one in solutions.items()},
        **levers_document(options.levers, {"least": found.best}),
        **amounts_document(options.levers, {"least": found.best}),
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(found.chain, options),
    }


def _losses(chain: Chain, found: Document) -> Iterator[Document]:
    for decision, loss in found["loss"].items():
        yield {"cuts": "; ".join(found["cuts"]), "months": found["months"], "decision": decision, "value": loss}


def _money(chain: Chain, found: Document) -> Iterator[Document]:
    for decision, given in found["allocation"].items():
        for segment, money in given.items():
            yield {"decision": decision, "lever": CAPACITY, "segment": segment, "location": "", "value": money}
    for decision, levers in found.get("levers", {}).items():
        for lever, bought in levers.items():
            for member, money in bought.items():
                segment, _, location = member.partition("@")
                yield {"decision": decision, "lever": lever, "segment": segment, "location": location, "value": money}


TABLES: Tables = {"what_if_losses": _losses, "what_if_money": _money}
"""The answer as tables of a results folder."""
UNITS: Units = {"what_if_losses": {"months": "months", "value": LOSS}, "what_if_money": {"value": MONEY}}
"""What their numbers count in."""
