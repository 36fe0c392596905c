"""The robust answer as a JSON document, which `tierwise optimize` adds to its own."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import Robust
from scenarios.documents.values import (
    LOSS,
    MONEY,
    Document,
    Tables,
    Units,
    levers_document,
    numbers_of,
    provenance_document,
    table_of,
)

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: Robust) -> Document:
    """The object `robust`: risks of the three allocations, nominal and in the worst case, and what that case is.

    `risk.robust.worst_case` is that of the allocation reported; `bound` the least that any allocation can have.
    """
    return {
        "ambiguity": found.options.ambiguity,
        "slope_budget": found.options.slope_budget,
        "risk": table_of(found.risks),
        "bound": found.risk,
        "allocation": numbers_of(found.allocation),
        "by_instrument": table_of(found.robust.allocation),
        "tiers": numbers_of(found.nominal.tiers(found.robust)),
        **levers_document(found.options.levers, {"robust": found.robust}),
        "worst": {"distribution": table_of(found.distribution), "low_slopes": list(found.low_slopes)},
        "price": found.price,
        "protection": found.protection,
        "iterations": found.iterations,
        "exact": found.exact,
        "gap": found.gap,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _money(chain: Chain, found: Document) -> Iterator[Document]:
    tiers = chain.segments["tier"]
    for segment, money in found["allocation"].items():
        yield {"segment": segment, "tier": tiers[segment], "value": money}


def _risks(chain: Chain, found: Document) -> Iterator[Document]:
    for allocation, risks in found["risk"].items():
        yield {"allocation": allocation, **risks}


TABLES: Tables = {"robust": _money, "robust_risks": _risks}
"""The robust allocation, and the risks of all three, as tables of a results folder."""
UNITS: Units = {"robust": {"value": MONEY}, "robust_risks": {"nominal": LOSS, "worst_case": LOSS}}
"""What their numbers count in."""
