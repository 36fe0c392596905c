"""Indicators of import dependence, segment by segment. No optimisation."""

from chains.indicators.dependence import (
    DEFAULT_WEDGE,
    INDICATORS,
    Indicator,
    indicators,
    indicators_by_definition,
    ranking_by_definition,
    ranking_of,
    ranking_table,
    technology_dependency,
)
from chains.indicators.firms import FAR, INTENSITIES, firm_intensities, firm_outliers

__all__ = [
    "DEFAULT_WEDGE",
    "FAR",
    "INDICATORS",
    "INTENSITIES",
    "Indicator",
    "firm_intensities",
    "firm_outliers",
    "indicators",
    "indicators_by_definition",
    "ranking_by_definition",
    "ranking_of",
    "ranking_table",
    "technology_dependency",
]
