"""A small package to start from: it validates and solves at once, and each number says how to find the real one.

Segments of a tier use those of the tier before in equal parts. Every number is assumed, with a wide range, so that what
is made of it cannot be mistaken for a finding.
"""

from itertools import pairwise
from pathlib import Path

import pycountry

from chains.tables.countries import REST_OF_WORLD, countries, home_advice
from chains.tables.descriptor import Meta
from chains.tables.money import SCALES
from chains.tables.problems import InputError, Problem
from chains.tables.schema import TIERS
from chains.writing.converting import write_package
from chains.writing.template import AT_HOME, BOUGHT, CEILING, DEMAND, SOURCE, SPARE, SUBSIDY, Rows, guess, package_files

__all__ = ["new_package"]

_PARTNERS = ("CHN", "DEU", "USA")


def new_package(
    target: str | Path, *, home: str, segments: int, year: int, currency: str = "", scale: str = "billion"
) -> Meta:
    """Write a package of so many `segments` for the home country to `target`, a folder, `.zip` or `.xlsx`.

    `currency` (ISO 4217) is the home country's where none is given; `scale` says how many units of it one of the money
    is (`chains.tables.money`). Returns what its numbers are about. InputError with
    every option that is wrong, or where something is at `target` already.
    """
    target, meta = Path(target), _meta(home, currency, scale, segments, year)
    write_package(package_files(target.stem, meta, _tables(meta, _names(segments))), target)
    return meta


def _meta(home: str, currency: str, scale: str, segments: int, year: int) -> Meta:
    problems = []
    if scale not in SCALES:
        problems.append(Problem("option --scale", 0, "", f"'{scale}' is not known", f"one of {', '.join(SCALES)}"))
    if home not in countries() - {REST_OF_WORLD}:
        wrong = f"'{home}' is not an ISO 3166 alpha-3 country code"
        problems.append(Problem("option --home", 0, "", wrong, home_advice(home)))
    elif not (currency := currency or _currency(home)):
        wrong = f"{home} has no currency of its own in ISO 4217"
        problems.append(Problem("option --currency", 0, "", wrong, "name one, such as --currency EUR"))
    if currency and pycountry.currencies.get(alpha_3=currency) is None:
        wrong = f"'{currency}' is not an ISO 4217 currency code"
        problems.append(Problem("option --currency", 0, "", wrong, "write a code such as EUR"))
    if not len(TIERS) <= segments <= _MOST_SEGMENTS:
        right = f"write {len(TIERS)} (one a tier) to {_MOST_SEGMENTS}"
        problems.append(Problem("option --segments", 0, "", f"{segments} segments cannot be laid out", right))
    if problems:
        raise InputError(problems)
    return Meta.model_validate({"home": home, "currency": currency, "scale": scale, "year": year})


_MOST_SEGMENTS = 60


def _currency(home: str) -> str:
    """The currency whose number is the country's, as ISO 4217 has it for national ones; empty where there is none."""
    country = pycountry.countries.get(alpha_3=home)
    found = pycountry.currencies.get(numeric=country.numeric) if country is not None else None
    return str(found.alpha_3) if found is not None else ""


def _names(segments: int) -> dict[str, list[str]]:
    """Names of the segments of each tier; the first tiers have one more where they cannot have equally many."""
    each, more = divmod(segments, len(TIERS))
    return {tier: [f"{tier}-{n + 1}" for n in range(each + (at < more))] for at, tier in enumerate(TIERS)}


def _tables(meta: Meta, names: dict[str, list[str]]) -> dict[str, Rows]:
    """Rows of every table, in the order of its columns."""
    partners = [country for country in _PARTNERS if country != meta.home][:2]
    need = _need({tier: len(own) for tier, own in names.items()})
    home = {tier: AT_HOME[tier] * need[tier] for tier in TIERS}
    every = [(tier, name) for tier, own in names.items() for name in own]
    abroad = [(tier, name, place, share) for tier, name in every for place, share in zip(partners, (2, 1), strict=True)]
    return {
        "segments": [(name, "chain", tier, f"{tier.capitalize()} {name[-1]}") for tier, name in every],
        "demand": [(name, "", *guess("demand", need[TIERS[-1]])) for name in names[TIERS[-1]]],
        "inputs": [
            (earlier, later, *guess("inputs", BOUGHT / len(names[before])))
            for before, after in pairwise(TIERS)
            for earlier in names[before]
            for later in names[after]
        ],
        "supply": [(name, meta.home, meta.home, *guess("supply", SPARE * home[tier])) for tier, name in every]
        + [
            (name, place, place, *guess("imports", SPARE * (need[tier] - home[tier]) * share / 3))
            for tier, name, place, share in abroad
        ],
        "response": [
            row
            for tier, name in every
            for row in (
                (name, "slope", *guess("slope", 1.0)),
                (name, "ceiling", *guess("ceiling", CEILING * home[tier])),
            )
        ],
        "subsidies": [(name, "grants", meta.year, *guess("subsidies", SUBSIDY * home[tier])) for tier, name in every],
        "disruptions": [(f"cut_{place.lower()}", "", place, "", *guess("disruptions", 0.5)) for place in partners],
        "probabilities": [(f"cut_{place.lower()}", *guess("probabilities", 0.05)) for place in partners],
        "durations": [(f"cut_{place.lower()}", "outage", *guess("durations", 6.0)) for place in partners],
        "sources": [SOURCE],
    }


def _need(counts: dict[str, int]) -> dict[str, float]:
    """What is needed of one segment of each tier, from final demand upwards."""
    need = {TIERS[-1]: DEMAND / counts[TIERS[-1]]}
    for before, after in reversed(list(pairwise(TIERS))):
        output = AT_HOME[after] * need[after] * counts[after] * SPARE
        need[before] = output * BOUGHT / counts[before]
    return need
