"""Indicators as a JSON document."""

import pandas as pd

from scenarios.documents.values import Document, table_of

__all__ = ["indicators_document"]


def indicators_document(values: pd.DataFrame, ranking: str, ranks: pd.DataFrame) -> Document:
    """The document of `tierwise indicators`: {definition: {segment: {indicator: value}}} and the ranking."""
    definitions = values.columns.get_level_values(0).unique()
    return {
        "indicators": {str(definition): table_of(values[definition]) for definition in definitions},
        "ranking": {"indicator": ranking, "ranks": table_of(ranks)},
    }
