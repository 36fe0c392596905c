"""One part of a report."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One thing that is said: in words (which also stand for the chart where it cannot be seen), as a table, drawn.

    `ident` is unique on a page. `heading` says what it is about and `finding`, where there is one, what was found. A
    part without a chart shows its table at once. `wide` parts take the whole width; `narrow` is drawn in place of the
    chart where there is little room.
    """

    ident: str
    heading: str
    words: str
    table: pd.DataFrame
    chart: go.Figure | None = None
    wide: bool = False
    finding: str = ""
    narrow: go.Figure | None = None
