"""The allocation that is best against the worst cuts as a JSON document, and in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from chains import Chain
from optimize import Against
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

__all__ = ["SAME", "TABLES", "UNITS", "document", "in_words", "points", "worst_of"]

_ONE = {"countries": "country", "links": "link"}
SAME = 1e-6
"""Shares of final demand that differ by no more are told as equal: a tie of risk is more of a rare loss."""


def document(chain: Chain, found: Against) -> Document:
    """The document of `tierwise against`; `optimal` is the insured allocation, `least_risk` the best on probabilities.

    A cut is a country, or a pair [segment, country].
    """
    solutions = {"observed": found.observed, "least_risk": found.least_risk, "optimal": found.optimal}

    def cuts(some: Sequence[Any]) -> list[Any]:
        return [cut.country if found.over == "countries" else [cut.segment, cut.country] for cut in some]

    return {
        "n": found.n,
        "over": found.over,
        "possible": found.possible,
        "allocation": {name: numbers_of(each.allocation.sum(axis=1)) for name, each in solutions.items()},
        "by_instrument": table_of(found.optimal.allocation),
        "tiers": {name: numbers_of(found.tiers(each)) for name, each in solutions.items()},
        **levers_document(found.options.levers, solutions),
        "worst_loss": {
            **{str(name): float(loss) for name, loss in found.worst_loss.items()},
            "lower_bound": found.lower_bound,
            "upper_bound": found.upper_bound,
        },
        "gap": found.gap,
        "cuts": cuts(found.cuts),
        "worst_cuts": {name: cuts(some) for name, some in found.worst_cuts.items()},
        "sets": [{"cuts": cuts(some), "loss": loss} for some, loss in found.sets],
        **{
            measure: {name: float(getattr(each, measure)) for name, each in solutions.items()}
            for measure in ("risk", "expected_loss", "cvar")
        },
        "loss": {name: numbers_of(each.loss) for name, each in solutions.items()},
        "insurance": {
            "protection": found.protection,
            "risk": found.premium,
            "expected_loss": found.expected_premium,
        },
        "iterations": found.iterations,
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def in_words(found: Document, cut_name: Callable[[Any], str]) -> str:
    """What the worst cuts cost, what insurance against them brings, and what it costs on the probabilities."""
    if found["n"] == 0:
        return "No cut is allowed, so nothing is lost to one: the answer is the allocation of least risk."
    loss, insurance = found["worst_loss"], found["insurance"]
    worst = worst_of(found)
    if loss["optimal"] <= SAME:
        said = f"The insured allocation loses nothing to {worst}."
    else:
        cuts = " and ".join(cut_name(cut) for cut in found["cuts"])
        said = f"To {worst} the insured allocation loses {_share(loss['optimal'])} of final demand (as to {cuts})"
        proven = loss["upper_bound"] - loss["lower_bound"] <= max(1e-6 * loss["upper_bound"], SAME)
        floor = "" if proven else f" than {_share(loss['lower_bound'])}"
        said += f", and none that is allowed loses less{floor}."
    if insurance["protection"] <= SAME:
        return f"{said} The allocation of least risk loses no more: insurance brings nothing beyond it."
    said += f" The allocation of least risk loses {_share(loss['least_risk'])}."
    if insurance["risk"] <= SAME:
        return f"{said} That protection of {points(insurance['protection'])} costs no risk on the probabilities."
    change = insurance["expected_loss"]
    expected = "unchanged" if abs(change) <= SAME else f"{points(abs(change))} {'higher' if change > 0 else 'lower'}"
    return (
        f"{said} That protection of {points(insurance['protection'])} costs {points(insurance['risk'])} of risk on the "
        f"probabilities; expected loss is {expected}."
    )


def worst_of(found: Document) -> str:
    """Who attacks: the worst country, the worst 2 links."""
    return f"the worst {_ONE[found['over']]}" if found["n"] == 1 else f"the worst {found['n']} {found['over']}"


def points(value: float) -> str:
    """A difference of two shares of final demand, to three digits."""
    return f"{100 * value:.3g} points"


def _share(value: float) -> str:
    return f"{100 * value:.2f}%"


def _money(chain: Chain, found: Document) -> Iterator[Document]:
    tiers = chain.segments["tier"]
    for allocation, given in found["allocation"].items():
        for segment, money in given.items():
            yield {"allocation": allocation, "segment": segment, "tier": tiers[segment], "value": money}


def _sets(chain: Chain, found: Document) -> Iterator[Document]:
    for each in found["sets"]:
        cuts = (cut if isinstance(cut, str) else " from ".join(cut) for cut in each["cuts"])
        yield {"cuts": "; ".join(cuts), "value": each["loss"]}


TABLES: Tables = {"against": _money, "cut_sets": _sets}
"""Money, and the sets of cuts that the search found, as tables of a results folder."""
UNITS: Units = {"against": {"value": MONEY}, "cut_sets": {"value": LOSS}}
"""What their numbers count in."""
