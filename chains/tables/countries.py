"""Countries: ISO 3166 alpha-3 codes, Kosovo, and the rest of the world; names and other codes in use for them."""

from functools import cache
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from country_converter import CountryConverter

__all__ = ["EU27", "KOSOVO", "REST_OF_WORLD", "UNNAMED_MEMBER", "countries", "country_advice", "country_of"]

REST_OF_WORLD = "ROW"


KOSOVO = "XKX"
"""Not of ISO 3166, which leaves it to users; the code of the World Bank and the OECD."""

EU27 = frozenset(
    {"AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL"}
    | {"ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE"}
)
"""Members of the European Union since 1 February 2020."""

UNNAMED_MEMBER = "EU"
"""One of them that a data set does not name."""

_ELSE = f"or {REST_OF_WORLD} for the rest of the world"

_OTHERWISE = {
    **{
        "uk": "GBR",
        "britain": "GBR",
        "great britain": "GBR",
        "england": "GBR",
        "el": "GRC",
        "prc": "CHN",
        "uae": "ARE",
    },
    **{"russia": "RUS", "turkey": "TUR", "korea": "KOR", "south korea": "KOR", "north korea": "PRK", "rok": "KOR"},
    **{"kosovo": KOSOVO, "xk": KOSOVO, "holland": "NLD", "ivory coast": "CIV", "burma": "MMR", "swaziland": "SWZ"},
}
"""Names and abbreviations in use that ISO 3166 does not list."""

_UNIONS = ("eu", "eu27", "eu28", "european union", "euro area", "asean", "opec", "nafta", "oecd", "g7")


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes, XKX for Kosovo, and ROW for the rest of the world."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | {KOSOVO, REST_OF_WORLD}


@cache
def country_of(written: str) -> str | None:
    """The code of a country by a name or another code in use (Russia, UK, EL, 276); None where it is not one country.

    Names in English and codes as ISO 3166 lists them, and as `country_converter` knows them where it is installed: it
    stands under the GPL, so Tierwise names it as an extra (`countries`) and works without it.
    """
    name = written.strip()
    if name.lower() in _OTHERWISE:
        return _OTHERWISE[name.lower()]
    if not name or name.lower() in _UNIONS:
        return None
    try:
        return str(pycountry.countries.lookup(name).alpha_3)
    except LookupError:
        converter = _converter()
    found = None if converter is None else converter.convert(name, to="ISO3", not_found="")
    return found if isinstance(found, str) and found in countries() else None


@cache
def _converter() -> "CountryConverter | None":
    """The converter, silent about what it does not find; None where it is not installed.

    Release 1.3.2 cannot be made of its own table under pandas 3: three places of the past have no ISO2 there, and are
    left out here.
    """
    import logging
    from pathlib import Path

    import pandas as pd

    try:
        import country_converter
    except ImportError:
        return None
    logging.getLogger("country_converter").setLevel(logging.CRITICAL)
    file = Path(country_converter.__file__).parent / "country_data.tsv"
    table = pd.read_csv(file, sep="\t", encoding="utf-8", na_values=[""], keep_default_na=False)
    return country_converter.CountryConverter(country_data=table[table["ISO2"].notna()])


def country_advice(written: str) -> str:
    """What to write instead: the code of a country written otherwise. A near code would be another country."""
    if written.strip().lower() in _UNIONS:
        return f"give each member a row of its own, {_ELSE}"
    found = country_of(written)
    right = "the code of the country, such as DEU" if found is None else f"'{found}'"
    return f"write {right}, {_ELSE}"
