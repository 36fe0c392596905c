"""One part of a report."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One thing that is said: in words (which also stand for the chart where it cannot be seen), as a table, drawn.

    `wide` parts take the whole width of a page.
    """

    ident: str
    heading: str
    words: str
    table: pd.DataFrame
    chart: go.Figure
    wide: bool = False
