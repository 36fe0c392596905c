"""Answers to further questions as tables on a terminal."""

import pandas as pd
from rich.console import Group

from scenarios.tables import number_table

__all__ = ["indicators_view"]


def indicators_view(definition: str, values: pd.DataFrame, ranking: str, ranks: pd.DataFrame) -> Group:
    """Indicators by segment under one definition of domestic, and how a ranking moves with the definition."""
    names = [str(name).replace("_", " ") for name in values.columns]
    table = number_table(f"Indicators, domestic by {definition}", ["segment"], names)
    for segment, row in values.iterrows():
        table.add_row(str(segment), *("-" if pd.isna(value) else f"{value:.3g}" for value in row))
    moved = number_table(f"Rank by {ranking} under each definition of domestic", ["segment"], list(ranks.columns))
    for segment, row in ranks.iterrows():
        moved.add_row(str(segment), *("-" if pd.isna(rank) else f"{rank:g}" for rank in row))
    return Group(table, moved)
