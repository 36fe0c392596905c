"""Shares of tiers at least risk under each definition of domestic, as a JSON document."""

import pandas as pd

from chains import Chain
from scenarios.documents.values import Document, table_of

__all__ = ["document"]


def document(chain: Chain, found: pd.DataFrame) -> Document:
    """The shares, by definition."""
    return table_of(found)
