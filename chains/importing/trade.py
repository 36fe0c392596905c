"""Imports of goods by country as observations, whatever files they come from, with their concentration."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from chains.importing.observations import Bought, Observations, Source
from chains.importing.products import Products
from chains.tables.problems import InputError

__all__ = ["OTHER_ASIA", "Flow", "hhi", "observe_trade"]

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
    """What is imported of a good from a country (ISO 3166 alpha-3, or ROW), in USD billion, and in which row it is.

    `remark` is what the user should know of how the row was read.
    """

    code: str
    country: str
    amount: float
    place: str
    remark: str = ""


def hhi(amounts: Iterable[float]) -> float:
    """Herfindahl-Hirschman index of amounts, sum of squared shares: 1 where all is from one, 1/n for n alike."""
    found = list(amounts)
    total = sum(found)
    return sum((amount / total) ** 2 for amount in found)


def observe_trade(
    flows: Iterable[Flow], products: Products, *, home: str, year: int, source: Source, said: Iterable[str]
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
        told.append(f"USD {returned:.4g} billion imported from {home} itself (goods that came back) is left out")
    bought = [_bought(*key, own) for key, own in sorted(parts.items())]
    if not bought:
        right = "check the country, the year and the goods (option --products)"
        raise InputError.single(source.locator, f"{home} imports none of the goods in {year}", right)
    there = {row.segment for row in bought}
    told += [
        f"{segment.key} is left out: no imports in {year}" for segment in products.segments if segment.key not in there
    ]
    segments = tuple(segment for segment in products.segments if segment.key in there)
    told += [_concentration(segment.key, bought) for segment in segments]
    return Observations(
        home=home,
        currency="USD",
        year=year,
        source=source,
        segments=segments,
        bought=tuple(bought),
        said=tuple(told),
        lacks=_LACKS,
    )


def _bought(segment: str, country: str, flows: list[Flow]) -> Bought:
    """One row of supply: reported where one good makes it up, else derived as their sum."""
    flows = sorted(flows, key=lambda flow: (-flow.amount, flow.code, flow.place))
    named = " + ".join(f"{flow.code} {flow.amount:.4g} ({flow.place})" for flow in flows[:_TOLD])
    more = f" + {len(flows) - _TOLD} more" if len(flows) > _TOLD else ""
    status = "reported" if len(flows) == 1 else "derived"
    return Bought(segment, country, sum(flow.amount for flow in flows), status, f"HS {named}{more}")


def _concentration(segment: str, bought: list[Bought]) -> str:
    amounts = {row.country: row.amount for row in bought if row.segment == segment}
    total, most = sum(amounts.values()), max(amounts, key=lambda country: amounts[country])
    return (
        f"{segment}: imports of USD {total:.4g} billion from {len(amounts)} {_places(amounts)}, HHI "
        f"{hhi(amounts.values()):.3f}, most from {most} ({amounts[most] / total:.1%})"
    )


def _places(amounts: dict[str, float]) -> str:
    return "country" if len(amounts) == 1 else "countries"
