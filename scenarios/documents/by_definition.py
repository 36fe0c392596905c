"""Shares of tiers at least risk under each definition of domestic, as a JSON document."""

from collections.abc import Iterator

import pandas as pd

from chains import Chain
from scenarios.documents.values import Document, Tables, Units, table_of

__all__ = ["TABLES", "UNITS", "document"]


def document(chain: Chain, found: pd.DataFrame) -> Document:
    """The shares, by definition."""
    return table_of(found)


def _shares(chain: Chain, found: Document) -> Iterator[Document]:
    for definition, tiers in found.items():
        for tier, share in tiers.items():
            yield {"definition": definition, "tier": tier, "value": share}


TABLES: Tables = {"definitions": _shares}
"""The shares as a table of a results folder."""
UNITS: Units = {"definitions": {"value": "share of the budget"}}
"""What its numbers count in."""
