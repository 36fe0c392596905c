"""Countries: ISO 3166 alpha-3 codes, Kosovo, and the rest of the world."""

from functools import cache

import pycountry

__all__ = ["REST_OF_WORLD", "countries", "country_advice"]

REST_OF_WORLD = "ROW"


KOSOVO = "XKX"
"""Not of ISO 3166, which leaves it to users; the code of the World Bank and the OECD."""

_ELSE = f"or {REST_OF_WORLD} for the rest of the world"

_OTHERWISE = {
    **{"uk": "GBR", "britain": "GBR", "great britain": "GBR", "england": "GBR"},
    **{"russia": "RUS", "turkey": "TUR", "korea": "KOR", "south korea": "KOR", "north korea": "PRK"},
    **{"kosovo": KOSOVO, "xk": KOSOVO, "holland": "NLD", "ivory coast": "CIV", "burma": "MMR", "swaziland": "SWZ"},
}
"""Names and abbreviations in use that ISO 3166 does not list."""

_UNIONS = ("eu", "eu27", "eu28", "european union", "euro area", "asean", "opec", "nafta", "oecd", "g7")


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes, XKX for Kosovo, and ROW for the rest of the world."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | {KOSOVO, REST_OF_WORLD}


def country_advice(written: str) -> str:
    """What to write instead: the code of a country written otherwise. A near code would be another country."""
    name = written.strip().lower()
    if name in _UNIONS:
        return f"give each member a row of its own, {_ELSE}"
    if name in _OTHERWISE:
        return f"write '{_OTHERWISE[name]}', {_ELSE}"
    try:
        return f"write '{pycountry.countries.lookup(written).alpha_3}', {_ELSE}"
    except LookupError:
        return f"write the code of the country, such as DEU, {_ELSE}"
