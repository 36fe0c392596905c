"""Indicators as a JSON document."""

from chains import Chain
from scenarios.asking.indicators import Indicators
from scenarios.documents.values import Document, table_of

__all__ = ["document"]


def document(chain: Chain, found: Indicators) -> Document:
    """The document of `tierwise indicators`: {definition: {segment: {indicator: value}}} and the ranking."""
    values = found.by_definition
    definitions = values.columns.get_level_values(0).unique()
    return {
        "indicators": {str(definition): table_of(values[definition]) for definition in definitions},
        "ranking": {"indicator": found.ranking, "ranks": table_of(found.ranks)},
    }
