"""What is told of a value, whatever it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scenarios.terminal.table import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Charts", "Frames", "Told"]

Charts = Mapping[str, "Figure"]
Frames = Mapping[str, pd.DataFrame]
"""By name, the main one first."""


@dataclass(frozen=True)
class Told:
    """A sentence with the main numbers, the main table, and how charts and frames are made if they are asked for."""

    sentence: str
    table: Table | None
    charts: Callable[[], Charts]
    frames: Callable[[], Frames]
