"""Partners of trade by their names in Chinese, as China's customs writes them, or in English."""

import gettext
from functools import cache

import pycountry

from chains.tables.countries import REST_OF_WORLD, countries, country_of

__all__ = ["partner_of"]

_CUSTOMS = {
    **{"中国香港": "HKG", "中国澳门": "MAC", "中国台湾": "TWN", "台澎金马关税区": "TWN", "台湾省": "TWN"},
    **{"刚果(金)": "COD", "刚果民主共和国": "COD", "刚果(布)": "COG", "阿拉伯联合酋长国": "ARE", "孟加拉国": "BGD"},
    **{
        "柬埔寨": "KHM",
        "吉尔吉斯斯坦": "KGZ",
        "马耳他": "MLT",
        "危地马拉": "GTM",
        "玻利维亚": "BOL",
        "捷克共和国": "CZE",
    },
    **{
        "特立尼达和多巴哥": "TTO",
        "斯威士兰": "SWZ",
        "密克罗尼西亚联邦": "FSM",
        "中非": "CAF",
        "马其顿": "MKD",
        "俄罗斯联邦": "RUS",
    },
}
"""Names that differ from those of the translation of ISO 3166."""

_GROUPS = ("其他", "不详", "别国", "n.e.s", "nes", "not specified", "unknown", "other")
"""Parts of names of groups and of what is not known."""


@cache
def partner_of(name: str) -> str | None:
    """ISO 3166 alpha-3 of a partner, ROW for groups and what is not known; None where the name says nothing.

    Names in Chinese as China's customs and the translation of ISO 3166 (`pycountry`) have them.
    """
    written = name.strip().replace("（", "(").replace("）", ")").replace(" ", " ")
    found = _CUSTOMS.get(written) or _chinese().get(written) or (written if written in countries() else None)
    found = found or country_of(written)
    if found is None and any(part in written.lower() for part in _GROUPS):
        return REST_OF_WORLD
    return found


@cache
def _chinese() -> dict[str, str]:
    """Countries by every Chinese name that the translation has of them."""
    names = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"])
    return {
        names.gettext(getattr(country, kind)): str(country.alpha_3)
        for country in pycountry.countries
        for kind in ("official_name", "common_name", "name")
        if hasattr(country, kind)
    }
