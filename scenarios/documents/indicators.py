"""Indicators as a JSON document."""

from collections.abc import Iterator

import pandas as pd

from chains import Chain
from scenarios.asking.indicators import Indicators
from scenarios.documents.firms import firms_document
from scenarios.documents.values import Document, Tables, Units, table_of

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: Indicators) -> Document:
    """The document of `tierwise indicators`.

    `indicators` is {definition: {segment: {indicator: value}}}; `rates` and `bottlenecks` are the rows published on
    segments of the chain, none where nothing is; `firms`, where the chain has any, is as in `firms_document`.
    """
    values = found.by_definition
    definitions = values.columns.get_level_values(0).unique()
    return {
        "indicators": {str(definition): table_of(values[definition]) for definition in definitions},
        "ranking": {"indicator": found.ranking, "ranks": table_of(found.ranks)},
        "rates": _rows(
            found.rates, ("rate", "segments", "product", "definition", "kind", "year", "relation", "value", "source")
        ),
        "bottlenecks": _rows(found.bottlenecks, ("number", "technology", "segments", "status", "why", "source")),
        **firms_document(chain),
    }


def _rows(table: pd.DataFrame, columns: tuple[str, ...]) -> list[Document]:
    """The rows of a published table, numbers as numbers."""
    return [{name: _plain(row[name]) for name in columns} for row in table.to_dict("records")]


def _plain(cell: object) -> object:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    return cell


def _values(chain: Chain, found: Document) -> Iterator[Document]:
    for definition, segments in found["indicators"].items():
        for segment, values in segments.items():
            for indicator, value in values.items():
                if value is not None:
                    key = {"definition": definition, "segment": segment, "indicator": indicator}
                    yield key | {"value": value}


TABLES: Tables = {"indicators": _values}
"""Every indicator under every definition as a table of a results folder; none where it is not known."""
UNITS: Units = {"indicators": {"value": "that of the indicator (docs/questions/indicators.md)"}}
"""What its numbers count in."""
