"""Outcomes of draws as JSON records."""

import pandas as pd

from chains import Chain
from scenarios.documents.values import Document, without_nan

__all__ = ["document"]


def document(chain: Chain, found: pd.DataFrame) -> list[Document]:
    """A record a draw."""
    return [without_nan(row) for row in found.to_dict(orient="records")]
