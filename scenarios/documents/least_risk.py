"""The least-risk answer as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

from chains import Chain
from optimize import Result
from scenarios.asking.least_risk import LeastRisk
from scenarios.documents import exact, ranges, robust
from scenarios.documents.values import (
    LOSS,
    MONEY,
    PER_MONEY,
    PROBABILITY,
    Document,
    Tables,
    Units,
    amounts_document,
    levers_document,
    number_of,
    numbers_of,
    provenance_document,
    table_of,
)

__all__ = ["TABLES", "UNITS", "document", "result_document"]


def document(chain: Chain, found: LeastRisk) -> Document:
    """The document of `tierwise optimize`; it tells of robustness and ranges as far as they were asked for."""
    answer = result_document(found.result)
    if found.in_full is not None:
        answer |= _ranged(chain, found)
    if found.exact is not None:
        answer |= {"exact": exact.document(found.exact)}
    return answer | ({"robust": robust.document(chain, found.robust)} if found.robust else {})


def _ranged(chain: Chain, found: LeastRisk) -> Document:
    """Whether the answer is unique (null: not looked at), and the ranges where they are to be told."""
    if found.spans is None:
        return {"unique": None}
    told = ranges.document(chain, found.spans)
    return told if found.in_full else {"unique": told["unique"]}


def result_document(result: Result) -> Document:
    """The least-risk answer alone.

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
        "parts": numbers_of(result.parts),
        "first_tenth": number_of(result.first_tenth),
        **levers_document(result.options.levers, {"optimal": result.optimal}),
        **amounts_document(result.options.levers, {"optimal": result.optimal}),
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


def _allocations(chain: Chain, found: Document) -> Iterator[Document]:
    tiers = chain.segments["tier"]
    for which, table in found["by_instrument"].items():
        for segment, row in table.items():
            for instrument, money in row.items():
                key = {"allocation": which, "segment": segment, "tier": tiers[segment]}
                yield key | {"instrument": instrument, "value": money}


def _levers(chain: Chain, found: Document) -> Iterator[Document]:
    for which, levers in found.get("levers", {}).items():
        for lever, bought in levers.items():
            for member, money in bought.items():
                segment, _, location = member.partition("@")
                key = {"allocation": which, "lever": lever, "segment": segment, "location": location}
                yield key | {"value": money}


def _parts(chain: Chain, found: Document) -> Iterator[Document]:
    for part, fall in found["parts"].items():
        yield {"part": part, "value": fall}


def _losses(chain: Chain, found: Document) -> Iterator[Document]:
    probability = dict(zip(chain.numbers.scenarios, chain.numbers.probability, strict=True))
    for which, losses in found["loss"].items():
        for scenario, loss in losses.items():
            key = {"allocation": which, "scenario": scenario}
            yield key | {"probability": float(probability[scenario]), "value": loss}


def _next_unit(chain: Chain, found: Document) -> Iterator[Document]:
    for segment, fall in found["next_unit"].items():
        yield {"segment": segment, "value": fall}


def _transfers(chain: Chain, found: Document) -> Iterator[Document]:
    for giving, row in found["transfer"].items():
        for receiving, fall in row.items():
            yield {"from": giving, "to": receiving, "value": fall}


TABLES: Tables = {
    "allocations": _allocations,
    "levers": _levers,
    "parts": _parts,
    "losses": _losses,
    "next_unit": _next_unit,
    "transfers": _transfers,
}
"""The answer as tables of a results folder."""
UNITS: Units = {
    "allocations": {"value": MONEY},
    "levers": {"value": MONEY},
    "parts": {"value": LOSS},
    "losses": {"probability": PROBABILITY, "value": LOSS},
    "next_unit": {"value": PER_MONEY},
    "transfers": {"value": PER_MONEY},
}
"""What their numbers count in."""
