"""The least-risk answer as a JSON document."""

from dataclasses import asdict

from optimize import Result
from scenarios.documents.values import Document, number_of, numbers_of, provenance_document, table_of

__all__ = ["optimize_document"]


def optimize_document(result: Result) -> Document:
    """The document of `tierwise optimize`.

    `risk.optimal` is the least risk; the allocation reported attains it to 1e-9.
    """
    solutions = {"none": result.none, "observed": result.observed, "optimal": result.optimal}
    given = {name: solution for name, solution in solutions.items() if name != "none"}
    return {
        "risk": {name: s.risk for name, s in solutions.items()} | {"optimal": result.risk},
        "expected_loss": {name: s.expected_loss for name, s in solutions.items()},
        "cvar": {name: s.cvar for name, s in solutions.items()},
        "var": {name: s.var for name, s in solutions.items()},
        "budget": numbers_of(result.budget),
        "allocation": {name: numbers_of(s.allocation.sum(axis=1)) for name, s in given.items()},
        "by_instrument": {name: table_of(s.allocation) for name, s in given.items()},
        "tiers": {name: numbers_of(result.tiers(s)) for name, s in given.items()},
        "loss": {name: numbers_of(s.loss) for name, s in solutions.items()},
        "unmet": {name: table_of(s.unmet) for name, s in solutions.items()},
        "next_unit": numbers_of(result.next_unit),
        "transfer": {
            giving: {to: number_of(fall) for to, fall in row.items() if to != giving}
            for giving, row in result.transfer.iterrows()
        },
        "method": asdict(result.method),
        "certificate": asdict(result.certificate),
        "provenance": provenance_document(result.chain, result.options),
    }
