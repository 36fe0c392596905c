"""Indicators of import dependence, segment by segment. No optimisation."""

from chains.indicators.dependence import (
    DEFAULT_WEDGE,
    INDICATORS,
    Indicator,
    indicators,
    indicators_by_definition,
    ranking_by_definition,
    ranking_table,
    technology_dependency,
)

__all__ = [
    "DEFAULT_WEDGE",
    "INDICATORS",
    "Indicator",
    "indicators",
    "indicators_by_definition",
    "ranking_by_definition",
    "ranking_table",
    "technology_dependency",
]
