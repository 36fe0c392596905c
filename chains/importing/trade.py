"""Imports of goods by country as observations, whatever files they come from, with their concentration."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from chains.importing.dependency import EU, THRESHOLDS, hhi
from chains.importing.observations import Bought, Dependency, Observations, Source
from chains.importing.products import Products
from chains.tables.problems import InputError

__all__ = ["OTHER_ASIA", "Flow", "observe_trade"]

OTHER_ASIA = "490"
"""Other Asia, not elsewhere specified: in practice Taiwan, which the United Nations do not list."""

_TOLD = 4
"""Goods of a row that its note names one by one."""

_LACKS = (
    "home production: trade says nothing of it, so home supply is the template's part of the whole",
    "who owns the plants abroad: `owner` is set to the country that delivers",
)


@dataclass(frozen=True)
class Flow:
    """What is imported of a good from a country (ISO 3166 alpha-3, or ROW), in billions of the set's money, and where.

    `remark` is what the user should know of how the row was read; `rows`, how many were added up.
    """

    code: str
    country: str
    amount: float
    place: str
    remark: str = ""
    rows: int = 1


def observe_trade(
    flows: Iterable[Flow],
    products: Products,
    *,
    home: str,
    year: int,
    source: Source,
    said: Iterable[str],
    currency: str = "USD",
    indicators: tuple[Dependency, ...] = (),
    lacks: Iterable[str] = (),
) -> Observations:
    """Observations of what the home country imports. What it imports from itself is left out, and said.

    InputError where nothing is imported at all.
    """
    flows = list(flows)
    told = [*products.said, *said, *sorted({flow.remark for flow in flows} - {""})]
    parts: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    returned = 0.0
    for flow in flows:
        segment = products.segment(flow.code)
        assert segment is not None, flow  # the readers take up goods of the table alone
        if flow.country == home:
            returned += flow.amount
        elif flow.amount > 0:
            parts[segment, flow.country].append(flow)
    if returned:
        told.append(f"{currency} {returned:.4g} billion imported from {home} itself (goods that came back) is left out")
    bought = [_bought(*key, own) for key, own in sorted(parts.items())]
    if not bought:
        right = "check the country, the year and the goods (option --products)"
        raise InputError.single(source.locator, f"{home} imports none of the goods in {year}", right)
    there = {row.segment for row in bought}
    told += [
        f"{segment.key} is left out: no imports in {year}" for segment in products.segments if segment.key not in there
    ]
    segments = tuple(segment for segment in products.segments if segment.key in there)
    told += [_concentration(segment.key, bought, currency) for segment in segments]
    told += [_dependent(area, indicators) for area in dict.fromkeys(row.area for row in indicators)]
    return Observations(
        home=home,
        currency=currency,
        year=year,
        source=source,
        segments=segments,
        bought=tuple(bought),
        said=tuple(told),
        lacks=(*_LACKS, *lacks),
        indicators=indicators,
    )


def _bought(segment: str, country: str, flows: list[Flow]) -> Bought:
    """One row of supply: reported where one row makes it up, else derived as their sum."""
    flows = sorted(flows, key=lambda flow: (-flow.amount, flow.code, flow.place))
    named = " + ".join(f"{flow.code} {flow.amount:.4g} ({flow.place})" for flow in flows[:_TOLD])
    more = f" + {len(flows) - _TOLD} more" if len(flows) > _TOLD else ""
    status = "reported" if [flow.rows for flow in flows] == [1] else "derived"
    return Bought(segment, country, sum(flow.amount for flow in flows), status, f"HS {named}{more}")


def _concentration(segment: str, bought: list[Bought], currency: str) -> str:
    amounts = {row.country: row.amount for row in bought if row.segment == segment}
    total, most = sum(amounts.values()), max(amounts, key=lambda country: amounts[country])
    return (
        f"{segment}: imports of {currency} {total:.4g} billion from {len(amounts)} {_places(amounts)}, HHI "
        f"{hhi(amounts.values()):.3f}, most from {most} ({amounts[most] / total:.1%})"
    )


def _dependent(area: str, indicators: tuple[Dependency, ...]) -> str:
    """How many goods are over every threshold asked of an area, and which; those not known are told apart."""
    goods = [row for row in indicators if row.area == area and row.good]
    over, unknown = ([row.good for row in goods if row.dependent is state] for state in (True, None))
    asked = ("hhi", "outside_share", "to_exports") if area == EU else ("hhi", "to_exports", "world_hhi")
    rule = ", ".join(f"{name} > {THRESHOLDS[name]:g}" for name in asked)
    named = f": {', '.join(over)}" if over else ""
    open_ = f"; of {len(unknown)} it is not known" if unknown else ""
    return f"{area} depends on {len(over)} of {len(goods)} goods by all of {rule}{named}{open_} (TRADE.md)"


def _places(amounts: dict[str, float]) -> str:
    return "country" if len(amounts) == 1 else "countries"
