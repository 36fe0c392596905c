"""What money is counted in: a currency and a scale; read from a free unit such as `RMB billion per year`, too."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

__all__ = ["SCALES", "Money", "Scale", "money_of", "unit_advice"]

Scale = Literal["one", "thousand", "ten thousand", "million", "hundred million", "billion", "trillion"]
"""What one of a package's money is, in units of its currency; `ten thousand` and `hundred million` are wan and yi."""

_SIZES = dict(zip(get_args(Scale), (1, 10**3, 10**4, 10**6, 10**8, 10**9, 10**12), strict=True))
SCALES: tuple[Scale, ...] = get_args(Scale)

_WRITTEN = {
    **{"thousands": "thousand", "millions": "million", "mn": "million", "mio": "million"},
    **{"billions": "billion", "bn": "billion", "mrd": "billion"},
    **{"trillions": "trillion", "tn": "trillion", "units": "one"},
}
"""Scales as people write them in a unit; `m` and `md` mean different things to different people."""

_CALLED = {
    **{"rmb": "CNY", "renminbi": "CNY", "yuan": "CNY", "yen": "JPY", "won": "KRW"},
    **{"euro": "EUR", "euros": "EUR", "us dollar": "USD", "us dollars": "USD", "sterling": "GBP"},
}
"""Currencies by names that mean one alone: a dollar or a krone is that of several countries."""

_ANY = "money"
"""In a unit: whatever the currency is."""

_YEARLY = re.compile(r"\s*(per|a|/)\s*(year|annum)$|\s+(yearly|annually|p\.\s?a\.)$")


@dataclass(frozen=True)
class Money:
    """So many units of a currency, such as a billion CNY."""

    currency: str
    scale: Scale

    def __str__(self) -> str:
        """As in `conversions.csv`: `CNY billion`; `CNY` alone for single units."""
        return self.currency if self.scale == "one" else f"{self.currency} {self.scale}"

    @property
    def size(self) -> Fraction:
        """Units of the currency that it is."""
        return Fraction(_SIZES[self.scale])


def money_of(text: str, currency: str = "") -> Money | None:
    """The money that a text names, in either order, `per year` or not; None where it does not say one.

    `currency` is what `money` stands for, and a text that names a scale alone.
    """
    words = _YEARLY.sub("", " ".join(text.lower().split())).strip()
    for scale in sorted((*SCALES, *_WRITTEN), key=len, reverse=True):
        rest = re.sub(rf"(^|\s){scale}(\s|$)", " ", words, count=1).strip()
        if rest != words:
            return _named(rest or currency.lower(), _WRITTEN.get(scale, scale), currency)
    return _named(words, "one", currency)


def _named(name: str, scale: str, currency: str) -> Money | None:
    name = name.removeprefix("of ").strip()
    found = currency if name == _ANY else _CALLED.get(name, name.upper())
    known = next((one for one in SCALES if one == scale), None)
    return Money(found, known) if known is not None and re.fullmatch("[A-Z]{3}", found) else None


def unit_advice(currency: str) -> str:
    """What to write where a unit does not say its scale."""
    return f'write "currency": "{currency}", "scale": "billion" (or {", ".join(s for s in SCALES if s != "billion")})'
