"""Indicators of trade dependence as rows of `segment_indicators`, so that `tierwise indicators` shows them."""

from collections.abc import Iterator

from chains.importing.dependency import EU
from chains.importing.observations import Dependency, Observations
from chains.writing.template import Rows

__all__ = ["trade_rows"]

_COUNTRY = {
    "hhi": "trade_hhi",
    "outside_share": "trade_outside_eu",
    "to_exports": "trade_imports_to_exports",
    "world_hhi": "trade_world_hhi",
}
_UNION = {"hhi": "eu_cdi_1", "outside_share": "eu_cdi_2", "to_exports": "eu_cdi_3"}
"""Names of the indicators of the home country and of the European Union (`chains.indicators.INDICATORS`)."""


def trade_rows(found: Observations) -> Rows:
    """The rows: of all goods of a segment together, or of its one good."""
    return [row for own in _of_segments(found.indicators) for row in _rows(found, own)]


def _of_segments(indicators: tuple[Dependency, ...]) -> Iterator[Dependency]:
    together = {(own.segment, own.area) for own in indicators if not own.good}
    yield from (own for own in indicators if not own.good or (own.segment, own.area) not in together)


def _rows(found: Observations, own: Dependency) -> Iterator[tuple[object, ...]]:
    said = f"Trade of {own.area} in {f'good {own.good}' if own.good else 'all goods of the segment'}; TRADE.md has more"
    for field, name in (_UNION if own.area == EU else _COUNTRY).items():
        value = getattr(own, field)
        if value is not None:
            yield (own.segment, str(found.year), name, f"{value:.6g}", "", "", "derived", found.source.key, said)
