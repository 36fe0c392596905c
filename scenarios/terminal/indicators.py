"""Indicators on a terminal."""

import pandas as pd
from rich.console import Group
from rich.table import Table

from scenarios.terminal.tables import number_table

__all__ = ["indicators_view"]


def indicators_view(definition: str, values: pd.DataFrame, ranking: str, ranks: pd.DataFrame) -> Group:
    """Indicators by segment under one definition of domestic, and how a ranking moves with the definition."""
    known = values.dropna(axis="columns", how="all")
    dependence = [name for name in known.columns if "import" in name or name in ("herfindahl", "core_dependency")]
    position = [name for name in known.columns if name not in dependence]
    parts = [
        _indicators(f"{title}, domestic by {definition}", known[columns])
        for title, columns in (("Import dependence", dependence), ("Position in the chain", position))
    ]
    moved = number_table(f"Rank by {ranking} under each definition of domestic", ["segment"], list(ranks.columns))
    for segment, row in ranks.iterrows():
        moved.add_row(str(segment), *("-" if pd.isna(rank) else f"{rank:g}" for rank in row))
    return Group(*parts, moved)


def _indicators(title: str, values: pd.DataFrame) -> Table:
    table = number_table(title, ["segment"], [str(name).replace("_", " ") for name in values.columns])
    for segment, row in values.iterrows():
        table.add_row(str(segment), *("-" if pd.isna(value) else f"{value:.3g}" for value in row))
    return table
