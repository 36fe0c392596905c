"""A user's firms on a terminal: intensities of the latest year, and outliers."""

import pandas as pd
from rich.text import Text

from chains import Chain
from chains.indicators import FAR, INTENSITIES, firm_intensities, firm_outliers
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["firm_views"]


def firm_views(chain: Chain) -> list[Table | Text]:
    """Intensities by tier and segment, and firm-years that are far from the others; nothing without firms."""
    if chain.table("firms").empty:
        return []
    found = firm_intensities(chain)
    year = found["year"].max()
    latest = found[found["year"] == year]
    columns = [f"{name.replace('_', ' ')} ({what})" for name in INTENSITIES for what in ("pooled", "median", "firms")]
    title = f"Intensities of firms in {year}, shares of sales (pooled: sum over sum); all years with --json"
    table = number_table(title, ["level", "chain", "name"], columns, goes_on=True)
    for (level, name, group), rows in latest.groupby(["level", "chain", "name"], sort=False):
        by = rows.set_index("intensity")
        cells = [cell for intensity in INTENSITIES for cell in _cells(by, intensity)]
        table.add_row(level, name, group, *cells)
    parts: list[Table | Text] = [table] if len(latest) else [Text("No firm has sales and subsidies or R&D.")]
    return [*parts, *_outliers(chain)]


def _cells(by: pd.DataFrame, intensity: str) -> list[str]:
    if intensity not in by.index:
        return ["-", "-", "0"]
    row = by.loc[intensity]
    return [f"{row['pooled']:.3g}", f"{row['median']:.3g}", f"{row['firms']}"]


def _outliers(chain: Chain) -> list[Table | Text]:
    outliers, untested = firm_outliers(chain)
    rule = f"modified z-score beyond {FAR} among the firm-years of a tier (Iglewicz and Hoaglin 1993)"
    parts: list[Table | Text] = []
    if len(outliers):
        words = ["firm", "year", "chain", "tier", "intensity"]
        table = number_table(f"Outliers: {rule}", words, ["value", "median", "score"], goes_on=True)
        for row in outliers.to_dict("records"):
            numbers = (f"{row[name]:.3g}" for name in ("value", "median", "score"))
            table.add_row(*(str(row[name]) for name in words), *numbers)
        parts.append(table)
    else:
        parts.append(Text(f"No outliers: {rule}."))
    if untested:
        named = ", ".join(f"{tier} {intensity} ({name})" for name, tier, intensity in untested)
        parts.append(Text(f"Not tested, since more than half of the values are the same: {named}."))
    return parts
