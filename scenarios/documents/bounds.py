"""Bounds on least risk as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from chains import Chain
from scenarios.documents.values import (
    MONEY,
    Document,
    Tables,
    Units,
    levers_document,
    numbers_of,
    provenance_document,
    table_of,
)

if TYPE_CHECKING:
    from optimize.cylinders import Bounds

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: "Bounds") -> Document:
    """The document of `tierwise optimize-mpi`. `gap` is relative; `exact` where the bounds meet."""
    return {
        "risk": {"lower": found.lower, "upper": found.risk.risk},
        "gap": found.gap,
        "exact": found.exact,
        "stopped": found.stopped,
        "expected_loss": found.risk.expected_loss,
        "cvar": found.risk.cvar,
        "var": found.risk.var,
        "allocation": numbers_of(found.allocation.sum(axis=1)),
        "by_instrument": table_of(found.allocation),
        **levers_document(found.options.levers, {"optimal": found}),
        "scenarios": found.scenarios,
        "bundles": found.bundles,
        "processes": found.ranks,
        "rounds": found.rounds,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _money(chain: Chain, found: Document) -> Iterator[Document]:
    for segment, money in found["allocation"].items():
        yield {"segment": segment, "value": money}


TABLES: Tables = {"bounds": _money}
"""The allocation as a table."""
UNITS: Units = {"bounds": {"value": MONEY}}
"""What its numbers count in."""
