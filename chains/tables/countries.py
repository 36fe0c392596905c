"""Countries: ISO 3166 alpha-3 codes, and the rest of the world."""

from functools import cache

import pycountry

__all__ = ["REST_OF_WORLD", "countries", "country_advice"]

REST_OF_WORLD = "ROW"


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes, and ROW for the rest of the world."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | {REST_OF_WORLD}


def country_advice(written: str) -> str:
    """What to write instead: the code of a country written otherwise. A near code would be another country."""
    try:
        return f"write '{pycountry.countries.lookup(written).alpha_3}'"
    except LookupError:
        return f"write the code of the country, such as DEU, or {REST_OF_WORLD} for the rest of the world"
