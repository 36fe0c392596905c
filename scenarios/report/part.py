"""One part of a report."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One thing that is said: in words (which also stand for the chart where it cannot be seen), as a table, drawn.

    `ident` is unique on a page. A part without a chart shows its table at once. `wide` parts take the whole width.
    """

    ident: str
    heading: str
    words: str
    table: pd.DataFrame
    chart: go.Figure | None = None
    wide: bool = False
