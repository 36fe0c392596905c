"""The plan over years as a JSON document."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from chains import Chain
from optimize import Course, Plan
from scenarios.documents.values import (
    CAPACITY,
    LOSS,
    MONEY,
    YEAR,
    Document,
    Tables,
    Units,
    numbers_of,
    provenance_document,
)

__all__ = ["TABLES", "UNITS", "document"]

_MEASURES = ("risk", "expected_loss", "cvar")


def document(chain: Chain, found: Plan) -> Document:
    """The document of `tierwise plan`; lists are by year, in the order of `years`.

    `risk`, `expected_loss` and `cvar` are discounted; `risk.optimal` is the least, which the plan attains to 1e-9.
    Money for capacity is `allocation`, that of other levers `levers`; `tiers` counts both.
    """
    courses = found.courses
    discounted = {measure: found.discounted(measure) for measure in _MEASURES}
    return {
        "years": list(found.years),
        "weights": [float(weight) for weight in found.weight],
        **discounted,
        "risk": discounted["risk"] | {"optimal": found.risk},
        **{
            f"{measure}_by_year": {name: _list(c.by_year[measure]) for name, c in courses.items()}
            for measure in _MEASURES
        },
        "budget": numbers_of(found.budget),
        "allocation": {name: _by_year(course.capacity) for name, course in courses.items()},
        "tiers": {name: _by_year(found.tiers(course)) for name, course in courses.items()},
        **_levers(found),
        "not_needed": _list(found.not_needed),
        "method": asdict(found.method),
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _levers(found: Plan) -> Document:
    """Money of levers other than capacity, where the money may buy more than that."""
    others = [name for name in found.options.levers if name != CAPACITY]
    return {"levers": {name: _bought(course, others) for name, course in found.courses.items()}} if others else {}


def _bought(course: Course, names: list[str]) -> Document:
    return {name: _by_year(course.levers[name]) if name in course.levers else {} for name in names}


def _list(series: pd.Series) -> list[float]:
    return [float(value) for value in series]


def _by_year(frame: pd.DataFrame) -> dict[str, list[float]]:
    """Rows as lists over the years."""
    return {str(label): _list(row) for label, row in frame.iterrows()}


def _money(chain: Chain, found: Document) -> Iterator[Document]:
    tiers = chain.segments["tier"]
    for which, allocation in found["allocation"].items():
        bought = {CAPACITY: allocation, **found.get("levers", {}).get(which, {})}
        for lever, members in bought.items():
            for member, money in members.items():
                segment, _, location = member.partition("@")
                key = {"spending": which, "lever": lever, "segment": segment, "tier": tiers[segment]}
                for year, own in zip(found["years"], money, strict=True):
                    yield key | {"location": location, "year": year, "value": own}


def _risks(chain: Chain, found: Document) -> Iterator[Document]:
    for which in found["risk_by_year"]:
        for n, year in enumerate(found["years"]):
            key = {"spending": which, "year": year, "weight": found["weights"][n]}
            yield key | {measure: found[f"{measure}_by_year"][which][n] for measure in _MEASURES}


TABLES: Tables = {"plan": _money, "plan_risk": _risks}
"""Money and risk by year as tables of a results folder."""
UNITS: Units = {
    "plan": {"year": YEAR, "value": MONEY},
    "plan_risk": {"year": YEAR, "weight": "weight in discounted risk", **dict.fromkeys(_MEASURES, LOSS)},
}
"""What their numbers count in."""
