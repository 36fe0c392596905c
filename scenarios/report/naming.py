"""Names and numbers for people: countries, indicators, segments, shares, money."""

from collections.abc import Mapping
from functools import cache, lru_cache
from textwrap import wrap

import pycountry

from chains import Chain
from chains.tables.schema import TABLES
from scenarios.storing import StoredCase

__all__ = [
    "NOTHING",
    "SAME_MONEY",
    "country_name",
    "figure_label",
    "figures_of",
    "folded",
    "indicator_name",
    "money_unit",
    "reason_in_words",
    "scenario_label",
    "segment_label",
]

NOTHING = 1e-9
"""Risks that differ by less are the same."""
SAME_MONEY = 1e-6
"""Amounts of money that differ by less of what is spent are the same."""
_SHORT = {"TWN": "Taiwan", "KOR": "South Korea", "USA": "United States", "XKX": "Kosovo", "ROW": "rest of the world"}
_INDICATORS = {"rd_intensity": "R&D intensity", "margin": "profit margin"}


def country_name(code: str) -> str:
    """Name of a country for people; other words are returned as they are."""
    country = pycountry.countries.get(alpha_3=code)
    return _SHORT.get(code, str(country.name) if country else code)


def indicator_name(indicator: str) -> str:
    """Name of an indicator for people."""
    return _INDICATORS.get(indicator, indicator.replace("_", " "))


def money_unit(case: StoredCase) -> str:
    """Unit of money that is given once, not by the year."""
    return case.chain.money_unit


def segment_label(case: StoredCase, segment: str) -> str:
    """A segment's name without its explanation in parentheses; with its chain where there are several."""
    return _labels(case.chain)[segment]


@lru_cache(maxsize=32)
def _labels(chain: Chain) -> dict[str, str]:
    """The labels of all segments; kept, since a report asks for each many times."""
    segments = chain.segments
    several = segments["package"].nunique() > 1
    names = segments["name"].str.split(" (", regex=False).str[0]
    return {
        str(segment): f"{name} · {chain}" if several else str(name)
        for segment, name, chain in zip(segments.index, names, segments["chain"], strict=True)
    }


_WORDS = {"us": "US", "eu": "EU", "uk": "UK", "ai": "AI", "europe": "Europe"}


@cache
def _places() -> dict[str, str]:
    """Names of countries in one word, as they are written in names of scenarios."""
    names = [str(country.name).partition(",")[0] for country in pycountry.countries]
    return {name.lower(): name for name in names if " " not in name}


def scenario_label(scenario: str) -> str:
    """A scenario's name for people: `us_partners_chip_ban` is `US partners chip ban`."""
    first, *rest = (_WORDS.get(word) or _places().get(word, word) for word in scenario.split("_"))
    return " ".join([first[:1].upper() + first[1:], *rest])


_COLUMNS = ("input", "user", "segment", "location", "tier", "use")
"""Columns whose name stands before their value in the name of a number."""


def figure_label(case: StoredCase, figure: str) -> str:
    """A number of the package for people: `stocks: part held` is `stocks: Precision parts / held`."""
    table, _, place = figure.partition(": ")
    if table not in TABLES:
        return figure
    scenarios = set(case.chain.table("probabilities")["scenario"])
    said = [_part_label(case, part, scenarios) for part in place.split(" ")]
    pairs = [
        f"{before} {part}" if before in _COLUMNS else part for before, part in zip(["", *said], said, strict=False)
    ]
    return f"{table.replace('_', ' ')}: {' / '.join(part for part in pairs if part not in _COLUMNS)}"


def figures_of(case: StoredCase) -> list[str]:
    """The names in the package of the figures that the draws of a case measured, each once."""
    found = case.answers.get("uncertainty") or {}
    tornado = (found.get("tornado") or {}).get("factors", [])
    return list(dict.fromkeys(one["factor"] for one in (*tornado, *found.get("sobol", []), *found.get("morris", []))))


def _part_label(case: StoredCase, part: str, scenarios: set[str]) -> str:
    if part in scenarios:
        return scenario_label(part)
    labels = _labels(case.chain)
    return labels[part] if part in labels else country_name(part).replace("_", " ")


def folded(label: str, width: int = 24) -> str:
    """A label in lines short enough to leave room for its bar."""
    return "<br>".join(wrap(label, width, break_long_words=False))


def reason_in_words(why: Mapping[str, str]) -> str:
    """Why a question has no answer; of a defect its last line, since the rest is for us."""
    reason = why["reason"].strip()
    if why["kind"] == "defect":
        return f"a defect of Tierwise, please report it ({reason.splitlines()[-1]})"
    return f"{why['kind']}: {reason}"
