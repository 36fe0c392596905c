"""Indicators of trade dependence, good by good: concentration of imports, weight of imports from outside, substitutes.

Of the European Union, its core dependency indicators (European Commission, SWD(2021) 352 final). With M_c what the
Union imports from a country c outside it, M = sum_c M_c, I the trade among its members, X all exports of its members:

    CDI 1 = sum_c (M_c / M)^2  > 0.4      concentration of imports from outside (Herfindahl-Hirschman index)
    CDI 2 = M / (M + I)        > 0.5      weight of outside in all imports
    CDI 3 = M / X              > 1        imports from outside over exports, for what home production could replace

Of a single country, what CEPII's GeoDep asks (K. Lefebvre, P. Wibaux, CEPII policy brief 47, 2024) of one year, with M
its imports from all others and X its exports: concentration of its imports > 0.4, concentration of world exports > 0.4,
M / X > 1. GeoDep also asks that a dependence lasts two years of three, which one year cannot show.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chains.importing.observations import Dependency
from chains.importing.products import Products
from chains.tables.countries import EU27, REST_OF_WORLD, UNNAMED_MEMBER

__all__ = ["EU", "THRESHOLDS", "Ledger", "dependencies", "hhi"]

EU = "EU27"
"""The European Union as it is since February 2020, in every year."""

_INSIDE = EU27 | {UNNAMED_MEMBER}

THRESHOLDS = {"hhi": 0.4, "outside_share": 0.5, "to_exports": 1.0, "world_hhi": 0.4}
"""An indicator above its threshold counts as dependent."""


@dataclass
class Ledger:
    """What was traded of each good of six digits, in one money.

    `imports` of a good by importer and exporter, `exports` of a good by exporter, to wherever. `eu`: it has what all
    members of the Union traded; `world`: what all countries did.
    """

    eu: bool
    world: bool
    imports: dict[str, dict[tuple[str, str], float]] = field(default_factory=lambda: defaultdict(_amounts))
    exports: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(_amounts))

    def enter(self, good: str, importer: str, exporter: str, amount: float) -> None:
        """Enter a flow that stands once for both ends."""
        self.bought(good, importer, exporter, amount)
        self.sold(good, exporter, importer, amount)

    def bought(self, good: str, importer: str, exporter: str, amount: float) -> None:
        """Enter imports as the importer has them."""
        if amount > 0 and _apart(importer, exporter):
            self.imports[good][importer, exporter] += amount

    def sold(self, good: str, exporter: str, importer: str, amount: float) -> None:
        """Enter exports as the exporter has them."""
        if amount > 0 and _apart(importer, exporter):
            self.exports[good][exporter] += amount


def _amounts() -> Any:
    return defaultdict(float)


def _apart(one: str, other: str) -> bool:
    """Whether a flow crosses a border: what came back from the country itself is no trade."""
    return one != other or one in (REST_OF_WORLD, UNNAMED_MEMBER)


def hhi(amounts: Iterable[float]) -> float:
    """Herfindahl-Hirschman index of amounts, sum of squared shares: 1 where all is from one, 1/n for n alike."""
    found = list(amounts)
    total = sum(found)
    return sum((amount / total) ** 2 for amount in found)


def dependencies(ledger: Ledger, products: Products, home: str) -> tuple[Dependency, ...]:
    """Indicators of every good and every segment with imports: of the home country, and of the Union if it is a member.

    A segment with one good has no row of its own beside the good's.
    """
    goods: dict[str, list[str]] = {segment.key: [] for segment in products.segments}
    for good in sorted({*ledger.imports, *ledger.exports}):
        goods[products.segment(good) or ""].append(good)
    return tuple(row for segment, own in goods.items() for row in _of_segment(ledger, segment, own, home))


def _of_segment(ledger: Ledger, segment: str, goods: list[str], home: str) -> Iterator[Dependency]:
    groups = [("", goods)] if len(goods) > 1 else []
    for name, own in [*((good, [good]) for good in goods), *groups]:
        rows = [_of_country(ledger, segment, name, own, home)]
        if home in EU27 and ledger.eu:
            rows.append(_of_union(ledger, segment, name, own))
        yield from (row for row in rows if row.imports > 0)


def _of_country(ledger: Ledger, segment: str, name: str, goods: list[str], home: str) -> Dependency:
    imports = _imports(ledger, goods, {home})
    exported = _exports(ledger, goods)
    total, sold = sum(imports.values()), exported.get(home, 0.0)
    outside = sum(amount for place, amount in imports.items() if place not in _INSIDE)
    asked = {
        "hhi": hhi(imports.values()) if total else None,
        "to_exports": total / sold if sold else None,
        "world_hhi": hhi(exported.values()) if ledger.world and exported else None,
    }
    share = outside / total if total and home in EU27 else None
    over = _over(asked, nothing_sold=not sold)
    return Dependency(segment, name, home, total, sold, outside_share=share, dependent=over, **asked)


def _of_union(ledger: Ledger, segment: str, name: str, goods: list[str]) -> Dependency:
    everything = _imports(ledger, goods, EU27)
    imports = {place: amount for place, amount in everything.items() if place not in _INSIDE}
    total, every = sum(imports.values()), sum(everything.values())
    sold = sum(amount for place, amount in _exports(ledger, goods).items() if place in EU27)
    asked = {
        "hhi": hhi(imports.values()) if total else None,
        "outside_share": total / every if every else None,
        "to_exports": total / sold if sold else None,
    }
    over = _over(asked, nothing_sold=not sold)
    return Dependency(segment, name, EU, total, sold, world_hhi=None, dependent=over, **asked)


def _imports(ledger: Ledger, goods: list[str], importers: Collection[str]) -> dict[str, float]:
    """Imports of some goods into some countries together, by exporter."""
    found: dict[str, float] = defaultdict(float)
    for good in goods:
        for (importer, exporter), amount in ledger.imports.get(good, {}).items():
            if importer in importers:
                found[exporter] += amount
    return found


def _exports(ledger: Ledger, goods: list[str]) -> dict[str, float]:
    """Exports of some goods together, by exporter."""
    found: dict[str, float] = defaultdict(float)
    for good in goods:
        for exporter, amount in ledger.exports.get(good, {}).items():
            found[exporter] += amount
    return found


def _over(asked: dict[str, float | None], *, nothing_sold: bool) -> bool | None:
    """Whether all are over their thresholds: no as soon as one is known not to be, None where one is not known."""
    known = [
        True if name == "to_exports" and nothing_sold else None if value is None else value > THRESHOLDS[name]
        for name, value in asked.items()
    ]
    return False if False in known else None if None in known else True
